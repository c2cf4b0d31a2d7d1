"""A kept page is the page that would be made now."""

import gzip
import itertools
from datetime import timedelta

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from alongside.ground.gate.roles import Role, from_the_record, open_to
from alongside.ground.record.actions.heads import sign_head
from alongside.ground.record.actions.rules import enter_policy
from alongside.ground.record.models import Log
from alongside.site import page_cache, urls
from tests.site.test_visits import signed_in

COUNT = itertools.count(1)


@from_the_record
@open_to(Role.EVERYONE)
def kept(request: HttpRequest) -> HttpResponse:
    """Be a page that says how often it was made."""
    return HttpResponse(f"made {next(COUNT)}")


@open_to(Role.EVERYONE)
def fresh(request: HttpRequest) -> HttpResponse:
    """Be a page that rests on more than the record."""
    return HttpResponse(f"made {next(COUNT)}")


urlpatterns = [
    path("<program:program>/<lang:lang>/kept/", kept),
    path("<program:program>/<lang:lang>/fresh/", fresh),
    *urls.urlpatterns,
]
handler404 = urls.handler404


@pytest.fixture(autouse=True)
def _addresses(settings):
    settings.ROOT_URLCONF = __name__


def is_same(client: Client, address: str = "/delta/en/kept/", **extra) -> bool:
    """Say whether two visits in a row get the very same page."""
    return client.get(address, **extra).content == client.get(address, **extra).content


def test_a_page_from_the_record_is_made_once(delta, client):
    assert [is_same(client), is_same(client, "/delta/en/fresh/")] == [True, False]


def test_a_kept_page_costs_one_query(delta, client, django_assert_num_queries):
    client.get("/delta/en/kept/")
    with django_assert_num_queries(1):
        client.get("/delta/en/kept/")


def test_a_kept_page_leaves_with_every_header_of_the_first(delta, client):
    first, second = client.get("/delta/en/kept/"), client.get("/delta/en/kept/")
    differ = {name for name, value in second.items() if first.get(name) != value}
    assert (differ, second["Content-Length"]) == (set(), str(len(first.content)))


def test_a_kept_page_is_packed_for_browsers_that_unpack(delta, client):
    first = client.get("/delta/en/kept/")
    second = client.get("/delta/en/kept/", headers={"accept-encoding": "gzip, br"})
    assert (second["Content-Encoding"], gzip.decompress(second.content)) == ("gzip", first.content)


@pytest.mark.parametrize("query", ["", "?page=2"])
def test_a_page_from_the_record_is_packed_on_the_first_visit_and_with_a_query_too(delta, client, query):
    told = [
        client.get(f"/delta/en/{page}/{query}", headers={"accept-encoding": "gzip"})
        for page in ("kept", "fresh")
    ]
    assert [(one.get("Content-Encoding"), "Accept-Encoding" in one.get("Vary", "")) for one in told] == [
        ("gzip", True),
        (None, False),
    ]
    assert gzip.decompress(told[0].content).startswith(b"made ")
    assert told[0]["Content-Length"] == str(len(told[0].content))


@pytest.mark.parametrize(
    "change",
    [
        lambda program, now: enter_policy(program=program, now=now),
        lambda program, now: sign_head(program=program, now=now),
        lambda program, now: Log.objects.update(text_revision=99),
    ],
    ids=["an entry", "a signed head", "a text"],
)
def test_a_page_is_made_again_when_what_it_rests_on_changes(delta, client, clock, change):
    before = client.get("/delta/en/kept/").content
    change(delta, clock)
    assert client.get("/delta/en/kept/").content != before


def test_a_page_is_made_again_when_the_day_ends_where_the_program_is(delta, client, monkeypatch):
    real = page_cache.datetime
    before = client.get("/delta/en/kept/").content

    class Tomorrow:
        @staticmethod
        def now(tz):
            return real.now(tz) + timedelta(days=1)

    monkeypatch.setattr(page_cache, "datetime", Tomorrow)
    assert client.get("/delta/en/kept/").content != before


def test_languages_and_programs_never_share_a_page(delta, client):
    assert client.get("/delta/en/kept/").content != client.get("/delta/es/kept/").content


def test_nobody_who_is_signed_in_gets_a_kept_page(delta, steward, client):
    client.get("/delta/en/kept/")
    assert is_same(signed_in(steward)) is False


def test_an_address_with_a_query_is_always_made(delta, client):
    assert is_same(client, "/delta/en/kept/?page=2") is False


def test_only_so_many_pages_are_kept(delta, monkeypatch):
    monkeypatch.setattr(page_cache, "MOST", 1)
    client = Client()
    first = client.get("/delta/en/kept/").content
    client.get("/delta/es/kept/")
    assert client.get("/delta/en/kept/").content != first
