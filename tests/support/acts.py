"""Acts of leads in records that tests write themselves: signed with the keys that the test drew."""

import base64
import hashlib
import weakref
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from alongside.core.canonical import canonical
from alongside.core.entries import GrammarError
from alongside.core.grammar.acts import act_of_seat, signers
from alongside.core.grammar.check import read
from alongside.core.grammar.log import MemoryLog
from alongside.core.grammar.texts import FROZEN
from alongside.core.grammar.versions import KINDS
from alongside.core.ledger.tree import Tree
from alongside.core.sealing.acts import act_statement
from alongside.ground.record.acts import signed_by
from alongside.site.demo.keys import Keyring, Rings


def signed_act(
    values: Sequence[Mapping[str, Any]],
    *,
    first: int,
    origin: str,
    hands: Mapping[str, Ed25519PrivateKey],
    nonce: str,
    size: int,
    root: bytes,
    day: str = "",
) -> list[dict[str, Any]]:
    """Give entries in a row, from index `first` on, as one act that these hands, by seat, signed over a head, on `day` or theirs."""
    acts = {one: act_of_seat(values, first, one, KINDS, origin=origin, nonce=nonce) for one in hands}
    told = {"day": day or values[0]["date"], "size": size, "root": root.hex()}
    sigs = {
        seat: {
            **told,
            "sig": base64.b64encode(
                hand.sign(act_statement(origin=origin, seat=seat, act=acts[seat], **told))
            ).decode(),
        }
        for seat, hand in hands.items()
    }
    parts = [{"nonce": nonce, "of": len(values), "place": place} for place in range(len(values))]
    parts[0]["sigs"] = sigs
    return [{**one, "act": part} for one, part in zip(values, parts, strict=True)]


def with_acts(
    values: Sequence[Mapping[str, Any]], *, origin: str, hands: Mapping[str, Ed25519PrivateKey]
) -> list[dict[str, Any]]:
    """Give entries of which each that leads have to sign is an act, signed as it stands now, with the words of a promise in other languages; `hands` by public key."""
    log, found, tree = MemoryLog(origin), [], Tree()
    for act in _acts(values):
        first, together = len(found), act
        try:
            entries = [read(first + place, canonical(one)) for place, one in enumerate(act)]
            seats = {seat for one in entries for seat in one.seats}
            signed = any(0 < KINDS[one.kind].signed <= one.v for one in entries)
            keys = signers(log, seats) if signed else {}
            if keys and all(key in hands for key in keys.values()):
                by = {seat: hands[key] for seat, key in keys.items()}
                nonce = hashlib.sha256(f"act {first}".encode()).hexdigest()[:32]
                more = {"first": first, "origin": origin, "size": first, "root": tree.root(first)}
                together = signed_act(act, **more, hands=by, nonce=nonce)
            for entry in entries:
                log.add(entry)
        except (GrammarError, ValueError, KeyError, TypeError, AttributeError):
            pass  # what a test broke on purpose is for whoever checks it
        found += together
        tree.extend([canonical(one) for one in together])
    return found


def _acts(values: Sequence[Mapping[str, Any]]) -> list[list[dict[str, Any]]]:
    """Give entries in a row, each alone but what says a promise or a correction at once in its other languages."""
    acts: list[list[dict[str, Any]]] = []
    for index, value in enumerate(values):
        one = {name: part for name, part in value.items() if name != "act"}
        before = acts[-1] if acts else []
        is_of_it = one.get("kind") == "text.translated" and one.get("cites", {}).get("of") == [
            index - len(before)
        ]
        if before and before[0].get("kind") in FROZEN and is_of_it and one.get("v") == before[0].get("v"):
            before.append(one)
        else:
            acts.append([one])
    return acts


#: What tests tell, whose leads sign with the keyrings that they were given there; and the hands that were drawn elsewhere, by public key.
STORIES: list[weakref.ref[Any]] = []
HANDS: dict[str, Ed25519PrivateKey] = {}


class EveryHand(Rings):
    """Whoever acts in the process of a test signs, if any story of it has the keyring; browsers and other processes sign for themselves."""

    def __init__(self) -> None:
        super().__init__({})

    def ring(self, seat: str, sign_key: str) -> Keyring | None:
        """Find the keyring whose key is on the record."""
        STORIES[:] = [one for one in STORIES if one() is not None]
        told = [
            story.keyrings for one in STORIES if (story := one()) is not None and hasattr(story, "keyrings")
        ]
        rings = [ring for found in told if (ring := found.get(seat)) and ring.sign_key == sign_key]
        if not rings and sign_key in HANDS:
            rings = [Keyring(identity="", seed=HANDS[sign_key].private_bytes_raw())]
        return rings[0] if rings else None


@pytest.fixture(scope="session", autouse=True)
def leads_sign() -> Iterator[None]:
    """Let leads sign what they do in a test, as their own devices would."""
    with signed_by(EveryHand()):
        yield
