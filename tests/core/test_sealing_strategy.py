"""A strategy sealed to its leads: any of them opens it, nobody else, and its size says little."""

import base64
import os

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.core.sealing.envelope import seal, seal_to_all
from alongside.core.sealing.header import SealedError
from alongside.core.sealing.keys import identity_text, recipient_of
from alongside.core.sealing.opening import open_sealed
from alongside.core.sealing.strategy import BUCKETS, check_strategy, plaintext, statement

WHO = [identity_text(X25519PrivateKey.generate().private_bytes_raw()) for _ in range(4)]
KEYS = [recipient_of(one) for one in WHO]
OWN = {"strategy": "s", "version": 1, "seat": "seat-a", "members": ["seat-a", "seat-b"]}


def text(words: str) -> bytes:
    return plaintext(**OWN, doc={"title": words}, signature="c2ln")


@settings(max_examples=20)
@given(st.text(max_size=9000), st.integers(1, 4))
def test_each_lead_opens_it_alone_and_nobody_else_does(words, leads):
    sealed = seal_to_all(text(words), KEYS[:leads])
    assert [open_sealed(sealed, [one]) for one in WHO[:leads]] == [text(words)] * leads
    for other in WHO[leads:]:
        with pytest.raises(SealedError, match="No key given here"):
            open_sealed(sealed, [other])
    assert check_strategy(sealed) in BUCKETS


def test_three_sizes_are_all_there_are():
    sizes = {check_strategy(seal_to_all(text("x" * n), KEYS)) for n in range(0, 250_000, 9_000)}
    assert sizes == set(BUCKETS)
    with pytest.raises(SealedError, match="shorten it"):
        text("x" * 262_144)


def refused(raw: bytes) -> bool:
    try:
        check_strategy(raw, 2)
    except SealedError:
        return True
    return False


def test_what_is_not_a_strategy_sealed_to_its_leads_is_refused():
    good = seal_to_all(text("x"), KEYS[:2])
    passphrase = b"age-encryption.org/v1\n-> scrypt fZcMuyeZjmkwTsC7nXeFwA 16\n" + b"A" * 43
    bad = {
        "plain": b'{"title": "x"}',
        "nothing": b"",
        "a passphrase": passphrase + b"\n--- " + b"A" * 43 + b"\n" + b"x" * 16_416,
        "more keys than leads": seal_to_all(text("x"), KEYS[:3]),
        "not padded": seal_to_all(b"x", KEYS[:2]),
        "a byte short": good[:-1],
        "a byte more": good + b"x",
        "a voice": seal(b" " * 1024, KEYS[0]),
        "large": good + os.urandom(300_000),
    }
    assert {name: refused(raw) for name, raw in bad.items()} == dict.fromkeys(bad, True)
    assert check_strategy(good, 2) == BUCKETS[0]


def test_a_signature_stands_for_the_words_the_leads_and_the_version():
    def said(**changed):
        return statement(**{"origin": "o", **OWN, "doc": {"title": "x"}, **changed})

    others = [
        said(origin="p"),
        said(strategy="t"),
        said(version=2),
        said(seat="seat-b"),
        said(members=["seat-a"]),
        said(doc={"title": "y"}),
    ]
    assert len({said(), *others}) == 7
    assert base64.b64encode(said()) == base64.b64encode(said())
