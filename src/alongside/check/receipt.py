"""Look for a receipt on a record. The code never leaves this process."""

from alongside.check.log import fetch_log
from alongside.check.record import count
from alongside.check.source import Source
from alongside.check.state import State
from alongside.check.trust import choose_keys, signed_by
from alongside.core.grammar import parse
from alongside.core.ledger import Policy
from alongside.core.sealing import receipt

NOT_YET = (
    "This receipt is not on the record yet. It is written right, and a voice that was taken in is promised: voices go "
    "on the record in groups, so that nobody can tell whose is whose, and the rest when the engagement closes. "
    "Where fewer people spoke than a group needs, no voice is listed, and the record says only that."
)


def verify_receipt(
    source: Source, typed: str, *, state: State | None, vkey: str | None = None, policy: Policy | None = None
) -> str:
    """Say which state a receipt is in. All entries are fetched, the same for everyone, and searched here."""
    mark = receipt.seal_mark(receipt.read_secret(receipt.parse(typed))).hex()
    trust = choose_keys(source, vkey, state, policy)
    log = fetch_log(source, trust.keys, policy)
    if state:
        state.check_growth(log, signed_by(log))
    found: dict[str, str] = {}
    for index, raw in enumerate(log.entries):
        if mark.encode() not in raw:  # most entries hold no marks; do not parse them
            continue
        entry = parse(index, raw)
        if mark in entry.data.get("marks", ()):
            found.setdefault(entry.kind, f"entry {index} on {entry.date}")
    return (
        f"{_state(found)} {count(len(log.entries), 'entry', 'entries')} of the record {log.head.origin} were searched "
        f"for it here; its head is signed with {trust.says}."
    )


def _state(found: dict[str, str]) -> str:
    published, opened = found.get("voices.published"), found.get("voices.opened")
    if opened and published:
        return f"This voice was published in {published}, and opened by the leads in {opened}."
    if opened:
        return f"This voice was opened by the leads in {opened}."
    if published:
        return f"This voice was published in {published}. The leads have not signed yet that they opened it."
    return NOT_YET
