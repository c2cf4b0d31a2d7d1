"""Read every row of a file and compare it with what is in force, so that a person sees what would change."""

import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import batched

from django.db import transaction

from alongside.core.registers.decoding import UnreadableError
from alongside.core.registers.mapping import Plan, Read, digest, read_row
from alongside.core.registers.opening import open_register
from alongside.core.registers.roots import leaf_of
from alongside.core.salted import SALT_BYTES
from alongside.ground.record.declared import appends
from alongside.work.projects.actions.uploading import note_progress
from alongside.work.projects.models import Import, Row
from alongside.work.projects.queries.files import pieces_of
from alongside.work.projects.queries.standing import hidden, last_change

AT_ONCE = 500
#: Why a row stays out whose words were taken down before: they do not come back with the next file.
GONE = "taken-down"


class Counted:
    """Counts the bytes of pieces as they go by."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self.bytes = pieces, 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self.bytes += len(piece)
            yield piece


@appends()
def look_at_file(*, of: Import, now: datetime) -> None:
    """Read a file row by row by its mapping. Writes nothing that is in force; stops where a newer mapping was saved.

    A file that cannot be read as a whole says so in `trouble`. Safe to repeat: it begins anew.
    """
    before = last_change(of.register)
    Row.objects.filter(came_with=of).delete()
    Import.objects.filter(pk=of.pk, revision=of.revision).update(rows=0, read_bytes=0, trouble="")
    counted, plan, trouble = Counted(pieces_of(of)), Plan.read(of.mapping), ""
    try:
        rows = open_register(counted, of.encoding).rows
        for some in batched((read_row(plan, one) for one in rows), AT_ONCE, strict=False):
            if not _keep(of, some, counted.bytes):
                return
    except UnreadableError as error:
        trouble = f"{error.why} {error.row}"
    Import.objects.filter(pk=of.pk, revision=of.revision, confirmed_at=None).update(
        looked_at=now, trouble=trouble, compared_with=before, read_bytes=of.size
    )


@transaction.atomic
def _keep(of: Import, some: Sequence[Read], read_bytes: int) -> bool:
    if not note_progress(of=of, read_bytes=read_bytes, rows=len(some)):
        return False
    keys = _keys(of, some)
    unsaid = {hidden(of.register, one): one for one in keys}
    here = Row.objects.filter(register=of.register_id, is_in_force=True, key__in=[*keys, *unsaid])
    standing = {unsaid.get(one.key, one.key): one for one in here}
    Row.objects.bulk_create(
        _row(of, one, key, standing.get(key)) for one, key in zip(some, keys, strict=True)
    )
    return True


def _keys(of: Import, some: Sequence[Read]) -> list[str]:
    """Give every row a key of its own in its file: its id, the id with its name, then numbered."""
    wanted = {one.key for one in some} | {f"{one.key}~{digest(one.facts)}" for one in some}
    unsaid = {hidden(of.register, one): one for one in wanted}
    rows = Row.objects.filter(came_with=of, key__in=[*wanted, *unsaid])
    taken = {unsaid.get(one, one) for one in rows.values_list("key", flat=True)}
    keys = []
    for one in some:
        key = one.key if one.key not in taken else f"{one.key}~{digest(one.facts)}"
        key = key if key not in taken else _numbered(of, key, taken)
        taken.add(key)
        keys.append(key)
    return keys


def _numbered(of: Import, key: str, taken: set[str]) -> str:
    more = Row.objects.filter(came_with=of, key__startswith=f"{key}~")
    used = taken | set(more.values_list("key", flat=True))
    return next(name for number in range(2, len(used) + 3) if (name := f"{key}~{number}") not in used)


def _row(of: Import, read: Read, key: str, standing: Row | None) -> Row:
    row = Row(register=of.register, came_with=of, number=read.number, key=key, cells=read.cells)
    row.facts, row.why, row.salt, row.leaf = dict(read.facts), read.why, b"", b""
    if standing and standing.erased is not None:
        row.state, row.why, row.key, row.cells, row.facts = "wrong", GONE, standing.key, {}, {}
    elif read.why:
        row.state = "wrong"
    elif standing and (standing.cells, standing.facts) == (read.cells, row.facts):
        row.state, row.cells, row.facts = "same", {}, {}
    else:
        row.state, row.salt = "changed" if standing else "new", os.urandom(SALT_BYTES)
        row.leaf = leaf_of(key, read.cells, row.salt)
    return row
