"""Take files in, read them, bring them into their register and its list, and take rows down."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import reduce
from itertools import batched
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from alongside.core.canonical import canonical
from alongside.core.entries import Entry
from alongside.core.grammar.shape import NO_LANGUAGE
from alongside.core.kinds import EntryKind
from alongside.core.ledger.hashing import HASH_SIZE
from alongside.core.refusals import Refused, UnusableInputError
from alongside.core.registers.choices import CHOICES
from alongside.core.registers.decoding import Sniffer
from alongside.core.registers.mapping import COMMUNITIES, UNIT, Plan, Read, digest, read_row
from alongside.core.registers.objects import open_register
from alongside.core.registers.roots import leaf_of, root_of, tiles_over
from alongside.core.registers.rows import SAYS_ANEW, RowState
from alongside.core.salted import SALT_BYTES
from alongside.core.words import without
from alongside.ground.gate.limits import MEGABYTE, MOST_WAITS, refuse_without_room
from alongside.ground.gate.presses import is_pressed, mark_of
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program, Unit
from alongside.ground.record.actions.entries import Draft, Text, append
from alongside.ground.record.actions.words import renew_pages
from alongside.ground.record.declared import appends
from alongside.ground.record.indexing import Thing, index_things
from alongside.ground.record.models import Log, SearchDoc
from alongside.ground.record.queries import texts_going
from alongside.work.registers import queries
from alongside.work.registers.models import Chunk, Import, Listing, Register, Row, Tile, Touch

SOURCE = "listing"
#: Facts whose words are not looked in: the name is the heading, and of the rest the filters of the register know.
UNSAID = ("name", COMMUNITIES, UNIT, *CHOICES)


@appends()
@transaction.atomic
def find_lines(*, program: Program, listings: Sequence[Listing]) -> None:
    """Put lines into what a search looks in; those that stand on the record by themselves are taken out of it."""
    log = Log.objects.select_for_update().get(program=program)
    shown = [one for one in listings if one.entry is None]
    gone = [one.pk for one in listings if one.entry is not None]
    index_things(log, SOURCE, [_thing(one) for one in shown], gone=gone)


@appends()
@transaction.atomic
def lose_lines(*, program: Program, listings: Sequence[int]) -> None:
    """Take lines that are gone out of what a search looks in."""
    index_things(Log.objects.select_for_update().get(program=program), SOURCE, [], gone=listings)


@appends()
def find_lines_anew(*, program: Program) -> None:
    """Throw away what a search knows of imported lines, and make it again from the lines."""
    known = SearchDoc.objects.filter(log__program=program, source=SOURCE).values_list("about", flat=True)
    lose_lines(program=program, listings=list(known))
    rows = Listing.objects.filter(program=program, entry=None).select_related("row").order_by("pk")
    last = 0
    while some := list(rows.filter(pk__gt=last)[: queries.AT_ONCE]):
        find_lines(program=program, listings=some)
        last = some[-1].pk


def _thing(listing: Listing) -> Thing:
    facts = listing.row.facts if listing.row else {}
    return Thing(
        about=listing.pk,
        group="project",
        unit=listing.unit,
        headings=[str(facts.get("name", ""))],
        texts=[str(value) for name, value in facts.items() if name not in UNSAID],
    )


class ImportConflictError(ValueError):
    """Another file came into the register since this one was compared with it, or a row of it was taken down."""


@appends(EntryKind.REGISTER_IMPORTED)
@transaction.atomic
def apply_import(*, of: Import, now: datetime) -> Import:
    """Put the rows of a confirmed file in force, and one entry on the record with the root over every row of the register.

    Does nothing the second time. Raises ImportConflictError where another file came in meanwhile, or other hands changed what was
    confirmed; then the file is read anew, and waits for a new look.
    """
    # a unit may be missing, and that side cannot be locked
    locked = Register.objects.select_for_update(of=("self",))
    register = locked.select_related("program", "unit").get(pk=of.register_id)
    held = Import.objects.select_for_update().get(pk=of.pk)
    if held.entry is not None or held.confirmed_at is None:
        return held
    if not is_pressed(held) or held.shown != queries.shown_as(held):
        raise ImportConflictError(
            _("This is not the file that somebody confirmed; look at it again, then confirm it.")
        )
    if held.compared_with != queries.last_change(register):
        raise ImportConflictError(_("Another file came in since; look at this one again, then confirm it."))
    before = queries.last_entry(register)
    counts = queries.counts_of(held)
    _put_in_force(held)
    leaves = queries.leaves_in_force(register)
    cites = {"before": [] if before is None else [before]}
    draft = Draft(
        kind=EntryKind.REGISTER_IMPORTED,
        by=[held.pen],
        data=_data(held, register, counts, leaves),
        cites=cites,
        texts={"title": Text(register.lang, register.title), **_whence(register)},
    )
    held.entry = append(program=register.program, drafts=[draft], now=now)[0].index
    if Row.objects.filter(register=register, erased__isnull=False).exists():
        held.salt = b""  # the file may hold again what was taken down
    held.save(update_fields=["entry", "salt"])
    _keep_tiles(held, leaves)
    return held


def _put_in_force(held: Import) -> None:
    mine = Row.objects.filter(came_with=held)
    replaced = mine.filter(state=RowState.CHANGED).values("key")
    standing = Row.objects.filter(register=held.register_id, is_in_force=True)
    gone = list(queries.gone_of(held).values_list("pk", flat=True))
    for at in range(0, len(gone), queries.AT_ONCE):
        Row.objects.filter(pk__in=gone[at : at + queries.AT_ONCE]).update(is_in_force=False, ended_by=held)
    standing.filter(key__in=replaced).update(is_in_force=False, ended_by=held)
    mine.filter(state__in=SAYS_ANEW).update(is_in_force=True)
    mine.filter(state=RowState.SAME).delete()


@appends(EntryKind.REGISTER_IMPORTED)
@transaction.atomic
def take_back(*, of: Import, by: Person, pen: str, now: datetime) -> Import:
    """Take a whole file out again: the rows before it are in force once more, and one entry says so with their root.

    Nothing leaves the record. Raises Refused where another file came in since, or a row of it was taken down.
    """
    locked = Register.objects.select_for_update(of=("self",))
    register = locked.select_related("program", "unit").get(pk=of.register_id)
    held = Import.objects.select_for_update().get(pk=of.pk)
    if not queries.may_take_back(held):
        raise Refused(
            _(
                "Only the last file of a register is withdrawn, before anything else changes it. Bring in a file with what is right."
            )
        )
    before = queries.file_before(held) or held
    counts = _counts_back(held)
    made = _standing_again(held, before, by, pen, counts["rows"], now)
    mine = Row.objects.filter(came_with=held, is_in_force=True)
    mine.update(is_in_force=False, ended_by=made)
    Row.objects.filter(ended_by=held).update(is_in_force=True, ended_by=None)
    leaves = queries.leaves_in_force(register)
    draft = Draft(
        kind=EntryKind.REGISTER_IMPORTED,
        by=[pen],
        data=_data(made, register, counts, leaves),
        cites={"before": [held.entry or 0], "withdraws": [held.entry or 0]},
        texts={"title": Text(register.lang, register.title), **_whence(register)},
    )
    made.entry = append(program=register.program, drafts=[draft], now=now)[0].index
    made.save(update_fields=["entry"])
    Register.objects.filter(pk=register.pk).update(mapping=before.mapping)
    _keep_tiles(made, leaves)
    return made


def _standing_again(held: Import, before: Import, by: Person, pen: str, rows: int, now: datetime) -> Import:
    """Make what stands for the file before, once another was taken back: nobody uploads it again."""
    return Import.objects.create(
        register_id=held.register_id,
        file_name=before.file_name,
        sha256=before.sha256,
        mapping=before.mapping,
        size=0,
        by=by,
        pen=pen,
        made_at=now,
        looked_at=now,
        confirmed_at=now,
        takes_back=held,
        rows=rows,
    )


def _counts_back(held: Import) -> dict[str, int]:
    """Count what taking a file back does to the rows in force: what it added goes, what it ended comes again."""
    mine = Row.objects.filter(came_with=held, is_in_force=True)
    added, changed = mine.filter(state=RowState.NEW).count(), mine.filter(state=RowState.CHANGED).count()
    again = Row.objects.filter(ended_by=held).count() - changed
    stood = Row.objects.filter(register=held.register_id, is_in_force=True).count()
    same = stood - added - changed
    return {
        RowState.NEW: again,
        RowState.CHANGED: changed,
        RowState.SAME: same,
        RowState.GONE: added,
        RowState.WRONG: 0,
        "rows": again + changed + same,
    }


def _keep_tiles(held: Import, leaves: list[bytes]) -> None:
    """Keep the tiles from which anyone is shown the way of one row to the root."""
    tiles = (
        Tile(of=held, level=ref.level or 0, number=ref.n, first=hashes[:HASH_SIZE], hashes=hashes)
        for ref, hashes in tiles_over(leaves).items()
    )
    Tile.objects.bulk_create(tiles, batch_size=100)


def _data(held: Import, register: Register, counts: dict[str, int], leaves: list[bytes]) -> dict[str, object]:
    return {
        "register": register.slug,
        "file": held.sha256,
        "mapping": hashlib.sha256(canonical(held.mapping)).hexdigest(),
        "root": root_of(leaves).hex(),
        "rows": held.rows,
        "listed": len(leaves),
        "added": counts.get(RowState.NEW, 0),
        **{name: counts.get(name, 0) for name in ("changed", "same", "gone", "wrong")},
    } | ({"unit": register.unit.slug} if register.unit else {})


def _whence(register: Register) -> dict[str, Text]:
    said = {"source": register.source, "license": register.license}
    return {name: Text(NO_LANGUAGE, words) for name, words in said.items() if words}


@appends()
def empty_copies(*, program: Program, entries: Sequence[Entry]) -> None:
    """Empty our copy of what these entries take down of a file that came in; without its title a register is called by its address."""
    for gone in texts_going(program, entries):
        for one in Register.objects.filter(program=program, imports__entry=gone.about).distinct():
            one.title = one.slug if one.title == gone.words else one.title
            one.source, one.license = without([one.source, one.license], {gone.words})
            one.save(update_fields=["title", "source", "license"])


@appends()
def list_rows(*, of: Import, now: datetime) -> None:
    """Give every row that came in its line in the list, and take lines away whose row is gone. Safe to repeat.

    Works in steps of their own, so that nobody waits for the whole; `listed` says how far it is.
    """
    mine = Row.objects.filter(came_with=of, is_in_force=True, erased=None).order_by("pk")
    if of.takes_back_id:
        mine = Row.objects.filter(register=of.register_id, is_in_force=True, erased=None).order_by("pk")
    Import.objects.filter(pk=of.pk).update(listed=0)
    last = 0
    while some := list(
        mine.filter(pk__gt=last).select_related("register__unit", "register__program")[: queries.AT_ONCE]
    ):
        _list_some(of, some)
        last = some[-1].pk
    _unlist(of.register.program, Listing.objects.filter(row__ended_by=of, row__is_in_force=False))
    Chunk.objects.filter(of=of).delete()
    Import.objects.filter(pk=of.pk).update(listed_at=now)


@transaction.atomic
def _list_some(of: Import, some: list[Row]) -> None:
    found = Listing.objects.filter(row__register=of.register_id, row__key__in=[one.key for one in some])
    there = {one.row.key: one for one in found.select_related("row") if one.row}
    fresh: list[Listing] = []
    again: list[Listing] = []
    for row in some:
        listing = there.get(row.key)
        (fresh if listing is None else again).append(_filled(listing, row))
    Listing.objects.bulk_create(fresh)
    Listing.objects.bulk_update(again, ["row", "unit", *queries.CHOSEN])
    _touch([*fresh, *again])
    find_lines(program=some[0].register.program, listings=[*fresh, *again])
    Import.objects.filter(pk=of.pk).update(listed=F("listed") + len(some))


def _filled(listing: Listing | None, row: Row) -> Listing:
    """Fill a line from a row; where the project is on the record by itself, the record says what it is."""
    made = listing or Listing(program_id=row.register.program_id, slug=queries.slug_of(row), is_imported=True)
    made.row = row
    if made.entry is None:
        made.unit = row.register.unit.slug if row.register.unit else str(row.facts.get(UNIT, ""))
        for name in queries.CHOSEN:
            setattr(made, name, row.facts.get(name, ""))
    return made


def _touch(listings: list[Listing]) -> None:
    """Write anew whom lines touch, as their rows say; where the project is on the record by itself, the record says it."""
    mine = [one for one in listings if one.entry is None]
    Touch.objects.filter(listing__in=mine).delete()
    Touch.objects.bulk_create(
        Touch(listing=one, community=each)
        for one in mine
        for each in (one.row.facts.get(COMMUNITIES, []) if one.row else [])
    )


def _unlist(program: Program, lines: QuerySet[Listing]) -> None:
    """Take lines of the list away, unless the project stands on the record by itself."""
    while some := list(lines.filter(entry=None).values_list("pk", flat=True)[: queries.AT_ONCE]):
        lose_lines(program=program, listings=some)
        Listing.objects.filter(pk__in=some).delete()


PIECE = MEGABYTE


@appends()
def open_upload(
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
    """Keep a file in pieces of a megabyte, with its hash under a salt and its encoding. It begins with the register's last mapping.

    Each piece is written by itself, so that a voice that comes meanwhile waits for a megabyte and not for the file. It
    has a hash once it is whole. Raises Refused where `size` bytes (those of the file, as far as known) are too many.
    """
    refuse_over_quota(program=register.program, size=size)
    made = Import.objects.create(
        register=register,
        file_name=file_name[-200:],
        size=0,
        by=by,
        pen=pen,
        mapping=register.mapping,
        made_at=now,
        salt=os.urandom(SALT_BYTES),
    )
    digest, sniffer = hashlib.sha256(made.salt), Sniffer()
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


def refuse_over_quota(*, program: Program, size: int) -> None:
    """Raise Refused where a file of `size` bytes would fill what is left for files, or the disk."""
    waits = Import.objects.filter(register__program=program, confirmed_at=None)
    if (waits.aggregate(all=Sum("size"))["all"] or 0) + size > MOST_WAITS:
        raise Refused(
            _(
                "Files that wait for a yes may hold %(most)s megabytes together. Say yes to one, or throw one away."
            )
            % {"most": MOST_WAITS // MEGABYTE},
            "file",
        )
    refuse_without_room(size)


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

    Raises Refused.
    """
    held = Import.objects.select_for_update().get(pk=of.pk)
    if held.confirmed_at:
        raise Refused(_("This file was confirmed; upload the next one."))
    Row.objects.filter(came_with=held).delete()
    held.mapping, held.revision = dict(mapping), held.revision + 1
    held.looked_at, held.trouble, held.read_bytes, held.rows = None, "", 0, 0
    held.save()
    Register.objects.filter(pk=held.register_id).update(mapping=held.mapping)
    return held


@appends()
@transaction.atomic
def drop_file(*, of: Import) -> None:
    """Throw a file away that nobody confirmed, with what was read of it. Raises Refused."""
    held = Import.objects.select_for_update().get(pk=of.pk)
    if held.confirmed_at:
        raise Refused(_("This file was confirmed; what it brought stays."))
    held.delete()


@appends()
@transaction.atomic
def say_yes(*, of: Import, pen: str, now: datetime) -> bool:
    """Note that somebody confirmed as `pen` what was read of a file; False where there is nothing to confirm, or it was done."""
    ready = Import.objects.filter(
        pk=of.pk, revision=of.revision, looked_at__isnull=False, trouble="", confirmed_at=None
    )
    held = ready.select_for_update().first()
    if held is None:
        return False
    held.confirmed_at, held.pen, held.shown = now, pen, queries.shown_as(held)
    held.mark = mark_of(held)
    held.save(update_fields=["confirmed_at", "pen", "shown", "mark"])
    return True


@appends()
def withdraw_confirmation(*, of: Import, trouble: str = "") -> None:
    """Take a yes back that came too late: another file came in first, so this one is looked at again; or say what is wrong."""
    found = Import.objects.filter(pk=of.pk, entry=None)
    found.update(confirmed_at=None, looked_at=of.looked_at if trouble else None, trouble=trouble)


@appends()
def note_progress(*, of: Import, read_bytes: int, rows: int) -> bool:
    """Note how far a reading is; False where a newer mapping was saved, and the reading should stop."""
    here = Import.objects.filter(pk=of.pk, revision=of.revision, confirmed_at=None)
    return bool(here.update(read_bytes=read_bytes, rows=F("rows") + rows))


#: Why a row stays out whose words were taken down before: they do not come back with the next file.
GONE = "taken-down"
#: Why a row stays out that says in each cell what an earlier one says: with the number of that row.
TWIN = "twin "


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
    before = queries.last_change(of.register)
    Row.objects.filter(came_with=of).delete()
    Import.objects.filter(pk=of.pk, revision=of.revision).update(rows=0, read_bytes=0, trouble="")
    counted, plan, trouble = Counted(queries.pieces_of(of)), Plan.read(of.mapping), ""
    try:
        rows = open_register(counted, of.encoding).rows
        for some in batched((read_row(plan, one) for one in rows), queries.AT_ONCE, strict=False):
            if not _keep(of, some, counted.bytes):
                return
    except UnusableInputError as error:
        trouble = " ".join((error.why, *error.about))
    Import.objects.filter(pk=of.pk, revision=of.revision, confirmed_at=None).update(
        looked_at=now, trouble=trouble, compared_with=before, read_bytes=of.size
    )


@transaction.atomic
def _keep(of: Import, some: Sequence[Read], read_bytes: int) -> bool:
    if not note_progress(of=of, read_bytes=read_bytes, rows=len(some)):
        return False
    keys = _keys(of, some)
    unsaid = {queries.hidden(of.register, one): one for one in keys}
    here = Row.objects.filter(register=of.register_id, is_in_force=True, key__in=[*keys, *unsaid])
    standing = {unsaid.get(one.key, one.key): one for one in here}
    rows = [_row(of, one, key, standing.get(key)) for one, key in zip(some, keys, strict=True)]
    _leave_out_twins(of, some, rows)
    Row.objects.bulk_create(rows)
    return True


def _leave_out_twins(of: Import, some: Sequence[Read], rows: Sequence[Row]) -> None:
    """Leave out every row that says in each cell what an earlier row of the file said, and name that row's number."""
    again = {one.key for one, row in zip(some, rows, strict=True) if row.key != one.key and not one.why}
    if not again:
        return
    own = [f"{key}~" for key in again]
    earlier = Row.objects.filter(came_with=of).filter(
        Q(key__in=again) | reduce(or_, (Q(key__startswith=one) for one in own))
    )
    there = list(earlier.order_by("-number"))
    unsaid = [one.key for one in there if one.state == RowState.SAME]
    stand = Row.objects.filter(register=of.register_id, is_in_force=True, key__in=unsaid)
    cells = {one.key: one.cells for one in stand}
    first = {_cells(one.cells or cells.get(one.key, {})): one.number for one in there}
    for one, row in zip(some, rows, strict=True):
        said = _cells(one.cells)
        if one.key in again and said in first and not one.why:
            row.state, row.why, row.salt, row.leaf = RowState.WRONG, f"{TWIN}{first[said]}", b"", b""
        elif one.key in again:
            first[said] = one.number


def _cells(cells: Mapping[str, str]) -> bytes:
    return canonical(dict(cells))


def _keys(of: Import, some: Sequence[Read]) -> list[str]:
    """Give every row a key of its own in its file: its id, the id with its name, then numbered."""
    wanted = {one.key for one in some} | {f"{one.key}~{digest(one.facts)}" for one in some}
    unsaid = {queries.hidden(of.register, one): one for one in wanted}
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
        row.state, row.why, row.key, row.cells, row.facts = RowState.WRONG, GONE, standing.key, {}, {}
    elif read.why:
        row.state = RowState.WRONG
    elif standing and (standing.cells, standing.facts) == (read.cells, row.facts):
        row.state, row.cells, row.facts = RowState.SAME, {}, {}
    else:
        row.state, row.salt = RowState.CHANGED if standing else RowState.NEW, os.urandom(SALT_BYTES)
        row.leaf = leaf_of(key, read.cells, row.salt)
    return row


@appends(EntryKind.ROW_ERASED)
@transaction.atomic
def erase_row(*, row: Row, ground: str, by: Sequence[str], now: datetime, lang: str = "en") -> list[Entry]:
    """Take a row down for good, as it is and as it was in every file before; the entries say so first, then its words go.

    The next file does not bring it back. Raises GrammarError, for one role alone or under a hold, and Refused.
    """
    register = (
        Register.objects.select_for_update(of=("self",)).select_related("program").get(pk=row.register_id)
    )
    known = Row.objects.filter(register=register, key=row.key)
    under = known.filter(came_with__entry__isnull=False, state__in=SAYS_ANEW, erased=None)
    versions = list(under.select_related("came_with").order_by("pk"))
    if not versions:
        raise Refused(_("This row is not on the public log; throw its file away instead."))
    drafts = [_draft(register, one, Text(lang, ground), by) for one in versions]
    entries = append(program=register.program, drafts=drafts, now=now)
    _take_down(register, row.key, list(zip(versions, entries, strict=True)))
    _unsalt(register.program, {register.slug})
    renew_pages(program=register.program)
    return entries


@appends()
@transaction.atomic
def rows_again(*, program: Program, entries: Sequence[Entry]) -> None:
    """Take down again what these entries took down, where a backup brought it back."""
    found: dict[tuple[Register, str], list[tuple[Row, Entry]]] = {}
    for entry in entries:
        row = Row.objects.filter(
            register__program=program,
            register__slug=entry.data["register"],
            came_with__entry=entry.cites["of"][0],
            leaf=bytes.fromhex(entry.data["leaf"]),
            state__in=SAYS_ANEW,
            erased=None,
        )
        for one in row.select_related("register__program"):
            found.setdefault((one.register, one.key), []).append((one, entry))
    for (register, key), versions in found.items():
        _take_down(register, key, versions)
    _unsalt(program, {entry.data["register"] for entry in entries})  # also where the backup lacks the row
    renew_pages(program=program)


def _take_down(register: Register, key: str, versions: Sequence[tuple[Row, Entry]]) -> None:
    """Let the words of all versions of a row go, each with the entry that says so."""
    for one, entry in versions:
        Row.objects.filter(pk=one.pk).update(erased=entry.index, cells={}, facts={}, salt=b"")
    _forget(register, key)
    _unlist(register.program, Listing.objects.filter(row__in=[one for one, _entry in versions]))


def _unsalt(program: Program, registers: Iterable[str]) -> None:
    """Let nobody guess from the hash of a whole file what was taken down: it may stand in any file of its register."""
    Import.objects.filter(register__program=program, register__slug__in=registers).update(salt=b"")


def _draft(register: Register, one: Row, ground: Text, by: Sequence[str]) -> Draft:
    place, path = queries.way(one.came_with, bytes(one.leaf))
    data = {
        "register": register.slug,
        "leaf": bytes(one.leaf).hex(),
        "place": place,
        "path": [step.hex() for step in path],
    }
    cites = {"of": [one.came_with.entry or 0]}
    return Draft(kind=EntryKind.ROW_ERASED, by=by, data=data, cites=cites, texts={"ground": ground})


def _forget(register: Register, key: str) -> None:
    """Let nothing be left of the row in files on their way or in what was left out, and keep its key from saying its id."""
    known = Row.objects.filter(register=register, key=key)
    known.filter(erased=None).exclude(state=RowState.SAME).update(
        state=RowState.WRONG, why=GONE, cells={}, facts={}, salt=b"", leaf=b""
    )
    known.update(key=queries.hidden(register, key))
