"""Sign the head of the record, keep what witnesses signed of it, change the key."""

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from alongside.core.clocks import local_date
from alongside.core.entries import Entry, GrammarError
from alongside.core.grammar.acts import act_holds
from alongside.core.grammar.log_keys import (
    KEY_CHANGES,
    a_lead_with_a_key_and_the_city_stand_for_it,
    both_keys_sign_it,
    change_statement,
)
from alongside.core.grammar.versions import GRAMMARS
from alongside.core.kinds import EntryKind
from alongside.core.ledger.checkpoint import Checkpoint
from alongside.core.ledger.hashing import LedgerError
from alongside.core.ledger.keys import VerifierKey
from alongside.core.ledger.nodes import root_from
from alongside.core.ledger.note import MAX_SIGNATURES, open_note
from alongside.core.ledger.policy import as_read
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.entries import Draft, Text, append
from alongside.ground.record.declared import appends
from alongside.ground.record.models import Head, Log, LogEntry
from alongside.ground.record.queries import head_of_text, witnesses_at
from alongside.ground.record.rows import RowsLog
from alongside.ground.record.signing import (
    HaltedSigningError,
    HighWater,
    halted,
    has_key,
    is_next_key,
    next_key,
    put_in_place,
    read_high_water,
    read_key,
    refuse_other_key,
    vkey,
    write_high_water,
)
from alongside.ground.record.tiles import tile_reader

#: How far a witness's clock may be from ours.
NEAR_SECONDS = 86_400


@transaction.atomic
def sign_head(*, program: Program, now: datetime) -> Head | None:
    """Sign the head of a program's log, if it grew since the last signature; None where it did not.

    Refuses with HaltedSigningError where the log is shorter than, or differs from, what the high-water mark says was
    signed before, and where there is no mark or one from before the last head. The mark is moved before the signature is published, so that a crash between the two cannot fork.
    Raises SigningKeyError where there is something to sign and the log's key is not here, or another.
    """
    log = Log.objects.select_for_update().get(program=program)
    _know_key(log, program)
    high = read_high_water(program)
    last = Head.objects.filter(log=log).order_by("-size", "-pk").first()
    today = local_date(now, pack_of(program))
    if (
        last is not None
        and last.size == log.size
        and last.signed_on >= today
        and high
        and high.size == log.size
    ):
        return None
    reader = tile_reader(log)
    if why := halted(program, log.size, signed=last.size if last else 0):
        raise HaltedSigningError(why)
    if high is not None and root_from(tile_reader(log, high.size).read, high.size) != high.root:
        raise HaltedSigningError(
            f"The first {high.size} entries in this database are not the ones that were signed: it was put together from"
            " another history. Restore the right backup first. Run `alongside record resume` with the address of a mirror then."
        )
    root = root_from(reader.read, log.size)
    note = Checkpoint(program.origin, log.size, root).sign(read_key(program))
    write_high_water(program, HighWater(log.size, root))
    return Head.objects.create(log=log, size=log.size, root=root, note=note, signed_on=today)


@transaction.atomic
def keep_cosignatures(*, program: Program, text: str, lines: str, now: datetime) -> Head | None:
    """Put the lines of witnesses beside a head, and give it as it stands then; None where the log never signed this text, or no line fits.

    A line joins where the rules in that head name its witness, its signature fits, and it is of today, of yesterday or of
    tomorrow: everything else is left out, and one cannot spoil another.
    """
    log = Log.objects.select_for_update().get(program=program)
    head = head_of_text(program, text)
    policy = witnesses_at(program, head.size) if head else None
    if head is None or policy is None:
        return None
    keys = [*policy.witnesses.values()]
    near = {
        key: line
        for key, (line, when) in _lines_of(text, lines, keys).items()
        if abs(when - now.timestamp()) <= NEAR_SECONDS
    }
    known = _lines_of(text, head.note.removeprefix(text), keys)
    came = {key: line for key, line in near.items() if key not in known}
    if not came:
        return head if near else None
    note = head.note + "".join(came.values())
    opened = open_note(note, keys)
    by = [as_read(name) for name, _when in policy.seen_by(opened)]
    seen = {"by": by, "of": len(policy.witnesses), "enough": policy.has_quorum(opened)}
    return Head.objects.create(
        log=log, size=head.size, root=head.root, note=note, signed_on=head.signed_on, seen=seen
    )


def _lines_of(text: str, lines: str, keys: Sequence[VerifierKey]) -> dict[VerifierKey, tuple[str, int]]:
    """Give the lines of known keys that fit a text, each with its time in seconds since 1970."""
    found = {}
    for line in lines.split("\n")[:MAX_SIGNATURES]:
        try:
            opened = open_note(f"{text}\n{line}\n", keys)
        except LedgerError:
            continue
        found[opened.signatures[0].key] = (f"{line}\n", opened.signatures[0].timestamp or 0)
    return found


@appends(EntryKind.RECORD_REKEYED)
def change_key(*, program: Program, now: datetime) -> Entry:
    """Give the log another key, by an entry that the old one and the new one sign; the next head is signed with the new one.

    Raises SigningKeyError where the log's key is not here.
    """
    with transaction.atomic():
        log = Log.objects.select_for_update().get(program=program)
        _know_key(log, program)
        old, new = read_key(program), next_key(program)
        told = {"old": old.verifier.vkey, "new": new.verifier.vkey}
        told["root"] = root_from(tile_reader(log).read, log.size).hex()
        said = change_statement(origin=program.origin, **told)
        sigs = {"old_sig": old.sign(said), "new_sig": new.sign(said)}
        data = told | {name: b64encode(sig).decode() for name, sig in sigs.items()}
        draft = Draft(kind=EntryKind.RECORD_REKEYED, by=["clock"], data=data)
        entry = append(program=program, drafts=[draft], now=now)[0]
    sign_head(program=program, now=now)  # once the entry is kept: the old key is gone with it
    return entry


@appends(EntryKind.RECORD_DISTRUSTED)
def distrust_key(*, program: Program, new: str, reason: Text, by: str, now: datetime) -> Entry:
    """Tell that somebody else may have the key of the log, with a lead's own signature; the next head is signed with the new one."""
    data = {"old": vkey(program), "new": new}
    kind = EntryKind.RECORD_DISTRUSTED
    draft = Draft(kind=kind, by=[by, "steward"], data=data, texts={"reason": reason})
    return append(program=program, drafts=[draft], now=now)[0]


def _know_key(log: Log, program: Program) -> None:
    """Keep the public half of the log's key for the machines without it; refuse another key than the one that the log names.

    Where the last change of the log names the next key, that takes its place here.
    """
    if not has_key(program):
        return
    changes = LogEntry.objects.filter(log=log, kind__in=KEY_CHANGES)  # few, so they are sorted here
    change = max(changes, key=lambda one: one.index, default=None)
    named = change.parsed.data["new"] if change else log.vkey
    if change and is_next_key(program, named) and _stands(log, change.parsed):
        put_in_place(program)
    signer = read_key(program)
    if named == signer.verifier.vkey != log.vkey:
        log.vkey = named
        log.save(update_fields=["vkey"])
    refuse_other_key(log, signer, named)
    if not log.vkey:
        log.vkey = signer.verifier.vkey
        log.save(update_fields=["vkey"])


def _stands(log: Log, change: Entry) -> bool:
    """Say whether the keys, or the lead, did sign a change: a row that somebody else put there takes no key away."""
    rows = RowsLog(log)
    try:
        if change.kind == EntryKind.RECORD_REKEYED:
            both_keys_sign_it(change, rows)
        elif change.act:
            a_lead_with_a_key_and_the_city_stand_for_it(change, rows)
            act_holds(change, GRAMMARS[change.v], rows)
        else:
            return False
    except GrammarError:
        return False
    return True
