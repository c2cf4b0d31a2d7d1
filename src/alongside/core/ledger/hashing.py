"""The three hashes of RFC 6962: of an entry, of two subtrees, of nothing."""

from hashlib import sha256

#: Bytes in one hash.
HASH_SIZE = 32
#: Sizes and indexes stay below this, as witnesses and other clients expect.
MAX_SIZE = 2**63
#: The root of a tree without entries: SHA-256 of nothing (RFC 6962, section 2.1).
EMPTY_ROOT = sha256(b"").digest()


class LedgerError(ValueError):
    """Something about a log does not hold; the message says what."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash an entry: SHA-256(0x00 || entry), 32 bytes (RFC 6962, section 2.1)."""
    return sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two neighboring subtrees: SHA-256(0x01 || left || right), 32 bytes (RFC 6962, section 2.1)."""
    return sha256(b"\1" + left + right).digest()


def fold_pairs(hashes: list[bytes]) -> list[bytes]:
    """Hash neighbors two by two, left to right; an odd last one is left out. The hot loop of every tree."""
    pairs = iter(hashes)
    return [sha256(b"\1" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]
