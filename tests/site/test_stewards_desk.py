"""The steward's desk is one screen: what waits, what is owed and what comes, each with its owner and next step."""

from datetime import time, timedelta

import pytest

from alongside.chain.asks import actions as asks
from alongside.cohort.seats import actions as seats
from alongside.cohort.seats.models import PutOff
from alongside.cohort.training import actions as training
from alongside.cohort.training.models import Session
from tests.cohort.seats import cast
from tests.promises.attempts import as_
from tests.support.remembering import this_hour
from tests.support.thread import Thread
from tests.work.engagements.test_drafting import text_of

BASE = "/riverbend/en"
DESK = f"{BASE}/steward/"


@pytest.fixture
def thread(db):
    return Thread(now=this_hour()).to_open_engagement()


def shown(thread):
    return as_(thread.steward).get(DESK).context


def days_of(thread, ahead):
    return thread.now.date() + timedelta(days=ahead)


def session(thread, ahead=20):
    now, titles = thread.now, {"en": "Listening"}
    track = training.begin_track(
        program=thread.program, slug="listening", audience="leads", titles=titles, now=now
    )
    words = {"en": {"title": "Asking people", "about": "How."}}
    course = training.write_course(track=track, slug="asking", words=words, now=now)
    Session.objects.create(
        course=course,
        on=days_of(thread, ahead),
        starts=time(18, 0),
        ends=time(19, 0),
        where="The hall",
        lang="en",
        scheduled_on=thread.now.date(),
    )


def decision(thread, ahead=30):
    project = thread.register_project("lights", "Street lights", "Which.")
    given = {"decision": "Which lights", "still_open": "The color.", "project": project}
    thread.schedule_decision("which", on=days_of(thread, ahead), **given)


def test_meetings_sessions_decisions_promises_and_last_days_stand_by_day_with_who_does_what_next(thread):
    cast.meet(thread, days=10)
    session(thread)
    decision(thread)
    thread.answer(thread.recommend(thread.find()))

    dates = shown(thread)["dates"]

    assert [one.due for one in dates] == sorted(one.due for one in dates)
    found = {one.heading: (one.owner, one.step) for one in dates}
    assert {
        name: found.get(name)
        for name in ("Meeting: About first", "Training: Asking people", "Decision: Street lights")
    } == {
        "Meeting: About first": ("The community leads", "Read the agenda, and come."),
        "Training: Asking people": ("You", "Hold it, and note who came."),
        "Decision: Street lights": (
            "Libraries and Halls Unit",
            "Take the Public Involvement Statement along.",
        ),
    }
    kinds = sorted(name.partition(":")[0] for name in found)
    assert kinds == ["Decision", "Last day to speak", "Meeting", "Promised", "Training"]


def test_a_promised_step_stands_there_until_two_leads_have_to_look(thread):
    commitment = thread.answer(thread.recommend(thread.find()))[-1]

    def steps():
        return [
            (one.heading, one.owner, one.step)
            for one in shown(thread)["dates"]
            if one.heading.endswith("Set it everywhere.")
        ]

    office = "Libraries and Halls Unit, Manager"
    promised = ("Promised: Set it everywhere.", office, "Do it, and say so with what shows it.")
    assert steps() == [promised]
    thread.claim(commitment)
    assert steps() == [("Check what was delivered: Set it everywhere.", "Two leads", "Go and look.")]


def test_leads_without_an_agreement_about_pay_wait_there_and_what_is_late_comes_first(db):
    thread = Thread(now=this_hour() - timedelta(days=50)).to_open_engagement()
    seats.leave_seat(seat=thread.third_lead, on=thread.now.date(), reason="", now=thread.now)
    thread.later(50)

    items = shown(thread)["queue"].waits

    assert [one.step.text for one in items if one.step.heading == "Agree on pay"] == [
        "2 leads can log no hours before it is written. For 2 places it should be written already."
    ]
    assert [one.state for one in items] == sorted((one.state for one in items), key=lambda one: one != "late")
    assert [one.step.heading for one in items[:2]] == ["Agree on pay", "Fill an empty place"]


def test_a_long_list_of_questions_hides_nothing_else_on_the_desk(thread):
    lines = [f"How many in street {number}?" for number in range(8)]
    asks.question_many(
        program=thread.program,
        seat=thread.first_lead.public_id,
        office=thread.manager.public_id,
        title="Cameras",
        questions=[(one, one) for one in lines],
        lang="en",
        now=thread.now,
    )

    page = as_(thread.steward).get(DESK)

    assert (len(page.context["owed"]), page.context["folded"]) == (1, [])
    assert "8 questions" in text_of(page)


def test_whatever_stands_on_the_desk_names_an_owner_and_a_next_step(thread):
    cast.adopt(thread)
    cast.meet(thread, days=-3)
    session(thread, ahead=-2)
    decision(thread)
    thread.answer(thread.recommend(thread.find()))

    context = shown(thread)

    mine = [one.step for one in context["queue"].waits]
    rows = [*mine, *context["late_steps"], *context["others"], *context["dates"]]
    assert len(rows) > 5
    assert [one.heading for one in rows if not (one.owner and one.step)] == []


def test_only_what_the_steward_does_waits_for_them_and_the_rest_stands_with_its_owner(thread):
    cast.adopt(thread)
    cast.meet(thread, days=-3)

    context = shown(thread)

    assert {str(one.step.owner) for one in context["queue"].waits} == {"You"}
    assert [(one.heading, str(one.owner)) for one in context["others"] if "Minutes" in one.heading] == [
        ("Minutes: About first", "The community leads")
    ]


def test_a_step_is_set_aside_by_the_steward_for_themselves_and_comes_back_by_itself(thread):
    cast.adopt(thread)
    steward = as_(thread.steward)
    (row,) = [one for one in shown(thread)["queue"].waits if one.step.heading == "Sign the group agreement"]

    sent = steward.post(f"{BASE}/seat/set-aside/", {"step": row.name, "until": days_of(thread, 3)})

    assert (sent.status_code, sent["Location"]) == (302, f"{DESK}?done=chosen")
    headings = [one.step.heading for one in shown(thread)["queue"].waits]
    assert "Sign the group agreement" not in headings
    assert [one.until for one in shown(thread)["queue"].put_off] == [days_of(thread, 3)]
    assert PutOff.objects.get().person == thread.steward
    PutOff.objects.update(until=thread.now.date())
    assert "Sign the group agreement" in [one.step.heading for one in shown(thread)["queue"].waits]


def test_no_two_steps_of_the_desk_have_one_name_so_that_one_set_aside_hides_no_other(db):
    thread = Thread(now=this_hour() - timedelta(days=50)).to_open_engagement()
    for seat in (thread.second_lead, thread.third_lead):
        seats.leave_seat(seat=seat, on=thread.now.date(), reason="", now=thread.now)
    thread.later(50)

    names = [one.name for one in shown(thread)["queue"].waits]

    assert len(names) > 2
    assert sorted(set(names)) == sorted(names)


def test_the_desk_takes_as_many_queries_for_three_meetings_as_for_one(thread, django_assert_num_queries):
    for numbers in ([1], [2, 3]):
        for number in numbers:
            cast.meet(thread, f"number-{number}", days=5 + number)
        with django_assert_num_queries(FIRST):
            shown(thread)
        with django_assert_num_queries(AGAIN):
            shown(thread)


#: Of the whole page, signed in, roles included, with a decision that lies ahead: when an entry came, and after that until the next one.
FIRST, AGAIN = 43, 36
