"""Make, sign and check recovery papers; lock keys to them, and give keys back that they opened."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.chain.keys.actions import keep_wraps, refuse_bad_key, refuse_no_wrap
from alongside.chain.keys.models import EngagementKey, PaperWrap, Wrap
from alongside.chain.keys.queries import key_of_seat
from alongside.chain.recovery.models import PapersAsked
from alongside.chain.recovery.queries import papers_asked
from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.seats import of_a_lead_today
from alongside.core.clocks import local_date
from alongside.core.entries import Entry
from alongside.core.grammar.recovery import checks_of, recovery_of
from alongside.core.grammar.shape import HEX64
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Refused
from alongside.core.sealing.leads import is_signed, joined_statement, papers_statement
from alongside.core.sealing.recovery_papers import FEWEST, MOST
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.entries import Draft, append
from alongside.ground.record.declared import appends
from alongside.ground.record.rows import RowsLog

NO_SIGNING_KEY = "0" * 64


@appends()
@transaction.atomic
def propose_papers(
    *,
    program: Program,
    seat: Seat,
    recipient: str,
    needed: int,
    papers: Sequence[str],
    signature: str,
    now: datetime,
) -> PapersAsked:
    """Keep what a lead who made recovery papers signed, until a second lead signs; one's newest take the place of one's own.

    Raises Refused where it cannot be such papers, where another lead's wait, or the signature is not the lead's own under papers_statement.
    """
    refuse_bad_key(recipient, NO_SIGNING_KEY)
    if not FEWEST <= needed <= len(papers) <= MOST or not all(HEX64.match(one) for one in papers):
        raise Refused(_("These are no recovery papers. Make them again."))
    said: dict[str, Any] = {"recipient": recipient, "needed": needed, "papers": list(papers)}
    _refuse_other_signature(program, seat, papers_statement(origin=program.origin, **said), signature)
    today = local_date(now, pack_of(program))
    waiting = papers_asked(program, today)
    if waiting and waiting.seat.person_id != seat.person_id:
        raise Refused(_("Papers of another lead wait. Sign those, or take them out first."))
    mine = {**said, "seat": seat, "signature": signature, "asked_on": today}
    return PapersAsked.objects.update_or_create(program=program, defaults=mine)[0]


def _refuse_other_signature(program: Program, seat: Seat, statement: bytes, signature: str) -> None:
    own = key_of_seat(seat.public_id, program)
    if own is None or not is_signed(own.sign_key, statement, signature):
        raise Refused(_("The signature is not yours. Unlock your key again."))


@appends(EntryKind.RECOVERY_MADE, EntryKind.RECOVERY_CHECKED)
@transaction.atomic
def sign_papers(
    *,
    program: Program,
    asked: PapersAsked,
    seat: Seat,
    signature: str,
    checked: Mapping[int, str],
    now: datetime,
) -> Entry:
    """Put recovery papers in force that another lead made, with the signature of this second one, who typed some.

    `checked` holds, by the number of each paper that was typed, what the second lead signs of it under checked_statement.
    Raises Refused where fewer were typed than open a key: with fewer nobody knows that they are of one key.
    """
    if asked.seat.person_id == seat.person_id:
        raise Refused(_("You made these papers. A second lead signs them."))
    said = {name: getattr(asked, name) for name in ("recipient", "needed", "papers")}
    if len(checked) < asked.needed:
        raise Refused(
            _("Type as many of the papers as open a key. Only then is it sure that they are right.")
        )
    _refuse_other_signature(program, seat, joined_statement(origin=program.origin, **said), signature)
    signed = {asked.seat.public_id: asked.signature, seat.public_id: signature}
    certs = [{"seat": one, "signature": signed[one]} for one in sorted(signed)]
    data = {"maker": asked.seat.public_id, **said, "certs": certs}
    asked.delete()
    draft = Draft(kind=EntryKind.RECOVERY_MADE, by=sorted(signed), data=data)
    (made,) = append(program=program, drafts=[draft], now=now)
    append(
        program=program,
        drafts=[_check(made, seat, paper, checked[paper]) for paper in sorted(checked)],
        now=now,
    )
    return made


def _check(papers: Entry, seat: Seat, paper: int, signature: str) -> Draft:
    return Draft(
        kind=EntryKind.RECOVERY_CHECKED,
        by=[seat.public_id],
        data={"paper": paper, "signature": signature},
        cites={"papers": [papers.index]},
    )


@appends()
def drop_papers(*, program: Program) -> None:
    """Take out recovery papers that wait for a second lead; any lead with a key does it."""
    PapersAsked.objects.filter(program=program).delete()


@appends(EntryKind.RECOVERY_CHECKED)
@transaction.atomic
def check_paper(*, program: Program, seat: Seat, paper: int, signature: str, now: datetime) -> Entry:
    """Note on the record that a lead typed the digits of a recovery paper, and that they are right; once for each lead."""
    rows = RowsLog.of(program)
    papers = recovery_of(rows, local_date(now, pack_of(program)))
    if papers is None:
        raise Refused(_("No recovery papers count today. Make some first."))
    told = [one for one in checks_of(papers, rows) if one.data["paper"] == paper]
    if before := next((one for one in told if seat.public_id in one.seats), None):
        return before
    return append(program=program, drafts=[_check(papers, seat, paper, signature)], now=now)[0]


@appends(EntryKind.RECOVERY_LOCKED)
@transaction.atomic
def lock_to_papers(
    *,
    program: Program,
    key: EngagementKey,
    seat: Seat,
    papers: int,
    sealed: bytes,
    signature: str,
    now: datetime,
) -> Entry:
    """Keep an engagement's key as a lead who holds it sealed it to the recovery key whose papers entry `papers` tells of; once."""
    _refuse_destroyed(key)
    refuse_no_wrap(sealed)
    rows = RowsLog.of(program)
    told = rows.citing(key.entry, EntryKind.RECOVERY_LOCKED)
    if before := next(
        (one for one in told if seat.public_id in one.by and papers in one.cites["papers"]), None
    ):
        return before
    data = {"engagement": key.engagement, "recipient": key.recipient, "signature": signature}
    cites = {"key": [key.entry], "papers": [papers]}
    draft = Draft(kind=EntryKind.RECOVERY_LOCKED, by=[seat.public_id], data=data, cites=cites)
    (entry,) = append(program=program, drafts=[draft], now=now)
    to = rows.every(EntryKind.RECOVERY_MADE)
    recipient = next(one.data["recipient"] for one in to if one.index == papers)
    PaperWrap.objects.get_or_create(key=key, recipient=recipient, by=seat, defaults={"sealed": sealed})
    return entry


def _refuse_destroyed(key: EngagementKey) -> None:
    if EngagementKey.objects.filter(pk=key.pk).exclude(destroyed=None).exists():
        raise Refused(_("This key was destroyed, so it cannot be shared; nobody can read with it any more."))


@appends(EntryKind.KEY_RECOVERED)
@transaction.atomic
def recover_key(
    *,
    program: Program,
    key: EngagementKey,
    seat: Seat,
    papers: int,
    wraps: Mapping[str, bytes],
    signature: str,
    nonce: str,
    now: datetime,
) -> Entry:
    """Keep an engagement's key that a lead opened with recovery papers (their entry) and sealed to certified leads; told once.

    Raises Refused unless the lead tells back what the test voice says, so that nobody keeps a key that does not open.
    """
    _refuse_destroyed(key)
    today = local_date(now, pack_of(program))
    if not of_a_lead_today(seat, today):
        raise Refused(_("Your place is over. Ask a lead of today to share this key."))
    if not key.is_told(nonce):
        raise Refused(_("This is not what the test voice says; open it with the engagement's key."))
    if before := _recovered_before(key, seat):
        return before
    data = {
        "engagement": key.engagement,
        "recipient": key.recipient,
        "wrapped_to": sorted(wraps),
        "signature": signature,
    }
    cites = {"key": [key.entry], "papers": [papers]}
    draft = Draft(kind=EntryKind.KEY_RECOVERED, by=[seat.public_id], data=data, cites=cites)
    keep_wraps(key=key, wraps=wraps, today=today, by=seat)
    return append(program=program, drafts=[draft], now=now)[0]


def _recovered_before(key: EngagementKey, seat: Seat) -> Entry | None:
    """Give the entry by which a lead recovered this key for the keys that lead has today: what is pressed twice is done once."""
    own = key_of_seat(seat.public_id, key.program)
    told = RowsLog.of(key.program).citing(key.entry, EntryKind.KEY_RECOVERED)
    mine = [one for one in told if seat.public_id in one.by]
    wraps = Wrap.objects.filter(key=key, by=seat, seat=seat, recipient=own.recipient if own else "")
    return mine[-1] if mine and wraps.exists() else None
