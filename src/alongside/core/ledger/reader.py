"""Read nodes of a tree out of its tiles."""

from alongside.core.ledger.hashing import HASH_SIZE, LedgerError, fold_pairs
from alongside.core.ledger.tiles import TILE_HEIGHT, TILE_WIDTH, FetchTile


class TileReader:
    """Serves `read(height, index)` for a log of `size` entries from its tiles, fetching each at most once."""

    def __init__(self, size: int, fetch: FetchTile) -> None:
        self.size = size
        self._fetch = fetch
        self._tiles: dict[tuple[int, int], list[list[bytes]]] = {}

    def read(self, height: int, index: int) -> bytes:
        """Give the hash of the complete subtree over entries [index << height, (index + 1) << height)."""
        level, inside = divmod(height, TILE_HEIGHT)
        n = index >> (TILE_HEIGHT - inside)
        rows = self._tiles.get((level, n))
        if rows is None:
            rows = self._tiles[level, n] = [self._load(level, n)]
        while len(rows) <= inside:
            rows.append(fold_pairs(rows[-1]))
        at = index - (n << (TILE_HEIGHT - inside))
        if not 0 <= at < len(rows[inside]):
            raise LedgerError(
                f"A log of {self.size} entries has no complete subtree {index} of height {height}."
            )
        return rows[inside][at]

    def _load(self, level: int, n: int) -> list[bytes]:
        """Fetch one tile at the width it has in a log of this size."""
        width = min(TILE_WIDTH, (self.size >> (level * TILE_HEIGHT)) - n * TILE_WIDTH)
        if n < 0 or width <= 0:
            raise LedgerError(f"A log of {self.size} entries has no tile {n} at level {level}.")
        data = self._fetch(level, n, width)
        if len(data) != width * HASH_SIZE:
            raise LedgerError(f"Tile {n} of level {level} has {len(data)} bytes, not {width * HASH_SIZE}.")
        return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)]
