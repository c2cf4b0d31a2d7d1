"""Turns the configured database into Django's words, and says where it stands."""

from typing import Any

from django.db import connection

from alongside.site.config import Config

# Two databases, one behavior: see docs/reference/configuration.md.
SQLITE_INIT = ";".join(
    f"PRAGMA {pragma}"
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "journal_size_limit=27103364",
        "cache_size=-20000",
    )
)

#: Each statement is planned once a connection: a desk asks fifty small questions. Compiling one takes longer than it saves.
POSTGRES_OPTIONS: dict[str, Any] = {
    "server_side_binding": True,
    "prepare_threshold": 5,
    "options": "-c jit=off",
}

#: How long a request waits for a connection. A database that is down would otherwise hold every thread for half a minute.
POOL_SECONDS = 5
#: How long a connection to SQLite lasts: it knows of the sizes of tables what was known when it was made.
CONNECTION_SECONDS = 600


def database(config: Config) -> dict[str, Any]:
    """Return Django's DATABASES["default"] for the configured database."""
    given = config.database
    if given.kind == "postgresql":
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": given.name,
            "HOST": given.host,
            "PORT": str(given.port),
            "USER": given.user,
            "PASSWORD": given.password,
            "OPTIONS": {
                **POSTGRES_OPTIONS,
                "pool": {"min_size": 1, "max_size": given.pool, "timeout": POOL_SECONDS},
            },
        }
    return {
        "ENGINE": "alongside.site.sqlite",
        "NAME": config.data / "alongside.sqlite3",
        "CONN_MAX_AGE": CONNECTION_SECONDS,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_INIT},
        "TEST": {"NAME": config.data / "test.sqlite3"},
    }


#: Rows written so far, by anyone. What was counted late is seen by the next look, for the sum only grows.
ROWS_WRITTEN = """
    SELECT tup_inserted + tup_updated + tup_deleted, pg_stat_force_next_flush()
    FROM pg_stat_database WHERE datname = current_database()
"""


def stand_of_database() -> tuple[int, ...]:
    """Say where the database stands, as far as this connection sees it: the same until anyone writes, also we. One query."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            (others,) = cursor.execute("PRAGMA data_version").fetchone()
            return id(connection.connection), others, connection.connection.total_changes
        cursor.execute(ROWS_WRITTEN)
        return (cursor.fetchone()[0],)
