"""Django's SQLite, in which whoever waits to write stands in line.

SQLite waits for its write lock by looking again, later each time, and is not fair: of eight writers that never rested on a
busy machine, some waited for more than 20 seconds, and even 60, while others went ahead of them again and again. So SQLite's
own waiting is off here. Who finds the lock taken stands in line: the first looks again and again, and the others wait for
their turn in the kernel's queue, which a process that is killed leaves by itself. Who finds the lock free takes it without a
look at the line, so that a lone writer pays nothing for it; but once the first in line has waited a while, it raises a flag,
and then nobody goes ahead. The flag is a byte of memory that all processes share; if its owner is killed, the next in line
takes it down.

Patience counts from when one came: where a writer hangs, all who wait give up together, and not one after the other.

And in which the same day is read once, not once a row: a desk reads some thousands of dates, of some dozens of days.
"""

import fcntl
import logging
import mmap
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache, partial
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base, operations
from django.db.models.expressions import Col

PAUSE, SHORT_PAUSE = 0.001, 0.0002  # seconds between two looks, and between two while nobody may go ahead
POLITE = 0.02  # seconds that the first in line lets others go ahead
PATIENCE = 5.0  # seconds, as the sqlite3 module has it where no timeout is set
#: What a column that is declared so gives by itself.
AS_THEY_COME = frozenset({"DateField", "BooleanField"})


def _is_busy(error: sqlite3.OperationalError) -> bool:
    """Say whether another connection was in the way; raised codes carry their kind in the last byte."""
    return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


def _as_soon_as_free[T](act: Callable[[], T], until: float, pauses: Iterator[float]) -> T:
    """Do something as soon as the lock is free. Raises OperationalError where it is still taken at that moment."""
    while True:
        time.sleep(next(pauses))
        try:
            return act()
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or time.monotonic() >= until:
                raise


@lru_cache(maxsize=8192)
def _day(stored: bytes) -> date:
    return date.fromisoformat(stored.decode())


sqlite3.register_converter("date", _day)


class Operations(operations.DatabaseOperations):
    """Django's own, but for columns that this module or Django had SQLite turn into days and truths: these stay as they come."""

    def get_db_converters(self, expression: Any) -> list[Any]:
        """List what else a value goes through as it is read."""
        if isinstance(expression, Col) and expression.output_field.get_internal_type() in AS_THEY_COME:
            return []
        return list(super().get_db_converters(expression))


@lru_cache(maxsize=1024)
def _with_question_marks(query: str) -> str:
    """Write a query as SQLite wants it; most are asked again and again."""
    return str(base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%"))


class Cursor(base.SQLiteCursorWrapper):
    """Django's own, but for how it waits where it writes without a transaction."""

    patience = PATIENCE

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        """Write a query as SQLite wants it."""
        if param_names is None:
            return _with_question_marks(query)
        return str(super().convert_query(query, param_names=param_names))

    def execute(self, query: str, params: Any = None) -> Any:
        """Run one statement; outside a transaction, as soon as nobody is in the way."""
        try:
            return super().execute(query, params)
        except sqlite3.OperationalError as error:
            if self.connection.in_transaction or not _is_busy(error):
                raise
        return _as_soon_as_free(
            lambda: super(Cursor, self).execute(query, params),
            time.monotonic() + self.patience,
            repeat(PAUSE),
        )


class WriterQueue:
    """The line of those who wait to write to one database, as one connection sees it. Raises OSError where it can't be."""

    def __init__(self, database: Path) -> None:
        self.file = database.with_name(database.name + "-turn").open("a+b")
        try:
            _give_to_the_owner_of(database, self.file.fileno())
            os.posix_fallocate(self.file.fileno(), 0, 1)  # a hole would end the process on a full disk
            self.flag = mmap.mmap(self.file.fileno(), 1)
        except OSError:
            self.file.close()
            raise

    def may_pass(self) -> bool:
        """Say whether a newcomer may go ahead."""
        return self.flag[0] == 0

    def wait(self, begin: Callable[[], object], patience: float) -> None:
        """Stand in line until everyone who came before has begun to write, then begin as soon as the lock is free."""
        came = time.monotonic()
        fcntl.flock(self.file, fcntl.LOCK_EX)
        try:
            _as_soon_as_free(begin, came + patience, self._pauses(came))
        finally:
            self.flag[0] = 0
            fcntl.flock(self.file, fcntl.LOCK_UN)

    def _pauses(self, came: float) -> Iterator[float]:
        while time.monotonic() < came + POLITE:
            yield PAUSE
        self.flag[0] = 1
        yield from repeat(SHORT_PAUSE)

    def close(self) -> None:
        """Let go of the files."""
        self.flag.close()
        self.file.close()


def _give_to_the_owner_of(database: Path, file: int) -> None:
    """Let whoever owns the database use a file that root made beside it, as SQLite does with its own."""
    if os.geteuid() == 0 and database.exists():
        kept = database.stat()
        os.fchown(file, kept.st_uid, kept.st_gid)
        os.fchmod(file, kept.st_mode & 0o666)


@lru_cache(maxsize=64)
def _tell_that_nobody_stands_in_line(database: Path, why: str) -> None:
    """Log it once a process; it is slower and less fair, but it works."""
    logging.getLogger(__name__).warning("Writers to %s wait without standing in line: %s", database, why)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, but for how it waits: for `patience` seconds, and to write, in line."""

    ops_class = Operations
    patience = PATIENCE
    line: WriterQueue | None = None
    init_commands: list[str]  # the stubs leave it out

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        """Connect; what follows waits by our own means."""
        self.patience = float(conn_params.get("timeout", PATIENCE))
        commands, self.init_commands = self.init_commands, []
        link: sqlite3.Connection = super().get_new_connection(conn_params)
        link.execute("PRAGMA busy_timeout = 0")
        until = time.monotonic() + self.patience
        for command in commands:
            # Where two make a new file a WAL database at once, SQLite itself does not wait.
            _as_soon_as_free(partial(link.execute, command), until, chain([0], repeat(PAUSE)))
        if self._may_wait():
            self.line = self._line_at(Path(self.settings_dict["NAME"]))
        return link

    def _may_wait(self) -> bool:
        """Say whether others may write to this database, and whether a transaction takes the lock as it begins."""
        immediate: bool = self.transaction_mode == "IMMEDIATE"  # type: ignore[attr-defined]  # the stubs leave it out
        return immediate and not self.is_in_memory_db()

    @staticmethod
    def _line_at(database: Path) -> WriterQueue | None:
        """Give the line, or none where its file cannot be made: on a full disk, or where somebody else owns it."""
        try:
            return WriterQueue(database)
        except OSError as error:
            _tell_that_nobody_stands_in_line(database, str(error.strerror))
            return None

    def create_cursor(self, _name: str | None = None) -> Cursor:
        """Make a cursor that waits as long as this connection does."""
        cursor: Cursor = self.connection.cursor(factory=Cursor)
        cursor.patience = self.patience
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        if not self._may_wait():
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs leave it out
            return
        with self.wrap_database_errors:
            if self.line is None:
                _as_soon_as_free(self._begin, time.monotonic() + self.patience, repeat(PAUSE))
            elif not (self.line.may_pass() and self._begins()):
                self.line.wait(self._begin, self.patience)

    def _begin(self) -> None:
        """Begin a transaction. Raises OperationalError where somebody writes."""
        self.connection.execute("BEGIN IMMEDIATE")

    def _begins(self) -> bool:
        """Begin a transaction where nobody writes; say whether it began."""
        try:
            self._begin()
        except sqlite3.OperationalError as error:
            if not _is_busy(error):
                raise
            return False
        return True

    def _close(self) -> None:
        super()._close()  # type: ignore[misc]  # the stubs leave it out
        if self.line is not None:
            self.line.close()
            self.line = None
