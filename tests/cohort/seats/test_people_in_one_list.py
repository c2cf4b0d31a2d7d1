"""Whoever runs a program finds its people in one list: who has which role since when, how they sign in, and how to suspend a lead."""

import re
from datetime import timedelta

import pytest

from alongside.cohort.calls.actions import invite_helper
from alongside.cohort.calls.models import WRITES_DOWN
from alongside.cohort.seats import actions
from alongside.cohort.seats.queries.seats import suspended
from alongside.ground.people.actions import make_person
from alongside.ground.programs.queries import pack_of
from alongside.ground.ui.days import day_in_words
from tests.cohort.reviews.choosing import closed, reader
from tests.cohort.seats import cast
from tests.work.engagements.test_drafting import as_, text_of

PAGE = "/riverbend/en/steward/people/"
QUERIES = 20
WHY = "We look into what happened on Friday."


@pytest.fixture
def thread(db):
    return cast.program()


def row(thread, seat) -> str:
    page = as_(thread.steward).get(PAGE).content.decode()
    found = next(one for one in page.split("<li>") if f"/{seat.public_id}/" in one)
    return " ".join(text_of_html(found).split())


def text_of_html(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html)


def test_each_lead_stands_there_with_their_place_and_roles_and_since_when(thread):
    seat, today = thread.first_lead, day_in_words(thread.now.date())
    actions.change_role(seat=seat, role="chair", change="takes", by=seat.public_id, now=thread.now)

    shown = row(thread, seat)

    assert f"since {day_in_words(seat.from_date)} · until {day_in_words(seat.until_date)}" in shown
    assert f"Chair, since {today}" in shown
    assert "Signs in" not in shown, "the head of the page says it once"
    assert "signs in with a code by email." in text_of(as_(thread.steward).get(PAGE))


def test_the_list_shows_one_sort_of_people_with_how_many_there_are_of_each(thread):
    steward = as_(thread.steward)

    every, leads = (steward.get(f"{PAGE}{only}").context["people"] for only in ("", "?only=leads"))

    assert every.counts == {"": 6, "leads": 3, "offices": 2, "program": 1, "invited": 0}
    assert len(every.shown) == 6
    assert {one.person for one in leads.shown} == {seat.person for seat in thread.leads}
    assert steward.get(f"{PAGE}?only=nobody").context["people"].only == ""


def test_somebody_is_found_by_the_beginning_of_a_name_an_office_or_a_role(thread):
    steward, seat = as_(thread.steward), thread.first_lead
    actions.change_role(seat=seat, role="chair", change="takes", by=seat.public_id, now=thread.now)
    named = seat.person.called or seat.person.email

    def found(words: str) -> list[str]:
        return [one.called for one in steward.post(PAGE, {"find": words}).context["people"].shown]

    assert 'method="get"' not in steward.get(PAGE).content.decode()  # a name stands in no address
    assert found(named[:4]) and named in found(named[:4].upper())
    assert found("chair") == [named]
    assert len(found("manager")) == 1
    assert found("chair manager") == []
    assert "Nobody here has this name or role." in text_of(steward.post(PAGE, {"find": "zzz"}))


def test_who_reads_or_helps_with_a_call_stands_there_until_it_has_ended_and_is_found_by_what_they_do(thread):
    made = closed(count=1, thread=thread)
    reads = reader(made, "Noor")
    helps = make_person(email="helper@example.org")
    invite_helper(call=made.call, person=helps, organization="The House", does=[WRITES_DOWN], now=thread.now)
    steward = as_(thread.steward)

    def found(words: str) -> set[int]:
        return {one.person.pk for one in steward.post(PAGE, {"find": words}).context["people"].shown}

    assert (found("reader"), found("helper")) == ({reads.person_id}, {helps.pk})
    assert steward.get(PAGE).context["people"].counts["invited"] == 2
    type(made.call).objects.update(decided_on=thread.now.date(), decided_entry=made.call.entry)
    assert steward.get(PAGE).context["people"].counts["invited"] == 0


def test_a_lead_is_suspended_with_a_ground_and_let_act_again_with_one_press(thread):
    steward, seat = as_(thread.steward), thread.third_lead
    page = f"/riverbend/en/steward/seats/{seat.public_id}/suspend/"

    unsure = text_of(steward.post(page, {"ground": WHY}))
    assert "Tick the box if this is the lead that you want to suspend." in unsure
    assert not suspended(thread.program, [seat.public_id], thread.now.date()), "one press suspends nobody"
    sent = steward.post(page, {"ground": WHY, "sure": "on"})

    assert sent["Location"] == f"{PAGE}?done=recorded"
    assert cast.kinds(thread)[-1] == "seat.suspended"
    again = day_in_words(thread.now.date() + timedelta(days=30))
    assert f"Suspended · can act again on {again}" in row(thread, seat)
    assert "Suspend this lead" not in row(thread, seat)
    assert WHY in text_of(as_(seat.person).get("/riverbend/en/my-desk/"))

    steward.post(f"/riverbend/en/steward/seats/{seat.public_id}/restore/")
    assert cast.kinds(thread)[-1] == "seat.restored"
    assert not suspended(thread.program, [seat.public_id], thread.now.date())


def test_nobody_suspends_so_many_that_half_of_the_leads_cannot_act(thread):
    steward = as_(thread.steward)
    actions.suspend_seat(seat=thread.third_lead, ground=WHY, now=thread.now)
    page = f"/riverbend/en/steward/seats/{thread.second_lead.public_id}/suspend/"

    refused = text_of(steward.post(page, {"ground": WHY, "sure": "on"}))

    assert "more than half of the leads of a cohort can act at any time" in refused.lower()
    assert cast.kinds(thread)[-1] == "seat.suspended"
    assert not suspended(thread.program, [thread.second_lead.public_id], thread.now.date())


@pytest.mark.parametrize("who", ["first_lead", "staff", "boss"])
def test_nobody_else_sees_the_list_or_suspends(thread, who):
    person = thread.first_lead.person if who == "first_lead" else getattr(thread, who)
    page = f"/riverbend/en/steward/seats/{thread.third_lead.public_id}/"

    sent = [
        as_(person).post(f"{page}{one}/", {"ground": WHY, "sure": "on"}) for one in ("suspend", "restore")
    ]

    assert [as_(person).get(PAGE).status_code, *(one.status_code for one in sent)] == [403] * 3
    assert "seat.suspended" not in cast.kinds(thread)


def test_the_list_takes_as_many_queries_for_three_more_leads_as_for_three(thread, django_assert_num_queries):
    steward = as_(thread.steward)
    steward.get(PAGE)
    with django_assert_num_queries(QUERIES):
        steward.get(PAGE)
    for number in range(3):
        thread.seat(f"more-{number}")
    with django_assert_num_queries(QUERIES):
        steward.get(PAGE)


def test_a_lead_of_before_who_has_no_address_still_gets_a_printed_code_and_one_with_an_address_none(thread):
    ana, ben = (
        actions.give_seat(
            cohort=thread.first_lead.cohort,
            person=make_person(email=email, called=email or "Ana"),
            paid_by="nobody",
            from_date=thread.now.date(),
            now=thread.now,
        )
        for email in (None, "ben@riverbend.example")
    )
    for seat in (ana, ben):
        actions.leave_seat(seat=seat, on=thread.now.date(), reason="", now=thread.now)
    steward = as_(thread.steward)

    assert "Was a lead until" in steward.get(PAGE).content.decode()

    codes = [f"/riverbend/en/steward/people/{seat.person_id}/code/" for seat in (ana, ben)]
    assert [steward.post(one).status_code for one in codes] == [200, 404]


def test_an_office_that_nobody_holds_stands_there_as_empty(thread):
    steward, empty = as_(thread.steward), "Offices that nobody holds today"
    pack = pack_of(thread.program)
    for only in ("", "?only=offices"):
        shown = steward.get(f"{PAGE}{only}").content.decode().partition(empty)[2].partition("</ul>")[0]
        title = pack.office_title("streets-and-signals/manager", "en")
        held = pack.office_title(thread.manager.public_id, "en")
        assert (title in shown, held in shown) == (True, False)
    assert empty not in text_of(steward.get(f"{PAGE}?only=leads"))


def test_an_office_that_nobody_holds_stands_above_the_people_and_leads_to_appointing_someone_to_it(thread):
    steward, office = as_(thread.steward), "streets-and-signals/manager"
    page = steward.get(PAGE).content.decode()
    empty = len(page.partition("Offices that nobody holds today")[2].partition("</ul>")[0].split("<li>")) - 1
    assert re.search(rf"Offices\s*\(2, {empty} empty\)", text_of_html(page))
    assert page.index("Offices that nobody holds today") < page.index('class="list people"')
    to_it = "/riverbend/en/steward/people/appoint/?post=" + office
    assert f'href="{to_it}"' in page
    assert f'<option value="{office}" selected>' in steward.get(to_it).content.decode()
    for overview in ("/riverbend/en/steward/overview/", "/riverbend/en/steward/"):
        assert f"Nobody holds {empty} offices of the City." in text_of(steward.get(overview))


def test_an_alternate_and_a_former_lead_who_checks_stand_among_everyone(thread):
    seat, today = thread.first_lead, thread.now.date()
    told = {"email": "alma@riverbend.example", "called": "Alma", "language": "en"}
    actions.add_alternate(cohort=seat.cohort, **told, now=thread.now)
    agreed = {"reach": "503-555-0100", "offers": "", "until": today + timedelta(days=300)}
    actions.stay_in_reach(person=seat.person, program=thread.program, name="checks", **agreed, now=thread.now)
    actions.leave_seat(seat=seat, on=today, reason="", now=thread.now)
    page = as_(thread.steward).get(PAGE).content.decode()
    rows = [" ".join(text_of_html(one).split()) for one in page.split("<li><h2")[1:]]
    assert [one for one in rows if "Alma" in one and "Alternate · Places of the cohort" in one]
    assert [one for one in rows if "Checks promises ·" in one]
    assert as_(thread.steward).get(PAGE).context["people"].counts[""] == 7
