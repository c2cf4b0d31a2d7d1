"""Promises 2, 3 and 5: one person has one seat at a time, and no word of the steward, in no seat, silences a "not kept"."""

from datetime import timedelta

import pytest

from alongside.cohort.seats import actions as seats
from alongside.cohort.seats.models import Seat
from alongside.core.entries import GrammarError
from alongside.core.refusals import Refused
from alongside.ground.people.models import Person
from alongside.ground.record.models import LogEntry
from tests.promises.attempts import BASE, as_, today
from tests.promises.test_kept_means_verified import claimed, following, over, verify
from tests.support.thread import Thread

pytestmark = pytest.mark.django_db
NEW = f"{BASE}/steward/cohorts/new/"


def seats_of(person) -> int:
    return Seat.objects.filter(person=person).count()


def form(thread, *people, paid_by="outside", **more):
    day = thread.now.date()
    term = {
        "from_date": day,
        "until_date": day + timedelta(days=300),
        "name": "Once more",
        "confirmed": "yes",
    }
    rows = "\n".join(f"{one.pk},{one.email},en,{paid_by}" for one in people)
    return {**term, "people": rows, **more}


def test_a_steward_seats_no_lead_of_today_once_more(db):
    thread = Thread(now=today()).open_program()
    people = [one.person for one in (thread.first_lead, thread.second_lead)]
    before = LogEntry.objects.count()
    told = as_(thread.steward).post(NEW, form(thread, *people, paid_by=thread.unit.slug)).content.decode()
    assert "Nothing was written." in told
    assert told.count("has a place until December 31, 2027") == 2
    assert "Begin the new one on a later day" in told
    assert (LogEntry.objects.count(), seats_of(people[0])) == (before, 1)


def test_a_lead_is_seated_again_for_the_day_after_their_term(db):
    thread = Thread(now=today()).open_program()
    days = {"from_date": "2028-01-01", "until_date": "2028-12-31"}
    reply = as_(thread.steward).post(NEW, form(thread, thread.first_lead.person, **days))
    assert reply.status_code == 302
    assert seats_of(thread.first_lead.person) == 2


def test_no_action_gives_a_second_seat_in_the_same_days(db):
    thread = Thread(now=today()).open_program()
    again = following(thread, "again")
    with pytest.raises(Refused, match="has a place until December 31, 2027"):
        thread.seat(thread.first_lead.person, again)
    waits = seats.make_alternate(cohort=again, person=thread.first_lead.person, place=1)
    empty = seats.open_vacancy(cohort=again, on=thread.now.date(), now=thread.now)
    with pytest.raises(Refused, match="has a place until"):
        seats.call_up(alternate=waits, vacancy=empty, paid_by="outside", now=thread.now)
    over(thread, thread.first_lead, agrees=False)
    assert seats.call_up(alternate=waits, vacancy=empty, paid_by="outside", now=thread.now).pk


def test_a_lead_who_can_appeal_their_removal_is_not_seated_elsewhere(db):
    thread = Thread(now=today()).open_program()
    seats.remove_seat(
        seat=thread.first_lead,
        ground="absent",
        reasons="Away.",
        appeal_to=thread.manager.public_id,
        by=thread.steward,
        now=thread.now,
    )
    person = Person.objects.get(pk=thread.first_lead.person_id)
    again = following(thread, "again")
    with pytest.raises(Refused, match="can still come back"):
        thread.seat(person, again)
    thread.later(366)
    assert thread.seat(person, again, from_date=thread.now.date()).pk


def test_a_steward_who_says_at_the_seating_that_the_bureau_pays_silences_no_not_kept(db):
    thread = Thread(now=today()).to_open_engagement()
    quiet = thread.seat("quiet", paid_by=thread.unit.slug)
    thread.made = thread.claim(thread.answer(thread.recommend(thread.find()))[-1])
    page = f"{BASE}/commitments/claims/{thread.made.index}/check/"
    assert page in as_(quiet.person).get(f"{BASE}/week/").content.decode()
    with pytest.raises(Refused, match="The program coordinator said that the bureau that promised this"):
        thread.check(thread.made, quiet)
    by = sorted([thread.first_lead.public_id, quiet.public_id])
    with pytest.raises(GrammarError, match="cannot check"):
        verify(thread, by)
    assert verify(thread, by, kind="delivery.disputed", completion="limited").kind == "delivery.disputed"


def test_what_the_lead_said_or_confirmed_bars_a_not_kept(db):
    thread = claimed(today())
    seats.declare_own(seat=thread.paid, works_for="nobody", paid_by=thread.unit.slug, now=thread.now)
    by = sorted([thread.first_lead.public_id, thread.paid.public_id])
    with pytest.raises(GrammarError, match="cannot check"):
        verify(thread, by, kind="delivery.disputed", completion="limited")
    assert (
        f"claims/{thread.made.index}/check"
        not in as_(thread.paid.person).get(f"{BASE}/week/").content.decode()
    )


def test_a_new_seat_silences_nobody(db):
    thread = claimed(today())
    over(thread, thread.first_lead, agrees=False)
    person = Person.objects.get(pk=thread.first_lead.person_id)
    given = {"paid_by": thread.unit.slug, "from_date": thread.now.date()}
    again = thread.seat(person, following(thread, "again"), **given)
    thread.later(31)
    assert thread.check(thread.made, thread.second_lead, "disputed") is None
    assert thread.check(thread.made, again, "disputed").kind == "delivery.disputed"
