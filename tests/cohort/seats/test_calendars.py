"""Calendars parse, keep their names, are in UTC; a person's own says no word that could hurt and ends at once."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import serializers
from django.test import Client
from icalendar import Calendar

from alongside.chain.answers import actions as answers
from alongside.cohort.meetings import actions as meetings_actions
from alongside.cohort.seats import actions
from alongside.cohort.seats.models import CalendarKey
from alongside.desks.calendars import Dated, lately, write_calendar
from tests.cohort.seats import cast
from tests.support.remembering import this_hour
from tests.support.thread import Thread
from tests.work import cast as work
from tests.work.engagements.test_drafting import as_

PUBLIC = "/riverbend/en/calendar.ics"


@pytest.fixture
def thread(db):
    return cast.program()


def events(response) -> list:
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


def own(thread, person) -> str:
    token = actions.make_calendar_key(person=person, program=thread.program, on=thread.now.date())
    return f"/riverbend/en/calendar/{token}.ics"


def test_the_public_feed_parses_with_hours_in_utc(thread):
    meeting = cast.meet(thread, days=4)

    (event,) = events(Client().get(PUBLIC))

    assert str(event["SUMMARY"]) == "About first"
    assert str(event["LOCATION"]) == "The hall"
    assert event.decoded("DTSTART") == meeting.starts_at.replace(microsecond=0)
    assert event.decoded("DTSTART").utcoffset() == timedelta(0)
    assert b"TZID" not in event.to_ical()
    assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(hours=2)


def test_a_moved_and_a_cancelled_meeting_keep_their_name(thread):
    meeting = cast.meet(thread, days=4)
    (before,) = events(Client().get(PUBLIC))
    starts = meeting.starts_at + timedelta(days=3)
    meetings_actions.move_meeting(
        meeting=meeting,
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        place="",
        by="steward",
        now=thread.now,
    )
    (moved,) = events(Client().get(PUBLIC))
    meetings_actions.cancel_meeting(meeting=meeting, by="steward", now=thread.now)
    (gone,) = events(Client().get(PUBLIC))

    assert before["UID"] == moved["UID"] == gone["UID"]
    assert moved.decoded("DTSTART") == starts.replace(microsecond=0)
    assert [str(one["STATUS"]) for one in (before, moved, gone)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [int(one["SEQUENCE"]) for one in (before, moved, gone)] == [0, 1, 2]


def test_what_is_over_stays_in_the_public_feed_for_ninety_days(thread):
    today = date(2027, 4, 1)
    days = [today - timedelta(days=over) for over in (90, 91, -400)]

    kept = lately([Dated(str(day), "Decision", day, day) for day in days], today)

    assert [one.starts for one in kept] == [days[0], days[2]]


def test_the_same_dates_give_the_same_bytes(thread):
    cast.meet(thread, days=4)

    assert Client().get(PUBLIC).content == Client().get(PUBLIC).content


def test_the_public_feed_holds_decisions_and_promised_days_and_no_person(db):
    thread = work.opened()

    found = {str(one["SUMMARY"]) for one in events(Client().get(PUBLIC))}

    assert found == {
        "Decision: How long records of public computers are kept",
        "Last day to speak: What should library computers remember about you?",
        "People hear back: What should library computers remember about you?",
    }
    assert thread.first_lead.public_id not in Client().get(PUBLIC).content.decode()


def test_a_persons_own_feed_says_no_topic_no_place_no_program(db):
    thread = work.opened()
    cast.meet(thread, "immigration", days=4, place="The hall")

    reply = Client().get(own(thread, thread.first_lead.person))
    text = reply.content.decode().lower()

    assert sorted({str(one["SUMMARY"]) for one in events(reply)}) == ["Due", "Last day", "Meeting"]
    for word in (
        "immigration",
        "hall",
        "riverbend",
        "library",
        "lead",
        "cohort",
        "alongside",
        "seat-",
        "http",
    ):
        assert word not in text


def test_the_term_ends_on_its_day(thread):
    (event,) = events(Client().get(own(thread, thread.first_lead.person)))

    assert event.decoded("DTSTART") == date(2027, 12, 31)


def test_an_offices_feed_holds_the_day_of_what_it_owes_next(db):
    thread = Thread(now=this_hour()).to_open_engagement()

    def due():
        return [one.decoded("DTSTART") for one in events(Client().get(own(thread, thread.boss)))]

    ask = thread.recommend(thread.find())
    assert due() == [date.fromisoformat(ask.data["answer_due"])]
    (given,) = thread.answer(ask, "declined")
    assert due() == []
    seat = thread.first_lead.public_id
    say = {"words": "Say why.", "lang": "en", "program": thread.program, "now": thread.now}
    contest = answers.contest(answer=given.index, seat=seat, **say)
    assert due() == [date.fromisoformat(contest.data["reply_due"])]


def test_an_address_is_ended_at_once_and_a_new_one_ends_the_old(thread):
    person = thread.first_lead.person
    old = own(thread, person)
    new = own(thread, person)
    assert [Client().get(old).status_code, Client().get(new).status_code] == [404, 200]

    as_(person).post("/riverbend/en/seat/calendar/", {"revoke": "1"})

    assert Client().get(new).status_code == 404


def test_the_address_is_shown_once_and_only_its_hash_is_kept(thread):
    client = as_(thread.first_lead.person)
    page = "/riverbend/en/seat/calendar/"
    shown = client.post(page, {"make": "1"}).content.decode()
    token = re.findall(r"/calendar/([-_\w]+)\.ics", shown)[0]

    assert Client().get(f"/riverbend/en/calendar/{token}.ics").status_code == 200
    assert token not in serializers.serialize("json", CalendarKey.objects.all())
    assert token not in client.get(page).content.decode()


def test_nothing_keeps_a_private_feed_and_no_guess_opens_one(thread):
    assert Client().get(own(thread, thread.first_lead.person))["Cache-Control"] == "private, no-store"
    assert Client().get(f"/riverbend/en/calendar/{'a' * 32}.ics").status_code == 404


def test_a_suspended_lead_sees_no_dates(thread):
    cast.meet(thread, days=4)
    address = own(thread, thread.first_lead.person)
    assert len(events(Client().get(address))) == 2

    actions.suspend_seat(seat=thread.first_lead, ground="A complaint is looked into.", now=thread.now)

    assert events(Client().get(address)) == []


@pytest.mark.parametrize("words", ["Commas, semicolons; and \\ and\nlines", "لقاء 🌍", "x" * 300])
def test_any_words_survive_the_way_there_and_back(words):
    feed = write_calendar(
        name="n",
        product="-//a//b//EN",
        origin="o",
        lang="en",
        dates=[Dated("k", words, datetime(2026, 3, 8, 9, tzinfo=UTC), date(2026, 1, 1))],
    )

    (event,) = Calendar.from_ical(feed).walk("VEVENT")
    assert str(event["SUMMARY"]) == words
    assert max(len(line) for line in feed.split(b"\r\n")) <= 75
