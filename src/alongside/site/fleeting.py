"""What signs people in now and is worth nothing later: sessions, codes on paper, and what was pressed or used up of late. No backup holds it."""

import sqlite3
from typing import Any

from django.db import connections

TABLES = ("people_session", "people_printedcode", "ui_press", "socialaccount_socialtoken")
#: Addresses to which letters go stay through a crash, and are in no backup either: who stopped them must not come back with one.
#: Nor is how far people came: two backups would tell what came between them.
NOT_BACKED_UP = (*TABLES, "news_subscription", "voices_reachedcount")


def leave_unlogged(*, using: str, **_signal: Any) -> None:
    """Keep these tables out of PostgreSQL's log, and so out of its replicas and archives; a crash empties them."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relkind = 'r' AND relpersistence = 'p'"
            " AND relnamespace = current_schema()::regnamespace",
            [list(TABLES)],
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE "{table}" SET UNLOGGED')


def empty(copy: sqlite3.Connection) -> None:
    """Take these rows out of a copy of a SQLite database, and their bytes out of its file."""
    held = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table in NOT_BACKED_UP:
        if table in held:
            copy.execute(f'DELETE FROM "{table}"')  # noqa: S608 -- a name from the list above
    copy.commit()
    copy.execute("VACUUM")
