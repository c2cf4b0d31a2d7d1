"""Meetings: leads publish the minutes, a minority stands beside them, and people are counted in ranges."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from alongside.cohort.meetings import actions as meetings_actions
from alongside.cohort.meetings.actions import erase_attendance, erase_cancelled
from alongside.cohort.meetings.models import Attendance, Meeting, MinutesDraft
from alongside.cohort.meetings.queries import attendance_rule, could_come
from alongside.cohort.seats import actions
from alongside.core.entries import GrammarError
from alongside.core.policy.load import load_pack
from alongside.core.refusals import Refused
from alongside.ground.programs import actions as programs
from alongside.ground.programs.pack_files import shipped_pack
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import entries
from alongside.ground.texts import actions as texts_actions
from alongside.ground.ui.days import day_in_words
from tests.cohort.seats import cast
from tests.support.thread import Thread
from tests.work.engagements.test_drafting import as_, text_of

LIST = "/riverbend/en/meetings/"
#: The neutral pack without the rule that keeps names.
NO_NAMES = shipped_pack("neutral").replace('id = "attendance"', 'id = "sheets"')


@pytest.fixture
def thread(db):
    return cast.program()


def publish(thread: Thread, meeting: Meeting, **more) -> None:
    draft = cast.write(thread, meeting, **more)
    meetings_actions.publish_minutes(draft=draft, seat=thread.first_lead, now=thread.now)


def test_minutes_stand_with_decisions_minority_positions_and_a_range_of_people(thread, site_client):
    meeting = cast.meet(thread)
    publish(thread, meeting)

    text = text_of(site_client.get(f"{LIST}first/"))

    assert "Between 10 and 20 people came." in text
    assert "We meet on Mondays. Minority positions Mondays are bad." in text
    assert "Minutes We spoke." in text


@pytest.mark.parametrize("people", [0, 3, 9])
def test_fewer_than_k_says_no_number(thread, site_client, people):
    publish(thread, cast.meet(thread), people=people)

    assert "Fewer than 10 people came." in text_of(site_client.get(f"{LIST}first/"))
    assert '"people":"fewer"' in cast.log_text(thread)


def test_the_exact_headcount_is_forgotten_when_the_minutes_are_public(thread):
    publish(thread, cast.meet(thread), people=14)

    assert MinutesDraft.objects.count() == 0
    assert '"people":{"high":20,"low":10}' in cast.log_text(thread)


def test_a_planted_exact_number_is_refused_by_the_log(thread):
    meeting = cast.meet(thread)
    data = {"on": (thread.now - timedelta(days=1)).date().isoformat(), "people": 14}
    texts = {"minutes": entries.Text("en", "We spoke.")}

    with pytest.raises(GrammarError):
        thread.enter("meeting.held", [thread.first_lead.public_id], data, {"planned": [meeting.entry]}, texts)


def test_the_steward_writes_and_only_a_lead_publishes(thread):
    cast.meet(thread)
    typed = {
        "minutes": "We spoke.",
        "decisions": "One.\n\nTwo.",
        "minority": "",
        "people": "4",
        "publish": "1",
    }
    page = f"{LIST}first/minutes/"

    assert as_(thread.steward).post(page, typed).url == page
    assert "meeting.held" not in cast.kinds(thread)
    lead = as_(thread.first_lead.person)
    assert "One." in lead.get(page).content.decode()
    assert lead.post(page, typed).url == f"{LIST}first/"
    assert cast.kinds(thread)[-1] == "meeting.held"
    with pytest.raises(GrammarError):
        thread.enter("meeting.held", ["steward"], {}, {})


def test_minutes_stay_in_the_language_they_were_written_in_unless_somebody_says_otherwise(thread):
    cast.meet(thread)
    typed = {"minutes": "We spoke.", "decisions": "One.", "minority": "", "people": "4"}
    page = f"{LIST}first/minutes/"
    as_(thread.steward).post(page, typed)
    spanish, lead = page.replace("/en/", "/es/"), as_(thread.first_lead.person)
    assert 'name="lang"' in lead.get(spanish).content.decode()
    assert 'name="lang"' not in lead.get(page).content.decode()
    lead.post(spanish, typed | {"lang": "en", "publish": "1"})
    (held,) = thread.log.every("meeting.held")
    assert {one["lang"] for one in held.texts.values()} == {"en"}


def test_any_lead_says_something_beside_published_minutes(thread, site_client):
    publish(thread, cast.meet(thread), minority=[])

    sent = as_(thread.third_lead.person).post(f"{LIST}first/position/", {"words": "I was against it."})

    assert sent.url == f"{LIST}first/"
    text = text_of(site_client.get(f"{LIST}first/"))
    assert f"I was against it. Stated by Lead (place {thread.third_lead.public_id[5:9]})" in text
    assert "What leads say beside the minutes I was against it." in text
    assert "inority" not in text


def test_what_one_lead_publishes_as_decided_is_that_leads_word_until_another_confirms_it(thread, site_client):
    publish(thread, cast.meet(thread), minority=[])
    page, confirm = f"{LIST}first/", f"{LIST}first/confirm/"
    place = thread.first_lead.public_id[5:9]

    alone = text_of(site_client.get(page))
    assert "One lead says that this was decided" in alone
    assert f"Published by Lead (place {place}) on" in alone
    assert "What was decided" not in alone
    assert "by the leads" not in alone
    assert "1 decision · by one lead’s word" in text_of(site_client.get(LIST))

    writer, other = as_(thread.first_lead.person), as_(thread.second_lead.person)
    assert confirm not in writer.get(page).content.decode()
    assert "has signed these minutes; another lead confirms them." in text_of(writer.post(confirm))
    assert confirm in other.get(page).content.decode()
    assert other.post(confirm).url == page
    both = text_of(site_client.get(page))
    assert (
        f"What was decided Lead (place {thread.second_lead.public_id[5:9]}) confirmed these minutes on"
        in both
    )
    assert "One lead says" not in both
    assert "by one lead’s word" not in text_of(site_client.get(LIST))
    assert "has signed these minutes" in text_of(other.post(confirm))


def test_no_lead_of_another_cohort_confirms_minutes(thread):
    publish(thread, cast.meet(thread))
    held = Meeting.objects.get().minutes
    seat = cast.circle(thread).seats.get().public_id
    with pytest.raises(GrammarError, match="is in another cohort"):
        thread.enter("meeting.confirmed", [seat], {}, {"held": [held]})


def test_hour_and_place_are_never_on_the_record(thread):
    meeting = cast.meet(thread, place="12 Hidden Street")

    assert "Hidden" not in cast.log_text(thread)
    assert f"{meeting.starts_at:%H:%M}" not in cast.log_text(thread)


def test_another_hour_is_not_entered_another_day_is(thread, site_client):
    meeting = cast.meet(thread, days=5)
    hours = timedelta(hours=2)
    values = {"meeting": meeting, "place": "The park", "by": "steward", "now": thread.now}
    at = datetime.combine(meeting.starts_at.date(), datetime.min.time(), UTC) + timedelta(hours=18)

    meetings_actions.move_meeting(starts_at=at, ends_at=at + hours, **values)
    before = cast.kinds(thread).count("meeting.changed")
    meeting.refresh_from_db()
    meetings_actions.move_meeting(
        starts_at=at + timedelta(days=2), ends_at=at + timedelta(days=2) + hours, **values
    )

    assert cast.kinds(thread).count("meeting.changed") == before + 1
    assert "The park" in text_of(site_client.get(f"{LIST}first/"))


def test_no_lead_moves_the_hour_or_place_of_a_meeting_that_another_planned(thread):
    meeting = cast.meet(thread, days=5)
    page = f"{LIST}first/change/"
    day = {"on": (thread.now + timedelta(days=5)).date().isoformat(), "place": "Streets office"}
    early = day | {"begins": "07:00", "ends": "08:00"}

    lead = text_of(as_(thread.second_lead.person).post(page, early))
    assert "Whoever planned this meeting moves or cancels it, or the program coordinator; ask there." in lead
    assert Meeting.objects.get().place == "The hall"
    for act in (meetings_actions.move_meeting, meetings_actions.cancel_meeting):
        times = {
            "starts_at": thread.now,
            "ends_at": thread.now + timedelta(hours=1),
            "place": "Streets office",
        }
        given = times if act is meetings_actions.move_meeting else {}
        with pytest.raises(Refused, match="ask there"):
            act(meeting=meeting, by=thread.second_lead.public_id, now=thread.now, **given)


@pytest.mark.parametrize("year", [2046, 9999])
def test_no_meeting_is_planned_for_or_moved_to_a_year_that_nobody_meant(thread, year):
    meeting, before = cast.meet(thread), len(cast.kinds(thread))
    lead, typed = as_(thread.first_lead.person), {"title": "Later", "agenda": "One point.", "lang": "en"}
    typed |= {"on": f"{year}-12-31", "begins": "18:00", "ends": "20:00", "place": ""}

    pages = [lead.post(f"{LIST}new/", typed), as_(thread.steward).post(f"{LIST}first/change/", typed)]

    assert [page.status_code for page in pages] == [200, 200]
    assert all("nearer day" in text_of(page) for page in pages)
    assert (Meeting.objects.get().starts_at, len(cast.kinds(thread))) == (meeting.starts_at, before)


def test_an_older_page_does_not_move_a_meeting_back(thread):
    cast.meet(thread, days=5)
    page, steward = f"{LIST}first/change/", as_(thread.steward)
    opened = dict(re.findall(r'name="(version)" value="([^"]*)"', steward.get(page).content.decode()))
    day = {"on": (thread.now + timedelta(days=5)).date().isoformat(), "begins": "07:00", "ends": "08:00"}

    assert steward.post(page, day | opened | {"place": "The park"}).status_code == 302
    assert steward.post(page, day | opened | {"place": "The park"}).status_code == 302  # pressed twice
    shown = text_of(steward.post(page, day | opened | {"place": "The hall"}))
    assert "Somebody saved this while your page was open. Read both, then save again." in shown
    assert ("The park" in shown, Meeting.objects.get().place) == (True, "The park")


def test_a_lead_is_led_to_move_or_cancel_only_what_they_planned(thread):
    cast.meet(thread, days=3)
    lead = as_(thread.first_lead.person)
    assert "Move or cancel" not in text_of(lead.get(f"{LIST}first/"))
    assert "Move or cancel" in text_of(as_(thread.steward).get(f"{LIST}first/"))

    said = text_of(lead.post(f"{LIST}first/change/", {"cancel": "1"}))

    assert "Whoever planned this meeting moves or cancels it, or the program coordinator" in said
    assert "meeting.changed" not in cast.kinds(thread)


def test_a_cancelled_meeting_has_no_minutes(thread):
    meeting = cast.meet(thread, days=3)
    as_(thread.steward).post(f"{LIST}first/change/", {"cancel": "1"})

    with pytest.raises(Refused, match="This meeting was held or cancelled. Plan a new one."):
        cast.write(thread, meeting)
    assert "This meeting was cancelled." in text_of(as_(thread.steward).get(f"{LIST}first/"))


def test_minutes_of_a_cancelled_meeting_are_read_for_the_days_of_messages_and_then_erased(thread):
    meeting, other = cast.meet(thread), cast.meet(thread, "second")
    for one in (meeting, other):
        cast.write(thread, one, by=thread.first_lead.public_id)
    meetings_actions.cancel_meeting(meeting=meeting, by="steward", now=thread.now)
    days = pack_of(thread.program).charter.message_kept_days
    meeting.refresh_from_db()
    gone = meeting.cancelled_on + timedelta(days=days)
    lead = as_(thread.second_lead.person)

    shown = text_of(lead.get(f"{LIST}first/"))
    assert (
        f"You can read them until {day_in_words(gone - timedelta(days=1))} ; then they are erased." in shown
    )
    page = lead.get(f"{LIST}first/minutes/")
    assert "Nobody can change or publish its minutes." in text_of(page)
    assert ["Mondays are bad." in text_of(page), "Keep as draft" in text_of(page)] == [True, False]
    assert erase_cancelled(program=thread.program, today=gone - timedelta(days=1)) == 0

    held = texts_actions.place_hold(program=thread.program, ground="A court.", by="steward", now=thread.now)
    assert erase_cancelled(program=thread.program, today=gone) == 0
    texts_actions.lift_hold(program=thread.program, hold=held.index, by="steward", now=thread.now)
    assert erase_cancelled(program=thread.program, today=gone) == 1
    assert [one.meeting for one in MinutesDraft.objects.all()] == [other]
    assert "You can read them" not in text_of(lead.get(f"{LIST}first/"))


@pytest.mark.parametrize("days", [0, 3])
def test_a_meeting_that_is_not_over_has_no_public_minutes(thread, days):
    draft = cast.write(thread, cast.meet(thread, days=days))

    with pytest.raises(Refused, match="This meeting is not over yet"):
        meetings_actions.publish_minutes(draft=draft, seat=thread.first_lead, now=thread.now)


def test_names_are_kept_under_a_rule_until_its_day_and_never_on_the_record(thread):
    meeting = cast.meet(thread)
    cast.write(thread, meeting, came=[thread.first_lead, thread.second_lead])
    due = Attendance.objects.first().erase_by

    erase_attendance(program=thread.program, today=(thread.now + timedelta(days=360)).date())
    before = Attendance.objects.count()
    erase_attendance(program=thread.program, today=due)

    assert (before, Attendance.objects.count()) == (2, 0)
    assert due.year == (thread.now - timedelta(days=1)).year + 1


def test_only_leads_whose_seat_ran_on_the_day_of_a_meeting_are_offered_as_those_who_came(thread):
    meeting, seat = cast.meet(thread, days=0), thread.third_lead
    actions.leave_seat(seat=seat, on=thread.now.date(), reason="", now=thread.now)

    assert could_come(meeting, thread.now.date()) == [thread.first_lead, thread.second_lead]


def test_a_legal_hold_keeps_names_until_it_is_lifted(thread):
    meeting = cast.meet(thread)
    cast.write(thread, meeting, came=[thread.first_lead])
    late = thread.now + timedelta(days=800)
    hold = texts_actions.place_hold(
        program=thread.program, ground="A court asked.", by="steward", now=thread.now
    )

    erase_attendance(program=thread.program, today=late.date())
    held = Attendance.objects.count()
    texts_actions.lift_hold(program=thread.program, hold=hold.index, by="steward", now=late)
    erase_attendance(program=thread.program, today=late.date())

    assert (held, Attendance.objects.count()) == (1, 0)


def test_without_a_rule_names_are_neither_asked_nor_kept(thread):
    programs.adopt_pack(program=thread.program, text=NO_NAMES, on=thread.now.date())
    meeting = cast.meet(thread)

    page = text_of(as_(thread.steward).get(f"{LIST}first/minutes/"))

    assert attendance_rule(load_pack(NO_NAMES)) is None
    assert "Which leads came?" not in page
    with pytest.raises(Refused, match="No rule of the program keeps the names of those who came"):
        cast.write(thread, meeting, came=[thread.first_lead])


@pytest.mark.usefixtures("both_databases")
def test_the_database_keeps_no_name_without_its_rule():
    thread = cast.program()
    meeting = cast.meet(thread)

    with pytest.raises(IntegrityError, match="attendance_names_the_rule_that_keeps_it"):
        Attendance.objects.create(
            meeting=meeting, seat=thread.first_lead, rule="", erase_by=thread.now.date()
        )


@pytest.mark.usefixtures("both_databases")
def test_a_whole_meeting_walks_on_both_databases():
    thread = cast.program()
    publish(thread, cast.meet(thread), came=[thread.first_lead])

    assert cast.kinds(thread)[-2:] == ["meeting.planned", "meeting.held"]


def test_a_lead_plans_a_meeting_and_its_hours_are_the_programs_own(thread, site_client):
    typed = {
        "title": "A walk",
        "agenda": "Look.",
        "on": "2027-01-12",
        "begins": "18:00",
        "ends": "20:00",
        "place": "",
    }

    made = as_(thread.first_lead.person).post(f"{LIST}new/", typed)

    assert made.url == f"{LIST}2027-01-12-a-walk/"
    assert Meeting.objects.get().starts_at == datetime(2027, 1, 13, 0, 0, tzinfo=UTC)
    assert "6 p.m. – 8 p.m. (CST)" in text_of(site_client.get(made.url))


def test_an_end_before_the_beginning_is_refused_with_what_was_typed(thread):
    typed = {"title": "A walk", "agenda": "Look.", "on": "2027-01-12", "begins": "18:00", "ends": "17:00"}

    response = as_(thread.steward).post(f"{LIST}new/", typed)

    assert "The end is before the beginning; choose a later hour." in text_of(response)
    assert 'value="A walk"' in response.content.decode()


def test_the_list_of_three_takes_as_many_queries_as_the_list_of_one(thread, site_client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert site_client.get(LIST).status_code == 200
        return len(seen)

    publish(thread, cast.meet(thread))
    one = queries()
    publish(thread, cast.meet(thread, "second"))
    publish(thread, cast.meet(thread, "third"))

    assert (one, queries()) == (7, 7)


def test_a_lead_plans_meetings_of_their_own_cohort_and_publishes_its_minutes_beside_another(thread):
    cast.circle(thread)
    lead = as_(thread.first_lead.person)
    sent = {
        "title": "Spring",
        "agenda": "One point.",
        "on": (thread.now.date() - timedelta(days=1)).isoformat(),
    }
    sent |= {"begins": "07:00", "ends": "08:00", "place": "The hall"}
    assert lead.post(f"{LIST}new/", sent).status_code == 302
    meeting = Meeting.objects.get()
    assert meeting.cohort == thread.first_lead.cohort
    publish(thread, meeting)


def test_the_record_takes_no_meeting_that_a_lead_plans_for_another_cohort(thread):
    other = cast.circle(thread)
    data = {"meeting": "spring", "cohort": other.slug, "on": thread.now.date().isoformat()}
    texts = {name: entries.Text("en", "One point.") for name in ("title", "agenda")}
    with pytest.raises(GrammarError, match="is in another cohort"):
        thread.enter("meeting.planned", [thread.first_lead.public_id], data, {"cohort": [other.entry]}, texts)
