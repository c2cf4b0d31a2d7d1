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
    # A machine that lost its power says nothing: after some seconds the next one is asked, and who waits is told.
    "connect_timeout": 3,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
#: Of several hosts the one that takes writes, whichever that is; and a replica only as long as it is one.
PRIMARY, REPLICA = ({"target_session_attrs": which} for which in ("read-write", "standby"))

#: How long a request waits for a connection. A database that is down would otherwise hold every thread for half a minute.
POOL_SECONDS = 5
#: How long a connection to SQLite lasts: it knows of the sizes of tables what was known when it was made.
CONNECTION_SECONDS = 600


def databases(config: Config) -> dict[str, Any]:
    """Return Django's DATABASES: the configured database, and its replica where one is named."""
    replica = config.database.replica
    return {"default": database(config)} | (
        {"replica": _postgres(config, replica, REPLICA)} if replica else {}
    )


def database(config: Config) -> dict[str, Any]:
    """Return Django's DATABASES["default"] for the configured database."""
    if config.database.kind == "postgresql":
        return _postgres(config, config.database.host, PRIMARY)
    return {
        "ENGINE": "alongside.site.sqlite",
        "NAME": config.data / "alongside.sqlite3",
        "CONN_MAX_AGE": CONNECTION_SECONDS,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_INIT},
        "TEST": {"NAME": config.data / "test.sqlite3"},
    }


def _postgres(config: Config, host: str, which: dict[str, str]) -> dict[str, Any]:
    given = config.database
    pool = {"min_size": 1, "max_size": given.pool, "timeout": POOL_SECONDS}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": given.name,
        "HOST": host,
        "PORT": str(given.port),
        "USER": given.user,
        "PASSWORD": given.password,
        "OPTIONS": POSTGRES_OPTIONS | which | {"pool": pool},
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
