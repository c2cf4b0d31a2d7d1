"""Hold what the record tells of the rules that were adopted against the rules themselves."""

import hashlib
from collections.abc import Sequence

from alongside.check.log import RecordError
from alongside.check.source import MissingError, Source
from alongside.core.entries import Entry
from alongside.core.grammar.program import TELLS_PACKS, terms_of
from alongside.core.kinds import EntryKind
from alongside.core.policy.load import load_pack
from alongside.core.policy.words import PackError


def check_packs(source: Source, entries: Sequence[Entry]) -> int:
    """Fetch the rules that entries adopt, and refuse what they tell otherwise; give how many a mirror does not hold."""
    lacking = 0
    for entry in entries:
        if entry.kind != EntryKind.POLICY_ADOPTED or entry.v < TELLS_PACKS:
            continue
        try:
            text = source.get(f"packs/{entry.data['pack']}.toml")
        except MissingError:
            if not source.is_mirror:
                raise RecordError(f"The rules that entry {entry.index} adopts are not given out.") from None
            lacking += 1
        else:
            _compare(entry, text)
    return lacking


def _compare(entry: Entry, text: bytes) -> None:
    """Refuse rules whose hash or whose terms are not those of the entry that adopts them."""
    sha256 = hashlib.sha256(text).hexdigest()
    if sha256 != entry.data["pack"]:
        raise RecordError(f"Entry {entry.index} adopts other rules than those that are given out for it.")
    try:
        told = terms_of(load_pack(text.decode()), sha256, entry.date)
    except (PackError, UnicodeDecodeError) as error:
        raise RecordError(f"The rules that entry {entry.index} adopts cannot be read: {error}") from None
    wrong = sorted(name for name in {*told, *entry.data} if told.get(name) != entry.data.get(name))
    if wrong:
        raise RecordError(
            f"Entry {entry.index} does not say what the rules say that it adopts: {', '.join(wrong)}."
        )
