"""Insert-only tables, held by the database itself on SQLite and PostgreSQL; reinstalled after every migrate."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from django.db import DEFAULT_DB_ALIAS, connections

INSERT_ONLY = ("record_line", "record_node", "record_head", "record_told")
ERASABLE = "record_publictext"
WORD = "the record is append-only; write a new entry instead"
#: What names a row of each table. On SQLite, INSERT OR REPLACE deletes the row in its way without a DELETE trigger.
PLACES = {
    "record_line": ("log_id", '"index"'),
    "record_node": ("log_id", "level", '"index"'),
    "record_head": ("id",),
    "record_told": ("log_id", "about", "kind", "stage"),
    ERASABLE: ("log_id", "entry", "name"),
}
ERASED = (
    "EXISTS (SELECT 1 FROM record_line WHERE record_line.log_id = OLD.log_id"
    " AND record_line.kind = 'text.erased' AND record_line.subject = OLD.sha256)"
)


def names(vendor: str) -> list[str]:
    """List the triggers that must exist on a database of this vendor."""
    third = "no_replace" if vendor == "sqlite" else "no_truncate"
    return [f"{table}_{what}" for table in PLACES for what in ("no_update", "no_delete", third)]


def _sqlite() -> list[str]:
    made = []
    for table, place in PLACES.items():
        same = " AND ".join(f"{name} = NEW.{name}" for name in place)
        taken = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id OR ({same}))"  # noqa: S608 -- our own names
        made += [
            f"DROP TRIGGER IF EXISTS {table}_no_replace",
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} {taken} BEGIN SELECT RAISE(ABORT, '{WORD}'); END",
        ]
        for verb in ("update", "delete"):
            name = f"{table}_no_{verb}"
            when = f"WHEN NOT {ERASED}" if table == ERASABLE and verb == "delete" else ""
            made += [
                f"DROP TRIGGER IF EXISTS {name}",
                f"CREATE TRIGGER {name} BEFORE {verb.upper()} ON {table} {when} BEGIN SELECT RAISE(ABORT, '{WORD}'); END",
            ]
    return made


def _postgresql() -> list[str]:
    made = [
        (
            f"CREATE OR REPLACE FUNCTION record_is_append_only() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE EXCEPTION '{WORD}'; END $$"
        ),
    ]
    for table in (*INSERT_ONLY, ERASABLE):
        for verb in ("update", "delete"):
            name = f"{table}_no_{verb}"
            made.append(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            if table == ERASABLE and verb == "delete":
                made += [
                    (
                        "CREATE OR REPLACE FUNCTION record_text_is_erased() RETURNS trigger LANGUAGE plpgsql AS"
                        f" $$ BEGIN IF {ERASED} THEN RETURN OLD; END IF; RAISE EXCEPTION '{WORD}'; END $$"
                    ),
                    (
                        f"CREATE TRIGGER {name} BEFORE DELETE ON {table} FOR EACH ROW"
                        " EXECUTE FUNCTION record_text_is_erased()"
                    ),
                ]
            else:
                made.append(
                    f"CREATE TRIGGER {name} BEFORE {verb.upper()} ON {table} FOR EACH ROW"
                    " EXECUTE FUNCTION record_is_append_only()"
                )
        made += [
            f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}",
            (
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"
                " EXECUTE FUNCTION record_is_append_only()"
            ),
        ]
    return made


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Make the triggers anew. Safe to repeat."""
    connection = connections[using]
    statements = _sqlite() if connection.vendor == "sqlite" else _postgresql()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def make_way(using: str = DEFAULT_DB_ALIAS) -> None:
    """Take away, on SQLite, the one trigger that looks at another table: with it there, no migration can remake that table.

    `install` puts it back after the migration; the system check tells if that did not happen.
    """
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER IF EXISTS {ERASABLE}_no_delete")


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """List the triggers that should exist and do not."""
    connection = connections[using]
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        there = {row[0] for row in cursor.fetchall()}
    return [name for name in names(connection.vendor) if name not in there]


def check_triggers(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 -- Django names it
    databases: Sequence[str] | None = None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    """System check: the database itself keeps the record append-only."""
    found: list[CheckMessage] = []
    for using in databases or []:
        connection = connections[using]
        if "record_line" in connection.introspection.table_names() and (lost := missing(using)):
            hint = "Run: alongside manage migrate"
            found.append(
                Error(f"These triggers are missing: {', '.join(lost)}.", hint=hint, id="record.E001")
            )
    return found
