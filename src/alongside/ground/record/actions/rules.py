"""Open the record of a program, and enter the rules that it goes by."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from alongside.core.entries import Entry
from alongside.core.grammar.program import terms_of
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of, pack_version
from alongside.ground.record.actions.entries import Draft, Text, append, next_day, sign_ahead
from alongside.ground.record.acts import Part, nonce_about
from alongside.ground.record.declared import appends
from alongside.ground.record.models import Log
from alongside.ground.record.rows import RowsLog
from alongside.ground.record.signing import make_key


@appends(EntryKind.PROGRAM_OPENED, EntryKind.POLICY_ADOPTED)
@transaction.atomic
def open_log(*, program: Program, now: datetime) -> list[Entry]:
    """Open the log of a new program: its key, its first entry, and the policy pack in force."""
    log = Log.objects.create(program=program)
    log.vkey = make_key(program)
    log.save(update_fields=["vkey"])
    pack = pack_of(program)
    data = {"program": program.slug, "time_zone": pack.time_zone, "demonstration": program.is_demonstration}
    name = Text("en", pack.words("name", "en"))
    opened = Draft(kind=EntryKind.PROGRAM_OPENED, by=["steward"], data=data, texts={"name": name})
    rules = _terms(pack_of(program), pack_version(program).sha256, ["steward"], next_day(program, now))
    return append(program=program, drafts=[opened, rules], now=now)


def _terms(pack: Pack, sha256: str, by: Sequence[str], on: date, without: Collection[str] = ()) -> Draft:
    return Draft(kind=EntryKind.POLICY_ADOPTED, by=list(by), data=terms_of(pack, sha256, on, without))


@appends(EntryKind.POLICY_ADOPTED)
def sign_rules(
    *, program: Program, pack: Pack, sha256: str, proposed_on: date, seat: str, now: datetime
) -> Part:
    """Give what a lead signs who agrees to rules, whoever agrees beside her; never the same twice, as rules may come back.

    Working days are counted from the day on which the rules were proposed, so that all sign the same number.
    """
    rows = RowsLog.of(program)
    nonce = nonce_about("rules", program.origin, sha256, rows.every(EntryKind.POLICY_ADOPTED)[-1].index)
    drafts = [_terms(pack, sha256, [seat], proposed_on)]
    return sign_ahead(program=program, drafts=drafts, nonce=nonce, now=now)


@appends(EntryKind.POLICY_ADOPTED)
def enter_policy(
    *,
    program: Program,
    now: datetime,
    seats: Sequence[str] = (),
    proposed_on: date | None = None,
    without: Collection[str] = (),
    kept: Mapping[str, Mapping[str, Any]] | None = None,
    signer: Part | None = None,
) -> Entry:
    """Enter the policy pack that was adopted last, with the seats that signed it where it makes the rules milder, and what they signed.

    `without` names the parts that stay untold (see core.grammar.program.left_untold).
    """
    on, by = proposed_on or next_day(program, now), ["steward", *seats]
    drafts = [_terms(pack_of(program), pack_version(program).sha256, by, on, without)]
    return append(program=program, drafts=drafts, now=now, kept=kept, signer=signer)[0]
