"""Django's SQLite, in which whoever wants to write stands in line.

SQLite polls for its write lock and is not fair: of eight writers that never rested on a busy machine, some waited for
more than 20 seconds, and even 60, while others went ahead of them again and again. So one waiter polls at a time, and the
others wait for their turn in the kernel's queue. A process that is killed leaves the queue by itself.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db.backends.sqlite3 import base


@contextmanager
def _turn(database: Path) -> Iterator[None]:
    """Wait until everyone who came before has begun to write."""
    with database.with_name(database.name + "-turn").open("a") as line:
        fcntl.flock(line, fcntl.LOCK_EX)
        yield


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, but for how a transaction begins."""

    def _start_transaction_under_autocommit(self) -> None:
        if self.is_in_memory_db():
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs leave it out
            return
        with _turn(Path(self.settings_dict["NAME"])):
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs leave it out
