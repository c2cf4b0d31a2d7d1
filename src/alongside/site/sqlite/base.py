"""Django's SQLite, in which whoever waits to write stands in line.

SQLite waits for its write lock by looking again, later each time, and is not fair: of eight writers that never rested on a
busy machine, some waited for more than 20 seconds, and even 60, while others went ahead of them again and again. So SQLite's
own waiting is off here. Who finds the lock taken stands in line: the first looks again every millisecond or two, and the
others wait for their turn in the kernel's queue, which a process that is killed leaves by itself. Who finds the lock free
takes it without a look at the line, so that a lone writer pays nothing for it; however many come by, the first in line
finds a free moment soon.
"""

import fcntl
import sqlite3
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, TextIO

from django.db.backends.sqlite3 import base

SHORTEST, LONGEST, GROWTH = 0.001, 0.005, 1.5  # seconds between two looks, and how the next is longer
PATIENCE = 5.0  # seconds, as the sqlite3 module has it where no timeout is set


def _is_busy(error: sqlite3.OperationalError) -> bool:
    """Say whether another connection was in the way; raised codes carry their kind in the last byte."""
    return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


def _as_soon_as_free[T](act: Callable[[], T], patience: float) -> T:
    """Do something as soon as the lock is free. Raises OperationalError after `patience` seconds."""
    until, pause = time.monotonic() + patience, SHORTEST
    while True:
        time.sleep(pause)
        try:
            return act()
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or time.monotonic() >= until:
                raise
        pause = min(pause * GROWTH, LONGEST)


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
        return _as_soon_as_free(lambda: super(Cursor, self).execute(query, params), self.patience)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, but for how it waits: for `patience` seconds."""

    patience = PATIENCE
    line: TextIO | None = None  # opened once; that costs as much as a small transaction

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        """Connect; what follows waits by our own means."""
        self.patience = float(conn_params.get("timeout", PATIENCE))
        link: sqlite3.Connection = super().get_new_connection(conn_params)
        link.execute("PRAGMA busy_timeout = 0")
        return link

    def create_cursor(self, _name: str | None = None) -> Cursor:
        """Make a cursor that waits as long as this connection does."""
        cursor: Cursor = self.connection.cursor(factory=Cursor)
        cursor.patience = self.patience
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        is_immediate = self.transaction_mode == "IMMEDIATE"  # type: ignore[attr-defined]  # the stubs leave it out
        if self.is_in_memory_db() or not is_immediate:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs leave it out
            return
        with self.wrap_database_errors:
            try:
                self.connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if not _is_busy(error):
                    raise
                self._begin_in_turn()

    def _begin_in_turn(self) -> None:
        """Stand in line until everyone who came before has begun to write, then begin as soon as the lock is free."""
        if self.line is None:
            name = Path(self.settings_dict["NAME"])
            self.line = name.with_name(name.name + "-turn").open("a")
        fcntl.flock(self.line, fcntl.LOCK_EX)
        try:
            _as_soon_as_free(lambda: self.connection.execute("BEGIN IMMEDIATE"), self.patience)
        finally:
            fcntl.flock(self.line, fcntl.LOCK_UN)

    def _close(self) -> None:
        super()._close()  # type: ignore[misc]  # the stubs leave it out
        if self.line is not None:
            self.line.close()
            self.line = None
