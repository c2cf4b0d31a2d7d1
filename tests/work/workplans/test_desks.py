"""The desks say which workplan waits for whose signature."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alongside.work.workplans import actions
from tests.promises.attempts import as_
from tests.work.workplans.cast import Plan

pytestmark = pytest.mark.django_db
HEADING = "Sign, or ask for a change: What library computers remember"
UNSIGNED = "Unsigned workplan: What library computers remember"


def desks(plan):
    """Say on whose desk the plan waits."""
    pages = {"week": plan.thread.first_lead.person, "unit": plan.thread.boss, "steward": plan.thread.steward}
    return {
        desk: any(
            words in as_(person).get(f"/riverbend/en/{desk}/").content.decode()
            for words in (HEADING, UNSIGNED)
        )
        for desk, person in pages.items()
    }


def test_a_version_waits_on_the_desk_of_the_side_that_has_not_signed_and_on_the_stewards():
    plan = Plan().fill()
    assert desks(plan) == {"week": False, "unit": False, "steward": False}
    version = plan.propose(plan.lead)
    assert desks(plan) == {"week": False, "unit": True, "steward": True}
    plan.sign(version)
    assert desks(plan) == {"week": False, "unit": False, "steward": False}
    plan.write(goal_words="Another goal").propose(plan.manager)
    assert desks(plan) == {"week": True, "unit": False, "steward": True}


def test_the_steward_sees_that_a_draft_is_unsigned_and_not_what_it_says():
    plan = Plan().fill()
    page = as_(plan.thread.steward).get("/riverbend/en/steward/").content.decode()
    assert "A workplan that nobody has signed yet, with " in page
    assert "What library computers remember" not in page


def test_the_stewards_desk_asks_as_much_for_three_plans_as_for_one():
    plan = Plan()
    plan.fill().propose()
    counts = []
    for name in ("second", "third"):
        client = as_(plan.thread.steward)
        client.get("/riverbend/en/steward/")
        with CaptureQueriesContext(connection) as seen:
            client.get("/riverbend/en/steward/")
        counts.append(len(seen))
        plan.row = actions.begin_plan(
            program=plan.program,
            slug=name,
            cohort=plan.row.cohort,
            units=[plan.thread.unit],
            lang="en",
            on=plan.thread.now.date(),
        )
        plan.fill().propose()
    assert counts[0] == counts[1]
