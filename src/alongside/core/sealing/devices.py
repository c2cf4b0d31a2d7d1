"""Locks a lead's keyring to a device: with the 32 bytes that it gives for a salt after a fingerprint, a face or a PIN (WebAuthn's prf)."""

import hashlib
import os
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from alongside.core.sealing.envelope import NONCE_BYTES, ZERO_NONCE
from alongside.core.sealing.kdf import hkdf
from alongside.core.sealing.leads import lines


def device_salt(*, origin: str, seat: str) -> bytes:
    """Compute what a device is asked with, and the account's id of its credential: SHA-256 over record and seat."""
    return hashlib.sha256(lines("alongside/device/v1", origin, seat)).digest()


def lock_to_device(
    plaintext: bytes,
    given: bytes,
    *,
    origin: str,
    seat: str,
    recipient: str,
    random: Callable[[int], bytes] = os.urandom,
) -> bytes:
    """Lock the keyring of a seat with what a device gave (32 bytes): 16 random bytes, then the text and its tag."""
    salt = random(NONCE_BYTES)
    return salt + _cipher(given, salt, origin, seat, recipient).encrypt(ZERO_NONCE, plaintext, None)


def open_with_device(sealed: bytes, given: bytes, *, origin: str, seat: str, recipient: str) -> bytes | None:
    """Open what was locked to a device; None where it is of another device, seat, keyring or record, or was changed."""
    salt, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return _cipher(given, salt, origin, seat, recipient).decrypt(ZERO_NONCE, body, None)
    except InvalidTag:
        return None


def _cipher(given: bytes, salt: bytes, origin: str, seat: str, recipient: str) -> ChaCha20Poly1305:
    """Give the cipher under a key of what a device gave, for this seat and this keyring."""
    info = lines("alongside/device-key/v1", origin, seat, recipient)
    return ChaCha20Poly1305(hkdf(given, salt=salt, info=info))
