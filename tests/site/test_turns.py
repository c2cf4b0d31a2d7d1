"""On SQLite whoever waits to write stands in line, and nobody waits while others go ahead again and again."""

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread, Timer

import pytest
from django.conf import settings
from django.db import OperationalError

from alongside.site.sqlite.base import DatabaseWrapper

pytestmark = pytest.mark.django_db
TABLE = {
    "TIME_ZONE": None,
    "CONN_MAX_AGE": None,
    "CONN_HEALTH_CHECKS": False,
    "AUTOCOMMIT": True,
    "ATOMIC_REQUESTS": False,
    "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20},
    "USER": "",
    "PASSWORD": "",
    "HOST": "",
    "PORT": "",
}


def connect(name: Path, **options: float | str) -> DatabaseWrapper:
    """Connect to a database of its own."""
    table = {**TABLE, "OPTIONS": {**TABLE["OPTIONS"], **options}}
    return DatabaseWrapper({**settings.DATABASES["default"], **table, "NAME": name}, "another")


def begin(link: DatabaseWrapper) -> None:
    """Begin to write as `transaction.atomic` does."""
    link.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


@pytest.fixture
def name(tmp_path: Path) -> Path:
    """Make a database with one table."""
    name = tmp_path / "rows.sqlite3"
    with closing(sqlite3.connect(name)) as made:
        made.executescript("PRAGMA journal_mode=WAL; CREATE TABLE said (word text)")
    return name


def say(name: Path, word: str) -> None:
    """Write one word in a transaction."""
    link = connect(name)
    begin(link)
    link.connection.execute("INSERT INTO said VALUES (?)", (word,))
    link.commit()
    link.close()


def said(name: Path) -> list[str]:
    """List the words in the order in which they were written."""
    with closing(sqlite3.connect(name)) as link:
        return [word for (word,) in link.execute("SELECT word FROM said ORDER BY rowid")]


@contextmanager
def someone_writes(name: Path, seconds: float) -> Iterator[None]:
    """Hold the lock of writers for so long."""
    with closing(sqlite3.connect(name, isolation_level=None, check_same_thread=False)) as someone:
        someone.execute("BEGIN IMMEDIATE")
        done = Timer(seconds, someone.execute, ["COMMIT"])
        done.start()
        try:
            yield
        finally:
            done.join()


def test_those_who_wait_write_in_the_order_in_which_they_came(name: Path) -> None:
    came = [f"{place}" for place in range(6)]
    writers = [Thread(target=say, args=(name, word)) for word in came]
    with closing(sqlite3.connect(name, isolation_level=None)) as first:
        first.execute("BEGIN IMMEDIATE")
        for writer in writers:
            writer.start()
            time.sleep(0.05)
        first.execute("COMMIT")
    for writer in writers:
        writer.join(10)

    assert said(name) == came


def test_who_finds_nobody_writing_does_not_look_at_the_line(name: Path) -> None:
    with name.with_name("rows.sqlite3-turn").open("a") as line:
        fcntl.flock(line, fcntl.LOCK_EX)
        writer = Thread(target=say, args=(name, "first"))
        writer.start()
        writer.join(10)

        assert said(name) == ["first"]


def test_once_the_first_in_line_has_raised_its_flag_nobody_goes_ahead(name: Path) -> None:
    with name.with_name("rows.sqlite3-turn").open("wb+") as line:
        fcntl.flock(line, fcntl.LOCK_EX)
        line.write(b"\x01")
        line.flush()
        writer = Thread(target=say, args=(name, "later"))
        writer.start()
        writer.join(0.2)
        waits = writer.is_alive()
    writer.join(10)

    assert (waits, said(name)) == (True, ["later"])


def test_who_waits_a_while_raises_the_flag_and_takes_it_down_when_its_turn_came(name: Path) -> None:
    turn = name.with_name("rows.sqlite3-turn")
    with someone_writes(name, 0.3):
        writer = Thread(target=say, args=(name, "in turn"))
        writer.start()
        time.sleep(0.15)
        raised = turn.read_bytes()
    writer.join(10)

    assert (raised, turn.read_bytes(), said(name)) == (b"\x01", b"\x00", ["in turn"])


def test_the_flag_of_one_who_was_killed_is_taken_down_by_the_next(name: Path) -> None:
    turn = name.with_name("rows.sqlite3-turn")
    turn.write_bytes(b"\x01")

    say(name, "next")

    assert (turn.read_bytes(), said(name)) == (b"\x00", ["next"])


def test_who_writes_has_left_the_line(name: Path) -> None:
    link = connect(name)
    with someone_writes(name, 0.1):
        begin(link)
        with name.with_name("rows.sqlite3-turn").open("a") as line:
            fcntl.flock(line, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises where someone holds it
    link.rollback()
    link.close()


def test_a_statement_without_a_transaction_waits_as_well(name: Path) -> None:
    link = connect(name)
    with someone_writes(name, 0.1), link.cursor() as cursor:
        cursor.execute("INSERT INTO said VALUES (%s)", ["alone"])
    link.close()

    assert said(name) == ["alone"]


def test_who_opens_a_new_database_while_another_makes_it_a_wal_database_waits_as_well(tmp_path: Path) -> None:
    new = tmp_path / "new.sqlite3"
    with closing(sqlite3.connect(new)) as made:
        made.execute("CREATE TABLE said (word text)")
    link = connect(new, init_command="PRAGMA journal_mode=WAL")
    with someone_writes(new, 0.2), link.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    link.close()


@pytest.mark.parametrize("by", ["a statement", "a transaction"])
def test_who_has_no_patience_left_is_told_so(name: Path, by: str) -> None:
    link = connect(name, timeout=0.1)
    with someone_writes(name, 0.5), pytest.raises(OperationalError, match="database is locked"):
        if by == "a transaction":
            begin(link)
        with link.cursor() as cursor:
            cursor.execute("INSERT INTO said VALUES (%s)", ["late"])
    link.close()

    assert said(name) == []
    with name.with_name("rows.sqlite3-turn").open("a") as line:
        fcntl.flock(line, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_where_a_writer_hangs_all_who_wait_give_up_together(name: Path) -> None:
    gave_up: list[float] = []

    def wait() -> None:
        link = connect(name, timeout=0.4)
        with pytest.raises(OperationalError, match="database is locked"):
            begin(link)
        gave_up.append(time.monotonic())
        link.close()

    with someone_writes(name, 3.5):
        came = time.monotonic()
        waiters = [Thread(target=wait) for _ in range(6)]
        for waiter in waiters:
            waiter.start()
        for waiter in waiters:
            waiter.join(10)

    assert len(gave_up) == len(waiters)
    assert max(gave_up) - came < 0.4 * 4  # one after the other, it would be six times as long


def test_where_the_line_cannot_be_made_writers_wait_without_it_and_it_is_logged(name: Path, caplog) -> None:
    name.with_name("rows.sqlite3-turn").mkdir()

    with someone_writes(name, 0.2):
        say(name, "without a line")

    assert said(name) == ["without a line"]
    assert ["wait without standing in line" in record.message for record in caplog.records] == [True]


def test_the_byte_of_the_flag_is_on_the_disk_before_anyone_raises_it(name: Path) -> None:
    link = connect(name)
    link.ensure_connection()
    link.close()

    kept = name.with_name("rows.sqlite3-turn").stat()
    assert (kept.st_size, kept.st_blocks > 0) == (1, True), "a hole ends the process where the disk is full"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_line_that_root_made_belongs_to_the_owner_of_the_database(name: Path) -> None:
    os.chown(name, 1234, 1235)
    name.chmod(0o660)

    link = connect(name)
    link.ensure_connection()
    link.close()

    kept = name.with_name("rows.sqlite3-turn").stat()
    assert (kept.st_uid, kept.st_gid, kept.st_mode & 0o777) == (1234, 1235, 0o660)
