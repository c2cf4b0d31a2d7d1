"""Points with which anybody signs, and to which nobody can lock, are taken as no key of anyone."""

import base64
import json
import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from alongside.core.ledger.hashing import LedgerError
from alongside.core.ledger.keys import KeyFormatError, KeyKind, Signer, VerifierKey, parse_vkey
from alongside.core.ledger.policy import parse_policy
from alongside.core.points import can_be_locked_to, can_sign
from alongside.core.sealing.bech32 import KeyTextError
from alongside.core.sealing.keys import recipient_bytes, recipient_text
from alongside.core.sealing.leads import is_signed

POINTS = json.loads((Path(__file__).parents[2] / "vectors/points.json").read_text())
ANYONE = bytes([1, *bytes(31)])
SIGNATURE = ANYONE + bytes(32)


def raw(name):
    return [bytes.fromhex(one) for one in POINTS[name]]


def test_no_point_of_small_order_and_no_second_spelling_is_a_key():
    assert [one.hex() for one in raw("not_signing") if can_sign(one)] == []
    assert [one.hex() for one in raw("not_locked_to") if can_be_locked_to(one)] == []
    assert [one for one in raw("keys") if can_sign(one) and can_be_locked_to(one)] == raw("keys")


def test_what_libraries_make_is_a_key():
    for _ in range(200):
        signs, opens = Ed25519PrivateKey.generate(), X25519PrivateKey.generate()
        assert can_sign(signs.public_key().public_bytes_raw())
        assert can_be_locked_to(opens.public_key().public_bytes_raw())


def test_a_signature_that_stands_under_everything_stands_under_nothing():
    signature = base64.b64encode(SIGNATURE).decode()
    assert not any(is_signed(ANYONE.hex(), words, signature) for words in (b"one", b"other"))
    assert VerifierKey("a", KeyKind.ED25519, ANYONE).verifies(SIGNATURE, os.urandom(9)), (
        "what the library says"
    )


@pytest.mark.parametrize("public", POINTS["not_locked_to"][::5])
def test_nothing_is_locked_to_what_is_no_key(public):
    with pytest.raises(KeyTextError, match="nobody's key"):
        recipient_bytes(recipient_text(bytes.fromhex(public)))


@pytest.mark.parametrize("kind", [KeyKind.ED25519, KeyKind.COSIGNATURE])
@pytest.mark.parametrize("public", POINTS["not_signing"][::7])
def test_no_log_and_no_witness_has_a_key_with_which_anybody_signs(kind, public):
    vkey = VerifierKey("record.example", kind, bytes.fromhex(public)).vkey
    with pytest.raises(KeyFormatError, match="Anybody can sign with the verifier key of record.example"):
        parse_vkey(vkey)


def test_a_policy_names_no_witness_with_whose_key_anybody_signs():
    log = Signer("record.example", KeyKind.ED25519, b"r" * 32).verifier.vkey
    witness = VerifierKey("library.example", KeyKind.COSIGNATURE, ANYONE).vkey
    with pytest.raises(LedgerError, match="Line 2 of the policy: Anybody can sign with the verifier key"):
        parse_policy(f"log {log}\nwitness library {witness}\nquorum library\n")
