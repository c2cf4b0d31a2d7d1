"""The days of an engagement and of a workplan are held against the decision: what comes after it is said before anyone signs."""

from datetime import timedelta

import pytest

from alongside.work.engagements import actions
from alongside.work.projects.actions import move_decision
from tests.work import cast
from tests.work.engagements.test_drafting import DRAFT, PUBLIC, SIGN, as_, lead, text_of

AFTER = "These days come after the decision"


@pytest.fixture
def thread(db):
    return cast.draft(cast.program())


def said(day) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def test_a_draft_whose_days_come_before_the_decision_is_not_warned_of(thread):
    for page in (DRAFT, f"{DRAFT}dates/", f"{DRAFT}finish/"):
        assert AFTER not in text_of(lead(thread).get(page))
    assert "after the decision" not in text_of(as_(thread.boss).get(SIGN))


def test_an_answer_that_is_due_after_the_decision_is_said_while_it_is_drafted_and_before_it_is_signed(thread):
    decided, due = thread.decision.on, thread.decision.on + timedelta(days=5)
    actions.save_draft(engagement=thread.engagement, changes={"answer_by": due})

    for page in (DRAFT, f"{DRAFT}dates/", f"{DRAFT}questions/", f"{DRAFT}finish/"):
        shown = text_of(lead(thread).get(page))
        assert f"{AFTER}, which is on {said(decided)}" in shown, page
        assert f"The unit answers by {said(due)} ." in shown, page
        assert "People can speak to" not in shown.partition(AFTER)[2][:400], page
    assert f"The answer is due on {said(due)} , after the decision on {said(decided)} ." in text_of(
        as_(thread.boss).get(SIGN)
    )


def test_a_decision_that_was_moved_forward_is_held_against_what_is_promised(thread):
    thread.make_keys().open()
    assert "after the decision" not in text_of(as_(thread.boss).get(PUBLIC))
    on = thread.now.date() + timedelta(days=20)
    move_decision(
        point=thread.decision,
        on=on,
        by=thread.manager.public_id,
        words={"en": {"reason": "The council meets sooner."}},
        now=thread.now,
    )

    shown = text_of(as_(thread.boss).get(PUBLIC))
    assert f"Moved since to {said(on)}" in shown
    assert (
        f"People can speak to {said(thread.engagement.closes)} , after the decision on {said(on)} ." in shown
    )
    assert (
        f"The answer is due on {said(thread.engagement.answer_by)} , after the decision on {said(on)} ."
        in shown
    )
