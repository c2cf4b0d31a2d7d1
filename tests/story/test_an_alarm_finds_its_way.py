"""An alarm from a lead's phone reaches the person the charter names; the steward and the asked unit find nothing."""

import pytest

from tests.cohort.seats import cast
from tests.cohort.seats.care_cast import CANARY, HOME, hearer
from tests.story.steps import click, press
from tests.support.browsers import axe

pytestmark = [pytest.mark.django_db, pytest.mark.story]
ME, STEWARD, UNIT = (f"/riverbend/en/{one}/" for one in ("seat/me", "steward", "unit"))


def test_an_alarm_finds_its_way(browsing, live_site):
    # Given a cohort whose charter names an office outside the asked unit
    thread = cast.program()
    cast.adopt(thread)
    named = hearer(thread)
    lead = browsing.person("the lead", phone=True, signed_in=thread.first_lead.person)
    hears = browsing.person("the named person", signed_in=named)

    # When the lead raises an alarm about the asked unit from what is theirs, on a phone
    lead.goto(ME)
    click(lead, "Raise an alarm")
    lead.get_by_label("Someone is punished or pressed for speaking up").check()
    lead.get_by_label("Who is it about?").select_option(thread.unit.slug)
    lead.get_by_label("What happened").fill(CANARY)
    assert axe(lead) == []
    press(lead, "Raise it")
    lead.get_by_text("Not yet read.").wait_for()
    address = lead.url

    # Then the named person finds it on their desk and says what was done
    hears.goto(UNIT)
    click(hears, "Hear an alarm")
    hears.get_by_text(CANARY).wait_for()
    hears.get_by_label("What you did").fill("I spoke with the unit. It stops today.")
    press(hears, "Close it, and tell the lead")
    hears.get_by_role("heading", name="What was done").wait_for()

    # And the steward and the asked unit find nothing, on their desks, in their messages, or at its address
    browsing.forgive("404")
    for name, person, desk in (
        ("the program coordinator", thread.steward, STEWARD),
        ("the asked unit", thread.staff, UNIT),
        ("its manager", thread.boss, UNIT),
    ):
        page = browsing.person(name, signed_in=person)
        for one in (desk, HOME):
            page.goto(one)
            assert CANARY not in page.content()
            assert "Hear an alarm" not in page.content()
        assert page.goto(address).status == 404
        assert CANARY not in page.content()

    # And the lead reads what was done
    lead.reload()
    lead.get_by_text("I spoke with the unit. It stops today.").wait_for()
