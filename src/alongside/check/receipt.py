"""Look for a receipt on a record. The code never leaves this process."""

from collections.abc import Mapping, Sequence
from datetime import date

from alongside.check.log import WHOLE, FetchedLog
from alongside.check.rules import check_rules, check_witnesses, names_somebody
from alongside.check.source import Source
from alongside.check.state import State
from alongside.check.trust import read_log, signed_by
from alongside.check.verdict import NOT_SHOWN, cosigned, count
from alongside.core.grammar.check import parse
from alongside.core.grammar.log import check_log
from alongside.core.kinds import EntryKind
from alongside.core.ledger.keys import VerifierKey, to_base64
from alongside.core.ledger.policy import Policy
from alongside.core.sealing import receipt

NOT_YET = (
    "This receipt is not on the public log yet. It is written right, and a voice that was taken in is promised: voices go "
    "on the public log in groups, so that nobody can tell whose is whose, and the rest when the engagement closes. "
    "Where fewer people spoke than a group needs, no voice is listed, and the public log says only that."
)
COMPARE = "If you spoke in another engagement, it was put in the wrong one: tell the leads and a witness of the log."
NO_MORE = (
    "This receipt is not on the public log, and no engagement that its entries tell of, the last of {day}, takes voices any more. "
    "If you spoke in one that opened since, look again later. If not, it will not come: either the voice "
    "was withdrawn, or fewer people spoke than a group needs, or it was dropped. Ask others who spoke what they read."
)
A_COPY = " This is a copy, which may be behind: its last entry is of {day}, and what came later cannot be told from it."


def verify_receipt(
    source: Source,
    typed: str,
    *,
    state: State,
    vkey: str | None = None,
    policy: Policy | None = None,
    compares: bool = False,
) -> str:
    """Say which state a receipt is in. All entries are fetched, the same for everyone, and searched here.

    The key is the one that `state` knows; `compares` asks that the record holds all that was seen. Nothing is written.
    """
    mark = receipt.seal_mark(receipt.read_secret(receipt.parse(typed))).hex()
    log, followed = read_log(source, state, vkey=vkey, policy=policy)
    if compares:
        told = [parse(at, raw) for at, raw in enumerate(log.entries) if b"record.resumed" in raw]
        losses = [one for one in told if one.kind == EntryKind.RECORD_RESUMED]
        followed.state.check_growth(log, signed_by(log), losses)
    seen = _seen(source, log, followed.trust.keys)
    found: dict[str, str] = {}
    slugs: dict[int, str] = {}
    ended: set[int] = set()
    for index, raw in enumerate(log.entries):
        if mark.encode() not in raw and not any(
            one in raw for one in (b"engagement.promised", b"voices.closed")
        ):
            continue  # most entries hold no marks; do not parse them
        entry = parse(index, raw)
        if entry.kind == EntryKind.ENGAGEMENT_PROMISED:
            slugs[index] = str(entry.data.get("engagement"))
        elif entry.kind == EntryKind.VOICES_CLOSED:
            ended.update(entry.cites.get("engagement", ()))
        elif isinstance(marks := entry.data.get("marks"), list) and mark in marks:  # nobody judged it yet
            of = ", ".join(slugs.get(one, "?") for one in entry.cites.get("engagement", ()))
            found.setdefault(entry.kind, f"entry {index} on {entry.date}, in the engagement “{of}”")
    is_over = slugs and not found and slugs.keys() <= ended
    said = NO_MORE.format(day=_last_day(log)) if is_over else _state(found)
    said += A_COPY.format(day=_last_day(log)) if source.is_mirror and log.entries else ""
    return (
        f"{said} {count(len(log.entries), 'entry', 'entries')} of the public log {log.head.origin} were searched "
        f"for it here; its head is signed with {followed.trust.says}{cosigned(seen)}. Whether they keep the rules is another check: "
        f"{WHOLE}. {NOT_SHOWN} {log.head.size} {to_base64(log.head.root)}"
    )


def _seen(source: Source, log: FetchedLog, keys: Sequence[VerifierKey]) -> Mapping[str, date]:
    """Give who outside has seen the head, by the rules in force; refuse a head that too few have seen.

    Where rules ever named witnesses, all entries are judged: an adoption that leads did not sign drops nobody.
    """
    found = [parse(at, raw) for at, raw in enumerate(log.entries) if b"policy.adopted" in raw]
    adopted = [one for one in found if one.kind == EntryKind.POLICY_ADOPTED]
    if any(map(names_somebody, adopted)):
        check_log(log.entries, origin=log.head.origin)
    witnesses = check_rules(source, adopted[-1:]).witnesses
    return check_witnesses(log, witnesses, keys) if witnesses else {}


def _last_day(log: FetchedLog) -> date:
    return parse(len(log.entries) - 1, log.entries[-1]).date


def _state(found: dict[str, str]) -> str:
    published, opened = found.get(EntryKind.VOICES_PUBLISHED), found.get(EntryKind.VOICES_OPENED)
    if opened and published:
        return f"This voice was published in {published}, and opened by the leads in {opened}. {COMPARE}"
    if opened:
        return f"This voice was opened by the leads in {opened}. {COMPARE}"
    if published:
        return f"This voice was published in {published}. The leads have not signed yet that they opened it. {COMPARE}"
    return NOT_YET
