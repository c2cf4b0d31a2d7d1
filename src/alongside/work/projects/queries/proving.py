"""The way of one row of a file to the root in the record, and where the words of a row were taken down."""

import re

from alongside.core.ledger import HASH_SIZE, TILE_WIDTH
from alongside.core.registers.proving import RowProof
from alongside.core.registers.roots import tiles_over, way_of
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Head
from alongside.ground.record.queries import head_of, proof_file
from alongside.work.projects.models import Import, Row, Tile
from alongside.work.projects.queries.standing import MARK, leaves_after

MARKED = re.compile(rf"(?:.*-)?([0-9a-f]{{{MARK}}})\Z")


def row_proof(program: Program, row: Row) -> RowProof | None:
    """Give the proof that a row is as it came in, under the last signed root over it; None where there is none yet.

    A few queries more the larger the register is: one for each level of its tiles.
    """
    head = head_of(program)
    over = _last_over(row, head) if head and row.erased is None else None
    if head is None or over is None or over.entry is None:
        return None
    place, path = way(over, bytes(row.leaf))
    proof = proof_file(program, over.entry, head)
    return RowProof(row.key, row.cells, bytes(row.salt), place, path, proof)


def _last_over(row: Row, head: Head) -> Import | None:
    """Give the last signed import whose root stands over a row: it came in then or before, and was not replaced yet."""
    first = row.came_with.entry
    signed = Import.objects.filter(register=row.register_id, entry__gte=first or 0, entry__lt=head.size)
    if row.ended_by is not None:
        signed = signed.filter(entry__lt=row.ended_by.entry)
    return None if first is None else signed.order_by("-entry").first()


def way(of: Import, leaf: bytes) -> tuple[int, list[bytes]]:
    """Give the place of a row's hash under the root of an import, and the way from it to the root."""
    hashes = Tile.objects.filter(of=of, level=0)
    last = hashes.order_by("number").last()
    held = hashes.filter(first__lte=leaf).order_by("first").last()
    if last is None or held is None:
        return _way_without_tiles(of, leaf)
    size = last.number * TILE_WIDTH + _width(last)
    place = held.number * TILE_WIDTH + _place_in(bytes(held.hashes), leaf)
    return place, way_of(place, size, lambda level, n, _width: _kept(of, level, n))


def _width(tile: Tile) -> int:
    return len(bytes(tile.hashes)) // HASH_SIZE


def _place_in(hashes: bytes, leaf: bytes) -> int:
    return [hashes[at : at + HASH_SIZE] for at in range(0, len(hashes), HASH_SIZE)].index(leaf)


def _kept(of: Import, level: int, n: int) -> bytes:
    return bytes(Tile.objects.values_list("hashes", flat=True).get(of=of, level=level, number=n))


def _way_without_tiles(of: Import, leaf: bytes) -> tuple[int, list[bytes]]:
    """Make the tiles anew for an import from before they were kept."""
    leaves = leaves_after(of)
    made = {(ref.level, ref.n): hashes for ref, hashes in tiles_over(leaves).items()}
    place = leaves.index(leaf)
    return place, way_of(place, len(leaves), lambda level, n, _width: made[level, n])


def erased_row(program: Program, slug: str) -> Row | None:
    """Give the row whose words were taken down and that stood at an address, or None. One query, on few rows."""
    marked = MARKED.match(slug)
    if marked is None:
        return None
    found = Row.objects.filter(register__program=program, erased__isnull=False)
    return (
        found.filter(key__startswith=f"!{marked[1]}").select_related("register").order_by("-erased").first()
    )
