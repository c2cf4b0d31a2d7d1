"""Read registers: files on their way, what would change, rows in force with their proofs, and what the list says of them."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from random import randrange

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Count, Exists, Max, Model, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.core.canonical import canonical
from alongside.core.entries import Entry
from alongside.core.ledger.hashing import HASH_SIZE
from alongside.core.ledger.tiles import TILE_WIDTH
from alongside.core.ledger.verify import verify_inclusion
from alongside.core.policy.pack import Pack
from alongside.core.refusals import UnusableInputError
from alongside.core.registers.cells import holds_people
from alongside.core.registers.choices import CHOICES as MAPPED
from alongside.core.registers.mapping import DROP, FACTS, KEEP, Plan, Read, read_row
from alongside.core.registers.objects import open_register
from alongside.core.registers.proving import RowProof
from alongside.core.registers.roots import leaf_of, root_of, way_of
from alongside.core.registers.rows import SAYS_ANEW, RawRow, RowState
from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.programs.models import Program, Unit
from alongside.ground.record.models import Head
from alongside.ground.record.queries import entries_at, head_of, proof_file
from alongside.ground.ui.addresses import short_name
from alongside.work.registers.models import Chunk, Import, Listing, Register, Row, Tile

type Named = dict[str, str | Promise]

STAGES: Named = {
    "planned": pgettext_lazy("stage of a project", "Planned"),
    "development": pgettext_lazy("stage of a project", "Being made"),
    "pilot": pgettext_lazy("stage of a project", "On trial"),
    "in_use": pgettext_lazy("stage of a project", "In use"),
    "retired": pgettext_lazy("stage of a project", "Ended"),
}
IMPACTS: Named = {
    "high": _("High: it can touch rights, money or safety"),
    "limited": _("Limited"),
}
PERSONAL: Named = {"yes": _("Yes"), "no": _("No")}
ASKED: Named = {
    "asked": _("People were asked"),
    "planned": _("People will be asked"),
    "not_asked": _("Nobody was asked"),
}
#: What a bureau chooses of a project; beside these its kind, which the pack names.
CHOICES: dict[str, Named] = {
    "stage": STAGES,
    "impact": IMPACTS,
    "personal_data": PERSONAL,
    "asked": ASKED,
}
#: The facts of a project in the order of its page. Its name, its unit and what it is stand above them.
FACT_WORDS: Named = {
    "sort": _("Kind"),
    "stage": _("Stage"),
    "impact": _("Impact on people"),
    "communities": _("Whom it touches"),
    "purpose": _("What it is for"),
    "data_used": _("What data it uses"),
    "personal_data": _("Data about persons?"),
    "people_in_data": _("What it knows of people"),
    "vendors": _("Who sells or runs it"),
    "datasets": _("Datasets"),
    "documents": _("Documents"),
    "oversight": _("Who watches over it"),
    "appeal": _("How to object"),
    "asked": _("Was the public asked?"),
    "consultation": _("How the public was asked"),
}
#: What stands above the facts on a page.
CALLED: Named = {"name": _("Name"), "body": _("Body or bureau"), "summary": _("What it is")}
STATES: Named = {
    RowState.NEW: pgettext_lazy("row of a file", "New"),
    RowState.CHANGED: pgettext_lazy("row of a file", "Changed"),
    RowState.SAME: pgettext_lazy("row of a file", "The same"),
    RowState.GONE: pgettext_lazy("row of a file", "Gone"),
    RowState.WRONG: pgettext_lazy("row of a file", "Left out"),
}


def choices_in(pack: Pack, lang: str) -> dict[str, Named]:
    """Give what can be chosen of a project and what each is called, by fact: also its kind, as the pack calls it."""
    return {"sort": dict(pack.purpose.sorts_in(lang)), **CHOICES}


def choice(choices: Mapping[str, Named], name: str, value: object) -> str:
    """Give what a choice is called; the value itself where it has no name."""
    return str(choices.get(name, {}).get(str(value), value))


def of_ones_units[M: Model](rows: QuerySet[M], viewer: Viewer, unit: str) -> QuerySet[M]:
    """Keep what a viewer may write about: all for the steward, else what is of their units; `unit` names its slug."""
    return rows if viewer.has(Role.STEWARD) else rows.filter(**{f"{unit}__in": viewer.units})


def units_for(program: Program, viewer: Viewer) -> list[Unit]:
    """List the units whose projects the viewer may put on the register: all for the steward, else their own."""
    units = Unit.objects.filter(program=program, outside=False)
    return list(of_ones_units(units, viewer, "slug").order_by("slug"))


def pen_of(viewer: Viewer, unit: str) -> str:
    """Give the actor as which the viewer writes about a unit: their office in it, else the steward."""
    return viewer.office_in(unit) or "steward"


def listing_of(program: Program, slug: str) -> Listing | None:
    """Give a line of the list by its address, with the row it came in with, or None. One query."""
    found = Listing.objects.filter(program=program, slug=slug)
    return found.select_related("row__register", "row__came_with").first()


#: So many rows of a file are looked at in a sample, shown on a page, and worked on in one step.
SAMPLE, PAGE, AT_ONCE = 300, 30, 500


@dataclass(frozen=True)
class Sample:
    """The headings of a file and its first rows; `why` says why it cannot be read, if it cannot."""

    headings: tuple[str, ...] = ()
    rows: Sequence[RawRow] = ()
    why: str = ""


@dataclass(frozen=True)
class RowShown:
    """A row of a file as the check shows it: what it is, and for a changed one what was and what is."""

    row: Row
    state: str
    differences: Sequence[tuple[str, str, str]] = ()


def pieces_of(of: Import) -> Iterator[bytes]:
    """Give the bytes of a file, a piece at a time. One query a piece."""
    number = 0
    while (
        piece := Chunk.objects.filter(of=of, number=number).values_list("data", flat=True).first()
    ) is not None:
        yield bytes(piece)
        number += 1


def sample_of(of: Import) -> Sample:
    """Read the headings of a file and its first rows. One query for each piece that they reach into."""
    rows: list[RawRow] = []
    try:
        opened = open_register(pieces_of(of), of.encoding)
    except UnusableInputError as error:
        return Sample(why=" ".join((error.why, *error.about)))
    with suppress(UnusableInputError):  # told when every row is read; the rows before it can be mapped
        rows.extend(islice(opened.rows, SAMPLE))
    return Sample(opened.headings, rows)


def gone_of(of: Import) -> QuerySet[Row]:
    """Give the rows in force that a file no longer has. A row that is wrong in the file is not gone: it stays as it was."""
    here = Row.objects.filter(came_with=of, key=OuterRef("key"))
    return Row.objects.filter(~Exists(here), register=of.register_id, is_in_force=True)


def counts_of(of: Import) -> dict[str, int]:
    """Count the rows of a file by how they stand, and what is gone. Two queries; after it came in, what the record tells."""
    told = Row.objects.filter(came_with=of).order_by().values("state").annotate(n=Count("pk"))
    return {one["state"]: one["n"] for one in told} | {RowState.GONE: gone_of(of).count()}


def coming_of(of: Import) -> int:
    """Count the rows that a confirmed file brings into the list, or brought. One query, none before a yes."""
    return Row.objects.filter(came_with=of, state__in=SAYS_ANEW).count() if of.confirmed_at else 0


def rows_page(of: Import, state: str, number: int) -> list[RowShown]:
    """Give a page of the rows of a file that stand in one way, counted from 1. Two queries."""
    rows = gone_of(of) if state == RowState.GONE else Row.objects.filter(came_with=of, state=state)
    some = list(rows.order_by("number", "pk")[(number - 1) * PAGE : number * PAGE])
    before = {}
    if state == RowState.CHANGED:
        keys = [one.key for one in some]
        standing = Row.objects.filter(register=of.register_id, is_in_force=True, key__in=keys)
        before = {one.key: one for one in standing}
    return [RowShown(one, state, differences(before.get(one.key), one)) for one in some]


def preview(
    plan: Plan, sample: Sample, most: int, choices: Mapping[str, Named]
) -> tuple[list[str], list[tuple[Read, list[tuple[str, str]]]]]:
    """Give how the first rows come out by a mapping: what stands in each, under the facts it fills and the columns it keeps.

    `choices` says what is called how, by fact (`choices_in`), and the communities of the pack.
    """
    used = [name for name in FACTS if plan.columns_for(name)]
    read = [read_row(plan, one) for one in sample.rows[:most]]
    called = {name: str(CALLED.get(name) or FACT_WORDS[name]) for name in used}
    kept = kept_as_they_are(plan, sample)
    return [*called.values(), *kept], [
        (
            one,
            [(called[name], _said(name, one.facts.get(name, ""), choices)) for name in used]
            + [(name, one.cells.get(name, "")) for name in kept],
        )
        for one in read
    ]


def kept_as_they_are(plan: Plan, sample: Sample) -> list[str]:
    """List the columns that nobody mapped and nobody left out: they come in as they are, for everyone to read."""
    return [name for name in sample.headings if plan.columns.get(name, KEEP) == KEEP]


def about_people(plan: Plan, sample: Sample) -> list[str]:
    """List the columns that come in, mapped or as they are, and look as if they were about people.

    What is mapped as the name of a project is about a thing.
    """
    return [
        name
        for name in sample.headings
        if plan.columns.get(name, KEEP) not in {DROP, "name"}
        and holds_people(name, [one.cells.get(name, "") for one in sample.rows])
    ]


def _said(name: str, value: str | list[str], choices: Mapping[str, Named]) -> str:
    if isinstance(value, list):
        return " · ".join(choice(choices, name, one) for one in value)
    return choice(choices, name, value) if value else value


def differences(before: Row | None, after: Row) -> list[tuple[str, str, str]]:
    """List what differs between two rows, cell by cell: the column, what was, what is."""
    if before is None:
        return []
    names = dict.fromkeys([*before.cells, *after.cells])
    pairs = [(name, before.cells.get(name, ""), after.cells.get(name, "")) for name in names]
    return [one for one in pairs if one[1] != one[2]]


def registers_for(program: Program, viewer: Viewer) -> list[Register]:
    """List the registers that the viewer may bring files into: all for the steward, else those of their units."""
    found = Register.objects.filter(program=program).select_related("unit").order_by("title")
    return list(of_ones_units(found, viewer, "unit__slug"))


def _files(program: Program, viewer: Viewer) -> QuerySet[Import]:
    files = Import.objects.filter(register__program=program).exclude(sha256="")
    return of_ones_units(files, viewer, "register__unit__slug")


def imports_for(program: Program, viewer: Viewer, most: int = 50) -> list[Import]:
    """List the files that the viewer may see on their way, newest first. One query."""
    found = _files(program, viewer).select_related("register", "taken_back_by", "takes_back")
    return list(found.order_by("-pk")[:most])


def import_for(program: Program, viewer: Viewer, number: int) -> Import | None:
    """Give a file that the viewer may bring in, or None."""
    found = _files(program, viewer).filter(pk=number)
    return found.select_related("register__unit", "register__program", "taken_back_by").first()


def old_files(program: Program, before: datetime) -> list[Import]:
    """List the files that came before a moment and that nobody confirmed."""
    return list(Import.objects.filter(register__program=program, confirmed_at=None, made_at__lt=before))


def register_slugs(program: Program) -> list[str]:
    """List the names of all registers, which no new one may have."""
    return list(Register.objects.filter(program=program).values_list("slug", flat=True))


#: How many digits of its mark stand in the address of a row.
MARK = 10


def last_entry(register: Register) -> int | None:
    """Give the entry of the last file that came into a register, or None."""
    found = Import.objects.filter(register=register, entry__isnull=False).order_by("-entry")
    return found.values_list("entry", flat=True).first()


def last_change(register: Register) -> int | None:
    """Give the last entry that changed a register: a file that came in, or a row that was taken down; None where there is none."""
    gone = Row.objects.filter(register=register, erased__isnull=False)
    taken_down = gone.aggregate(last=Max("erased"))["last"]
    return max((one for one in (last_entry(register), taken_down) if one is not None), default=None)


def may_take_back(of: Import) -> bool:
    """Say whether a file is the last that changed its register, stands in the list, and took nothing back itself. Two queries at most."""
    stands = of.entry is not None and of.listed_at is not None and of.takes_back_id is None
    return stands and last_change(of.register) == of.entry


def file_before(of: Import) -> Import | None:
    """Give the file that was in force before another came in, or None. One query."""
    found = Import.objects.filter(register=of.register_id, entry__lt=of.entry)
    return found.order_by("-entry").first()


def shown_as(of: Import) -> str:
    """Hash every row of a file as it was read: SHA-256 of its number, state, key, leaf and facts, one after the other, in hexadecimal."""
    rows = Row.objects.filter(came_with=of).order_by("number", "pk")
    said = hashlib.sha256()
    for number, state, key, leaf, facts in rows.values_list(
        "number", "state", "key", "leaf", "facts"
    ).iterator():
        said.update(
            json.dumps([number, state, key, bytes(leaf).hex(), facts], sort_keys=True).encode() + b"\n"
        )
    return said.hexdigest()


def leaves_in_force(register: Register) -> list[bytes]:
    """Give the hashes of the rows in force, over which the root in the record stands, in the order of their bytes."""
    rows = Row.objects.filter(register=register, is_in_force=True).order_by("leaf")
    return [bytes(one) for one in rows.values_list("leaf", flat=True).iterator()]


def mark_of(register: Register, key: str) -> str:
    """Give the hash by which a row is told apart in addresses, and by which one whose words are gone is known again."""
    return hashlib.sha256(f"{register.slug}\0{key}".encode()).hexdigest()


def hidden(register: Register, key: str) -> str:
    """Give the key of a row whose words were taken down: it is known again, and does not say its own id."""
    return f"!{mark_of(register, key)[:40]}"


def slug_of(row: Row) -> str:
    """Give the name that a row has in addresses, the same in every file: its register, its name, and a mark of its key."""
    mark = mark_of(row.register, row.key)[:MARK]
    said = short_name(str(row.facts.get("name", "")), 32)
    return "-".join(filter(None, [row.register.slug[:14].strip("-"), said, mark]))


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
    last, held = hashes.latest("number"), hashes.filter(first__lte=leaf).latest("first")
    size = last.number * TILE_WIDTH + len(bytes(last.hashes)) // HASH_SIZE
    place = held.number * TILE_WIDTH + _place_in(bytes(held.hashes), leaf)
    return place, way_of(place, size, lambda level, n, _width: _kept(of, level, n))


def _place_in(hashes: bytes, leaf: bytes) -> int:
    return [hashes[at : at + HASH_SIZE] for at in range(0, len(hashes), HASH_SIZE)].index(leaf)


def _kept(of: Import, level: int, n: int) -> bytes:
    return bytes(Tile.objects.values_list("hashes", flat=True).get(of=of, level=level, number=n))


def erased_row(program: Program, slug: str) -> Row | None:
    """Give the row whose words were taken down and that stood at an address, or None. One query, on few rows."""
    marked = MARKED.match(slug)
    if marked is None:
        return None
    found = Row.objects.filter(register__program=program, erased__isnull=False)
    return (
        found.filter(key__startswith=f"!{marked[1]}").select_related("register").order_by("-erased").first()
    )


#: So many rows of one file are looked at in a night; of a longer file others each time.
A_NIGHT = 20_000
#: What a line of the list has of its row, so that the list is narrowed by it.
CHOSEN = tuple(name for name in MAPPED if name != "personal_data")


def is_as_it_came(row: Row) -> bool:
    """Say whether a row is the one over which the root in the record stands. A few queries more the larger its register is."""
    if row.erased is not None or row.came_with.entry is None:
        return True
    entry = entries_at(row.register.program, [row.came_with.entry]).get(row.came_with.entry)
    if (
        entry is None
        or not _is_mapped_so(row.came_with, entry)
        or _differs(row, Plan.read(row.came_with.mapping))
    ):
        return False
    try:
        place, path = way(row.came_with, bytes(row.leaf))
        root = bytes.fromhex(entry.data["root"])
        verify_inclusion(place, entry.data["listed"], bytes(row.leaf), path, root)
    except (ObjectDoesNotExist, ValueError):
        return False
    return True


def changed_rows(*, program: Program, entries: Sequence[Entry]) -> set[int]:
    """Give the entries of files of which rows, or lines of the list, say something else here than came in.

    The root is compared for the last file of a register, as it stands over all that is in force.
    """
    told = {one.index: one for one in entries}
    held = Import.objects.filter(register__program=program, entry__in=told).select_related("register")
    return {one.entry for one in held if one.entry is not None and _is_changed(one, told[one.entry])}


def _is_changed(of: Import, entry: Entry) -> bool:
    if not _is_mapped_so(of, entry):
        return True
    plan = Plan.read(of.mapping)
    if any(_differs(row, plan) or (of.listed_at and _listed_otherwise(row)) for row in _some(of)):
        return True
    is_last = last_entry(of.register) == of.entry
    return is_last and root_of(leaves_in_force(of.register)).hex() != entry.data["root"]


def _some(of: Import) -> Iterable[Row]:
    """Give the rows that came in with a file, or as many of them as a night has time for."""
    rows = Row.objects.filter(came_with=of, state__in=SAYS_ANEW, erased=None).order_by("number")
    most = rows.count()
    first = randrange(most - A_NIGHT + 1) if most > A_NIGHT else 0  # noqa: S311 -- nothing is kept secret by it
    some = rows[first : first + A_NIGHT].select_related("listing").prefetch_related("listing__touches")
    return some.iterator(chunk_size=AT_ONCE)


def _is_mapped_so(of: Import, entry: Entry) -> bool:
    return hashlib.sha256(canonical(of.mapping)).hexdigest() == str(entry.data["mapping"])


def _differs(row: Row, plan: Plan) -> bool:
    """Say whether the cells of a row are not under its hash, or its facts are not what its file's mapping reads in them."""
    read = read_row(plan, RawRow(row.number, row.cells))
    return leaf_of(row.key, row.cells, bytes(row.salt)) != bytes(row.leaf) or read.facts != row.facts


def _listed_otherwise(row: Row) -> bool:
    """Say whether the line of the list that shows a row says something else; where a project is on the record, that is told."""
    listing = getattr(row, "listing", None)
    if listing is None or listing.entry is not None:
        return False
    facts: Mapping[str, object] = row.facts
    touched = sorted(one.community for one in listing.touches.all())
    return touched != sorted(row.facts.get("communities", [])) or any(
        getattr(listing, name) != facts.get(name, "") for name in CHOSEN
    )
