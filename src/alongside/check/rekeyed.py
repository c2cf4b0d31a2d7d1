"""A log whose key was changed: the entries of the change lead from a key that is known to the one that signs now."""

from collections.abc import Sequence

from alongside.check.log import FetchedLog, RecordError, fetch_under, signed_alone
from alongside.check.source import MissingError, Source
from alongside.check.state import State
from alongside.check.trust import Trust
from alongside.core.entries import Entry
from alongside.core.grammar.check import parse
from alongside.core.grammar.log import check_log
from alongside.core.grammar.log_keys import changed
from alongside.core.kinds import EntryKind
from alongside.core.ledger.keys import KeyFormatError, VerifierKey, parse_vkey


class OldKeyError(RecordError):
    """A head is signed with a key that an entry below it gave up."""


def follow_change(source: Source, note: bytes, trust: Trust, state: State, *, is_given: bool) -> Trust:
    """Give the trust in the key that took the place of a known one; the trust as it was, where none did.

    What was seen under the old key stands under the new one from then on. `is_given` says that the key of the trust was
    given by hand. Raises RecordError where the old key is not trusted, and no key was given: it cannot vouch for another.
    """
    seen = state.key_of(source.address)
    known = {*trust.keys, *([seen] if seen else [])}
    new = trust.keys[0] if is_given and seen and trust.keys[0] != seen else own_key(source)
    shown = signed_alone(note, [new]) if new else None
    if new is None or shown is None or known == {new}:
        return trust
    log = fetch_under(source, shown)
    links = next((found for one in known - {new} if (found := links_between(parsed(log), one, new))), [])
    if not links:
        return trust
    judge(log, links, new, is_given=is_given)
    for one in links:
        state.follow(one, log)
    return Trust((new,), f"the key that took the place of the one you know, as entry {links[-1].index} says")


def vouched_for(log: FetchedLog, old: VerifierKey | None, new: VerifierKey, *, is_given: bool) -> None:
    """Refuse (RecordError) a new key to which the entries of its log do not lead from the old one."""
    links = links_between(parsed(log), old, new) if old else []
    if not links:
        raise RecordError(
            f"{new.name} is known under another key, and no entry of this log leads from it to this one. Ask why before you go on."
        )
    judge(log, links, new, is_given=is_given)


def judge(log: FetchedLog, links: Sequence[Entry], new: VerifierKey, *, is_given: bool) -> None:
    """Refuse changes that the keys did not sign, and one from a key that is not trusted, unless the new one was given by hand."""
    lost = next((one for one in links if one.kind == EntryKind.RECORD_DISTRUSTED), None)
    if lost and not is_given:
        raise RecordError(
            f"The key of this record was changed, and the old one is not trusted from {lost.data['since']} on: entry {lost.index} "
            f"says so ({' and '.join(lost.by)} stand for that). Whoever holds the old key could write this, too. Get the new key "
            f"in another way, on paper or from a lead, a witness or a mirror, and name it with --vkey. Here it is: {new.vkey}"
        )
    check_log(log.entries, origin=log.head.origin)  # and with it, that the keys signed


def own_key(source: Source) -> VerifierKey | None:
    """Give the key that an address gives out; None where it gives none."""
    try:
        return parse_vkey(source.get("vkey").decode().strip())
    except (MissingError, UnicodeDecodeError, KeyFormatError):
        return None


def links_between(entries: Sequence[Entry], old: VerifierKey, new: VerifierKey) -> list[Entry]:
    """Give the changes that lead from a key to the new one, which has to be the last; none where they do not."""
    told = changed(entries)
    first = next((place for place, one in enumerate(told) if one.data["old"] == old.vkey), None)
    return told[first:] if first is not None and told[-1].data["new"] == new.vkey else []


def parsed(log: FetchedLog) -> list[Entry]:
    """Read the entries of a log."""
    return [parse(index, raw) for index, raw in enumerate(log.entries)]


def refuse_old_key(entries: Sequence[Entry], key: VerifierKey) -> None:
    """Refuse a head that a key signed which an entry below it gave up."""
    told = changed(entries)
    if told and told[-1].data["new"] != key.vkey:
        last = told[-1]
        raise OldKeyError(
            f"Entry {last.index} of {last.date} gave this record another key, and its head is not signed with that one: whoever "
            "signed it holds the old key, or the address gives out an old one. Believe nothing of it; ask whoever runs the record."
        )


def keys_before(entries: Sequence[Entry], key: VerifierKey) -> list[VerifierKey]:
    """Give the keys that a log had, the one that signs now first."""
    return [key, *(parse_vkey(one.data["old"]) for one in reversed(changed(entries)))]
