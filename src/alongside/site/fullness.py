"""Tell whether something failed for want of room on a disk, of a turn to write, or of the database itself."""

import errno
import sqlite3
from collections.abc import Iterator

from django.db import InterfaceError, OperationalError, connection

#: PostgreSQL's code for a full disk, and what the operating system says of a full disk or a used-up share of one.
DISK_FULL = "53100"
NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})

#: SQLite's codes for "another writes, and went on writing for as long as we may wait", without what is added to them.
NO_TURN = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
#: PostgreSQL's: a lock that did not come, a deadlock, transactions that cannot follow one another, too many connections.
NO_TURN_STATES = frozenset({"55P03", "40P01", "40001", "53300"})

#: PostgreSQL's: no connection, and a server that stops, starts or was told to end us.
UNREACHED = (OperationalError, InterfaceError)
NO_CONNECTION, GOING_DOWN = "08", frozenset({"57P01", "57P02", "57P03"})


def is_for_want_of_room(error: BaseException | None) -> bool:
    """Say whether an error, or what caused it, is that a disk is full."""
    return any(
        getattr(one, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        or getattr(one, "sqlstate", None) == DISK_FULL
        or (isinstance(one, OSError) and one.errno in NO_SPACE)
        for one in _causes(error)
    )


def is_for_want_of_a_turn(error: BaseException | None) -> bool:
    """Say whether an error, or what caused it, is that others were writing all the while; a second try may do."""
    return any(
        (getattr(one, "sqlite_errorcode", None) or 0) & 0xFF in NO_TURN
        or getattr(one, "sqlstate", None) in NO_TURN_STATES
        for one in _causes(error)
    )


#: For the operator, in the log and on the health page.
NO_DATABASE = "The database does not answer. See that PostgreSQL runs, and that [database] in alongside.toml says where."


def is_for_want_of_a_database(error: BaseException | None) -> bool:
    """Say whether an error, or what caused it, is that the database is not there, or went away."""
    return any(
        (isinstance(one, UNREACHED) and connection.vendor == "postgresql" and not _state(one.__cause__))
        or _state(one)[:2] == NO_CONNECTION
        or _state(one) in GOING_DOWN
        or getattr(one, "sqlite_errorcode", None) == sqlite3.SQLITE_CANTOPEN
        for one in _causes(error)
    )


def _state(error: BaseException | None) -> str:
    """Give the code with which PostgreSQL told of an error; empty where it told nothing, as where it was not reached."""
    return getattr(error, "sqlstate", None) or ""


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__
