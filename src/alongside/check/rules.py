"""Hold the words that people read in the rules against their hashes on the record, and the head against the witnesses that they name."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from alongside.check.log import RecordError, SignedHead
from alongside.check.source import MissingError, Source
from alongside.core.canonical import canonical, read_json
from alongside.core.entries import Entry
from alongside.core.grammar.program import TELLS_PACKS
from alongside.core.kinds import EntryKind
from alongside.core.ledger.checkpoint import open_checkpoint
from alongside.core.ledger.hashing import LedgerError
from alongside.core.ledger.keys import VerifierKey
from alongside.core.ledger.policy import Policy, as_read, policy_in

#: The hash that an entry tells where rules name no witnesses.
NOBODY = hashlib.sha256(canonical({"witnesses": []})).hexdigest()
UNNAMED = (
    "The rules that entry {entry} adopts name who outside has to have seen the head, and this copy does not say whom: it lacks {file}. "
    "Check the record at its own address, or another copy."
)


@dataclass(frozen=True)
class Rules:
    """Of how many entries a mirror holds no rules, and whom the rules in force name as witnesses of the log, if this copy says it."""

    lacking: int
    witnesses: Policy | None


def check_rules(source: Source, entries: Sequence[Entry]) -> Rules:
    """Fetch what people read in the rules that entries adopt, and refuse other words, and a copy that cannot show whom the last name as witnesses."""
    lacking, witnesses, unnamed = 0, None, None
    for entry in entries:
        if entry.kind != EntryKind.POLICY_ADOPTED or entry.v < TELLS_PACKS:
            continue
        unnamed = None
        try:
            given = source.get(f"rules/{entry.data['pack']}.json")
        except MissingError:
            if not source.is_mirror:
                raise RecordError(f"The rules that entry {entry.index} adopts are not given out.") from None
            lacking, witnesses = lacking + 1, None
            unnamed = entry if names_somebody(entry) else None
        else:
            witnesses = _named(entry, _compare(entry, given))
    if unnamed:
        raise RecordError(UNNAMED.format(entry=unnamed.index, file=f"rules/{unnamed.data['pack']}.json"))
    return Rules(lacking, witnesses)


def names_somebody(adopted: Entry) -> bool:
    """Say whether an entry that adopts rules tells of witnesses in them, or, where nobody judged it yet, cannot be read."""
    parts = adopted.data.get("parts", {})
    return not isinstance(parts, Mapping) or parts.get("witnesses", NOBODY) != NOBODY


def _named(entry: Entry, parts: Mapping[str, Any]) -> Policy | None:
    """Give the witnesses that rules name, of which the entry tells the hash."""
    try:
        return (
            policy_in(tuple(parts["witnesses"]["witnesses"])) if "witnesses" in entry.data["parts"] else None
        )
    except (LedgerError, KeyError, TypeError, AttributeError) as error:
        raise RecordError(f"The witnesses that entry {entry.index} names cannot be read. {error}") from None


def _compare(entry: Entry, given: bytes) -> Mapping[str, Any]:
    """Refuse parts that are not those which an entry hashes, and give them."""
    try:
        parts: Mapping[str, Any] = read_json(given)
        hashes = {name: hashlib.sha256(canonical(one)).hexdigest() for name, one in parts.items()}
    except (ValueError, AttributeError) as error:
        raise RecordError(f"The rules that entry {entry.index} adopts cannot be read: {error}") from None
    told = entry.data["parts"]
    if wrong := sorted(name for name in told if told[name] != hashes.get(name)):
        raise RecordError(
            f"Entry {entry.index} adopts other rules than those that are given out for it: {', '.join(wrong)}."
        )
    return parts


def check_witnesses(log: SignedHead, policy: Policy, keys: Sequence[VerifierKey]) -> dict[str, date]:
    """Give who cosigned the head, and on which day (UTC); refuse a head that too few of those cosigned whom a policy, or the rules, name."""
    try:
        _head, opened = open_checkpoint(log.note, [*(keys or policy.logs), *policy.witnesses.values()])
    except LedgerError as error:
        raise RecordError(f"The head of the record cannot be believed. {error}") from None
    seen = {as_read(name): _day(when) for name, when in policy.seen_by(opened)}
    if not policy.has_quorum(opened):
        lacking = [one for one in map(as_read, policy.witnesses) if one not in seen]
        raise RecordError(
            "The rules of this record name who outside has to have seen its head, and too few have. "
            f"Seen by: {', '.join(seen) or 'nobody'}. Not seen by: {', '.join(lacking)}. "
            "If it was signed just now, look again in a few minutes."
        )
    return seen


def _day(seconds: int) -> date:
    """Give the day (UTC) of a time that a witness wrote, which may be any."""
    try:
        return datetime.fromtimestamp(seconds, tz=UTC).date()
    except (ValueError, OverflowError, OSError):
        return date.max
