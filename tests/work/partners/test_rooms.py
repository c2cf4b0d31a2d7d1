"""The leads and the staff of a project talk in one room; nobody else sees it, and a letter says only that something waits."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alongside.cohort.seats import actions as seats
from alongside.core.refusals import Refused
from alongside.ground.people.actions import make_person
from alongside.ground.programs.actions import give_office
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.models import LogEntry
from alongside.ground.texts import actions as record
from alongside.site import mail
from alongside.work.partners import actions
from alongside.work.partners.models import Owed, Room, Said, Unread
from alongside.work.partners.queries import people_in
from alongside.work.projects import actions as projects
from tests.promises.attempts import as_
from tests.promises.test_what_leads_leave_to_others import paid
from tests.support.mail import text_of as words_of
from tests.support.pages import nonce_of
from tests.work.engagements.test_drafting import text_of
from tests.work.partners.cast import CANARY, ROOM, joined, room_of, say, stranger
from tests.work.workplans.cast import Plan

pytest_plugins = ["tests.support.mail"]
DESKS = {"lead": "/riverbend/en/week/", "staff": "/riverbend/en/unit/", "steward": "/riverbend/en/steward/"}


@pytest.fixture
def thread(db):
    return joined()


def test_a_lead_writes_and_the_partner_on_staff_reads_and_answers(thread):
    lead, staff = as_(thread.first_lead.person), as_(thread.staff)
    page = lead.get(ROOM)
    went = lead.post(ROOM, {"words": CANARY, "nonce": nonce_of(page)})

    assert went.status_code == 302
    assert CANARY in text_of(staff.get(ROOM))
    staff.post(ROOM, {"words": "We will bring the keys."})
    assert "We will bring the keys." in text_of(lead.get(ROOM))


def test_only_the_people_of_a_project_find_its_room(thread):
    say(thread)

    for person in (thread.first_lead.person, thread.second_lead.person, thread.staff, thread.boss):
        assert CANARY in text_of(as_(person).get(ROOM))
    for person in (thread.third_lead.person, thread.steward, stranger(thread)):
        assert as_(person).get(ROOM).status_code == 404
        assert as_(person).post(f"{ROOM}mark/", {"read": "1"}).status_code == 404
        for page in ("notes/", "tasks/"):
            assert as_(person).get(f"{ROOM}{page}").status_code == 404
    assert as_(None).get(ROOM).status_code in {302, 403}


def test_when_a_room_meets_and_what_a_bureau_said_it_does_stand_among_its_days(thread):
    room, soon = room_of(thread), thread.today + timedelta(days=3)
    for actor, what in ((thread.office, "Book the hall"), (thread.first_lead, "Bring the list")):
        actions.add_owed(room=room, actor=actor.public_id, what=what, lang="en", on=soon)
    actions.add_owed(room=room, actor=thread.office.public_id, what="Some day", lang="en")
    type(room).objects.update(meets_on=soon)

    pages = [text_of(as_(thread.staff).get(page)) for page in (DESKS["staff"], f"{DESKS['staff']}dates/")]

    told = ("Book the hall", "Partner room meets: Library computers", "Bring the list", "Some day")
    assert [[words in page for words in told] for page in pages] == [[True, True, False, False]] * 2
    boss = as_(thread.boss).get(DESKS["staff"])  # holds another office of the bureau
    title = pack_of(thread.program).office_title(thread.office.public_id, "en")
    assert f"Book the hall · {title}" in text_of(boss)
    type(room).objects.update(meets_on=thread.today - timedelta(days=1))
    assert "Partner room meets" not in text_of(as_(thread.staff).get(f"{DESKS['staff']}dates/"))


def test_who_no_longer_works_on_a_project_reads_no_more(thread):
    say(thread)
    projects.leave_project(project=thread.project, seat=thread.second_lead.public_id, now=thread.now)

    assert as_(thread.second_lead.person).get(ROOM).status_code == 404
    with pytest.raises(Refused, match="not in this room"):
        say(thread, person=thread.second_lead.person, actor=thread.second_lead.public_id)


def test_nobody_writes_as_somebody_else(thread):
    with pytest.raises(Refused, match="not in this room"):
        say(thread, actor=thread.second_lead.public_id)


def test_the_steward_is_in_a_room_only_while_somebody_in_it_asks(thread):
    lead, steward = as_(thread.first_lead.person), as_(thread.steward)
    assert "The program coordinator is not in this room." in text_of(lead.get(ROOM))

    lead.post(f"{ROOM}mark/", {"ask": "1"})
    say(thread)
    assert CANARY in text_of(steward.get(ROOM))
    lead.post(f"{ROOM}mark/", {"thank": "1"})

    assert steward.get(ROOM).status_code == 404
    assert not Unread.objects.filter(person=thread.steward).exists()


def test_the_steward_reads_nothing_that_was_said_before_they_were_asked_in(thread):
    lead, steward = as_(thread.first_lead.person), as_(thread.steward)
    lead.post(f"{ROOM}mark/", {"ask": "1"})
    say(thread, "while they were here")
    lead.post(f"{ROOM}mark/", {"thank": "1"})
    say(thread)
    as_(thread.staff).post(f"{ROOM}mark/", {"ask": "1"})
    say(thread, "after they came again")

    page = text_of(steward.get(ROOM))

    assert "after they came again" in page
    assert CANARY not in page
    assert "while they were here" not in page
    assert CANARY in text_of(lead.get(ROOM))


def test_whoever_lets_the_steward_in_or_out_is_seen_among_the_messages_and_waits_to_be_read(thread, mailbox):
    say(thread)
    lead, staff, steward = (as_(one) for one in (thread.first_lead.person, thread.staff, thread.steward))
    lead.post(f"{ROOM}mark/", {"read": "1"})

    staff.post(f"{ROOM}mark/", {"ask": "1"})
    steward.get(ROOM)
    steward.post(f"{ROOM}mark/", {"thank": "1"})

    page = text_of(lead.get(ROOM))
    assert "I have read 2 new messages" in page
    at = [page.index(one) for one in ("Left this room.", "Asked the program coordinator in.", CANARY)]
    assert at == sorted(at)
    mail.tick_knocks(program=thread.program, now=thread.now)
    call_command("db_worker", queue_name="*", batch=True, interval=0, verbosity=0, startup_delay=False)
    assert thread.first_lead.person.email in {str(one["to"]) for one in mailbox.letters}
    staff.post(f"{ROOM}mark/", {"ask": "1"})
    lead.post(f"{ROOM}mark/", {"thank": "1"})
    assert "Let the program coordinator go." in text_of(staff.get(ROOM))


def test_each_other_person_is_told_by_a_letter_that_says_nothing_of_it(thread, mailbox):
    say(thread)

    mail.tick_knocks(program=thread.program, now=thread.now)
    call_command("db_worker", queue_name="*", batch=True, interval=0, verbosity=0, startup_delay=False)

    assert sorted(str(one["to"]) for one in mailbox.letters) == sorted(
        one.email for one in (thread.second_lead.person, thread.staff, thread.boss)
    )
    assert {one["subject"] for one in mailbox.letters} == {"A message waits for you on localhost."}
    assert all(CANARY not in one.as_string() for one in mailbox.letters)
    assert all("computers" not in words_of(one) for one in mailbox.letters)


def test_a_new_message_waits_on_the_desks_of_the_room_and_on_no_other_until_it_is_read(thread):
    say(thread)
    line = "Read in your partner room: Library computers"

    def waits(person, desk):
        return line in text_of(as_(person).get(DESKS[desk])).replace("\u2068", "").replace("\u2069", "")

    assert waits(thread.second_lead.person, "lead")
    assert waits(thread.staff, "staff")
    assert not waits(thread.first_lead.person, "lead")
    assert not waits(thread.third_lead.person, "lead")
    assert not waits(stranger(thread), "staff")
    assert not waits(thread.steward, "steward")

    as_(thread.staff).post(f"{ROOM}mark/", {"read": "1"})

    assert not waits(thread.staff, "staff")
    assert waits(thread.second_lead.person, "lead")


def test_whoever_answers_has_read_what_came_before(thread):
    say(thread)
    say(thread, "An answer", person=thread.staff, actor=thread.office.public_id)

    assert not Unread.objects.filter(person=thread.staff).exists()


def test_all_share_one_next_meeting_and_one_page_of_notes(thread):
    lead, staff = as_(thread.first_lead.person), as_(thread.staff)
    old = staff.get(f"{ROOM}notes/").content.decode()
    assert 'value="0"' in old
    lead.post(
        f"{ROOM}notes/",
        {"version": "0", "meets_on": "2027-01-14", "meets_at": "6 pm, annex", "notes": "Bring the map."},
    )

    page = text_of(staff.get(ROOM))
    assert "January 14, 2027" in page
    assert "6 pm, annex" in page
    assert "Bring the map." in page
    late = staff.post(f"{ROOM}notes/", {"version": "0", "meets_on": "", "meets_at": "", "notes": "Mine"})
    assert "Somebody saved this while your page was open." in text_of(late)
    assert Room.objects.get().notes == "Bring the map."


def test_what_somebody_does_stands_there_until_anybody_marks_it_as_done(thread):
    lead, staff = as_(thread.first_lead.person), as_(thread.staff)
    lead.post(f"{ROOM}tasks/", {"what": "Book the hall", "actor": thread.office.public_id, "on": ""})
    assert "Mark as done: Book the hall" in staff.get(ROOM).content.decode()

    staff.post(f"{ROOM}mark/", {"done": str(Owed.objects.get().pk)})

    assert "Mark as done" not in staff.get(ROOM).content.decode()
    assert Owed.objects.get().ended_on == thread.today


def test_nobody_ticks_off_what_stands_in_another_room(thread):
    other = thread.register_project("lights", "Street lights", "When they are on.")
    projects.join_project(project=other, seat=thread.third_lead.public_id, now=thread.now)
    theirs = actions.open_room(program=thread.program, project=other)
    owed = actions.add_owed(room=theirs, actor=thread.office.public_id, what="Count them", lang="en")

    as_(thread.first_lead.person).post(f"{ROOM}mark/", {"done": str(owed.pk)})

    assert Owed.objects.get().ended_on is None


def test_a_room_puts_nothing_on_the_record_and_says_whose_paper_it_is(thread):
    before = LogEntry.objects.count()
    say(thread)

    assert LogEntry.objects.count() == before
    page = text_of(as_(thread.staff).get(ROOM))
    assert "What stands here is a paper of the City" in page
    assert "No clock runs here." in page


def test_what_was_said_is_erased_on_its_day_and_not_under_a_hold(thread):
    said = say(thread)
    record.place_hold(program=thread.program, ground="Case 7", by="steward", now=thread.now)
    assert actions.erase_old(program=thread.program, today=said.erase_on) == 0
    assert Said.objects.count() == 1
    hold = LogEntry.objects.get(kind="hold.placed")
    record.lift_hold(program=thread.program, hold=hold.index, by="steward", now=thread.now)

    assert actions.erase_old(program=thread.program, today=said.erase_on - timedelta(days=1)) == 0
    assert actions.erase_old(program=thread.program, today=said.erase_on) == 1


def test_the_page_of_a_project_leads_its_people_to_the_room_and_nobody_else(thread):
    def is_led(person):
        return "Open the partner room" in text_of(as_(person).get("/riverbend/en/projects/computers/"))

    people = (thread.first_lead.person, thread.staff, thread.third_lead.person, stranger(thread), None)
    assert [is_led(one) for one in people] == [True, True, False, False, False]


def test_a_workplan_has_a_room_for_its_cohort_and_its_unit(db):
    plan = Plan()
    room = "/riverbend/en/partners/workplans/libraries/"
    as_(plan.thread.third_lead.person).post(room, {"words": CANARY})

    assert CANARY in text_of(as_(plan.thread.staff).get(room))
    assert as_(stranger(plan.thread)).get(room).status_code == 404


def test_whoever_holds_offices_in_two_bureaus_of_a_plan_writes_in_its_room_and_is_named_once(db):
    plan = Plan(units=2)
    both = make_person(email="both@riverbend.example")
    for unit in plan.row.units.order_by("-slug"):
        given = {"office": unit.offices.first().public_id, "from_date": date(2026, 1, 1)}
        give_office(person=both, program=plan.program, **given)
    went = as_(both).post("/riverbend/en/partners/workplans/libraries/", {"words": CANARY})
    room = actions.open_room(program=plan.program, workplan=plan.row)

    assert (went.status_code, Said.objects.get().words) == (302, CANARY)
    here = [one.person for one in people_in(room, plan.thread.now.date())]
    assert here.count(both) == 1
    say_there = {"person": plan.thread.first_lead.person, "actor": plan.lead, "words": "Yes.", "lang": "en"}
    actions.write(room=room, now=plan.thread.now, **say_there)
    assert Unread.objects.filter(person=both).count() == 1


def test_a_room_of_three_messages_takes_as_many_queries_as_a_room_of_one(thread):
    staff = as_(thread.staff)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert staff.get(ROOM).status_code == 200
        return len(seen)

    say(thread)
    staff.get(ROOM)
    one = queries()
    for words in ("Two", "Three"):
        say(thread, words)
        actions.add_owed(room=room_of(thread), actor=thread.office.public_id, what=words, lang="en")

    assert (one, queries()) == (25, 25)


LEVEL = f"{ROOM}level/"
STEP = "Say which level was reached: Library computers"


@pytest.fixture
def older(db):
    return joined(days_ago=100)


def owes(person, desk):
    page = text_of(as_(person).get(DESKS[desk]))
    return STEP in page.replace("\u2068", "").replace("\u2069", "")


def test_the_last_quarter_waits_on_the_desks_of_both_sides_until_anybody_of_a_side_has_said_it(older):
    leads, third = (older.first_lead.person, older.second_lead.person), older.third_lead.person
    assert [owes(one, "lead") for one in (*leads, third)] == [True, True, False]
    assert owes(older.staff, "staff")
    assert not owes(stranger(older), "staff")

    went = as_(leads[0]).post(LEVEL, {"level": "iap2/involve", "words": "You asked us early."})

    assert went.status_code == 302
    assert [owes(one, "lead") for one in leads] == [False, False]
    assert owes(older.staff, "staff")
    as_(older.staff).post(LEVEL, {"level": "iap2/consult", "words": "We asked, and changed two things."})
    assert not owes(older.staff, "staff")
    page = text_of(as_(None).get("/riverbend/en/projects/computers/"))
    assert "You asked us early." in page
    assert "We asked, and changed two things." in page


def test_a_second_word_of_one_side_is_refused_in_the_form_and_keeps_what_was_typed(older):
    lead, other = as_(older.first_lead.person), as_(older.second_lead.person)
    lead.post(LEVEL, {"level": "iap2/involve", "words": "You asked us early."})

    page = text_of(other.post(LEVEL, {"level": "iap2/inform", "words": "No, you did not."}))

    assert "has said it for this quarter" in page
    assert "No, you did not." in page


def test_a_project_that_began_in_this_quarter_has_nothing_to_say_yet(thread):
    assert as_(thread.first_lead.person).get(LEVEL).status_code == 404
    assert not owes(thread.first_lead.person, "lead")


def test_a_stranger_and_the_steward_say_no_level(older):
    for person in (older.third_lead.person, stranger(older)):
        assert as_(person).post(LEVEL, {"level": "iap2/involve", "words": "x"}).status_code == 404
    assert as_(older.steward).get(LEVEL).status_code == 403


def test_a_lead_whom_the_bureau_pays_leaves_the_word_of_the_leads_to_another(older):
    paid(older, older.first_lead)

    assert not owes(older.first_lead.person, "lead")
    assert owes(older.second_lead.person, "lead")
    said = as_(older.first_lead.person).post(LEVEL, {"level": "iap2/involve", "words": "Fine."})
    assert "another lead does this" in text_of(said)


def test_the_seat_of_a_manager_is_in_no_room_of_its_cohort(db):
    plan = Plan()
    boss = stranger(plan.thread)
    cohort = plan.thread.first_lead.cohort
    seats.give_seat(cohort=cohort, person=boss, paid_by="nobody", now=plan.thread.now)
    room = actions.open_room(program=plan.thread.program, workplan=plan.row)
    here = {one.person for one in people_in(room, plan.thread.now.date())}

    assert {one.person for one in plan.thread.leads} <= here
    assert boss not in here


def test_a_suspended_lead_is_told_of_nothing_and_reads_nothing(thread):
    seats.suspend_seat(seat=thread.second_lead, ground="Case 7", now=thread.now)
    say(thread)

    assert not Unread.objects.filter(person=thread.second_lead.person).exists()
    assert as_(thread.second_lead.person).get(ROOM).status_code in {403, 404}
