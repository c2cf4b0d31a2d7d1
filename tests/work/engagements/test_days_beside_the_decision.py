"""The days of an engagement and of a workplan are held against the decision: what comes after it is said before anyone signs."""

from datetime import timedelta

import pytest
from django.test import Client

from alongside.core.grammar.log import check_log
from alongside.ground.record.models import LogEntry
from alongside.work.engagements import actions
from alongside.work.projects.actions import make_decision, move_decision
from tests.work import cast
from tests.work.engagements.test_drafting import DRAFT, PUBLIC, ROOM, SIGN, as_, lead, text_of

AFTER = "These days come after the decision"


@pytest.fixture
def thread(db):
    return cast.draft()


def said(day) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def test_a_draft_whose_days_come_before_the_decision_is_not_warned_of(thread):
    for page in (ROOM, f"{DRAFT}dates/"):
        assert AFTER not in text_of(lead(thread).get(page))
    assert "after the decision" not in text_of(as_(thread.boss).get(SIGN))


def test_an_answer_that_is_due_after_the_decision_is_said_while_it_is_drafted_and_before_it_is_signed(thread):
    decided, due = thread.decision.on, thread.decision.on + timedelta(days=5)
    actions.save_draft(engagement=thread.engagement, changes={"answer_by": due})

    for page in (ROOM, f"{DRAFT}dates/", f"{DRAFT}questions/"):
        shown = text_of(lead(thread).get(page))
        assert f"{AFTER}, which is on {said(decided)}" in shown, page
        assert f"The bureau answers by {said(due)} ." in shown, page
        assert "People can speak to" not in shown.partition(AFTER)[2][:400], page
    assert f"Day of the answer: {said(due)} , after the decision on {said(decided)} ." in text_of(
        as_(thread.boss).get(SIGN)
    )
    preview = text_of(lead(thread).get(f"{DRAFT}preview/"))
    assert (
        "may decide before it hears what you said. The bureau must still answer, after the decision."
        in preview
    )


def test_a_decision_that_was_moved_forward_is_held_against_what_is_promised(thread):
    thread.make_keys().open()
    front = text_of(as_(thread.boss).get(PUBLIC))
    back, decided = said(thread.engagement.report_back), said(thread.decision.on)
    assert "after the decision" not in front
    assert (
        f"The leads have until {back} to report. The decision comes before that, on {decided} . "
        "So the City may decide before it hears what you said."
    ) in front
    before = "Here the decision comes before the leads report. The bureau must still answer what they ask."
    assert before in front
    later = thread.engagement.report_back + timedelta(days=1)
    move_decision(
        point=thread.decision,
        on=later,
        by=thread.manager.public_id,
        words={"en": {"reason": "The council meets later."}},
        now=thread.now,
    )
    front = text_of(as_(thread.boss).get(PUBLIC))
    assert f"The leads report by {back} . The decision comes after that, on {said(later)} ." in front
    assert "may decide before" not in front
    assert before not in front
    on = thread.now.date() + timedelta(days=20)
    move_decision(
        point=thread.decision,
        on=on,
        by=thread.manager.public_id,
        words={"en": {"reason": "The council meets sooner."}},
        now=thread.now,
    )

    shown = text_of(as_(thread.boss).get(PUBLIC))
    assert (
        "So what you say may come too late for it. The bureau must still answer, after the decision." in shown
    )
    assert f"Moved since to {said(on)}" in shown
    assert (
        f"Last day to speak: {said(thread.engagement.closes)} , after the decision on {said(on)} ." in shown
    )
    assert (
        f"Day of the answer: {said(thread.engagement.answer_by)} , after the decision on {said(on)} ."
        in shown
    )


def test_a_question_begins_with_its_days_without_their_year_where_that_is_no_riddle(thread):
    thread.make_keys().open()
    near = thread.now.date() + timedelta(days=120)
    far = thread.now.date() + timedelta(days=200)
    for on, told in ((near, f"{near:%B} {near.day}"), (far, said(far))):
        words = {"en": {"reason": "The council meets later."}}
        move_decision(point=thread.decision, on=on, by=thread.manager.public_id, words=words, now=thread.now)
        assert f", on {told} What can change" in text_of(as_(thread.boss).get(PUBLIC))


def test_junior_staff_neither_move_a_decision_to_a_sooner_day_nor_make_it_while_people_can_speak(thread):
    thread.make_keys().open()
    here, today = (
        f"/riverbend/en/projects/{thread.project.slug}/decisions/{thread.decision.slug}/",
        thread.now.date(),
    )
    sooner = {"on": today + timedelta(days=20), "reason": "The council meets sooner."}
    made = {"on": today, "outcome": "We decided."}
    for person in (thread.staff, thread.steward):
        for step, sent in (("move/", sooner), ("made/", made)):
            shown = as_(person).post(here + step, sent)
            assert (shown.status_code, "an office that signs for its bureau" in shown.content.decode()) == (
                200,
                True,
            )
    assert not LogEntry.objects.filter(kind__in=("decision.moved", "decision.made"))
    later = {"on": thread.decision.on + timedelta(days=9), "reason": "The council meets later."}
    assert as_(thread.staff).post(f"{here}move/", later).status_code == 302
    assert as_(thread.boss).post(f"{here}move/", sooner).status_code == 302
    assert as_(thread.boss).post(f"{here}made/", made).status_code == 302
    check_log(thread.entries(), origin=thread.program.origin)


def test_promise_and_thread_say_that_a_decision_was_made_before_people_were_heard(thread):
    thread.make_keys().open()
    pages = (PUBLIC, f"/riverbend/en/follow/{thread.promise}/")
    said_early = "before people were heard"
    assert [said_early in text_of(Client().get(one)) for one in pages] == [False, False]
    words = {"en": {"outcome": "We decided."}}
    make_decision(
        point=thread.decision, on=thread.now.date(), by=thread.manager.public_id, words=words, now=thread.now
    )
    for one in pages:
        assert said_early in text_of(Client().get(one)), one


def test_a_decision_that_is_made_after_the_last_day_to_speak_is_told_by_whoever_writes_for_the_unit(thread):
    thread.make_keys().open()
    thread.now += timedelta(days=(thread.engagement.closes - thread.now.date()).days + 1)
    words = {"en": {"outcome": "We decided."}}
    make_decision(point=thread.decision, on=thread.now.date(), by="steward", words=words, now=thread.now)
    for one in (PUBLIC, f"/riverbend/en/follow/{thread.promise}/"):
        assert "before people were heard" not in text_of(Client().get(one))
