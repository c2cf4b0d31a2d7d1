"""Numbers beyond what a row can have, and halves of surrogate pairs, are no page or no form: never our mistake."""

import json

import pytest
from django.test import Client
from django.urls import get_resolver

from alongside.ground.ui.addresses import LARGEST, number_in
from tests.house.test_addresses import addresses
from tests.support.thread import Thread

pytestmark = pytest.mark.django_db
HUGE = (str(LARGEST + 1), "9" * 30, "9" * 5000)
HALF = '"\\ud83d"'


@pytest.fixture
def people():
    """Give a browser for each kind of person, and one for everyone else."""
    thread = Thread().to_open_engagement()
    found = [Client(raise_request_exception=False) for _ in range(4)]
    for client, person in zip(found, (thread.first_lead.person, thread.staff, thread.steward), strict=False):
        client.force_login(person)
    return found


def paths() -> list[str]:
    found = []
    for route, _name, _pattern in addresses(get_resolver()):
        if "<int:" not in route:
            continue
        for start, put in (
            ("<program:program>", "riverbend"), ("<lang:lang>", "en"), ("<lang>", "en"),
            ("<slug:", "library-computers"), ("<str:", "x"), ("<uuid:", "12345678-1234-5678-1234-567812345678"),
            ("<int:", "{}"),
        ):  # fmt: skip
            while start in route:
                at = route.index(start)
                route = route[:at] + put + route[route.index(">", at) + 1 :]
        if "<" not in route:
            found.append(route)
    return found


def test_an_address_with_a_number_that_nothing_has_leads_nowhere(people):
    asked = paths()
    assert len(asked) > 60
    for path in asked:
        for huge in HUGE[:2]:
            codes = {client.get(path.replace("{}", huge)).status_code for client in people}
            assert codes <= {404}, (path, codes)


@pytest.mark.parametrize("huge", HUGE)
@pytest.mark.parametrize(
    "asked",
    [
        "?n={}&done=answered",
        "pay/log/?corrects={}",
        "asks/?page={}",
        "record/?page={}",
        "search/?q=a&page={}",
    ],
)
def test_a_query_with_a_number_that_nothing_has_is_answered(people, asked, huge):
    for client in people:
        assert client.get("/riverbend/en/" + asked.format(huge)).status_code in {200, 302, 403, 404}


def test_a_number_is_taken_only_where_a_row_can_have_it():
    given = ["7", str(LARGEST), *HUGE, "", "-1", "٣", "²", "1.5"]

    assert [number_in(one, 1) for one in given] == [7, LARGEST, *[1] * 8]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("engagements/library-computers/voices/", '{"mark": %s, "act": "x", "sealed": "", "website": ""}'),
        ("reader/api/session", '{"challenge": %s, "signature": %s}'),
    ],
)
def test_half_of_a_surrogate_pair_is_no_text(people, path, body):
    reply = people[-1].post(
        f"/riverbend/en/{path}",
        body.replace("%s", HALF),
        "application/json",
        headers={"Origin": "http://testserver"},
    )

    assert reply.status_code in {401, 422}
    assert json.loads(body.replace("%s", HALF))
