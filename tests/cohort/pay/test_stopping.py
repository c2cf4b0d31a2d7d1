"""A lead on benefits says at which sum in a month to stop them; only they are shown it, and are asked before they pass it."""

import re
from datetime import timedelta

import pytest

from alongside.cohort.pay.models import Claim, StopAt
from tests.cohort.pay.cast import HOME, paid_by_the_hour
from tests.cohort.pay.test_pages import as_, text_of  # noqa: F401 -- the fixture

PAY, STOP = f"{HOME}pay/", f"{HOME}pay/stop/"


@pytest.fixture
def cast(db):
    return paid_by_the_hour()


@pytest.fixture
def lead(cast, as_):
    found = as_(cast.first.person)
    found.post(STOP, {"amount": "100"})
    return found


def log(lead, cast, hours="2:00", **more):
    return lead.post(f"{PAY}log/", {"on": cast.today.isoformat(), "hours": hours, "what": "meeting"} | more)


def hidden(response) -> dict[str, str]:
    html = response.content.decode()
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html)
    return {name: value for name, value in found if name not in {"csrfmiddlewaretoken", "nonce"}}


def test_a_lead_is_asked_before_the_hour_that_passes_their_sum(cast, lead):
    log(lead, cast)
    assert "This month you logged 90.00 USD of the 100.00 USD" in text_of(lead.get(f"{HOME}week/"))

    asked = log(lead, cast, hours="0:30", what="listening")

    assert "You want to stop at 100.00 USD in a month." in text_of(asked)
    assert Claim.objects.count() == 1, "nothing is logged before the lead says so"
    lead.post(f"{PAY}log/", hidden(asked))
    assert Claim.objects.count() == 2


def test_who_says_yes_to_one_thing_is_still_asked_about_the_other(cast, lead):
    log(lead, cast)

    twice = log(lead, cast)
    assert "Something is logged for this day" in text_of(twice)
    stopped = lead.post(f"{PAY}log/", hidden(twice))
    assert "This is more than you wanted this month" in text_of(stopped)
    lead.post(f"{PAY}log/", hidden(stopped))
    assert Claim.objects.count() == 2


def test_costs_and_other_months_do_not_count(cast, lead):
    last = cast.today.replace(day=1) - timedelta(days=1)
    log(lead, cast)
    log(lead, cast, on=last.isoformat())

    cost = {"on": cast.today.isoformat(), "what": "childcare", "amount": "80", "note": ""}
    lead.post(f"{PAY}cost/", cost)

    assert [one.kind for one in Claim.objects.order_by("pk")] == ["hours", "hours", "cost"]


def test_no_page_of_the_steward_or_a_bureau_tells_of_it(cast, lead, as_):
    log(lead, cast)
    pages = [
        f"{HOME}steward/",
        f"{HOME}steward/pay/",
        f"{HOME}steward/pay/agreements/",
        f"{HOME}steward/people/",
    ]
    steward = as_(cast.steward)

    told = [text_of(steward.get(one)) for one in pages]
    assert [one for one in told if "100.00" in one or "you stop" in one] == []
    assert (steward.get(STOP).status_code, as_(cast.thread.boss).get(STOP).status_code) == (404, 404)
    assert "100.00 USD at which you stop" not in text_of(as_(cast.second.person).get(PAY))


def test_a_lead_takes_the_sum_away(cast, lead):
    lead.post(STOP, {"amount": ""})

    assert StopAt.objects.count() == 0
    log(lead, cast, hours="5:00")
    assert Claim.objects.count() == 1
