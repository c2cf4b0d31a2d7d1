"""Hold the words that people read in the rules against their hashes on the record."""

import hashlib
from collections.abc import Sequence

from alongside.check.log import RecordError
from alongside.check.source import MissingError, Source
from alongside.core.canonical import canonical, read_json
from alongside.core.entries import Entry
from alongside.core.grammar.program import TELLS_PACKS
from alongside.core.kinds import EntryKind


def check_rules(source: Source, entries: Sequence[Entry]) -> int:
    """Fetch what people read in the rules that entries adopt, and refuse other words; give of how many a mirror holds none."""
    lacking = 0
    for entry in entries:
        if entry.kind != EntryKind.POLICY_ADOPTED or entry.v < TELLS_PACKS:
            continue
        try:
            given = source.get(f"rules/{entry.data['pack']}.json")
        except MissingError:
            if not source.is_mirror:
                raise RecordError(f"The rules that entry {entry.index} adopts are not given out.") from None
            lacking += 1
        else:
            _compare(entry, given)
    return lacking


def _compare(entry: Entry, given: bytes) -> None:
    """Refuse parts that are not those which an entry hashes."""
    try:
        parts = read_json(given)
        hashes = {name: hashlib.sha256(canonical(one)).hexdigest() for name, one in parts.items()}
    except (ValueError, AttributeError) as error:
        raise RecordError(f"The rules that entry {entry.index} adopts cannot be read: {error}") from None
    told = entry.data["parts"]
    if wrong := sorted(name for name in told if told[name] != hashes.get(name)):
        raise RecordError(
            f"Entry {entry.index} adopts other rules than those that are given out for it: {', '.join(wrong)}."
        )
