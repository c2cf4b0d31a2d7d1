"""What leads sign with their keys, word for word, and the fingerprint by which they compare keys."""

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from alongside.core.ledger.tree import Tree
from alongside.core.points import can_sign

#: 99 bits: whoever looks for a second key with the same digits needs 10^30 tries, and 10^12 take a minute.
FINGERPRINT_DIGITS = 30
GROUP = 5


def vouch_statement(*, origin: str, seat: str, recipient: str, sign_key: str) -> bytes:
    """Write what a lead signs to vouch that these keys (age1..., 64 hex digits) are the keys of a seat, and the new key itself."""
    return lines("alongside/vouch/v1", origin, seat, recipient, sign_key)


def locked_statement(*, origin: str, engagement: str, recipient: str, keys: Mapping[str, str]) -> bytes:
    """Write what a lead signs who makes or shares the key of an engagement: it, and the leads' keys by seat that it is locked to."""
    locked = [f"{seat} {keys[seat]}" for seat in sorted(keys)]
    return lines("alongside/locked/v1", origin, engagement, recipient, *locked)


def papers_statement(*, origin: str, recipient: str, needed: int, papers: Sequence[str]) -> bytes:
    """Write what a lead signs who makes recovery papers: the key's recipient, how many papers open it, and by what each is known."""
    return lines("alongside/recovery/v1", origin, recipient, str(needed), *papers)


def joined_statement(*, origin: str, recipient: str, needed: int, papers: Sequence[str]) -> bytes:
    """Write what the second lead signs, whose device joined as many as are needed, and found that each of all is of this key."""
    return lines("alongside/recovery-joined/v1", origin, recipient, str(needed), *papers)


def checked_statement(*, origin: str, recipient: str, paper: int, known_by: str) -> bytes:
    """Write what a lead signs who typed one of the recovery papers: its number, and by what the record knows it."""
    return lines("alongside/recovery-checked/v1", origin, recipient, str(paper), known_by)


def challenge_statement(*, origin: str, seat: str, challenge: str) -> bytes:
    """Write what a lead signs to sign in to the reader."""
    return lines("alongside/sign-in/v1", origin, seat, challenge)


def fingerprint(*, origin: str, seat: str, recipient: str, sign_key: str) -> str:
    """Compute the 30 digits that two leads compare: SHA-256 over record, seat and both public keys, modulo 10^30, in groups of 5."""
    digest = hashlib.sha256(lines("alongside/fingerprint/v2", origin, seat, recipient, sign_key)).digest()
    row = f"{int.from_bytes(digest, 'big') % 10**FINGERPRINT_DIGITS:0{FINGERPRINT_DIGITS}d}"
    return " ".join(row[start : start + GROUP] for start in range(0, FINGERPRINT_DIGITS, GROUP))


def key_digits(recipient: str) -> str:
    """Compute the 24 digits by which people compare the key of an engagement (age1...): six groups of SHA-256, modulo 10^4 each.

    They are fewer than those of a receipt, so that nobody types the one for the other.
    """
    digest = hashlib.sha256(lines("alongside/key-digits/v1", recipient)).digest()
    return " ".join(f"{int.from_bytes(digest[at : at + 4], 'big') % 10**4:04d}" for at in range(0, 24, 4))


def finding_root(salt: bytes, marks: Sequence[str]) -> bytes:
    """Compute the root of a finding over the voices it rests on: a Merkle tree (RFC 6962) over sorted tags.

    A tag is SHA-256 of a label, the salt that only leads know, and the seal mark (hex) of one voice.
    """
    label = b"alongside/finding-tag/v1\n"
    tags = sorted(hashlib.sha256(label + salt + bytes.fromhex(mark)).digest() for mark in marks)
    return Tree(tags).root()


def is_signed(sign_key: str, statement: bytes, signature: str) -> bool:
    """Say whether a base64 Ed25519 signature by the key (64 hex digits) stands under a statement."""
    try:
        key = _key(sign_key)
        key.verify(base64.b64decode(signature, validate=True), statement)
    except (ValueError, binascii.Error, InvalidSignature):
        return False
    return True


@lru_cache(maxsize=512)  # a log of many acts has few keys
def _key(sign_key: str) -> Ed25519PublicKey:
    """Read a key, once; raise ValueError for one that signs nothing."""
    public = bytes.fromhex(sign_key)
    if not can_sign(public):
        raise ValueError("This key signs nothing.")
    return Ed25519PublicKey.from_public_bytes(public)


def lines(*parts: str) -> bytes:
    """Write what is signed or hashed: each part on a line of its own."""
    return "".join(f"{part}\n" for part in parts).encode()
