"""On SQLite whoever wants to write stands in line, and nobody waits while others go ahead again and again."""

import fcntl
from threading import Thread

import pytest
from django.conf import settings

from alongside.site.sqlite.base import DatabaseWrapper


def begin(name) -> None:
    """Begin to write, and give up again."""
    link = DatabaseWrapper({**settings.DATABASES["default"], **TABLE, "NAME": name}, "another")
    link.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    link.rollback()
    link.close()


pytestmark = pytest.mark.django_db
TABLE = {
    "TIME_ZONE": None,
    "CONN_MAX_AGE": None,
    "CONN_HEALTH_CHECKS": False,
    "AUTOCOMMIT": True,
    "ATOMIC_REQUESTS": False,
    "OPTIONS": {"transaction_mode": "IMMEDIATE"},
    "USER": "",
    "PASSWORD": "",
    "HOST": "",
    "PORT": "",
}


def test_nobody_begins_to_write_before_those_who_came_first(tmp_path):
    name = tmp_path / "rows.sqlite3"
    begin(name)
    with (tmp_path / "rows.sqlite3-turn").open("a") as line:
        fcntl.flock(line, fcntl.LOCK_EX)  # someone who came first waits for the lock
        later = Thread(target=begin, args=(name,))
        later.start()
        later.join(0.2)
        waits = later.is_alive()
    later.join(10)

    assert (waits, later.is_alive()) == (True, False)


def test_who_writes_has_left_the_line(tmp_path):
    name = tmp_path / "rows.sqlite3"
    link = DatabaseWrapper({**settings.DATABASES["default"], **TABLE, "NAME": name}, "another")
    link.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    with (tmp_path / "rows.sqlite3-turn").open("a") as line:
        fcntl.flock(line, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises where someone holds it
    link.rollback()
    link.close()
