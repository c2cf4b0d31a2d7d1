"""To whoever works for the city, and to whoever is not in a strategy, nothing is at any of its addresses."""

import base64
import itertools
import json
import logging
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alongside.cohort.seats.actions import suspend_seat
from alongside.ground.gate.tokens import ENROL
from alongside.site.logs import ScrubbedFormatter
from alongside.work.strategies.models import Strategy
from tests.promises.attempts import BASE, as_, city, is_caught
from tests.support.thread import posted_by_rows
from tests.work.strategies.cast import CANARY, keyed, token

pytestmark = pytest.mark.django_db
API = f"{BASE}/reader/api/strategies"
NOWHERE = f"{BASE}/reader/api/nothing-was-ever-here"
DOORS = ("", "/save", "/pen", "/members", "/versions", "/destroy")
METHODS = ("GET", "POST", "OPTIONS")


@pytest.fixture
def three():
    return keyed()


@pytest.fixture
def plan(three):
    return three.begin(three.seats[:2])


def doors(strategy) -> list[str]:
    return [f"{BASE}/strategies", API, *(f"{API}/{strategy}{door}" for door in DOORS)]


def answer(client, method, address, **headers):
    """Give all that an answer tells: status, headers, body."""
    reply = client.generic(method, address, json.dumps({"do": "look"}), "application/json", headers=headers)
    return reply.status_code, dict(reply.headers), reply.content


def test_every_address_answers_as_one_that_does_not_exist(three, plan):
    who = {"nobody": None, **city(three.thread), "a lead of the city": serving_both(three)}
    for person, method in itertools.product(who.values(), METHODS):
        client = as_(person)
        nothing = answer(client, method, NOWHERE)
        assert nothing[0] == 404
        seen = {
            address: answer(client, method, address)
            for address in (*doors(plan.pk), *doors(uuid.uuid4())[2:4])
        }
        assert {address: got for address, got in seen.items() if got != nothing} == {}, (person, method)


def serving_both(three):
    """Give a lead who also holds an office today."""
    seat = three.seats[1]
    thread = three.thread
    posted_by_rows(thread.program, seat.person, thread.manager.public_id, seat.from_date)
    return seat.person


def test_no_token_but_that_of_a_lead_who_is_in_it_opens_a_door(three, plan):
    for which in ("none", "not in it", "enrol", "another program", "of the city", "suspended"):
        finds_nothing(three, plan, which)


def finds_nothing(three, plan, which):
    headers = {
        "none": {},
        "not in it": token(three.seats[2]),
        "enrol": token(three.seats[0], use=ENROL),
        "another program": token(three.seats[0], program="elsewhere"),
        "of the city": token(three.seats[1]),
        "suspended": token(three.seats[1]),
    }[which]
    if which == "of the city":
        serving_both(three)
    if which == "suspended":
        suspend_seat(seat=three.seats[1], ground="Asked by the steward.", now=three.thread.now)
    client = as_(None)
    nothing = answer(client, "GET", NOWHERE)
    of_it = [one for one in doors(plan.pk) if str(plan.pk) in one]
    assert [answer(client, "GET", one, **headers) for one in of_it] == [nothing] * len(of_it)
    assert [answer(client, "POST", one, **headers)[0] for one in of_it] == [404] * len(of_it)
    listed = answer(client, "GET", API, **headers)
    if which == "not in it":
        assert json.loads(listed[2])["strategies"] == []
    else:
        assert listed == nothing


def test_the_same_doors_open_to_a_lead_who_is_in_it(three, plan):
    client, headers = as_(None), token(three.seats[1])
    found = client.get(f"{API}/{plan.pk}", headers=headers).json()
    assert base64.b64decode(found["sealed"]) == bytes(plan.sealed)
    assert (found["writer"], found["version"]) == (three.seats[0].public_id, 1)
    assert [one["id"] for one in client.get(API, headers=headers).json()["strategies"]] == [str(plan.pk)]
    assert as_(three.seats[1].person).get(f"{BASE}/strategies").status_code == 200


def test_a_cookie_alone_changes_nothing_even_for_a_lead_who_is_in_it(three, plan):
    client = as_(three.seats[0].person)
    for door in DOORS:
        assert answer(client, "POST", f"{API}/{plan.pk}{door}")[0] == 404
    assert (Strategy.objects.count(), Strategy.objects.exclude(pen=None).count()) == (1, 1)


def test_whether_a_strategy_exists_takes_the_city_no_longer_to_be_told(three, plan):
    """No clock: the same statements run, and none of them looks at a strategy."""
    client = as_(three.thread.staff)
    ran = []
    for strategy in (plan.pk, uuid.uuid4()):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(f"{API}/{strategy}")
        ran.append([one["sql"] for one in asked.captured_queries])
    assert len(ran[0]) == len(ran[1])
    assert [sql for sql in ran[0] + ran[1] if "strategies_" in sql] == []


def test_no_line_of_a_log_names_a_strategy_even_where_a_door_breaks(three, plan, caplog, monkeypatch):
    from alongside.work.strategies import views as door

    def broken(*_):
        raise RuntimeError(CANARY)

    monkeypatch.setattr(door.queries, "members_of", broken)
    client = as_(None)
    client.raise_request_exception = False
    assert client.get(f"{API}/{plan.pk}", headers=token(three.seats[1])).status_code == 500
    assert answer(as_(three.thread.staff), "GET", f"{API}/{plan.pk}")[0] == 404
    handler = next(h for h in logging.getLogger().handlers if isinstance(h.formatter, ScrubbedFormatter))
    assert any(
        str(plan.pk) in record.getMessage() for record in caplog.records
    )  # there was something to tell
    lines = [handler.format(record) for record in caplog.records]
    assert [line for line in lines if str(plan.pk) in line or CANARY in line] == []


def test_an_address_that_opens_to_cookies_would_be_caught(three, plan, monkeypatch):
    from alongside.work.strategies import views as door

    monkeypatch.setattr(door.queries, "strategist", lambda *_: three.seats[0])
    is_caught("200", test_every_address_answers_as_one_that_does_not_exist, three, plan)


def test_nothing_of_a_strategy_is_in_what_the_city_reads(three, plan):
    telling = (CANARY, str(plan.pk), plan.pk.hex, base64.b64encode(bytes(plan.sealed)).decode()[:60])
    client = as_(three.thread.steward)
    pages = ("", "steward/", "follow/", "owed/", "record/entries/", "years/", "about/keeps/", "calendar.ics")
    shown = {page: client.get(f"{BASE}/{page}").content.decode() for page in pages}
    assert {page for page, body in shown.items() for word in telling if word in body} == set()
