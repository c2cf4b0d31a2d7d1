"""Which keys to believe: given on the line, listed in a policy, remembered, or taken on first use; and how a log gets another."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from alongside.check.log import (
    WHOLE,
    FetchedLog,
    RecordError,
    SignedHead,
    believed,
    fetch_note,
    fetch_under,
    signed_alone,
)
from alongside.check.nearby import is_record, no_record
from alongside.check.source import MissingError, Source, SourceError
from alongside.check.state import State
from alongside.core.entries import Entry
from alongside.core.grammar.check import parse
from alongside.core.grammar.log import check_log
from alongside.core.grammar.log_keys import KEY_CHANGES, key_changes
from alongside.core.kinds import EntryKind
from alongside.core.ledger.hashing import LedgerError
from alongside.core.ledger.keys import KeyFormatError, KeyKind, VerifierKey, parse_vkey
from alongside.core.ledger.policy import Policy, parse_policy

FIRST_USE = (
    "This key is believed because this is its first use from here; from now on another one is refused. "
    "Compare it with a key you got in another way: "
)

#: The ways out where a key is refused.
BY_HAND = f"Get the key in another way, on paper or from a lead or a witness, and name it: {WHOLE} --vkey KEY"
NOT_TRUSTED = (
    "The key of this record was changed, and the old one is not trusted: entry {index} says so ({by} stand for that), and the head "
    "is signed with {new} instead. Whoever holds the old key could write such an entry, too, so it vouches for no other. "
    f"{BY_HAND}."
)
NO_LINK = (
    "The head of this record is signed with another key than the one known here, and no entry that a known key signed leads to "
    f"it: {{new}}. An address can name any key. Ask whoever runs the record, the leads and a witness. {BY_HAND}. Where nothing "
    "leads to that key either, what was seen is lost for you: add --drop-seen, which names every head that it drops."
)
UNCHANGED = (
    "It shows a new key, which was not taken; nothing was changed here. Compare with a witness or a mirror which history is "
    "true; check once more with --save FOLDER, which keeps what is refused: the entry of the change is evidence. To go on without "
    "what was seen here: name the new key with --vkey, and add --drop-seen."
)
GIVEN_UP = (
    "The key {key} was given up: {why}. Whatever is signed with it counts no more. Leave it out of --vkey or your policy, or name the "
    "new key; for a proof or a copy from before, fetch it anew. To look at such a copy all the same, use a --state file other than {file}."
)
ENDED = (
    "Entry {index} of {day} gave this record another key, {new}, and its head is not signed with that one: whoever signed it holds "
    "an old key. Believe nothing of it; ask whoever runs the record."
)
#: Why a key counts no more where no entry says so.
BY_YOU = "you let it go with --drop-seen"
AS_ENTRY = "the key that took the place of the one you knew, as entry {} says"
DROPPED = "Dropped, as you said, because they are not in it: {}"


@dataclass(frozen=True)
class Trust:
    """The keys that may have signed the head, where they come from, and what to do about it if anything."""

    keys: tuple[VerifierKey, ...]
    says: str
    advice: str = ""


def read_policy(file: Path | None) -> Policy | None:
    """Read a policy file where one is named."""
    if file is None:
        return None
    try:
        return parse_policy(file.read_bytes())
    except LedgerError as error:
        raise SourceError(f"{file} is not a policy. {error}") from None
    except OSError as error:
        raise SourceError(f"{file} cannot be read ({error.strerror}).") from None


def choose_keys(source: Source, vkey: str | None, state: State, policy: Policy | None) -> Trust:
    """Choose the keys of a record: the given one, else the remembered unless a policy names others, else those, else its own."""
    if vkey:
        return Trust((parse_vkey(vkey.strip()),), "the key you gave")
    listed = policy.logs if policy else []
    remembered = state.key_of(source.address)
    if remembered and (not listed or remembered in listed):
        return Trust((remembered,), "the key remembered from the first time")
    if listed:
        return Trust(tuple(listed), "a key in your policy")
    try:
        found = source.get("vkey").decode().strip()
    except (MissingError, UnicodeDecodeError):
        raise RecordError(
            f"{source.address} does not give out its key; ask for it and name it with --vkey."
            if is_record(source)
            else no_record(source)
        ) from None
    return Trust((parse_vkey(found),), "the key that this address itself gives out", FIRST_USE + found)


def signed_by(log: SignedHead) -> VerifierKey:
    """Give the key with which the log itself signed its head."""
    return next(
        one.key
        for one in log.opened.signatures
        if one.key.kind is KeyKind.ED25519 and one.key.name == log.head.origin
    )


@dataclass(frozen=True)
class Followed:
    """The keys to believe now, and what was seen before as it stands under them; `is_new` where another key was followed, and nothing is written yet."""

    trust: Trust
    state: State
    is_new: bool = False


def follow_key(
    source: Source,
    note: bytes,
    state: State,
    *,
    vkey: str | None = None,
    policy: Policy | None = None,
    resumed: int | None = None,
    drops: bool = False,
) -> Followed:
    """Choose the keys of a record, and go on to the key that signs its head if its entries lead there from a known one.

    Where a lead said that a known key is not trusted, and where no entry leads to the new key, only a person can name it
    (`vkey`). All that was seen under the old key has to stand in the log, unless the person drops what does not (`drops`).
    Raises RecordError, GrammarError or LedgerError; nothing is written, and `state` stays as it is.
    """
    trust, seen = choose_keys(source, vkey, state, policy), state.key_of(source.address)
    given = trust.keys[0] if vkey else None
    trust = replace(trust, keys=tuple(standing(trust.keys, state, drops=drops)))
    known = [seen] if seen else list(trust.keys)
    if given in {None, *known} and signed_alone(note, known):
        return Followed(trust, state)
    others = [given] if given and given not in known else [*trust.keys, *own_key(source)]
    new = next((one for one in others if one not in known and signed_alone(note, [one])), None)
    if new is None:
        return Followed(trust, state)
    standing([new], state, drops=drops)
    log = fetch_under(source, believed(note, [new], policy))
    old, links = links_to(log, known, new, is_given=new == given, drops=drops)
    check_log(log.entries, origin=log.head.origin)  # and with it, that keys and leads signed the changes
    moved = state if links else state.followed(old.vkey, new.vkey, BY_YOU)
    dropped = moved.drop(log, new) if (moved := handed_over(log, moved, new)) is not state and drops else []
    check_growth(log, moved, new, resumed)
    if given:
        own_key(source)  # so that a mirror keeps the key beside the head
    says = AS_ENTRY.format(links[-1].index) if links else trust.says
    told = DROPPED.format("; ".join(dropped)) if dropped else ""
    return Followed(Trust((new,), says, told), moved, is_new=True)


def handed_over(log: FetchedLog, state: State, key: VerifierKey) -> State:
    """Give what was seen as it stands once each key that a log gave up has handed on to the one that signs now.

    The log was judged before. The state itself where nothing changes in it, else a copy. Keys of another log of this name
    that was never seen are given up, too: whoever believed that log is told.
    """
    for one in changes_of(log):
        old = str(one.data["old"])
        if old not in state.given_up or state.holds(old):
            state = state.followed(old, key.vkey, f"entry {one.index} of {one.date} names another")
    return state


def check_growth(log: FetchedLog, state: State, key: VerifierKey, resumed: int | None) -> None:
    """Refuse a log under a new key that lacks anything seen under an old one."""
    losses = [one for one in parsed(log) if one.kind == EntryKind.RECORD_RESUMED]
    try:
        state.check_growth(log, key, losses, resumed)
    except RecordError as error:
        raise RecordError(f"{error} {UNCHANGED}") from None


def links_to(
    log: FetchedLog, known: Sequence[VerifierKey], new: VerifierKey, *, is_given: bool, drops: bool = False
) -> tuple[VerifierKey, list[Entry]]:
    """Give the known key from which the entries of a log lead to the new one, and these entries.

    Raises RecordError where none do, or over a key that is not trusted, unless a person named the new one.
    """
    refuse_old_key(log, new)
    told = changes_of(log)
    for old in known:
        first = next((place for place, one in enumerate(told) if one.data["old"] == old.vkey), None)
        if first is None:
            continue
        links = told[first:]
        lost = next((one for one in links if one.kind == EntryKind.RECORD_DISTRUSTED), None)
        if lost and not is_given:
            by = " and ".join(lost.by)
            raise RecordError(NOT_TRUSTED.format(index=lost.index, by=by, new=new.vkey))
        return old, links
    if not (is_given and drops):
        raise RecordError(NO_LINK.format(new=new.vkey))
    return known[0], []


def read_log(
    source: Source, state: State, *, vkey: str | None = None, policy: Policy | None = None
) -> tuple[FetchedLog, Followed]:
    """Fetch a log under the key that is believed now; refuse one that a key signed which it gave up. Nothing is written."""
    note = fetch_note(source)
    followed = follow_key(source, note, state, vkey=vkey, policy=policy)
    log = fetch_under(source, believed(note, followed.trust.keys, policy))
    refuse_old_key(log, signed_by(log))
    return log, followed


def standing(keys: Sequence[VerifierKey], state: State, *, drops: bool = False) -> list[VerifierKey]:
    """Give those of some keys that were not given up; raise RecordError where none is left.

    A key that a person let go may come back by the same way (`drops`); one that an entry gave up never.
    """
    found = [
        one
        for one in keys
        if one.vkey not in state.given_up or (drops and state.given_up[one.vkey] == BY_YOU)
    ]
    if keys and not found:
        one = keys[0]
        raise RecordError(GIVEN_UP.format(key=one.vkey, why=state.given_up[one.vkey], file=state.file))
    return found


def refuse_old_key(log: FetchedLog, key: VerifierKey) -> None:
    """Refuse a log whose entries name another key than the one that signed its head."""
    told = changes_of(log)
    if told and told[-1].data["new"] != key.vkey:
        raise RecordError(ENDED.format(index=told[-1].index, day=told[-1].date, new=told[-1].data["new"]))


def keys_of(log: FetchedLog, key: VerifierKey) -> list[VerifierKey]:
    """Give the keys that a log had, the one that signs now first."""
    found = [key]
    for one in reversed(changes_of(log)):
        with suppress(KeyFormatError, AttributeError):  # nobody judged it yet
            found.append(parse_vkey(one.data["old"]))
    return found


def changes_of(log: FetchedLog) -> list[Entry]:
    """List the entries of a log that change its key; most entries do not, so only these are parsed."""
    names = [one.encode() for one in KEY_CHANGES]
    found = [parse(at, raw) for at, raw in enumerate(log.entries) if any(one in raw for one in names)]
    return [one for one in key_changes(found) if {"old", "new"} <= one.data.keys()]


def parsed(log: FetchedLog) -> list[Entry]:
    """Read the entries of a log."""
    return [parse(index, raw) for index, raw in enumerate(log.entries)]


def own_key(source: Source) -> list[VerifierKey]:
    """Give the key that an address gives out, if any."""
    try:
        return [parse_vkey(source.get("vkey").decode().strip())]
    except (MissingError, UnicodeDecodeError, KeyFormatError):
        return []
