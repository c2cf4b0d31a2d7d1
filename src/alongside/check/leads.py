"""Which keys belong to leads, judged from entries that somebody saved: with the rules of the log that read signatures alone, as islands/lib/leads/trust.ts."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from alongside.core.canonical import read_json, written_again
from alongside.core.entries import Entry, GrammarError
from alongside.core.grammar.acts import OWN_PART, act_of_seat, signers
from alongside.core.grammar.engagements import is_signed_by_who_locks_it, locks_only_to_certified_keys
from alongside.core.grammar.keys import (
    COMPARED,
    compared_each_other,
    first_key,
    is_vouched_for,
    key_of,
    last_key,
    signs_itself,
    vouchers_signed,
)
from alongside.core.grammar.log import MemoryLog
from alongside.core.grammar.shape import fail
from alongside.core.grammar.versions import KINDS
from alongside.core.kinds import EntryKind
from alongside.core.sealing.acts import act_statement
from alongside.core.sealing.header import SealedError
from alongside.core.sealing.keys import recipient_of
from alongside.core.sealing.leads import is_signed

#: The entries by which leads have keys.
KEYS = frozenset({EntryKind.KEY_FOUNDED, EntryKind.KEY_CERTIFIED})


@dataclass(frozen=True)
class Own:
    """A lead's own keyring, opened. `founders` are the signing keys (hex) that it remembers; None where it remembers nothing."""

    identity: str
    signer: Ed25519PrivateKey
    founders: Sequence[str] | None

    @property
    def keys(self) -> tuple[str, str]:
        """Give its public halves: the recipient, and the key that signs (hex)."""
        return recipient_of(self.identity), self.signer.public_key().public_bytes_raw().hex()

    def takes(self, pair: Sequence[Entry]) -> bool:
        """Say whether it takes those who found a set: its own lead is among them, or it remembers both."""
        signing = [str(one.data["sign_key"]) for one in pair]
        return self.founders is None or self.keys[1] in signing or {*signing} <= {*self.founders}


def read_own(raw: bytes) -> Own:
    """Read an opened keyring; raise SealedError where it is none."""
    try:
        found: dict[str, Any] = read_json(raw)
        founders = found.get("founders")
        signer = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(found["seed"]))
        own = Own(str(found["identity"]), signer, None if founders is None else [*map(str, founders)])
        _ = own.keys
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SealedError("This is no keyring; save your keyring again from the site.") from error
    return own


def judged(entries: Iterable[Entry], origin: str, own: Own) -> MemoryLog:
    """Give the log of those entries that found or certify keys, in order, whose signatures hold: others are passed over, so nobody adds a ghost."""
    log = MemoryLog(origin)
    for one in sorted(entries, key=lambda entry: entry.index):
        with suppress(GrammarError):
            signs_itself(one, log)
            if one.kind == EntryKind.KEY_CERTIFIED:
                is_vouched_for(one, log)
                vouchers_signed(one, log)
            else:
                _founds(one, log, own)
            log.add(one)
    return log


def _founds(entry: Entry, log: MemoryLog, own: Own) -> None:
    """Refuse a founding key that two leads did not compare, and a pair that the keyring does not take; the first one waits."""
    cited = entry.cites.get("key")
    if cited is None and entry.v >= COMPARED and "certs" not in entry.data:
        return
    first = log.get(cited[0]) if cited else None
    if first is None or first.kind != EntryKind.KEY_FOUNDED or first.data["seat"] == entry.data["seat"]:
        fail("the keys of this entry were not compared.")
    compared_each_other(first, entry, log)
    if not own.takes([first, entry]):
        fail("this keyring remembers others who founded the set.")


def own_keys(log: MemoryLog, seat: str) -> tuple[str, str] | None:
    """Give the keys of a seat, recipient and signing key: those with which it waits as the first founder, or its last ones."""
    waits = first_key(log)
    found = waits if waits and waits.data["seat"] == seat else last_key(log, seat)
    return (found.data["recipient"], found.data["sign_key"]) if found else None


def is_made_by_lead(made: Entry, engagement: str, entries: Iterable[Entry], own: Own, origin: str) -> bool:
    """Say whether a lead made this key for this engagement: they signed it, and the keys that it was locked to, with the key that was theirs then."""
    log = judged([one for one in entries if one.index < made.index], origin, own)
    if made.kind != EntryKind.KEY_MADE or made.data["engagement"] != engagement:
        return False
    if "signature" not in made.data or key_of(log, made.by[0]) is None:
        return False
    try:
        locks_only_to_certified_keys(made, log)
        is_signed_by_who_locks_it(made, log)
    except GrammarError:
        return False
    return True


def is_signed_by_leads(index: int, entries: Mapping[int, Entry], own: Own, origin: str) -> bool:
    """Say whether the leads in whose name an entry stands signed it, and all that was entered with it, with the keys that were theirs then."""
    log = judged([one for one in entries.values() if one.index < index and one.kind in KEYS], origin, own)
    first = entries[index]
    keys, sigs = signers(log, first.seats), first.act.get("sigs", {})
    act = [entries.get(one) for one in range(index, index + first.act.get("of", 0))]
    if first.v < OWN_PART or not keys or {*keys} != {*sigs} or not all(act):
        return False
    whole = {name: first.act[name] for name in ("nonce", "of")}
    parts = [(one.v, {name: one.act.get(name) for name in (*whole, "place")}) for one in act if one]
    if parts != [(first.v, whole | {"place": place}) for place in range(len(act))]:
        return False
    values = [vars(one) for one in act if one]
    drawn = {"origin": origin, "nonce": first.act["nonce"], "write": written_again}
    for seat, signed in sigs.items():
        said = act_of_seat(values, index, seat, KINDS, **drawn)
        head = {name: signed[name] for name in ("day", "size", "root")}
        statement = act_statement(origin=origin, seat=seat, act=said, **head)
        if not is_signed(keys[seat], statement, signed["sig"]):
            return False
    return True
