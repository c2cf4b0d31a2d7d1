"""What waits about seats stands on the desk of whoever does it."""

from datetime import timedelta

import pytest

from alongside.cohort.meetings import actions as meetings_actions
from alongside.cohort.seats import actions
from tests.cohort.seats import cast
from tests.work.engagements.test_drafting import as_, text_of


@pytest.fixture
def thread(db):
    return cast.program()


def test_a_charter_waits_for_who_has_not_signed_it_and_for_nobody_else(thread):
    cast.adopt(thread)
    cast.sign(thread, thread.first_lead.public_id)

    desks = {
        "first": text_of(as_(thread.first_lead.person).get("/riverbend/en/week/")),
        "second": text_of(as_(thread.second_lead.person).get("/riverbend/en/week/")),
        "steward": text_of(as_(thread.steward).get("/riverbend/en/steward/")),
    }

    assert {name for name, text in desks.items() if "Sign the group agreement" in text} == {
        "second",
        "steward",
    }


def test_an_empty_seat_waits_on_the_stewards_desk_with_its_days(thread):
    on = thread.now.date() - timedelta(days=50)
    actions.open_vacancy(cohort=thread.third_lead.cohort, on=on, now=thread.now)

    text = text_of(as_(thread.steward).get("/riverbend/en/steward/"))

    assert "Fill an empty place" in text
    assert "It was to be filled by" in text


def test_minutes_wait_until_a_lead_has_published_them(thread):
    meeting = cast.meet(thread, days=-3)
    lead = as_(thread.first_lead.person)
    before = text_of(lead.get("/riverbend/en/week/"))
    meetings_actions.publish_minutes(
        draft=cast.write(thread, meeting), seat=thread.first_lead, now=thread.now
    )

    assert "Minutes: About first" in before
    assert "Minutes: About first" not in text_of(lead.get("/riverbend/en/week/"))


def test_the_steward_is_asked_to_sign_the_charter_of_every_cohort_that_sits(thread):
    cast.adopt(thread)
    cast.sign(thread, "steward")
    other = cast.circle(thread)
    draft = actions.save_charter(
        cohort=other, words={"en": cast.PARTS}, appeals_to=cast.OFFICE, alarms_to=cast.OFFICE, now=thread.now
    )
    actions.adopt_charter(draft=draft, now=thread.now)

    page = as_(thread.steward).get("/riverbend/en/steward/").content.decode()

    assert ("/cohort/circle/charter/sign/" in page, "/cohort/first/charter/sign/" in page) == (True, False)
