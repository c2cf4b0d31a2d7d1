"""Hold the words that people read in the rules against their hashes on the record."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alongside.check.log import RecordError
from alongside.check.source import MissingError, Source
from alongside.core.canonical import canonical, read_json
from alongside.core.entries import Entry
from alongside.core.grammar.program import TELLS_PACKS
from alongside.core.kinds import EntryKind
from alongside.core.ledger.hashing import LedgerError
from alongside.core.ledger.policy import Policy, policy_in


@dataclass(frozen=True)
class Rules:
    """Of how many entries a mirror holds no rules, and whom the rules in force name as witnesses of the log, if this copy says it."""

    lacking: int
    witnesses: Policy | None


def check_rules(source: Source, entries: Sequence[Entry]) -> Rules:
    """Fetch what people read in the rules that entries adopt, and refuse other words."""
    lacking, witnesses = 0, None
    for entry in entries:
        if entry.kind != EntryKind.POLICY_ADOPTED or entry.v < TELLS_PACKS:
            continue
        try:
            given = source.get(f"rules/{entry.data['pack']}.json")
        except MissingError:
            if not source.is_mirror:
                raise RecordError(f"The rules that entry {entry.index} adopts are not given out.") from None
            lacking, witnesses = lacking + 1, None
        else:
            witnesses = _named(entry, _compare(entry, given))
    return Rules(lacking, witnesses)


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
