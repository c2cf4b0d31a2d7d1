"""The index over what a search looks in, kept by the database itself: FTS5 on SQLite, a GIN index on PostgreSQL."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from django.db import DEFAULT_DB_ALIAS, connections

TABLE = "record_searchdoc"
COLUMNS = "heading, words, marks"
OLD = "'delete', OLD.id, OLD.heading, OLD.words, OLD.marks"
NEW = "NEW.id, NEW.heading, NEW.words, NEW.marks"
#: The words come folded and one space apart; the tokenizer takes every other character as part of a word.
FTS = f"CREATE VIRTUAL TABLE record_search USING fts5({COLUMNS}, content='{TABLE}', content_rowid='id', tokenize='ascii')"
#: FTS5 only marks what is deleted, and keeps the words, unless it is told to take them out, which SQLite before 3.42 cannot.
KEEP_NOTHING = "INSERT INTO record_search(record_search, rank) VALUES ('secure-delete', 1)"
KEEPS_NOTHING = "SELECT v FROM record_search_config WHERE k = 'secure-delete' AND v = 1"
REBUILD = "INSERT INTO record_search(record_search) VALUES ('rebuild')"
ADD = f"INSERT INTO record_search(rowid, {COLUMNS}) VALUES ({NEW});"  # noqa: S608 -- our own names
DROP = f"INSERT INTO record_search(record_search, rowid, {COLUMNS}) VALUES ({OLD});"  # noqa: S608 -- our own names
TRIGGERS = {
    "record_search_added": f"AFTER INSERT ON {TABLE} BEGIN {ADD} END",
    "record_search_dropped": f"AFTER DELETE ON {TABLE} BEGIN {DROP} END",
    "record_search_changed": f"AFTER UPDATE ON {TABLE} BEGIN {DROP} {ADD} END",
}
#: Letters A, B and C tell heading, words and marks apart.
VECTOR = " || ".join(
    f"setweight(to_tsvector('simple'::regconfig, {name}), '{letter}')"
    for name, letter in (("heading", "A"), ("words", "B"), ("marks", "C"))
)
POSTGRESQL = (
    f"ALTER TABLE {TABLE} ADD COLUMN IF NOT EXISTS vector tsvector GENERATED ALWAYS AS ({VECTOR}) STORED",
    f"CREATE INDEX IF NOT EXISTS record_search ON {TABLE} USING gin (vector) WITH (fastupdate = off)",
)


def triggers_on(vendor: str) -> list[str]:
    """Give the statements that make the triggers which keep the index; PostgreSQL keeps it without."""
    return [f"CREATE TRIGGER {name} {does}" for name, does in TRIGGERS.items()] if vendor == "sqlite" else []


def install(using: str = DEFAULT_DB_ALIAS) -> bool:
    """Make the index, and what keeps it; say whether it was not there before. Safe to repeat."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return False
    is_new = "record_search" in missing(using)
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            for statement in POSTGRESQL:
                cursor.execute(statement)
            return is_new
        if is_new:
            cursor.execute(FTS)
        for name in TRIGGERS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        for statement in triggers_on(connection.vendor):
            cursor.execute(statement)
        if cursor.execute(KEEPS_NOTHING).fetchone() is None:
            if sqlite3.sqlite_version_info >= (3, 42):
                cursor.execute(KEEP_NOTHING)
            cursor.execute(REBUILD)
    return is_new


def index_anew(copy: sqlite3.Connection) -> None:
    """Make the index in a copy of a SQLite database anew, so that no word stays in it that an older release only marked as gone."""
    if copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'record_search'").fetchone():
        copy.execute(REBUILD)
        copy.commit()


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """List the index where it does not exist; the triggers that keep it are watched with all others."""
    connection = connections[using]
    query = (
        "SELECT name FROM sqlite_master"
        if connection.vendor == "sqlite"
        else "SELECT indexname FROM pg_indexes"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        there = {row[0] for row in cursor.fetchall()}
    return [] if "record_search" in there else ["record_search"]


def check_search(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 -- Django names it
    databases: Sequence[str] | None = None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    """System check: what a search looks in is indexed by the database."""
    found: list[CheckMessage] = []
    for using in databases or []:
        if TABLE in connections[using].introspection.table_names() and (lost := missing(using)):
            hint = "Run: alongside manage migrate"
            found.append(Error(f"The search lacks {', '.join(lost)}.", hint=hint, id="record.E002"))
    return found
