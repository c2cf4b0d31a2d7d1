"""The rows of a backup as files that any database takes in: a table a file, a row a line of JSON. So a site, or one program of it, moves to another host."""

import base64
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import CommandError
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import BinaryField, Field, ForeignKey, JSONField, Model, Q

from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.site.fleeting import NOT_BACKED_UP

#: What tells each table and its columns, beside the rows.
TABLES = "tables.json"
#: Django makes these in every database by itself, and no row of ours points at them.
MADE = frozenset({"contenttypes", "auth", "sites"})
#: A voice with sound has two megabytes.
BATCH, BATCH_BYTES = 500, 8_000_000
Table = type[Model]


def write_rows(file: Path, program: Program | None = None) -> None:
    """Write every row, or those of one program with the people it names, to a zip. The database stands still meanwhile."""
    ways = ways_to_program()
    people: set[int] = set()
    with transaction.atomic(), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        out.writestr(TABLES, json.dumps({name_of(one): told(one) for one in tables()}, indent=1))
        for table in sorted(tables(), key=lambda one: name_of(one) not in ways):
            chosen = rows_of(table, ways, program, people)
            if chosen is None:
                continue
            with out.open(f"{name_of(table)}.jsonl", "w", force_zip64=True) as lines:
                for row in _rows(table, chosen):
                    people.update(row[one.attname] for one in _to_people(table) if row[one.attname])
                    lines.write(json.dumps(row, ensure_ascii=False, sort_keys=True).encode() + b"\n")


def load_rows(file: Path) -> None:
    """Put the rows of a zip into a database whose tables are empty, whole or not at all.

    Raises CommandError where its tables are not those of this release.
    """
    with zipfile.ZipFile(file) as held:
        ours, theirs = {name_of(one): told(one) for one in tables()}, json.loads(held.read(TABLES))
        if differing := sorted(name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name)):
            raise CommandError(
                f"This backup was made by a release with other tables ({', '.join(differing[:5])}). Install that release, "
                "restore it there, upgrade, and write it anew."
            )
        there = set(held.namelist())
        with transaction.atomic():
            for table in tables():
                if f"{name_of(table)}.jsonl" in there:
                    with held.open(f"{name_of(table)}.jsonl") as lines:
                        _take_in(table, lines)
            connection.check_constraints()
            with connection.cursor() as cursor:
                for statement in connection.ops.sequence_reset_sql(no_style(), tables()):
                    cursor.execute(statement)


def tables() -> list[Table]:
    """List the tables that a move takes along, in the order of their apps."""
    found = [(one, one._meta) for one in apps.get_models(include_auto_created=True)]  # noqa: SLF001 -- the documented way to read any model
    return [one for one, meta in found if meta.app_label not in MADE and meta.db_table not in NOT_BACKED_UP]


def name_of(table: Table) -> str:
    """Give the name of a table's file."""
    return table._meta.label  # noqa: SLF001 -- as above


def told(table: Table) -> dict[str, Any]:
    """Say what a table holds and of which kind each column is."""
    columns = {one.attname: one.get_internal_type() for one in _columns(table)}
    return {"holds": (table.__doc__ or "").partition("\n")[0], "columns": columns}


def ways_to_program() -> dict[str, str]:
    """Give for each table that is of a program the shortest way there over columns that are never empty, as a lookup."""
    ways, found = {name_of(Program): "pk"}, True
    while found:
        found = False
        for table in tables():
            for one in _columns(table):
                if name_of(table) not in ways and not one.null and (further := ways.get(_aim(one))):
                    ways[name_of(table)] = one.name if further == "pk" else f"{one.name}__{further}"
                    found = True
    return ways


def rows_of(table: Table, ways: dict[str, str], program: Program | None, people: set[int]) -> Q | None:
    """Say which rows of a table are of a program and of the people it names, or all where no program is named; None where none are."""
    if program is None:
        return Q()
    if name_of(table) in ways:
        return Q(**{ways[name_of(table)]: program.pk})
    if table is Person:
        return Q(pk__in=people)
    if not (links := [one for one in _to_people(table) if not one.null]):
        return None
    theirs = Q(**{f"{links[0].attname}__in": people})
    about = {one.name: ways[_aim(one)] for one in _columns(table) if _aim(one) in ways}
    for name, way in about.items():
        theirs &= Q(**{name: None}) | Q(**{f"{name}__{way}": program.pk})
    return theirs & ~Q(**dict.fromkeys(about)) if about else theirs


def _aim(column: Field[Any, Any]) -> str:
    """Give the name of the table that a column names a row of, or an empty string."""
    aim = column.related_model if isinstance(column, ForeignKey) else None
    return name_of(aim) if isinstance(aim, type) else ""


def _to_people(table: Table) -> list[ForeignKey[Any, Any]]:
    """List the columns of a table that name a person."""
    return [one for one in _columns(table) if isinstance(one, ForeignKey) and one.related_model is Person]


def _columns(table: Table) -> list[Field[Any, Any]]:
    """List the columns of a table."""
    return list(table._meta.concrete_fields)  # noqa: SLF001 -- the documented way to read any model


def _rows(table: Table, chosen: Q) -> Iterator[dict[str, Any]]:
    """Give the rows of a table, by column, as JSON has them."""
    columns = _columns(table)
    found = table._base_manager.filter(chosen).order_by("pk").values_list(*(one.attname for one in columns))  # noqa: SLF001 -- as above
    for row in found.iterator(chunk_size=BATCH):
        yield {one.attname: _written(one, value) for one, value in zip(columns, row, strict=True)}


def _written(column: Field[Any, Any], value: Any) -> Any:
    """Write a value of a column as JSON has it."""
    if isinstance(column, BinaryField) and value is not None:
        return base64.b64encode(value).decode("ascii")
    if isinstance(column, JSONField) or value is None or isinstance(value, bool | int | float | str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _read(column: Field[Any, Any], value: Any) -> Any:
    """Read a value of a column as `_written` wrote it."""
    if isinstance(column, BinaryField) and value is not None:
        return base64.b64decode(value, validate=True)
    if isinstance(column, JSONField) or value is None:
        return value
    return column.target_field.to_python(value) if isinstance(column, ForeignKey) else column.to_python(value)


def _take_in(table: Table, lines: Iterable[bytes]) -> None:
    """Put the rows of one file into its table, some at a time."""
    columns, batch, size = {one.attname: one for one in _columns(table)}, list[Model](), 0
    for line in lines:
        row = json.loads(line)
        batch.append(table(**{name: _read(columns[name], value) for name, value in row.items()}))
        size += len(line)
        if len(batch) == BATCH or size > BATCH_BYTES:
            table._base_manager.bulk_create(batch)  # noqa: SLF001 -- as above
            batch, size = [], 0
    table._base_manager.bulk_create(batch)  # noqa: SLF001 -- as above
