"""Promises 1, 3: nobody shortens by a pause how long people can speak, and no city role pauses what leads hold alone."""

from datetime import date, timedelta

import pytest

from alongside.chain.voices import actions as intake
from alongside.chain.voices.queries import door_of
from alongside.core.entries import GrammarError
from alongside.ground.record.actions.entries import Draft, Text, append
from alongside.ground.record.models import LogEntry
from alongside.work.engagements import actions
from alongside.work.engagements.queries.promises import course_now
from tests.promises.attempts import BASE, accepted, as_, is_caught, size, today, without_rule
from tests.support.thread import Thread, enter_correction

pytestmark = pytest.mark.django_db
PAUSE = f"{BASE}/engagements/library-computers/pause/"


def opened(*, community: bool = False) -> Thread:
    return Thread(now=today()).open_program().draft_engagement(community=community).make_keys().open()


def turn(thread, kind, *by, **words):
    said = {name: Text("en", one) for name, one in words.items()}
    cites = {"engagement": [thread.promise]}
    draft = Draft(kind=f"engagement.{kind}", by=list(by), cites=cites, texts=said)
    return append(program=thread.program, drafts=[draft], now=thread.now)[0]


def paused(thread, *by):
    return turn(thread, "paused", *by, ground="A flood.")


def stands(thread) -> tuple[str, date]:
    """Give where the engagement stands, and its last day."""
    course = course_now(thread.engagement)
    return course.state(thread.now.date()), course.closes


def takes(thread) -> bool:
    """Say whether a voice would be taken in today."""
    door = door_of(thread.program, "library-computers")
    return door.state(thread.now.date()) == "open"


def test_the_city_pauses_nothing_that_leads_hold_alone(db):
    thread = opened(community=True)
    lead = thread.first_lead.public_id
    attempts = {
        "by the record": lambda: paused(thread, "steward"),
        "beside a lead": lambda: paused(thread, lead, "steward"),
        "by an office": lambda: paused(thread, thread.manager.public_id),
        "by the action": lambda: actions.pause(
            engagement=thread.engagement, ground="x", by="steward", now=thread.now
        ),
    }
    assert accepted(attempts) == []
    before = size()
    assert as_(thread.steward).post(PAUSE, {"ground": "Maintenance"}).status_code == 404
    assert (size(), stands(thread)[0]) == (before, "open")
    assert as_(thread.first_lead.person).post(PAUSE, {"ground": "We move house."}).status_code == 302
    assert stands(thread)[0] == "paused"
    assert accepted({"resume": lambda: turn(thread, "resumed", "steward")}) == []
    assert as_(thread.second_lead.person).post(PAUSE, {"resume": "1"}).status_code == 302
    assert stands(thread)[0] == "open"


def test_what_the_steward_pauses_alone_goes_on_after_seven_days_and_is_paused_so_once(db):
    thread = opened()
    closes = thread.engagement.closes
    paused(thread, "steward")
    assert (stands(thread), takes(thread)) == (("paused", closes + timedelta(days=7)), False)
    thread.later(6)
    assert takes(thread) is False
    thread.later(1)
    assert (stands(thread), takes(thread)) == (("open", closes + timedelta(days=7)), True)
    with pytest.raises(GrammarError, match="your side has paused this once; the other side pauses it now"):
        paused(thread, "steward")


def test_a_lead_lets_people_speak_again_whoever_paused(db):
    thread = opened()
    assert as_(thread.steward).post(PAUSE, {"ground": "A flood."}).status_code == 302
    assert as_(thread.first_lead.person).post(PAUSE, {"resume": "1"}).status_code == 302
    assert (stands(thread), takes(thread)) == (("open", thread.engagement.closes), True)
    paused(thread, thread.first_lead.public_id)
    thread.later(2)
    turn(thread, "resumed", thread.second_lead.public_id)
    assert (stands(thread), takes(thread)) == (("open", thread.engagement.closes + timedelta(days=2)), True)


def test_the_steward_ends_no_pause_of_the_leads_within_its_seven_days(db):
    thread = opened()
    lead, page = as_(thread.first_lead.person), as_(thread.steward)
    assert lead.post(PAUSE, {"ground": "They are filmed at the door."}).status_code == 302
    again = thread.now.date() + timedelta(days=7)
    shown = page.get(PAUSE).content.decode()
    assert ('name="resume"' in shown, "only a lead lets people speak again" in shown) == (False, True)
    assert 'name="resume"' in lead.get(PAUSE).content.decode()
    before = size()
    assert "only a lead lets people speak again" in page.post(PAUSE, {"resume": "1"}).content.decode()
    assert size() == before
    attempts = {
        "by the record": lambda: turn(thread, "resumed", "steward"),
        "by the command": lambda: actions.resume(engagement=thread.engagement, by="steward", now=thread.now),
    }
    assert accepted(attempts) == []
    paused(thread, "steward")
    thread.later(6)
    assert accepted({"after joining it": lambda: turn(thread, "resumed", "steward")}) == []
    assert stands(thread)[0] == "paused"
    thread.later(1)
    assert (thread.now.date(), stands(thread)[0]) == (again, "paused")
    turn(thread, "resumed", "steward")
    assert stands(thread)[0] == "open"


def test_a_pause_that_both_sides_want_lasts_until_one_ends_it_and_every_day_is_given_back(db):
    thread = opened()
    begun, closes = thread.now.date(), thread.engagement.closes
    assert as_(thread.steward).post(PAUSE, {"ground": "A flood."}).status_code == 302
    with pytest.raises(GrammarError, match="paused already"):
        paused(thread, "steward")
    assert as_(thread.first_lead.person).post(PAUSE, {"ground": "Yes, wait."}).status_code == 302
    thread.later((closes - begun).days + 30)
    assert (stands(thread)[0], takes(thread)) == ("paused", False)
    intake.publish_batches(program=thread.program, now=thread.now)
    assert LogEntry.objects.filter(kind="voices.closed").count() == 0
    turn(thread, "resumed", "steward")
    given_back = thread.now.date() - begun
    assert (stands(thread), takes(thread)) == (("open", closes + given_back), True)


def test_an_intake_does_not_end_before_the_days_of_a_pause_were_given_back(db):
    thread = opened()
    paused(thread, "steward")
    thread.later((thread.engagement.closes - thread.now.date()).days + 1)
    told = {"data": {"voices": "fewer", "withdrawn": "fewer"}, "cites": {"engagement": [thread.promise]}}
    ended = Draft(kind="voices.closed", by=["clock"], **told)
    with pytest.raises(GrammarError, match="people can speak to"):
        append(program=thread.program, drafts=[ended], now=thread.now)
    thread.later(7)
    assert append(program=thread.program, drafts=[ended], now=thread.now)[0].kind == "voices.closed"


def test_a_correction_that_is_signed_in_a_pause_takes_none_of_its_days(db):
    thread = opened()
    closes = thread.engagement.closes
    paused(thread, "steward", thread.first_lead.public_id)
    thread.later((closes - thread.now.date()).days - 1)
    both = [thread.first_lead.public_id, thread.manager.public_id]
    said = {"about": "closes", "words": "As promised.", "lang": "en", "others": {"es": "Como se dijo."}}
    for day in (closes, thread.now.date() + timedelta(days=6)):
        with pytest.raises(GrammarError, match="a day that comes sooner leaves people a week"):
            enter_correction(engagement=thread.engagement, by=both, now=thread.now, closes=day, **said)
    week = thread.now.date() + timedelta(days=7)
    enter_correction(engagement=thread.engagement, by=both, now=thread.now, closes=week, **said)
    thread.later(20)
    turn(thread, "resumed", "steward")
    assert stands(thread) == ("open", week + timedelta(days=20))


def test_a_corrected_last_day_stands_as_it_was_corrected(db):
    thread = opened()
    paused(thread, "steward")
    thread.later(8)
    later = thread.engagement.closes + timedelta(days=10)
    both = [thread.first_lead.public_id, thread.manager.public_id]
    said = {"about": "closes", "words": "One week more.", "lang": "en", "others": {"es": "Una semana."}}
    enter_correction(engagement=thread.engagement, by=both, now=thread.now, closes=later, **said)
    assert stands(thread) == ("open", later)


def test_the_page_tells_when_people_can_speak_again_and_how_far_the_last_day_moved(db):
    thread = opened()
    page = PAUSE.removesuffix("pause/")
    paused(thread, "steward")
    again = thread.now.date() + timedelta(days=7)
    shown = as_(None).get(page).content.decode()
    assert f'People can speak again on <time datetime="{again}">' in shown
    closes = thread.engagement.closes
    course = course_now(thread.engagement)
    assert course.as_promised == {"closes": closes}


def test_people_read_where_the_questions_would_stand_that_it_is_paused_and_who_paused_it(db):
    thread = opened()
    page = PAUSE.removesuffix("pause/")
    paused(thread, "steward")
    shown = as_(None).get(page).content.decode()
    assert "questions are not open now</h2>" in shown or "question is not open now</h2>" in shown
    assert shown.index("not open now</h2>") > shown.index("The promise</h2>")
    assert "The program coordinator paused it on" in shown
    turn(thread, "resumed", "steward")
    paused(thread, thread.first_lead.public_id)
    shown = as_(None).get(page).content.decode()
    assert "Community leads paused it on" in shown and "coordinator paused it" not in shown


def test_what_leads_ask_after_a_pause_is_due_on_the_day_that_the_page_names(db):
    thread = Thread(now=today()).open_program().draft_engagement()
    soon = thread.engagement.closes + timedelta(days=5)
    actions.save_draft(engagement=thread.engagement, changes={"answer_by": soon, "report_back": soon})
    thread.make_keys().open().later(20)
    paused(thread, "steward", thread.first_lead.public_id)
    thread.later(20)
    turn(thread, "resumed", "steward")
    named = course_now(thread.engagement).answer_by
    assert named is not None and named == thread.engagement.closes + timedelta(days=20) > soon
    asked = thread.recommend(thread.find())
    assert asked.data["answer_due"] == named.isoformat()
    late = {**asked.data, "answer_due": (named + timedelta(days=1)).isoformat()}
    with pytest.raises(GrammarError, match="due by"):
        thread.enter(
            asked.kind, list(asked.by), late, asked.cites, {"title": Text("en", "a"), "ask": Text("en", "b")}
        )


@pytest.mark.parametrize("side", ["steward", "leads"])
def test_a_side_that_paused_once_alone_is_offered_no_second_pause(db, side):
    thread = opened()
    actor, person = {
        "steward": ("steward", thread.steward),
        "leads": (thread.first_lead.public_id, thread.second_lead.person),
    }[side]
    assert 'name="ground"' in as_(person).get(PAUSE).content.decode()
    paused(thread, actor)
    turn(thread, "resumed", actor)
    shown = as_(person).get(PAUSE).content.decode()
    assert 'name="ground"' not in shown
    assert "on their own once" in shown or "on your own once" in shown
    other = thread.first_lead.person if side == "steward" else thread.steward
    assert 'name="ground"' in as_(other).get(PAUSE).content.decode()


@pytest.mark.parametrize(
    ("kind", "test", "says"),
    [
        ("engagement.paused", test_the_city_pauses_nothing_that_leads_hold_alone, "by the record"),
        (
            "engagement.paused",
            test_what_the_steward_pauses_alone_goes_on_after_seven_days_and_is_paused_so_once,
            "DID NOT RAISE GrammarError",
        ),
        ("engagement.resumed", test_the_city_pauses_nothing_that_leads_hold_alone, "resume"),
        (
            "engagement.resumed",
            test_the_steward_ends_no_pause_of_the_leads_within_its_seven_days,
            "only a lead lets people speak again",
        ),
    ],
)
def test_a_planted_violation_is_caught(db, monkeypatch, kind, test, says):
    without_rule(monkeypatch, kind, "is_paused_by_who_may")
    is_caught(says, test, None)
