"""Files on their way into a register: their bytes, their first rows, what would change, and how far a reading is."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import Count, Exists, OuterRef, QuerySet

from alongside.core.registers.cells import holds_people
from alongside.core.registers.decoding import UnreadableError
from alongside.core.registers.mapping import DROP, FACTS, KEEP, Plan, Read, read_row
from alongside.core.registers.opening import open_register
from alongside.core.registers.rows import RawRow
from alongside.ground.gate import Asker, Role
from alongside.ground.programs.models import Program
from alongside.work.projects.models import Chunk, Import, Register, Row
from alongside.work.projects.queries.wording import CALLED, CHOICES, choice
from alongside.work.projects.queries.wording import FACTS as NAMED

SAMPLE = 300
PAGE = 30


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


@dataclass(frozen=True)
class Pages:
    """Which page of how many is shown, counted from 1."""

    number: int
    pages: int

    @property
    def before(self) -> int:
        """Give the number of the page before."""
        return self.number - 1

    @property
    def after(self) -> int:
        """Give the number of the next page."""
        return self.number + 1


def pages_of(count: int, number: int) -> Pages:
    """Say which page of a list of so many is shown."""
    return Pages(number, max(1, -(-count // PAGE)))


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
    except UnreadableError as error:
        return Sample(why=f"{error.why} {error.row}")
    with suppress(UnreadableError):  # told when every row is read; the rows before it can be mapped
        rows.extend(islice(opened.rows, SAMPLE))
    return Sample(opened.headings, rows)


def gone_of(of: Import) -> QuerySet[Row]:
    """Give the rows in force that a file no longer has. A row that is wrong in the file is not gone: it stays as it was."""
    here = Row.objects.filter(came_with=of, key=OuterRef("key"))
    return Row.objects.filter(~Exists(here), register=of.register_id, is_in_force=True)


def counts_of(of: Import) -> dict[str, int]:
    """Count the rows of a file by how they stand, and what is gone. Two queries; after it came in, what the record tells."""
    told = Row.objects.filter(came_with=of).order_by().values("state").annotate(n=Count("pk"))
    return {one["state"]: one["n"] for one in told} | {"gone": gone_of(of).count()}


def coming_of(of: Import) -> int:
    """Count the rows that a confirmed file brings into the list, or brought. One query, none before a yes."""
    return Row.objects.filter(came_with=of, state__in=("new", "changed")).count() if of.confirmed_at else 0


def rows_page(of: Import, state: str, number: int) -> list[RowShown]:
    """Give a page of the rows of a file that stand in one way, counted from 1. Two queries."""
    rows = gone_of(of) if state == "gone" else Row.objects.filter(came_with=of, state=state)
    some = list(rows.order_by("number", "pk")[(number - 1) * PAGE : number * PAGE])
    before = {}
    if state == "changed":
        keys = [one.key for one in some]
        standing = Row.objects.filter(register=of.register_id, is_in_force=True, key__in=keys)
        before = {one.key: one for one in standing}
    return [RowShown(one, state, differences(before.get(one.key), one)) for one in some]


def preview(
    plan: Plan, sample: Sample, most: int, communities: Mapping[str, str]
) -> tuple[list[str], list[tuple[Read, list[tuple[str, str]]]]]:
    """Give how the first rows come out by a mapping: what stands in each, under the facts it fills and the columns it keeps.

    `communities` says what the communities of the pack are called, by id.
    """
    used = [name for name in FACTS if plan.columns_for(name)]
    read = [read_row(plan, one) for one in sample.rows[:most]]
    called = {name: str(CALLED.get(name) or NAMED[name]) for name in used}
    kept = kept_as_they_are(plan, sample)
    return [*called.values(), *kept], [
        (
            one,
            [(called[name], _said(name, one.facts.get(name, ""), communities)) for name in used]
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


def _said(name: str, value: str | list[str], communities: Mapping[str, str]) -> str:
    if isinstance(value, list):
        return " · ".join(communities.get(one, one) for one in value)
    return choice(name, value) if value and name in CHOICES else value


def differences(before: Row | None, after: Row) -> list[tuple[str, str, str]]:
    """List what differs between two rows, cell by cell: the column, what was, what is."""
    if before is None:
        return []
    names = dict.fromkeys([*before.cells, *after.cells])
    pairs = [(name, before.cells.get(name, ""), after.cells.get(name, "")) for name in names]
    return [one for one in pairs if one[1] != one[2]]


def registers_for(program: Program, asker: Asker) -> list[Register]:
    """List the registers that the asker may bring files into: all for the steward, else those of their units."""
    found = Register.objects.filter(program=program).select_related("unit").order_by("title")
    if not asker.has(Role.STEWARD):
        found = found.filter(unit__slug__in=asker.units)
    return list(found)


def imports_for(program: Program, asker: Asker, most: int = 50) -> list[Import]:
    """List the files that the asker may see on their way, newest first. One query."""
    found = Import.objects.filter(register__program=program).exclude(sha256="").select_related("register")
    if not asker.has(Role.STEWARD):
        found = found.filter(register__unit__slug__in=asker.units)
    return list(found.order_by("-pk")[:most])


def import_for(program: Program, asker: Asker, number: int) -> Import | None:
    """Give a file that the asker may bring in, or None."""
    found = Import.objects.filter(register__program=program, pk=number).exclude(sha256="")
    if not asker.has(Role.STEWARD):
        found = found.filter(register__unit__slug__in=asker.units)
    return found.select_related("register__unit", "register__program").first()


def old_files(program: Program, before: datetime) -> list[Import]:
    """List the files that came before a moment and that nobody confirmed."""
    return list(Import.objects.filter(register__program=program, confirmed_at=None, made_at__lt=before))


def register_slugs(program: Program) -> list[str]:
    """List the names of all registers, which no new one may have."""
    return list(Register.objects.filter(program=program).values_list("slug", flat=True))
