"""The tables that tests stand on are those that walking every migration makes."""

import pytest
from django.core.management import call_command
from django.db import connection

from tests.support.databases import pointed_at, with_name


def columns() -> dict[str, list[tuple[object, ...]]]:
    """Give every table with its columns (name, type, may be empty, in the key), in order of name."""
    with connection.cursor() as cursor:
        tables = cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        ).fetchall()
        return {
            table: sorted(
                (name, kind, needed, key)
                for _place, name, kind, needed, _default, key in cursor.execute(
                    f'PRAGMA table_info("{table}")'
                ).fetchall()
            )
            for (table,) in tables
        }


def names(kind: str) -> list[str]:
    """Give the names of our own triggers or indexes; those of SQLite itself have none."""
    with connection.cursor() as cursor:
        found = cursor.execute("SELECT name FROM sqlite_master WHERE type = %s ORDER BY name", [kind])
        return [name for (name,) in found.fetchall() if not name.startswith("sqlite_")]


def constraints() -> list[str]:
    """Give the names of every constraint, wherever its table has it."""
    import re

    with connection.cursor() as cursor:
        said = cursor.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return sorted(name for (sql,) in said for name in re.findall(r'CONSTRAINT "(\w+)"', sql))


@pytest.mark.django_db
def test_the_tables_of_tests_are_those_of_the_migrations(sqlite_template, tmp_path):
    ours = columns(), names("trigger"), names("index"), constraints()

    with pointed_at(with_name(sqlite_template, tmp_path / "walked.sqlite3")):
        call_command("migrate", verbosity=0, interactive=False)
        walked = columns(), names("trigger"), names("index"), constraints()

    assert ours == walked
