"""Take in a file of a register, and keep how its columns are mapped. Nothing of it is on the register yet."""

import hashlib
import shutil
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from alongside.core.registers.decoding import Sniffer
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program, Unit
from alongside.ground.record.declared import appends
from alongside.work.projects.models import Chunk, Import, Register, Row

PIECE = 1 << 20
MEGABYTE = 1 << 20
#: What may wait for a yes in one program. A file can be thrown away by whoever may say yes to it.
MOST_WAITS = 512 * MEGABYTE


class NoRoomForFile(ValueError):  # noqa: N818 -- the name is a sentence
    """Too much waits for a yes, or the disk is too full; the message says the cure."""


class AlreadyConfirmed(ValueError):  # noqa: N818 -- the name is a sentence
    """Somebody said yes to this file; what comes next is another file."""


@appends()
def open_register(
    *, program: Program, slug: str, title: str, lang: str, unit: Unit | None, source: str, license_name: str
) -> Register:
    """Make a register that files can come into. `source` says where it is published, `license_name` under which license."""
    return Register.objects.create(
        program=program, slug=slug, title=title, lang=lang, unit=unit, source=source, license=license_name
    )


@appends()
def take_in_file(
    *,
    register: Register,
    file_name: str,
    pieces: Iterable[bytes],
    by: Person,
    pen: str,
    now: datetime,
    size: int = 0,
) -> Import:
    """Keep a file in pieces of a megabyte, with its hash and its encoding. It begins with the register's last mapping.

    Each piece is written by itself, so that a voice that comes meanwhile waits for a megabyte and not for the file. It
    has a hash once it is whole. Raises NoRoomForFile where `size` bytes (those of the file, as far as known) are too many.
    """
    refuse_without_room(program=register.program, size=size)
    made = Import.objects.create(
        register=register,
        file_name=file_name[-200:],
        size=0,
        by=by,
        pen=pen,
        mapping=register.mapping,
        made_at=now,
    )
    digest, sniffer = hashlib.sha256(), Sniffer()
    for number, piece in enumerate(_even(pieces)):
        digest.update(piece)
        sniffer.feed(piece)
        made.size += len(piece)
        Chunk.objects.create(of=made, number=number, data=piece)
        Import.objects.filter(pk=made.pk).update(size=made.size)
    sniffer.feed(b"", last=True)
    made.sha256, made.encoding = digest.hexdigest(), sniffer.encoding
    made.save(update_fields=["sha256", "encoding", "size"])
    return made


def refuse_without_room(*, program: Program, size: int) -> None:
    """Raise NoRoomForFile where a file of `size` bytes would fill what is left for files, or the disk."""
    waits = Import.objects.filter(register__program=program, confirmed_at=None)
    if (waits.aggregate(all=Sum("size"))["all"] or 0) + size > MOST_WAITS:
        raise NoRoomForFile(
            _("Files that wait for a yes may hold 512 megabytes together. Say yes to one, or throw one away.")
        )
    least = settings.ALONGSIDE.health.disk_free_mb * MEGABYTE
    if shutil.disk_usage(settings.ALONGSIDE.data).free < least + 2 * size:
        raise NoRoomForFile(_("There is no room for this file right now. Ask whoever runs this site."))


def _even(pieces: Iterable[bytes]) -> Iterable[bytes]:
    """Give pieces of a megabyte, whatever sizes they come in."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= PIECE:
            yield bytes(held[:PIECE])
            del held[:PIECE]
    if held:
        yield bytes(held)


@appends()
@transaction.atomic
def save_mapping(*, of: Import, mapping: Mapping[str, Any]) -> Import:
    """Keep a mapping for a file and for the next file of its register. What was read by an older one is thrown away.

    Raises AlreadyConfirmed.
    """
    held = Import.objects.select_for_update().get(pk=of.pk)
    if held.confirmed_at:
        raise AlreadyConfirmed(_("This file was confirmed; upload the next one."))
    Row.objects.filter(came_with=held).delete()
    held.mapping, held.revision = dict(mapping), held.revision + 1
    held.looked_at, held.trouble, held.read_bytes, held.rows = None, "", 0, 0
    held.save()
    Register.objects.filter(pk=held.register_id).update(mapping=held.mapping)
    return held


@appends()
@transaction.atomic
def drop_file(*, of: Import) -> None:
    """Throw a file away that nobody confirmed, with what was read of it. Raises AlreadyConfirmed."""
    held = Import.objects.select_for_update().get(pk=of.pk)
    if held.confirmed_at:
        raise AlreadyConfirmed(_("This file was confirmed; what it brought stays."))
    held.delete()


@appends()
def say_yes(*, of: Import, now: datetime) -> bool:
    """Note that somebody confirmed what was read of a file; False where there is nothing to confirm, or it was done."""
    ready = Import.objects.filter(
        pk=of.pk, revision=of.revision, looked_at__isnull=False, trouble="", confirmed_at=None
    )
    return bool(ready.update(confirmed_at=now))


@appends()
def take_back_yes(*, of: Import, trouble: str = "") -> None:
    """Take a yes back that came too late: another file came in first, so this one is looked at again; or say what is wrong."""
    found = Import.objects.filter(pk=of.pk, entry=None)
    found.update(confirmed_at=None, looked_at=of.looked_at if trouble else None, trouble=trouble)


@appends()
def note_progress(*, of: Import, read_bytes: int, rows: int) -> bool:
    """Note how far a reading is; False where a newer mapping was saved, and the reading should stop."""
    here = Import.objects.filter(pk=of.pk, revision=of.revision, confirmed_at=None)
    return bool(here.update(read_bytes=read_bytes, rows=F("rows") + rows))
