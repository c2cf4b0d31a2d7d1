"""Insert-only tables, held by the database itself on SQLite and PostgreSQL; reinstalled after every migrate.

The record's own tables are named here, and that of the packs whose hashes stand in it; an app whose rows are only added names its tables with `register`, when it is ready; one that guards a table by triggers of its own names those with `watch`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as CheckWarning
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, UniqueConstraint

WORD = "the record is append-only; write a new entry instead"
ERASABLE = "record_publictext"
ERASED = (
    "EXISTS (SELECT 1 FROM record_logentry WHERE record_logentry.log_id = OLD.log_id"
    " AND record_logentry.kind = 'text.erased' AND record_logentry.subject = OLD.sha256)"
)


@dataclass(frozen=True)
class Table:
    """A table whose rows are only added. `places` says, in SQL about NEW, which row stands where the new one goes.

    On SQLite, INSERT OR REPLACE and UPDATE OR REPLACE delete the row in their way without a DELETE trigger. Where `erased` is given, a row of
    which it is true, in SQL about OLD, may be deleted; where `changed` is given, a change of which it is true, in SQL about
    OLD and NEW, may be made.
    """

    name: str
    places: tuple[str, ...]
    word: str = WORD
    erased: str = ""
    changed: str = ""


def same(*columns: str) -> str:
    """Say, in SQL, that a row is the same as NEW in these columns."""
    return " AND ".join(f'"{one}" = NEW."{one}"' for one in columns)


def stays(*columns: str) -> str:
    """Say, in SQL, that a change leaves these columns as they were."""
    return " AND ".join(f'NEW."{one}" IS NOT DISTINCT FROM OLD."{one}"' for one in columns)


def taken_down(program: str, entry: str) -> str:
    """Say, in SQL, that words of a program's entry, or of a translation of it, were taken down."""
    translated = (
        "EXISTS (SELECT 1 FROM record_citation AS said WHERE said.log_id = gone.log_id"  # noqa: S608 -- our own names
        f" AND said.kind = 'text.translated' AND said.citing = gone.cited AND said.cited = {entry})"
    )
    return (
        "EXISTS (SELECT 1 FROM record_citation AS gone JOIN record_log ON record_log.id = gone.log_id"  # noqa: S608 -- our own names
        ' JOIN record_logentry AS told ON told.log_id = gone.log_id AND told."index" = gone.citing'
        f" WHERE told.kind = 'text.erased' AND record_log.program_id = {program}"
        f" AND (gone.cited = {entry} OR {translated}))"
    )


def table_of(
    model: type[Model],
    word: str,
    erased: str = "",
    changed: str = "",
    once: Sequence[tuple[str, ...]] = (),
) -> Table:
    """Give the insert-only table of a model; what names a row is read from its unique fields and constraints.

    The fields of each group in `once` are empty until they are filled, once and together, while all others stay: how a
    thing ended is part of its row. Where `changed` is given too, both must hold.
    """
    meta = model._meta  # noqa: SLF001 -- the documented way to read a model
    columns = {one.name: str(one.column) for one in meta.concrete_fields}
    if once:
        fills = " OR ".join(_fills([columns[name] for name in group], columns.values()) for group in once)
        changed = f"({fills}) AND {changed}" if changed else fills
    places = [same(columns[one.name]) for one in meta.concrete_fields if one.unique and not one.primary_key]
    for one in meta.constraints:
        if isinstance(one, UniqueConstraint):
            empty = [columns[name] for name in _empty(one)]
            only = "".join(f' AND "{name}" IS NULL AND NEW."{name}" IS NULL' for name in empty)
            places.append(same(*(columns[name] for name in one.fields)) + only)
    return Table(meta.db_table, ('"id" = NEW."id"', *places), word, erased, changed)


def _fills(group: Sequence[str], columns: Iterable[str]) -> str:
    """Say, in SQL about OLD and NEW, that a change fills these empty columns and nothing else."""
    empty = " AND ".join(f'OLD."{one}" IS NULL' for one in group)
    filled = " AND ".join(f'NEW."{one}" IS NOT NULL' for one in group)
    return f"({empty} AND {filled} AND {stays(*(one for one in columns if one not in group))})"


def _empty(constraint: UniqueConstraint) -> list[str]:
    """List the fields that must be empty for a constraint to hold: our conditions are all of the kind Q(field=None)."""
    if constraint.condition is None:
        return []
    return [name for name, _none in constraint.condition.deconstruct()[1]]


_TABLES = {
    one.name: one
    for one in (
        Table("record_logentry", ('"id" = NEW."id"', same("log_id", "index"), same("log_id", "nonce"))),
        Table("record_node", ('"id" = NEW."id"', same("log_id", "level", "index"))),
        Table("record_head", ('"id" = NEW."id"',)),
        Table(
            "programs_packversion",
            ('"id" = NEW."id"',),
            "a policy pack stays as it was adopted; adopt another one",
        ),
        Table("programs_act", ('"id" = NEW."id"',), "what was done stays; do the next thing"),
        Table("record_clocknotice", ('"id" = NEW."id"', same("log_id", "about", "kind", "stage", "again"))),
        Table(ERASABLE, ('"id" = NEW."id"', same("log_id", "entry", "name")), erased=ERASED),
    )
}


def register(*tables: Table) -> None:
    """Hold these tables too."""
    _TABLES.update({one.name: one for one in tables})


#: By table, what gives the statements that make the triggers which an app, or the search, keeps on it by itself.
_watched: dict[str, Callable[[str], Sequence[str]]] = {}


def watch(table: str, makes: Callable[[str], Sequence[str]]) -> None:
    """Let the check know what triggers an app makes on this table by itself; `makes` gives its statements for a vendor."""
    _watched[table] = makes


def _held(using: str) -> list[Table]:
    """List the tables to hold that are there already: in the middle of its migrations, a database lacks some."""
    there = set(connections[using].introspection.table_names())
    return [one for one in _TABLES.values() if one.name in there]


def _names(table: str, vendor: str) -> list[str]:
    third = "no_replace" if vendor == "sqlite" else "no_truncate"
    return [f"{table}_{what}" for what in ("no_update", "no_delete", third)]


def _sqlite(table: Table) -> list[str]:
    name, abort = table.name, f"BEGIN SELECT RAISE(ABORT, '{table.word}'); END"
    taken = " OR ".join(f"({one})" for one in table.places)
    gone = f"WHEN NOT ({table.erased}) " if table.erased else ""
    moved = f'EXISTS (SELECT 1 FROM {name} WHERE "id" <> OLD."id" AND ({taken}))'  # noqa: S608 -- our own names
    other = f"WHEN NOT ({table.changed}) OR {moved} " if table.changed else ""
    return [
        *(f"DROP TRIGGER IF EXISTS {one}" for one in _names(name, "sqlite")),
        f"CREATE TRIGGER {name}_no_replace BEFORE INSERT ON {name} WHEN EXISTS (SELECT 1 FROM {name} WHERE {taken}) {abort}",  # noqa: S608 -- our own names
        f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} {other}{abort}",
        f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} {gone}{abort}",
    ]


REFUSE = (
    "CREATE OR REPLACE FUNCTION record_is_append_only() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$"
)


def _postgresql(table: Table) -> list[str]:
    name, does = table.name, f"EXECUTE FUNCTION record_is_append_only('{table.word}')"
    made = [f"DROP TRIGGER IF EXISTS {one} ON {name}" for one in _names(name, "postgresql")]
    delete = update = does
    if table.erased:
        delete = f"EXECUTE FUNCTION {name}_is_erased()"
        made.append(_unless(table, "is_erased", table.erased, "OLD"))
    if table.changed:
        update = f"EXECUTE FUNCTION {name}_may_change()"
        made.append(_unless(table, "may_change", table.changed, "NEW"))
    return [
        *made,
        f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} FOR EACH ROW {update}",
        f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} FOR EACH ROW {delete}",
        f"CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {name} FOR EACH STATEMENT {does}",
    ]


def _unless(table: Table, called: str, true: str, row: str) -> str:
    """Write the function of a trigger that refuses what is not true, and else lets a row through."""
    return (
        f"CREATE OR REPLACE FUNCTION {table.name}_{called}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN IF {true} THEN RETURN {row}; END IF; RAISE EXCEPTION '{table.word}'; END $$"
    )


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Make the triggers anew. Safe to repeat."""
    connection = connections[using]
    is_sqlite = connection.vendor == "sqlite"
    held = _held(using)
    with connection.cursor() as cursor:
        if not is_sqlite:
            cursor.execute(REFUSE)
        for table in held:
            for statement in _sqlite(table) if is_sqlite else _postgresql(table):
                cursor.execute(statement)


def drop_triggers(using: str = DEFAULT_DB_ALIAS) -> None:
    """Take away, on SQLite, what looks at another table: with it there, no migration can remake that table.

    `install` puts it back after the migration; the system check tells if that did not happen.
    """
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for table in _TABLES.values():
                for what, looks in (("no_update", table.changed), ("no_delete", table.erased)):
                    if looks:
                        cursor.execute(f"DROP TRIGGER IF EXISTS {table.name}_{what}")


def _wanted(using: str) -> dict[str, str]:
    """Give by its name what each trigger is to be: its statement, on PostgreSQL with the body of the function it calls."""
    vendor = connections[using].vendor
    there = set(connections[using].introspection.table_names())
    statements = [] if vendor == "sqlite" else [REFUSE]
    for table in _held(using):
        statements += _sqlite(table) if vendor == "sqlite" else _postgresql(table)
    for name, makes in _watched.items():
        statements += makes(vendor) if name in there else []
    bodies = {match[1]: match[2] for one in statements if (match := FUNCTION.match(one))}
    made = {match[1]: one for one in statements if (match := TRIGGER.match(one))}
    return {name: one + _body(one, bodies) for name, one in made.items()}


#: How our own statements begin.
TRIGGER = re.compile(r"CREATE TRIGGER (\w+) ")
FUNCTION = re.compile(r"CREATE OR REPLACE FUNCTION (\w+)\(\) .*?\$\$(.*)\$\$\Z", re.DOTALL)
CALLS = re.compile(r".* EXECUTE FUNCTION (\w+)\(", re.DOTALL)


def _body(statement: str, bodies: Mapping[str, str]) -> str:
    called = CALLS.match(statement)
    return bodies[called[1]] if called else ""


def _standing(using: str) -> list[tuple[str, str]]:
    """List the triggers that act, each with what it is, written as `_wanted` writes it."""
    query = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        if connections[using].vendor == "sqlite"
        else "SELECT tgname, pg_get_triggerdef(one.oid, true) || called.prosrc || coalesce(called.proconfig::text, '')"
        " FROM pg_trigger AS one"
        " JOIN pg_proc AS called ON called.oid = one.tgfoid JOIN pg_class AS held ON held.oid = one.tgrelid"
        " WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND held.relnamespace = current_schema()::regnamespace"
    )
    with connections[using].cursor() as cursor:
        cursor.execute(query)
        return [(str(name), str(sql)) for name, sql in cursor.fetchall()]


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """List the triggers that should be there and are not, or are no more what we make."""
    there = {sql for _name, sql in _standing(using)}
    return [name for name, sql in _wanted(using).items() if sql not in there]


def strange(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Name what acts in the database and we did not make: other triggers, views in place of tables, and rules of PostgreSQL.

    A trigger that `missing` names because it is no more what we make, on its own table, is not named twice.
    """
    wanted, lost = _wanted(using), {*missing(using)}
    mended = {(name, _table(wanted[name])) for name in lost}
    found = [
        f"trigger {name} on {_table(sql)}"
        for name, sql in _standing(using)
        if wanted.get(name) != sql and (name, _table(sql)) not in mended
    ]
    return sorted([*found, *_views(using), *_rules(using)])


#: The table of a trigger, as both databases write it.
TABLE_OF = re.compile(r"CREATE (?:\w+ )*?TRIGGER .*? ON (\S+)", re.DOTALL | re.IGNORECASE)


def _table(statement: str) -> str:
    match = TABLE_OF.match(statement)
    return match[1] if match else ""


def _views(using: str) -> list[str]:
    """Name what stands under the name of a table of ours and is none: it shows or takes what whoever made it likes."""
    introspection = connections[using].introspection
    ours = {*introspection.django_table_names()}
    with connections[using].cursor() as cursor:
        there = introspection.get_table_list(cursor)
    return [f"view {one.name}" for one in there if one.type != "t" and one.name in ours]


#: What acts on PostgreSQL without being a trigger of a table; we make none of it.
RULES = (
    "SELECT 'rule ' || rulename || ' on ' || tablename FROM pg_rules WHERE schemaname = current_schema()"
    " UNION ALL SELECT 'row policies on ' || relname FROM pg_class"
    " WHERE (relrowsecurity OR relforcerowsecurity) AND relnamespace = current_schema()::regnamespace"
    " UNION ALL SELECT 'event trigger ' || evtname FROM pg_event_trigger WHERE evtenabled <> 'D'"
    " UNION ALL SELECT 'session_replication_role = ' || setting FROM pg_settings"
    " WHERE name = 'session_replication_role' AND setting <> 'origin'"
)


def _rules(using: str) -> list[str]:
    if connections[using].vendor == "sqlite":
        return []
    with connections[using].cursor() as cursor:
        cursor.execute(RULES)
        return [row[0] for row in cursor.fetchall()]


def children(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """List, on PostgreSQL, the tables that stand under an insert-only one: no trigger and no key of it reaches their rows."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        return []
    query = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent::regclass::text = ANY(%s) ORDER BY 1"
    with connection.cursor() as cursor:
        cursor.execute(query, [[one.name for one in _held(using)]])
        return [row[0] for row in cursor.fetchall()]


def check_triggers(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 -- Django names it
    databases: Sequence[str] | None = None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    """System check: the database itself keeps insert-only what is insert-only."""
    found: list[CheckMessage] = []
    for using in databases or []:
        if lost := missing(using):
            hint = "Run: alongside manage migrate"
            found.append(
                Error(
                    f"These triggers are missing, or are not as we make them: {', '.join(lost)}.",
                    hint=hint,
                    id="record.E001",
                )
            )
        if others := strange(using):
            hint = "Where you did not make them, somebody changed the database past the program: keep a copy of it, then drop them."
            found.append(
                CheckWarning(
                    f"These act in the database and are not ours: {', '.join(others)}.",
                    hint=hint,
                    id="record.W003",
                )
            )
        if under := children(using):
            hint = "Somebody made them past the program. Keep a copy of the database, then drop them."
            told = f"These tables stand under insert-only ones: {', '.join(under)}."
            found.append(Error(told, hint=hint, id="record.E002"))
    return found
