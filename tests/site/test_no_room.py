"""A disk that is full, and a database that others hold, are told as what they are, by the status that says so."""

import errno
import sqlite3

import pytest
from django.db import connection
from django.test import Client

from alongside.ground.record.models import LogEntry
from alongside.site.health import is_for_want_of_room, is_lock_timeout
from tests.support.thread import Thread


@pytest.fixture
def full_disk():
    """Let the database grow by no page more; a real error of SQLite then comes of writing."""

    def fill() -> None:
        with connection.cursor() as cursor:
            size = cursor.execute("PRAGMA page_count").fetchone()[0]
            cursor.execute(f"PRAGMA max_page_count = {size}")

    yield fill
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 4294967294")


@pytest.mark.django_db(transaction=True)
def test_what_a_lead_sends_on_a_full_disk_is_answered_with_no_room_and_not_kept(full_disk) -> None:
    thread = Thread().open_program()
    client = Client(raise_request_exception=False)
    client.force_login(thread.first_lead.person)
    before = LogEntry.objects.count()
    full_disk()
    asked = {"office": thread.manager.public_id, "title": "How?", "ask": "Tell us. " * 400}

    said = [client.post("/riverbend/en/asks/question/", asked) for _try in range(8)][-1]

    assert said.status_code == 507
    assert "<h1>There is no room right now</h1>" in said.content.decode()
    assert LogEntry.objects.count() - before < 8


class Refused(Exception):
    """What a driver raises, with the code that PostgreSQL gave."""

    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate
        super().__init__()


def test_only_a_full_disk_is_called_so() -> None:
    outer = RuntimeError("while saving")
    outer.__cause__ = Refused("53100")
    errors = [outer, Refused("40001"), OSError(errno.ENOSPC, "x"), OSError(errno.EACCES, "x"), None]

    assert [is_for_want_of_room(one) for one in errors] == [True, False, True, False, False]


@pytest.mark.django_db(transaction=True)
def test_what_a_lead_sends_while_another_writes_and_writes_is_answered_with_try_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    thread = Thread().open_program()
    client = Client(raise_request_exception=False)
    client.force_login(thread.first_lead.person)
    asked = {"office": thread.manager.public_id, "title": "How?", "ask": "Tell us."}
    before = LogEntry.objects.count()
    connection.ensure_connection()
    monkeypatch.setattr(connection, "patience", 0.05)
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    said = client.post("/riverbend/en/asks/question/", asked)
    other.execute("ROLLBACK")
    other.close()

    assert (said.status_code, said["Retry-After"], LogEntry.objects.count()) == (503, "10", before)
    assert "<h1>Many people are here right now</h1>" in said.content.decode()
    assert client.post("/riverbend/en/asks/question/", asked).status_code == 302


def test_only_a_turn_that_did_not_come_is_called_so() -> None:
    errors = [Refused("40001"), Refused("55P03"), Refused("53100"), OSError(errno.EBUSY, "x"), None]

    assert [is_lock_timeout(one) for one in errors] == [True, True, False, False, False]
