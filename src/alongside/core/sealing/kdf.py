"""HKDF with SHA-256, one block long: all that receipts and age files need."""

import hashlib
import hmac

HASH_BYTES = 32


def hkdf(key: bytes, *, salt: bytes, info: bytes) -> bytes:
    """Derive 32 bytes from `key` (RFC 5869, extract then one block of expand)."""
    extracted = hmac.digest(salt or bytes(HASH_BYTES), key, hashlib.sha256)
    return hmac.digest(extracted, info + b"\x01", hashlib.sha256)
