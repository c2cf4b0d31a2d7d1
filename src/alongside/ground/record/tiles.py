"""Tiles of a log, read from its rows: full tiles have their hash kept, the leaves stand in the entries."""

from alongside.core.ledger.reader import TileReader
from alongside.core.ledger.tiles import TILE_WIDTH
from alongside.ground.record.models import Log, LogEntry, Node


def read_tile(log: Log, level: int, n: int, width: int) -> bytes:
    """Give the hashes of one tile, one query."""
    span = {"index__gte": n * TILE_WIDTH, "index__lt": n * TILE_WIDTH + width}
    if level == 0:
        leaves = LogEntry.objects.filter(log=log, **span).order_by("index").values_list("leaf", flat=True)
        return b"".join(bytes(one) for one in leaves)
    nodes = Node.objects.filter(log=log, level=level, **span)
    return b"".join(bytes(one) for one in nodes.order_by("index").values_list("hash", flat=True))


def read_bundle(log: Log, n: int, width: int) -> list[bytes]:
    """Give the entries of one bundle, verbatim, one query."""
    lines = LogEntry.objects.filter(log=log, index__gte=n * TILE_WIDTH, index__lt=n * TILE_WIDTH + width)
    return [bytes(one) for one in lines.order_by("index").values_list("raw", flat=True)]


def tile_reader(log: Log, size: int | None = None) -> TileReader:
    """Read nodes of the log's tree as it was at `size` entries, now by default."""
    return TileReader(
        log.size if size is None else size, lambda level, n, width: read_tile(log, level, n, width)
    )
