"""Roots and proofs over any source of nodes: a tree in memory, or tiles in a database or on a disk."""

from collections.abc import Callable

from alongside.core.ledger.hashing import EMPTY_ROOT, LedgerError, node_hash

#: read(height, index) gives the hash of the complete subtree over entries [index << height, (index + 1) << height).
type Read = Callable[[int, int], bytes]


def root_from(read: Read, size: int) -> bytes:
    """Give the 32-byte root of the first `size` entries (RFC 6962, section 2.1)."""
    if size < 0:
        raise LedgerError(f"A tree cannot have {size} entries; ask for 0 or more.")
    return _span(read, 0, size) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, read: Read) -> list[bytes]:
    """Give the hashes that lead from entry `index` to the root at `size`, lowest first (RFC 6962, section 2.1.1)."""
    if not 0 <= index < size:
        raise LedgerError(f"A tree of {size} entries has no entry {index}; ask for 0 to {size - 1}.")
    return _path(0, index, size, read)


def consistency_proof(old: int, new: int, read: Read) -> list[bytes]:
    """Give the hashes that show the tree at `new` begins with the tree at `old` (RFC 6962, section 2.1.2).

    Nothing is needed, and nothing is given, if `old` is 0 or equals `new`.
    """
    if not 0 <= old <= new:
        raise LedgerError(f"A tree of {new} entries has no earlier size {old}; ask for 0 to {new}.")
    if old in {0, new}:
        return []
    height = (old & -old).bit_length() - 1
    index = (old - 1) >> height
    path = _path(height, index, new, read)
    # If the old tree is one complete subtree, its own root starts the proof and is known to both sides.
    return [read(height, index), *path] if index else path


def _path(height: int, index: int, size: int, read: Read) -> list[bytes]:
    """Give the siblings from the subtree (height, index) up to the root at `size`."""
    split = (index ^ ((size - 1) >> height)).bit_length()
    proof = [read(height + up, (index >> up) ^ 1) for up in range(split - 1)]
    if split:
        # Where the way to our subtree and the way to the last entry part, the sibling may be incomplete.
        top = split - 1
        proof.append(_span(read, ((index >> top) ^ 1) << (height + top), size))
    left, height = index >> split, height + split
    while left:
        if left & 1:
            proof.append(read(height, left - 1))
        left >>= 1
        height += 1
    return proof


def _span(read: Read, start: int, end: int) -> bytes:
    """Hash entries [start, end), where start is a multiple of a power of two that is at least end - start."""
    height = ((end - start) & (start - end)).bit_length() - 1
    root = read(height, (end >> height) - 1)
    end -= 1 << height
    while end > start:
        height = ((end - start) & (start - end)).bit_length() - 1
        root = node_hash(read(height, (end >> height) - 1), root)
        end -= 1 << height
    return root
