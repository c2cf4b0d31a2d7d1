"""What is taken down of a version goes from the draft: those words, not what another version says, and whatever else the draft holds."""

import pytest
from pycrdt import Doc, Text

from alongside.ground.record.models import PublicText
from alongside.ground.texts.actions import erase_text
from alongside.work.workplans.models import PlanUpdate
from alongside.work.workplans.queries import document_of
from tests.work.workplans.cast import ACTIVITY, QUESTION, Plan

BAD = "Ask Mei Tan of Oak Street, who told on her landlord"


@pytest.fixture
def plan(db) -> Plan:
    return Plan().fill()


def take_down(plan: Plan, entry: int, name: str = "plan") -> None:
    """Take a text of a version down, by the steward and a lead."""
    text = PublicText.objects.get(log__program=plan.program, entry=entry, name=name)
    by = ["steward", plan.lead]
    given = {"entry": entry, "sha256": text.sha256, "ground": "Order 12", "now": plan.thread.now}
    erase_text(program=plan.program, by=by, **given)


def said(plan: Plan) -> set[str]:
    return {*plan.draft.values.values()}


def test_a_draft_loses_what_only_the_version_says_that_is_taken_down(plan):
    old = plan.write(goal_words=BAD).propose()
    newer = plan.write(goal_words="Records that people understand").propose()
    plan.write(goal_words=BAD)
    take_down(plan, old.index)

    assert BAD not in said(plan)
    assert {QUESTION, ACTIVITY, "What library computers remember"} <= said(plan)
    take_down(plan, newer.index)
    assert {QUESTION, ACTIVITY} & said(plan) == set(), "no version that stands says them"


def test_what_was_crossed_out_of_a_draft_is_kept_no_more(plan):
    old = plan.write(goal_words=BAD).propose()
    plan.write(goal_words="").propose()
    take_down(plan, old.index)

    assert not any(BAD.encode() in bytes(one.data) for one in PlanUpdate.objects.all())
    assert QUESTION in said(plan)


def poisoned(data: bytes, plan: Plan) -> None:
    """Put a change into a draft as it was taken in before drafts were judged so."""
    last = PlanUpdate.objects.filter(plan=plan.row).order_by("-number").first()
    PlanUpdate.objects.create(plan=plan.row, number=last.number + 1, data=data)


def test_words_are_taken_down_also_where_the_draft_holds_a_field_of_no_row(plan):
    old = plan.write(goal_words=BAD).propose()
    plan.write(goal_words="Another").propose()
    other = Doc()
    for name, words in {"touch-00000000.what": "x", "touch-00000000.why": BAD}.items():
        text = other.get(name, type=Text)
        text += words
    poisoned(other.get_update(), plan)
    take_down(plan, old.index)

    document = document_of(plan.row)
    assert str(document.get("touch-00000000.why", type=Text)) == ""
    assert {QUESTION, "Another"} <= said(plan)


def test_a_draft_that_opens_for_nobody_goes_with_words_that_are_taken_down(plan):
    old = plan.propose()
    poisoned(b"\xff\xff\xff", plan)
    take_down(plan, old.index)

    assert not PlanUpdate.objects.filter(plan=plan.row).exists()
