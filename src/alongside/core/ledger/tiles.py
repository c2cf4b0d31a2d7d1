"""Tiles and entry bundles: how a log is laid out as files (c2sp.org/tlog-tiles)."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from alongside.core.ledger.hashing import HASH_SIZE, MAX_SIZE, LedgerError, fold_pairs

#: A tile stands for eight levels of the tree and is 256 hashes wide.
TILE_HEIGHT = 8
TILE_WIDTH = 256
#: The longest entry that a bundle can hold: its length stands in front as two bytes.
MAX_ENTRY = 65_535
MAX_LEVEL = 63
_PATH = re.compile(r"tile/(entries|0|[1-9]\d?)/((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?", re.ASCII)


class TileRef(NamedTuple):
    """Names one tile: level (None for a bundle of entries), index in the level, and width from 1 to 256."""

    level: int | None
    n: int
    width: int

    @property
    def path(self) -> str:
        """Give the address under the log's prefix, such as tile/0/x001/x234/067 or tile/0/000.p/9."""
        number, rest = f"{self.n % 1000:03}", self.n // 1000
        while rest:
            number, rest = f"x{rest % 1000:03}/{number}", rest // 1000
        part = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"tile/{'entries' if self.level is None else self.level}/{number}{part}"


#: fetch(level, n, width) gives the bytes of a tile of hashes.
type FetchTile = Callable[[int, int, int], bytes]


def parse_tile_path(path: str) -> TileRef:
    """Read an address under the log's prefix; refuse every spelling but the one that `TileRef.path` writes."""
    match = _PATH.fullmatch(path)
    if match:
        level = None if match[1] == "entries" else int(match[1])
        n = int(match[2].replace("x", "").replace("/", "")) if len(path) < TILE_WIDTH else MAX_SIZE
        ref = TileRef(level, n, int(match[3] or TILE_WIDTH))
        if (level or 0) <= MAX_LEVEL and n < MAX_SIZE and ref.path == path:
            return ref
    raise LedgerError(f"{path[:80]!r} is not the address of a tile.")


def tiles_of(size: int) -> Iterator[TileRef]:
    """Name all tiles of hashes of a log of `size` entries, level by level; an empty log has none."""
    level = 0
    while size:
        yield from _row(level, size)
        size >>= TILE_HEIGHT
        level += 1


def bundles_of(size: int) -> Iterator[TileRef]:
    """Name all bundles of entries of a log of `size` entries."""
    yield from _row(None, size)


def _row(level: int | None, hashes: int) -> Iterator[TileRef]:
    full, part = divmod(hashes, TILE_WIDTH)
    for n in range(full):
        yield TileRef(level, n, TILE_WIDTH)
    if part:
        yield TileRef(level, full, part)


def hash_tile(tile: bytes) -> bytes:
    """Give the one hash that stands for a full tile in the tile above it."""
    if len(tile) != TILE_WIDTH * HASH_SIZE:
        raise LedgerError(
            f"Only a full tile of 8,192 bytes has a hash above it; this one has {len(tile)} bytes."
        )
    return rows_of(tile)[-1][0]


def rows_of(tile: bytes) -> list[list[bytes]]:
    """Rebuild the rows inside a tile, from its own hashes up; odd last ones are not hashed further."""
    rows = [[tile[at : at + HASH_SIZE] for at in range(0, len(tile), HASH_SIZE)]]
    while len(rows[-1]) > 1:
        rows.append(fold_pairs(rows[-1]))
    return rows


def grow(size: int, hashes: Iterable[bytes], fetch: FetchTile) -> dict[TileRef, bytes]:
    """Give every tile that changes when leaf `hashes` are added to a log of `size` entries.

    `fetch` is asked only for the partial tiles at the right edge of the old tree: one a level.
    """
    changed: dict[TileRef, bytes] = {}
    new, level = list(hashes), 0
    while new:
        n, width = divmod(size, TILE_WIDTH)
        data = (fetch(level, n, width) if width else b"") + b"".join(new)
        if len(data) != (width + len(new)) * HASH_SIZE:
            raise LedgerError(
                f"Tile {n} of level {level} does not hold {width} hashes of 32 bytes; rebuild the tiles."
            )
        new = []
        for at in range(0, len(data), TILE_WIDTH * HASH_SIZE):
            tile = data[at : at + TILE_WIDTH * HASH_SIZE]
            ref = TileRef(level, n + at // (TILE_WIDTH * HASH_SIZE), len(tile) // HASH_SIZE)
            changed[ref] = tile
            if ref.width == TILE_WIDTH:
                new.append(hash_tile(tile))
        size >>= TILE_HEIGHT
        level += 1
    return changed


def encode_bundle(entries: Iterable[bytes]) -> bytes:
    """Write entries one after the other, each behind its length in two bytes, big end first."""
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > MAX_ENTRY:
            raise LedgerError(f"An entry of {len(entry):,} bytes is too long; keep it to {MAX_ENTRY:,}.")
        parts += (len(entry).to_bytes(2, "big"), entry)
    return b"".join(parts)


def decode_bundle(bundle: bytes, width: int) -> list[bytes]:
    """Read exactly `width` entries from a bundle."""
    entries: list[bytes] = []
    at = 0
    while at < len(bundle) and len(entries) < width:
        end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        if at + 2 > len(bundle) or end > len(bundle):
            raise LedgerError(f"The bundle ends in the middle of its entry {len(entries)}.")
        entries.append(bundle[at + 2 : end])
        at = end
    if len(entries) != width or at != len(bundle):
        raise LedgerError(f"The bundle does not hold exactly {width} entries.")
    return entries
