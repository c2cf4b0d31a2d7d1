"""Django's SQLite, in which whoever wants to write stands in line.

SQLite polls for its write lock and is not fair: of eight writers that never rested on a busy machine, some waited for
more than 20 seconds, and even 60, while others went ahead of them again and again. So one waiter polls at a time, and the
others wait for their turn in the kernel's queue. A process that is killed leaves the queue by itself. The one who polls
looks again within a millisecond or two, where SQLite's own waiting sleeps longer each time and leaves the lock unused.
"""

import fcntl
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db.backends.sqlite3 import base

SHORTEST, LONGEST, GROWTH = 0.0001, 0.002, 1.5  # seconds between two looks, and how the next is longer


@contextmanager
def _turn(database: Path) -> Iterator[None]:
    """Wait until everyone who came before has begun to write."""
    with database.with_name(database.name + "-turn").open("a") as line:
        fcntl.flock(line, fcntl.LOCK_EX)
        yield


def _begin(link: sqlite3.Connection, begin: str) -> None:
    """Begin a transaction as soon as the lock is free. Raises OperationalError when the link's patience is over."""
    (patience,) = link.execute("PRAGMA busy_timeout").fetchone()  # milliseconds
    until, pause = time.monotonic() + patience / 1000, SHORTEST
    link.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                link.execute(begin)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                    raise
                time.sleep(pause)
                pause = min(pause * GROWTH, LONGEST)
            else:
                return
    finally:
        link.execute(f"PRAGMA busy_timeout = {patience}")


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, but for how a transaction begins."""

    def _start_transaction_under_autocommit(self) -> None:
        is_immediate = self.transaction_mode == "IMMEDIATE"  # type: ignore[attr-defined]  # the stubs leave it out
        if self.is_in_memory_db() or not is_immediate:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs leave it out
            return
        with _turn(Path(self.settings_dict["NAME"])), self.wrap_database_errors:
            _begin(self.connection, "BEGIN IMMEDIATE")
