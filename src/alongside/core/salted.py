"""The hash under which words, files and rows stand in the record: SHA-256 of a salt and what it hides."""

import hashlib

#: No other length: with a longer salt the first words could be moved into it, and what is left would fit the same hash.
SALT_BYTES = 16


def salted_hash(salt: bytes, content: bytes) -> str:
    """Return the hash, as 64 hexadecimal digits. Raises ValueError for a salt that has not 16 bytes."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"A salt has {SALT_BYTES} bytes, this one {len(salt)}; take the salt that was made.")
    return hashlib.sha256(salt + content).hexdigest()


def fits(sha256: str, salt: bytes, content: bytes) -> bool:
    """Say whether a hash is that of this salt and content; nothing fits under a salt of another length."""
    return len(salt) == SALT_BYTES and salted_hash(salt, content) == sha256
