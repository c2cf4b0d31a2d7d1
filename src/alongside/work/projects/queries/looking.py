"""Whether rows here say what came in: their cells under their hash and the root in the record, their facts by the cells."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from random import randrange

from django.core.exceptions import ObjectDoesNotExist

from alongside.core.canonical import canonical
from alongside.core.grammar import Entry
from alongside.core.ledger import ProofError, verify_inclusion
from alongside.core.registers.choices import CHOICES
from alongside.core.registers.mapping import Plan, read_row
from alongside.core.registers.roots import leaf_of, root_of
from alongside.core.registers.rows import RawRow
from alongside.ground.programs.models import Program
from alongside.ground.record.queries import entries_at
from alongside.work.projects.models import Import, Row
from alongside.work.projects.queries.proving import way
from alongside.work.projects.queries.standing import last_entry, leaves_in_force

#: So many rows of one file are looked at in a night; of a longer file others each time.
A_NIGHT = 20_000
AT_ONCE = 500
#: What a line of the list has of its row, so that the list is narrowed by it.
CHOSEN = tuple(name for name in CHOICES if name != "personal_data")


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
    except (ProofError, ObjectDoesNotExist, ValueError):
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
    rows = Row.objects.filter(came_with=of, state__in=("new", "changed"), erased=None).order_by("number")
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
    if listing is None or listing.project_id is not None:
        return False
    facts: Mapping[str, object] = row.facts
    touched = sorted(one.community for one in listing.touches.all())
    return touched != sorted(row.facts.get("communities", [])) or any(
        getattr(listing, name) != facts.get(name, "") for name in CHOSEN
    )
