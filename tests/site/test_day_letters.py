"""Letters about a coming day, a waiting alarm and a federal request go once, and say nothing of what it is about."""

from datetime import time, timedelta

import pytest
from django.core.management import call_command

from alongside.cohort.meetings import actions as meetings_actions
from alongside.cohort.messages import actions as messages_actions
from alongside.cohort.seats import actions
from alongside.cohort.seats import actions as seats_actions
from alongside.cohort.seats.models import Reminded
from alongside.cohort.training.models import Course, Session, Track
from alongside.ground.directory.models import FederalRequest
from alongside.ground.people.actions import make_person
from alongside.ground.record.models import MilestoneStanding
from alongside.site.ticking import tick_program
from tests.cohort.seats import cast
from tests.cohort.seats.care_cast import CANARY, hearer, raise_alarm
from tests.ground.directory.test_federal_requests import asked
from tests.promises import test_kept_means_verified as checking
from tests.work.engagements.test_drafting import as_, text_of


@pytest.fixture
def thread(db):
    return cast.program()


def letters(thread, mailoutbox, days=0):
    """Let days pass, tick twice, let the worker send; give whom each letter went to, with its words."""
    thread.later(days)
    for _each in range(2):
        tick_program(thread.program, thread.now)
    call_command("db_worker", queue_name="*", batch=True, interval=0, verbosity=0, startup_delay=False)
    found = [(one.to[0].partition("@")[0], one.subject, one.body) for one in mailoutbox]
    mailoutbox.clear()
    return found


def to_whom(found):
    return sorted(who for who, _subject, _body in found)


LEADS = ["first.lead", "second.lead", "third.lead"]


def test_leads_are_told_of_a_meeting_two_days_before_and_anew_when_it_moves(thread, mailoutbox):
    meeting = cast.meet(thread, days=4, place=CANARY)
    assert letters(thread, mailoutbox, days=1) == []
    found = letters(thread, mailoutbox, days=1)
    assert to_whom(found) == LEADS
    assert all("We meet on" in subject and CANARY not in body for _who, subject, body in found)
    assert letters(thread, mailoutbox, days=1) == []

    moved = meeting.starts_at + timedelta(hours=2)
    given = {"starts_at": moved, "ends_at": moved + timedelta(hours=1), "place": "The hall"}
    meetings_actions.move_meeting(meeting=meeting, by="steward", now=thread.now, **given)
    assert to_whom(letters(thread, mailoutbox)) == LEADS

    # Back at the hour that they were told first, and then to another place
    back = {"starts_at": meeting.starts_at, "ends_at": meeting.ends_at}
    for place in ("The hall", "The library"):
        meetings_actions.move_meeting(meeting=meeting, by="steward", now=thread.now, **back, place=place)
        assert to_whom(letters(thread, mailoutbox)) == LEADS

    meetings_actions.cancel_meeting(meeting=meeting, by="steward", now=thread.now)
    found = letters(thread, mailoutbox)
    assert to_whom(found) == LEADS
    assert all("We do not meet on" in subject and CANARY not in body for _who, subject, body in found)
    assert letters(thread, mailoutbox) == []


def test_nobody_is_told_of_a_meeting_that_was_cancelled_or_is_over(thread, mailoutbox):
    meetings_actions.cancel_meeting(meeting=cast.meet(thread, days=1), by="steward", now=thread.now)
    cast.meet(thread, "earlier", days=-1)
    assert letters(thread, mailoutbox) == []


def test_leads_are_told_of_a_session_of_a_course(thread, mailoutbox):
    track = Track.objects.create(program=thread.program, slug="listening", audience="leads", texts=[])
    course = Course.objects.create(track=track, slug="asking", place=1, texts=[])
    Session.objects.create(
        course=course,
        on=thread.now.date() + timedelta(days=2),
        starts=time(23, 0),
        ends=time(23, 30),
        where=CANARY,
        lang="en",
        scheduled_on=thread.now.date(),
    )
    found = letters(thread, mailoutbox)
    assert to_whom(found) == LEADS
    assert all(CANARY not in body and "asking" not in body for _who, _subject, body in found)


def test_an_alarm_that_nobody_answers_is_told_again_to_whom_the_charter_names(thread, mailoutbox):
    cast.adopt(thread)
    named = hearer(thread)
    for one in thread.leads:
        seats_actions.declare_payer(seat=one, paid_by="nobody", now=thread.now)  # no letter about their pay
    alarm = raise_alarm(thread)
    letters(thread, mailoutbox)  # the first knock
    assert letters(thread, mailoutbox, days=4) == []
    found = letters(thread, mailoutbox, days=1)  # half of its ten days
    assert to_whom(found) == ["hearer"]
    assert all("alarm" not in subject + body and CANARY not in body for _who, subject, body in found)
    messages_actions.take_alarm(alarm=alarm, by=named, now=thread.now)
    letters(thread, mailoutbox)  # the lead hears that it was read
    late = letters(thread, mailoutbox, days=6)  # past its day, and not closed: the lead can hand it on
    assert to_whom(late) == ["first.lead", "hearer"]
    assert letters(thread, mailoutbox, days=5) == []
    assert to_whom(letters(thread, mailoutbox, days=1)) == ["hearer"]  # a week later
    messages_actions.close_alarm(alarm=alarm, done="We spoke.", lang="en", by=named, now=thread.now)
    letters(thread, mailoutbox)
    assert letters(thread, mailoutbox, days=7) == []
    thread.later(366)
    messages_actions.erase_words(program=thread.program, today=thread.now.date())
    assert Reminded.objects.count() == 0


def test_a_removed_lead_is_told_that_something_waits_and_finds_the_appeal_then_its_decision(
    thread, mailoutbox
):
    removal = actions.remove_seat(
        seat=thread.third_lead,
        ground="harm",
        reasons="Why.",
        appeal_to=cast.OFFICE,
        by=thread.steward,
        now=thread.now,
    )

    found = letters(thread, mailoutbox)
    inbox = as_(thread.third_lead.person).get("/riverbend/en/messages/").content.decode()
    assert letters(thread, mailoutbox, days=1) == []
    made = actions.appeal(removal=removal, words="It was not me.", now=thread.now)
    by = make_person(email="decider@riverbend.example")
    actions.decide_appeal(removal=made, by=by, decision="stands", reasons="It was.", now=thread.now)

    assert to_whom(found) == ["third.lead"]
    assert ["removed" in body.lower() or "seat" in body.lower() for _who, _subject, body in found] == [False]
    assert "/riverbend/en/seat/appeal/" in inbox
    assert to_whom(letters(thread, mailoutbox)) == ["third.lead"]


@pytest.mark.parametrize("email", ["fourth.lead@riverbend.example", None])
def test_an_alternate_who_is_called_up_is_told_that_something_waits_and_finds_their_seat(
    thread, mailoutbox, email
):
    vacancy = actions.open_vacancy(cohort=cast.cohort(thread), on=thread.now.date(), now=thread.now)
    given = {"email": email, "called": "An alternate", "language": "en", "now": thread.now}
    alternate = actions.add_alternate(cohort=cast.cohort(thread), **given)
    new = actions.call_up(alternate=alternate, vacancy=vacancy, paid_by="outside", now=thread.now)
    page = "/riverbend/en/steward/people/"
    before = text_of(as_(thread.steward).get(page))
    found = letters(thread, mailoutbox)
    after = text_of(as_(thread.steward).get(page))

    assert to_whom(found) == (["fourth.lead"] if email else [])
    assert ["seat" in (subject + body).lower() for _who, subject, body in found] == [False] * len(found)
    assert "You have a place now." in text_of(as_(new.person).get("/riverbend/en/messages/"))
    week = as_(new.person).get("/riverbend/en/week/")
    first = [one.step.heading for one in week.context["queue"].waits if one.step.is_first]
    assert first == ["Make your key", "You have a place now", "Ask what you do not know yet"]
    assert [one.step.heading for one in week.context["queue"].waits][: len(first)] == first
    assert "/riverbend/en/messages/write/?to=steward" in week.content.decode()
    assert "You have a place now" not in text_of(as_(thread.first_lead.person).get("/riverbend/en/messages/"))
    assert ("A letter goes to them within minutes" in before, "A letter went to them on" in after) == (
        bool(email),
        bool(email),
    )
    assert ("No letter can go: we have no address of this lead." in after) == (email is None)
    assert letters(thread, mailoutbox, days=1) == []


def test_a_federal_request_sends_its_letter_to_whom_the_pack_names_and_the_page_says_so(thread, mailoutbox):
    one = asked(thread)
    page = f"/riverbend/en/federal/requests/{one.key}/"
    assert "A letter goes to them within minutes" in text_of(as_(thread.staff).get(page))
    found = letters(thread, mailoutbox)
    assert to_whom(found) == [thread.boss.email.split("@")[0]]
    assert all("federal" not in (subject + body).lower() for _who, subject, body in found)
    assert "A letter went to them on" in text_of(as_(thread.staff).get(page))
    assert page in as_(thread.boss).get("/riverbend/en/messages/").content.decode()
    assert page not in as_(thread.first_lead.person).get("/riverbend/en/messages/").content.decode()


def test_where_nobody_holds_the_offices_no_letter_is_said_to_have_gone(thread, mailoutbox):
    from alongside.ground.programs.models import Post

    Post.objects.filter(person=thread.boss).update(until_date=thread.now.date() - timedelta(days=1))
    one = asked(thread)
    assert letters(thread, mailoutbox) == []
    assert FederalRequest.objects.get().routed_on is None
    page = text_of(as_(thread.staff).get(f"/riverbend/en/federal/requests/{one.key}/"))
    assert "No letter can go: nobody holds these offices" in page


def test_former_leads_who_agreed_are_told_of_a_check_and_again_before_its_last_day(db, mailoutbox):
    thread = checking.claimed()
    checking.over(thread, thread.first_lead)
    checking.over(thread, thread.second_lead, agrees=False)
    checking.over(thread, thread.paid)  # the unit that promised paid their seat

    found = letters(thread, mailoutbox)
    assert to_whom(found) == ["first.lead"]
    assert all("check" not in (subject + body).lower() for _who, subject, body in found)
    page = "/riverbend/en/commitments/checks/"
    inbox = {one: as_(one.person).get("/riverbend/en/messages/").content.decode() for one in seats_of(thread)}
    assert [page in inbox[one] for one in seats_of(thread)] == [True, False, False]

    until = MilestoneStanding.objects.get().verify_due - thread.now.date()
    found = letters(thread, mailoutbox, days=until.days - 15)
    assert (to_whom(found), "No pay is agreed yet with 1 lead" in found[0][2]) == (["steward"], True)
    assert to_whom(letters(thread, mailoutbox, days=1)) == ["first.lead"]
    assert letters(thread, mailoutbox, days=1) == []


def test_a_former_lead_who_has_checked_or_withdrew_is_told_no_more(db, mailoutbox):
    thread = checking.claimed()
    looked, left = checking.over(thread, thread.first_lead), checking.over(thread, thread.second_lead)
    thread.check(thread.made, looked)
    seats_actions.withdraw(person=left.person, program=thread.program)

    assert letters(thread, mailoutbox) == []


def seats_of(thread):
    return thread.leads
