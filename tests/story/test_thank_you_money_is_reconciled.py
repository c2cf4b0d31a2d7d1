"""Thank-you money: a lead asks for a float for a session, counts the stubs that people exchanged, and the coordinator counts them without that number."""

import re

import pytest

from alongside.cohort.pay.models import Claim
from tests.story.hours import Hour
from tests.support.browsers import axe

pytestmark = [pytest.mark.django_db, pytest.mark.story, pytest.mark.usefixtures("demonstration")]

PLAN = "/riverbend/en/engagements/library-computers/plan/"


def words(page) -> str:
    return re.sub(r"\s+", " ", page.locator("main").inner_text())


def test_thank_you_money_is_counted_by_two_people_and_names_nobody(browsing):
    lead, steward = (Hour(browsing.person(one), one) for one in ("lead", "coordinator"))
    lead.become("Start as a lead")
    steward.become("Start as the coordinator")

    # Given a session for 20 people who get 25 dollars each, for which a lead asks for the money
    lead.page.goto(PLAN)
    assert "500.00 USD for 20 people" in words(lead.page)
    lead.follow(re.compile("Ask for this money"))
    lead.press("Ask for it")
    lead.reads(re.compile("Thank-you money at a session"))
    made = Claim.objects.get(kind="advance", what="thanks")
    assert (str(made.money), made.session) == ("500.00 USD", "library-computers/s2")

    # When the coordinator approves and pays it
    steward.page.goto("/riverbend/en/steward/pay/")
    steward.page.locator(f"input[name=claim][value='{made.pk}']").check()
    steward.press("Approve the chosen ones")
    steward.page.goto("/riverbend/en/steward/pay/runs/close/")
    steward.press("Make the file for the finance office")
    steward.heading(re.compile("Payment run"))

    # Then the lead prints stubs without a number, and counts after the session how many were exchanged
    lead.page.goto(f"{PLAN}sessions/s2/stubs/")
    assert lead.page.get_by_text("Exchange this stub for 25.00 USD. We ask for no name.").count() == 20
    assert axe(lead.page) == []
    lead.page.goto("/riverbend/en/pay/")
    lead.follow("Count the thank-you stubs")
    assert axe(lead.page) == []
    lead.page.get_by_label("How many stubs did people exchange?").fill("14")
    lead.field("For how much each").fill("25")
    lead.press("That is what I counted")
    lead.reads("14 stubs")

    # And it waits on the coordinator's desk, who counts without that number; another one goes back
    steward.page.goto("/riverbend/en/steward/")
    steward.follow("Count the thank-you stubs a second time")
    assert "14" not in words(steward.page).split("You do not see")[1]
    assert axe(steward.page) == []
    steward.page.get_by_label("How many stubs did you count?").fill("15")
    steward.press("That is what I counted")
    lead.page.goto("/riverbend/en/pay/")
    lead.reads(re.compile("another number of stubs: 15"))
    lead.page.locator("#back-h ~ ul").get_by_role("link", name="Correct it and log it anew").first.click()
    lead.page.get_by_label("How many stubs did people exchange?").fill("15")
    lead.press("That is what I counted")

    # And the same number from both is accounted for, in counts and sums alone
    steward.page.goto("/riverbend/en/steward/pay/")
    steward.follow(re.compile("Count the stubs a second time"))
    steward.page.get_by_label("How many stubs did you count?").fill("15")
    steward.press("That is what I counted")
    lead.page.goto(PLAN)
    assert "Leads had 500.00 USD for it. 15 stubs were exchanged, 375.00 USD. Two people counted." in words(
        lead.page
    )
    assert axe(lead.page) == []
    steward.page.goto(PLAN)
    assert "15 stubs were exchanged, 375.00 USD." in words(steward.page)
