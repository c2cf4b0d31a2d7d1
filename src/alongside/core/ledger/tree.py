"""A whole tree in memory: append, roots, proofs, tiles."""

from collections.abc import Iterable
from hashlib import sha256

from alongside.core.ledger.hashing import HASH_SIZE, LedgerError, fold_pairs, leaf_hash
from alongside.core.ledger.nodes import consistency_proof, inclusion_proof, root_from
from alongside.core.ledger.tiles import TILE_HEIGHT, TILE_WIDTH


class Tree:
    """A growing Merkle tree (RFC 6962) over entries, kept as the hashes of all its complete subtrees."""

    def __init__(self, entries: Iterable[bytes] = ()) -> None:
        self._rows = [bytearray()]  # by height: the hashes of all complete subtrees of that height, in order
        self.extend(entries)

    @property
    def size(self) -> int:
        """Count the entries."""
        return len(self._rows[0]) // HASH_SIZE

    def append(self, entry: bytes) -> int:
        """Add one entry and give its index, counted from 0."""
        # The hashes of RFC 6962 stand here themselves: calling for them costs a fifth of the whole append.
        node = sha256(b"\0" + entry).digest()
        rows = self._rows
        row = rows[0]
        index = position = len(row) // HASH_SIZE
        height = 0
        while position & 1:
            left = row[-HASH_SIZE:]
            row += node
            node = sha256(b"\1" + left + node).digest()
            position >>= 1
            height += 1
            if height == len(rows):
                rows.append(bytearray())
            row = rows[height]
        row += node
        return index

    def extend(self, entries: Iterable[bytes]) -> None:
        """Add entries in order, faster than one by one."""
        self.extend_hashes([leaf_hash(entry) for entry in entries])

    def extend_hashes(self, hashes: list[bytes]) -> None:
        """Add entries of which only the leaf hashes (32 bytes each) are at hand."""
        if any(len(one) != HASH_SIZE for one in hashes):
            raise LedgerError("A leaf hash has 32 bytes; hash the entry with leaf_hash first.")
        height = 0
        while hashes:
            row = self._rows[height]
            odd = [bytes(row[-HASH_SIZE:])] if len(row) // HASH_SIZE & 1 else []
            row += b"".join(hashes)
            hashes = fold_pairs(odd + hashes)
            height += 1
            if hashes and height == len(self._rows):
                self._rows.append(bytearray())

    def read(self, height: int, index: int) -> bytes:
        """Give the hash of the complete subtree over entries [index << height, (index + 1) << height)."""
        row = self._rows[height] if height < len(self._rows) else b""
        node = bytes(row[index * HASH_SIZE : (index + 1) * HASH_SIZE])
        if len(node) != HASH_SIZE:
            raise LedgerError(
                f"The tree of {self.size} entries has no complete subtree {index} of height {height}."
            )
        return node

    def root(self, size: int | None = None) -> bytes:
        """Give the 32-byte root of the first `size` entries, or of all."""
        return root_from(self.read, self.size if size is None else self._within(size))

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """Give the inclusion proof of entry `index` in the tree of `size` entries, or of all."""
        return inclusion_proof(index, self.size if size is None else self._within(size), self.read)

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        """Give the consistency proof from `old` to `new` entries, or to all."""
        return consistency_proof(old, self.size if new is None else self._within(new), self.read)

    def tile(self, level: int, n: int, width: int = TILE_WIDTH) -> bytes:
        """Give tile `n` of a level (c2sp.org/tlog-tiles): `width` hashes of complete subtrees of height 8 * level."""
        height = level * TILE_HEIGHT
        row = self._rows[height] if height < len(self._rows) else b""
        start = n * TILE_WIDTH * HASH_SIZE
        tile = bytes(row[start : start + width * HASH_SIZE])
        if not width or len(tile) != width * HASH_SIZE:
            raise LedgerError(
                f"The tree of {self.size} entries has no tile {n} of width {width} at level {level}."
            )
        return tile

    def _within(self, size: int) -> int:
        if not 0 <= size <= self.size:
            raise LedgerError(f"The tree has {self.size} entries, not {size}; ask for an earlier size.")
        return size
