"""Last words are read by whom the lead chose, consent ends, and both are erased; none of it is on the record."""

from datetime import timedelta

import pytest

from alongside.cohort.seats import actions, tasks
from alongside.cohort.seats import actions as seats
from alongside.cohort.seats.models import InReach, LastWords, Seat
from alongside.core.clocks import plus_months
from alongside.ground.people import actions as people
from alongside.ground.people.models import Person
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.entries import Text
from alongside.ground.record.models import LogEntry
from alongside.ground.texts import actions as record
from alongside.ground.ui.days import day_in_words
from tests.cohort.seats import cast
from tests.work.engagements.test_drafting import as_, text_of

INBOX, NUMBER, NAME = "/riverbend/en/messages/", "/riverbend/en/messages/phone/", "/riverbend/en/seat/name/"
GOODBYE, GOODBYES = "/riverbend/en/seat/goodbye/", "/riverbend/en/goodbyes/"
STEWARDS = 9  # queries of the steward's page, signed in; however many said something


@pytest.fixture
def thread(db):
    return cast.program()


def say(seat, thread, readers="steward", worked="Free lunch"):
    given = {"worked": worked, "did_not": "", "again": "yes", "readers": readers, "lang": "en"}
    return actions.say_last_words(seat=seat, now=thread.now, **given)


def agree(person, thread, days=30, reach="ana@example.org"):
    until = thread.now.date() + timedelta(days=days)
    given = {"name": "alumni", "reach": reach, "offers": "", "until": until}
    return actions.stay_in_reach(person=person, program=thread.program, now=thread.now, **given)


def next_lead(thread):
    """Seat a lead of the next cohort, today."""
    today = thread.now.date()
    second = thread.seat_cohort("second", today, today + timedelta(days=700))
    return thread.seat("fourth", second)


@pytest.mark.parametrize(("readers", "seen"), [("steward", {"steward"}), ("next", {"steward", "next"})])
def test_last_words_are_read_by_whom_the_lead_chose_and_by_nobody_else(thread, readers, seen):
    say(thread.first_lead, thread, readers)
    askers = {
        "steward": thread.steward,
        "next": next_lead(thread).person,
        "own cohort": thread.second_lead.person,
    }

    found = {who for who, person in askers.items() if "Free lunch" in text_of(as_(person).get(GOODBYES))}

    assert found == seen
    assert as_(thread.staff).get(GOODBYES).status_code == 403


def test_the_goodbye_says_on_which_day_the_seat_ends(thread):
    seat, on = thread.first_lead, thread.now.date() + timedelta(days=9)
    term = text_of(as_(seat.person).get(GOODBYE))
    seats.leave_seat(seat=seat, on=on, reason="", now=thread.now)

    assert f"Your place ends on {day_in_words(seat.until_date)}" in term
    assert f"Your place ends on {day_in_words(on)}" in text_of(as_(seat.person).get(GOODBYE))


def test_only_the_steward_sees_how_to_reach_someone(thread):
    agree(thread.first_lead.person, thread)

    pages = [text_of(as_(one).get(GOODBYES)) for one in (thread.steward, next_lead(thread).person)]

    assert ["ana@example.org" in page for page in pages] == [True, False]


def test_whoever_withdraws_is_erased_at_once(thread):
    agree(thread.first_lead.person, thread)

    as_(thread.first_lead.person).post(GOODBYE, {"withdraw": "1"})

    assert InReach.objects.count() == 0


def test_consent_that_has_ended_is_not_shown_and_then_erased(thread):
    agree(thread.first_lead.person, thread, days=30)
    on = thread.now + timedelta(days=30)
    tasks.tick(program=thread.program, now=on)
    kept = InReach.objects.count()
    tasks.tick(program=thread.program, now=on + timedelta(days=1))

    assert (kept, InReach.objects.count()) == (1, 0)


def test_last_words_are_erased_on_their_day_and_not_before(thread):
    said = say(thread.first_lead, thread)
    term = thread.first_lead.cohort.until_date
    actions.erase_leaving(program=thread.program, today=said.erase_on - timedelta(days=1))
    kept = LastWords.objects.count()
    actions.erase_leaving(program=thread.program, today=said.erase_on)

    assert said.erase_on == term + timedelta(days=90)
    assert (kept, LastWords.objects.count()) == (1, 0)


def test_nothing_is_erased_while_a_legal_hold_stands(thread):
    said = say(thread.first_lead, thread)
    thread.enter("hold.placed", ["steward"], texts={"ground": Text("en", "A court asked.")})

    assert actions.erase_leaving(program=thread.program, today=said.erase_on) == 0
    assert LastWords.objects.count() == 1


def with_number_and_name(thread):
    """Let the first lead have a number for text messages and a name among leads; give the person as they are kept."""
    Person.objects.filter(pk=thread.first_lead.person_id).update(
        text_number="+15035550100", known_as="Fen Vale"
    )
    return Person.objects.filter(pk=thread.first_lead.person_id)


def gone(thread, how):
    """Let the first lead be suspended, removed or gone."""
    seat, now = thread.first_lead, thread.now
    if how == "suspended":
        actions.suspend_seat(seat=seat, ground="Case 7", now=now)
    elif how == "removed":
        given = {"ground": "harm", "reasons": "Case 7", "appeal_to": cast.OFFICE, "by": thread.steward}
        actions.remove_seat(seat=seat, now=now, **given)
    else:
        actions.leave_seat(seat=seat, on=now.date(), reason="", now=now)


@pytest.mark.parametrize("how", ["suspended", "removed", "left"])
def test_whoever_is_no_lead_erases_their_number_and_their_name(thread, how):
    kept, lead = with_number_and_name(thread), as_(thread.first_lead.person)
    gone(thread, how)
    inbox = lead.get(INBOX).content.decode()
    assert (f'href="{NUMBER}"' in inbox, f'href="{NAME}"' in inbox) == (True, True)
    assert "Erase the name Fen Vale" in text_of(lead.get(NAME))
    lead.post(NUMBER, {"number": ""})
    lead.post(NAME, {"name": "Somebody Else"})

    assert kept.values_list("text_number", "known_as").get() == ("", "")
    assert (lead.get(NUMBER).status_code, lead.get(NAME).status_code) == (403, 403)


@pytest.mark.parametrize(("how", "goes"), [("suspended", False), ("removed", False), ("left", True)])
def test_a_number_and_a_name_go_once_their_lead_left_for_good(thread, how, goes):
    kept = with_number_and_name(thread)
    actions.erase_leaving(program=thread.program, today=thread.now.date())
    gone(thread, how)
    assert kept.exclude(text_number="").exclude(known_as="").exists()
    actions.erase_leaving(program=thread.program, today=thread.now.date())
    assert kept.filter(text_number="", known_as="").exists() is goes

    later = thread.now.date() + timedelta(days=60)
    actions.erase_leaving(program=thread.program, today=later)
    assert kept.filter(text_number="", known_as="").exists() is (how != "suspended")


def test_a_number_and_a_name_go_the_days_of_messages_after_a_term_that_simply_ended(thread):
    kept = with_number_and_name(thread)
    last = Seat.objects.get(pk=thread.first_lead.pk).until_date
    days = timedelta(days=pack_of(thread.program).charter.message_kept_days)
    actions.erase_leaving(program=thread.program, today=last + days)
    assert kept.exclude(text_number="").exclude(known_as="").exists(), "the next cohort may begin meanwhile"
    actions.erase_leaving(program=thread.program, today=last + days + timedelta(days=1))
    assert kept.filter(text_number="", known_as="").exists()


def test_whoever_agreed_to_step_in_for_leads_keeps_the_number_for_those_days(thread):
    kept = with_number_and_name(thread)
    today = thread.now.date()
    until = today + timedelta(days=90)
    program = thread.program
    given = {"name": "checks", "reach": "by text", "offers": "", "until": until, "now": thread.now}
    actions.stay_in_reach(person=thread.first_lead.person, program=program, **given)
    gone(thread, "left")
    actions.erase_leaving(program=program, today=until)
    assert kept.exclude(text_number="").exists()
    actions.erase_leaving(program=program, today=until + timedelta(days=1))
    assert kept.filter(text_number="").exists()


def test_whoever_sits_again_elsewhere_keeps_number_and_name_and_so_does_a_legal_hold(thread):
    kept, today = with_number_and_name(thread), thread.now.date()
    gone(thread, "left")
    held = record.place_hold(program=thread.program, ground="Case 7", by="steward", now=thread.now)
    actions.erase_leaving(program=thread.program, today=today)
    assert kept.exclude(text_number="").exists()
    record.lift_hold(program=thread.program, hold=held.index, by="steward", now=thread.now)
    thread.seat(thread.first_lead.person, thread.seat_cohort("again", today, today + timedelta(days=90)))
    actions.erase_leaving(program=thread.program, today=today)

    assert kept.exclude(text_number="").exclude(known_as="").exists()


def test_what_the_site_keeps_names_the_number_and_the_name(thread):
    told = text_of(as_(thread.first_lead.person).get("/riverbend/en/about/keeps/"))

    assert "a phone number for text messages, if you gave one" in told
    assert "that name and number until you erase them, also once you are no lead" in told


def test_a_lead_who_left_says_last_words_and_takes_them_back(thread):
    seat = thread.first_lead
    lead = as_(seat.person)
    left = lead.post(
        "/riverbend/en/seat/leave/",
        {"on": thread.now.date().isoformat(), "ground": "not-said", "reason": "", "sure": "on"},
    )
    said = {
        "words-worked": "",
        "words-did_not": "Too few hours",
        "words-again": "unsure",
        "words-readers": "next",
    }
    lead.post(GOODBYE, said | {"say": "1"})
    kept = LastWords.objects.get()
    lead.post(GOODBYE, {"take-back": "1"})

    assert left.url == GOODBYE
    assert (kept.did_not, kept.readers, kept.seat_id) == ("Too few hours", "next", seat.pk)
    assert LastWords.objects.count() == 0


def test_words_without_words_and_a_consent_too_long_are_refused_with_their_cure(thread):
    lead = as_(thread.first_lead.person)
    empty = lead.post(GOODBYE, {"words-again": "yes", "words-readers": "steward", "say": "1"})
    late = plus_months(thread.now.date(), 25).isoformat()
    long = lead.post(
        GOODBYE, {"reach-name": "alumni", "reach-reach": "a@b.example", "reach-until": late, "agree": "1"}
    )

    assert "Write what worked, or what did not. One of the two is enough." in text_of(empty)
    assert "Choose a day within two years. You can agree anew then." in text_of(long)
    assert (LastWords.objects.count(), InReach.objects.count()) == (0, 0)


def test_nothing_of_a_goodbye_is_on_the_record(thread):
    before = LogEntry.objects.count()

    say(thread.first_lead, thread, "next")
    agree(thread.first_lead.person, thread)

    assert LogEntry.objects.count() == before


def test_the_stewards_page_takes_as_many_queries_for_three_as_for_one(thread, django_assert_num_queries):
    steward = as_(thread.steward)
    say(thread.first_lead, thread)
    agree(thread.first_lead.person, thread)
    with django_assert_num_queries(STEWARDS):
        assert text_of(steward.get(GOODBYES)).count("Free lunch") == 1
    for seat in (thread.second_lead, thread.third_lead):
        say(seat, thread)
        agree(seat.person, thread)
    with django_assert_num_queries(STEWARDS):
        assert text_of(steward.get(GOODBYES)).count("Free lunch") == 3


def test_the_menu_of_whoever_sat_here_fits_one_line_and_the_foot_has_the_other_places(thread):
    seat = thread.first_lead
    seats.leave_seat(seat=seat, on=thread.now.date(), reason="", now=thread.now)
    page = as_(seat.person).get("/riverbend/en/my-desk/").content.decode()
    head, foot = page.split("</header>", 1)[0], page.split("<footer", 1)[1]
    assert head.count("<li><a", head.index("<nav")) == 3
    assert "City projects" not in head
    assert all(place in foot for place in ("City projects", "Public log", "Answers due"))


def test_whoever_sat_here_finds_all_that_stays_theirs_on_one_desk(thread):
    seat, on = thread.first_lead, thread.now.date()
    seats.leave_seat(seat=seat, on=on, reason="", now=thread.now)
    former, stranger = as_(seat.person), as_(people.make_person(email="nobody@riverbend.example"))
    theirs = ["messages/", "pay/", "seat/portfolio/", "seat/goodbye/"]
    checks = "commitments/checks/"

    def found(client):
        page = client.get("/riverbend/en/my-desk/").content.decode()
        return [one for one in (*theirs, checks) if f'href="/riverbend/en/{one}"' in page]

    assert (found(former), found(stranger)) == (theirs, [])
    until = on + timedelta(days=30)
    given = {"name": "checks", "reach": "ana@example.org", "offers": "", "until": until}
    actions.stay_in_reach(person=seat.person, program=thread.program, now=thread.now, **given)
    assert found(former) == [*theirs, checks]
    assert [former.get(f"/riverbend/en/{one}").status_code for one in (*theirs, checks)] == [200] * 5
