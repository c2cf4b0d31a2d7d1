"""Pages of the record come from a replica that holds all they rest on, and from the primary where it does not."""

import copy
import shutil
from pathlib import Path

import pytest
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from alongside.ground.gate.roles import Role, from_the_record, open_to
from alongside.ground.record.actions.heads import sign_head
from alongside.ground.record.actions.rules import enter_policy
from alongside.ground.record.models import Log
from alongside.site import replica, urls
from tests.site.test_visits import signed_in


def where() -> str:
    """Say which database is asked."""
    with connections["default"].cursor() as cursor:
        (_, _, file) = cursor.execute("PRAGMA database_list").fetchone()
    return "replica" if Path(file).stem == "replica" else "primary"


@from_the_record
@open_to(Role.EVERYONE)
def kept(request: HttpRequest) -> HttpResponse:
    """Be a page that rests on the record; it says where it was read."""
    return HttpResponse(where())


@from_the_record
@open_to(Role.EVERYONE)
def hard(request: HttpRequest) -> HttpResponse:
    """Be a page of the record that a replica fails to make."""
    if where() == "replica":
        raise RuntimeError
    return HttpResponse(where())


@open_to(Role.EVERYONE)
def fresh(request: HttpRequest) -> HttpResponse:
    """Be a page that rests on more than the record."""
    return HttpResponse(where())


urlpatterns = [
    path("<program:program>/<lang:lang>/kept/", kept),
    path("<program:program>/<lang:lang>/hard/", hard),
    path("<program:program>/<lang:lang>/fresh/", fresh),
    *urls.urlpatterns,
]
handler404 = urls.handler404


class Follower:
    """A copy of the database as it was at one moment, as a replica has it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "replica.sqlite3"

    def follow(self) -> None:
        """Hold now what the primary holds."""
        connections["replica"].close()
        with connections["default"].cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(connections["default"].settings_dict["NAME"], self.file)

    def go_away(self, alias: str) -> None:
        """Let one of the two answer no more: there is no such file."""
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = self.file.parent / "gone" / "gone.sqlite3"


@pytest.fixture
def follower(delta, clock, settings, tmp_path, monkeypatch):
    """Give a replica that holds what there is; what changes later it holds only once it follows again."""
    settings.ROOT_URLCONF = __name__
    made, here = Follower(tmp_path), connections.settings["default"]
    monkeypatch.setitem(connections.settings, "replica", copy.deepcopy(here) | {"NAME": made.file})
    for server in (replica.PRIMARY, replica.REPLICA):
        monkeypatch.setattr(server, "was_away", False)
        monkeypatch.setattr(server, "next_ask", 0.0)
        monkeypatch.setattr(server, "told", {})
    sign_head(program=delta, now=clock)
    made.follow()
    yield made
    connections["replica"].close()
    del connections["replica"]


def read(page: str = "kept/", client: Client | None = None) -> str:
    """Say where a page was read that nobody kept."""
    here = client or Client(raise_request_exception=False)
    return here.get(f"/delta/en/{page}?anew").content.decode()


def test_a_page_of_the_record_is_read_from_the_replica(follower, client):
    assert (client.get("/delta/en/kept/").content, read()) == (b"replica", "replica")


def test_what_rests_on_more_than_the_record_is_read_from_the_primary(follower):
    assert read("fresh/") == "primary"


def test_whoever_is_signed_in_reads_from_the_primary(follower, steward):
    assert read(client=signed_in(steward)) == "primary"


@pytest.mark.parametrize(
    "change",
    [
        lambda program, now: enter_policy(program=program, now=now),
        lambda program, now: (enter_policy(program=program, now=now), sign_head(program=program, now=now)),
        lambda program, now: Log.objects.update(text_revision=99),
    ],
    ids=["an entry", "a signed head", "a text"],
)
def test_a_replica_that_is_behind_is_not_read_until_it_follows(follower, delta, clock, change):
    change(delta, clock)
    behind = read()
    follower.follow()
    assert (behind, read()) == ("primary", "replica")


def test_a_head_that_the_replica_has_not_seen_keeps_readers_from_it(follower, delta, clock):
    enter_policy(program=delta, now=clock)
    follower.follow()
    sign_head(program=delta, now=clock)  # no entry and no text came, only the head
    assert read() == "primary"


def test_a_page_that_the_replica_fails_to_make_is_made_by_the_primary(follower):
    assert read("hard/") == "primary"


def test_without_its_replica_a_site_reads_from_the_primary(follower):
    follower.go_away("replica")
    assert [read(), read()] == ["primary", "primary"]


def test_while_the_primary_is_away_pages_of_the_record_are_read_and_no_others(follower):
    read()
    follower.go_away("default")
    assert [read(), read(), read("fresh/") in {"primary", "replica"}] == ["replica", "replica", False]


def test_a_server_that_was_told_nothing_yet_reads_nothing_from_the_replica(follower):
    follower.go_away("default")
    assert read() not in {"primary", "replica"}


def test_without_the_primary_no_replica_is_read_that_is_older_than_what_was_told(follower, delta, clock):
    enter_policy(program=delta, now=clock)
    read()
    follower.go_away("default")
    assert read() not in {"primary", "replica"}


def test_after_the_replica_was_asked_the_primary_is_asked_again(follower):
    read()
    assert where() == "primary"
