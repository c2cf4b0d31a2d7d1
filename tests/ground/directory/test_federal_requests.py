"""The register of federal requests: staff write, the steward reads, leads do not, and the public sees ranges of what counsel cleared."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from alongside.cohort.seats.queries.seats import viewer_for
from alongside.core.refusals import Refused
from alongside.ground.directory import actions, queries
from alongside.ground.directory.models import FederalRequest, FederalStep
from alongside.ground.people.actions import make_person
from alongside.ground.programs.actions import give_office
from alongside.ground.programs.queries import pack_of
from tests.cohort.seats import cast
from tests.work.engagements.test_drafting import as_, text_of

HOME = "/riverbend/en/federal/"
LIST = f"{HOME}requests/"
TYPED = {
    "agency": "immigration",
    "came_by": "visit",
    "asked": ["address"],
    "paper": "administrative",
    "immigration": "yes",
}


@pytest.fixture
def thread(db):
    return cast.program()


def asked(thread, **more) -> FederalRequest:
    what = {"received_on": thread.now.date(), **TYPED, **more}
    return actions.record_request(unit=thread.unit, by=thread.staff, now=thread.now, **what)


def step(thread, one, name, person=None):
    by = person or thread.staff
    viewer = viewer_for(by, thread.program, thread.now.date())
    return actions.take_step(request=one, step=name, viewer=viewer, by=by, now=thread.now)


def cleared(thread, count):
    for _each in range(count):
        one = asked(thread)
        step(thread, one, "declined")
        step(thread, one, "attorney")
        step(thread, one, "cleared", thread.steward)


def test_staff_write_a_request_down_and_the_page_says_what_is_left(thread):
    client = as_(thread.staff)

    answer = client.post(f"{LIST}new/", {**TYPED, "received_on": thread.now.date().isoformat()})
    page = text_of(client.get(answer["Location"]))

    assert FederalRequest.objects.get().unit == thread.unit
    assert "I cannot help with this request." in page
    assert "The City Attorney of Example City" in page
    assert "Nothing yet." in page


@pytest.mark.parametrize("who", ["lead", "steward"])
def test_only_staff_write(thread, who):
    person = thread.first_lead.person if who == "lead" else thread.steward

    answer = as_(person).post(f"{LIST}new/", {**TYPED, "received_on": thread.now.date().isoformat()})

    assert (answer.status_code, FederalRequest.objects.count()) == (403, 0)


def test_who_reads_the_register(thread):
    one = asked(thread)
    elsewhere = make_person(email="elsewhere@riverbend.example")
    give_office(
        person=elsewhere, program=thread.program, office="open-data/staff", from_date=thread.now.date()
    )
    page = f"{LIST}{one.key}/"

    read = {
        "staff": as_(thread.staff).get(page).status_code,
        "manager": as_(thread.boss).get(page).status_code,
        "steward": as_(thread.steward).get(page).status_code,
        "another bureau": as_(elsewhere).get(page).status_code,
        "lead": as_(thread.first_lead.person).get(page).status_code,
    }

    assert read == {"staff": 200, "manager": 200, "steward": 200, "another bureau": 404, "lead": 403}


def test_a_steward_takes_no_step_of_the_unit(thread):
    one = asked(thread)

    with pytest.raises(Refused, match="This was done"):
        step(thread, one, "declined", thread.steward)


def test_a_request_stays_on_the_coordinators_desk_until_it_is_handed_on_and_the_leads_are_told(thread):
    one = asked(thread, asked=["voices"])
    person = {"leads": thread.steward}
    left = []
    for name in ("", "declined", "head", "attorney", "leads"):
        if name:
            step(thread, one, name, person.get(name))
        page = text_of(as_(thread.steward).get("/riverbend/en/steward/"))
        left.append([words for words in map(str, queries.TO_DO.values()) if words in page])
        assert ("federal request" in page) == bool(queries.undone(FederalRequest.objects.get()))
    decline, hand, lawyers, tell = map(str, queries.TO_DO.values())
    assert left == [[decline, hand, lawyers, tell], [hand, lawyers, tell], [lawyers, tell], [tell], []]


def test_the_page_says_what_is_to_do_today_as_whoever_reads_it_does_it(thread):
    found = {"plain": asked(thread), "judicial": asked(thread, paper="judicial")}
    hints = ("No judge signed a paper, so you decline it.", "hand it to the lawyers first. They say whether")
    hands = (str(queries.TO_DO["head"]), str(queries.HEAD_TO_DO))
    for who, person in (("staff", thread.staff), ("head", thread.boss)):
        for kind, one in found.items():
            page = text_of(as_(person).get(f"{LIST}{one.key}/"))
            assert [words in page for words in hints] == [kind == "plain", kind == "judicial"]
            assert [words in page for words in hands] == [who == "staff", who == "head"]


def test_the_leads_are_told_only_after_the_lawyers_have_it_and_only_of_what_leads_keep(thread):
    with pytest.raises(Refused, match="comes later"):
        step(thread, asked(thread, asked=["voices"]), "leads", thread.steward)
    other = asked(thread)
    step(thread, other, "attorney")
    with pytest.raises(Refused, match="comes later"):
        step(thread, other, "leads", thread.steward)


def test_only_a_paper_signed_by_a_judge_is_followed_and_the_lawyers_have_it_first(thread):
    plain, signed = asked(thread), asked(thread, paper="judicial")
    step(thread, plain, "attorney")
    with pytest.raises(Refused, match="Hand the request to the lawyers first"):
        step(thread, plain, "followed")
    with pytest.raises(Refused, match="This was done"):
        step(thread, signed, "followed")
    step(thread, signed, "attorney")
    step(thread, signed, "followed")

    assert sorted(FederalStep.objects.filter(request=signed).values_list("step", flat=True)) == [
        "attorney",
        "followed",
    ]


def test_the_database_refuses_a_request_both_declined_and_followed(thread):
    one = asked(thread)
    step(thread, one, "declined")
    more = {"request": one, "step": "followed", "by": thread.staff, "on": thread.now.date()}

    with pytest.raises(IntegrityError), transaction.atomic():
        FederalStep.objects.create(**more)


def test_a_day_that_has_not_come_is_refused_with_the_cure(thread):
    day = (thread.now + timedelta(days=3)).date().isoformat()

    page = text_of(as_(thread.staff).post(f"{LIST}new/", {**TYPED, "received_on": day}))

    assert "Write the day on which they asked." in page


def test_the_file_of_a_month_holds_what_is_reported_and_a_month_without_has_none(thread):
    declined = asked(thread)
    step(thread, declined, "declined")
    asked(thread, paper="judicial")
    asked(thread, immigration="no")
    month = thread.now.date().isoformat()[:7]
    client = as_(thread.staff)
    day = declined.received_on.isoformat()

    rows = list(csv.DictReader(io.StringIO(client.get(f"{LIST}month/{month}.csv").content.decode())))

    assert rows == [
        {
            "received": day,
            "unit": thread.unit.slug,
            "agency": "immigration",
            "came_by": "visit",
            "asked": "address",
            "paper": "administrative",
            "immigration": "yes",
            "outcome": "declined",
            "decided": queries.steps_of(declined)["declined"].isoformat(),
        }
    ]
    assert client.get(f"{LIST}month/{month}.json").json() == {"month": month, "requests": rows}
    assert client.get(f"{LIST}month/2026-01.csv").status_code == 404
    assert as_(thread.first_lead.person).get(f"{LIST}month/{month}.csv").status_code == 403


def test_without_requests_no_file_is_offered(thread):
    asked(thread, immigration="no")

    assert "No request to report, so no file is needed." in text_of(as_(thread.staff).get(LIST))


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, "None, or fewer than 10"), (9, "None, or fewer than 10"), (12, "Between 10 and 20")],
)
def test_everyone_sees_only_ranges(thread, site_client, count, told):
    cleared(thread, count)

    page = text_of(site_client.get(HOME))

    assert page.count(told) == 2


def test_what_counsel_has_not_cleared_is_not_counted(thread):
    for _each in range(12):
        step(thread, asked(thread), "attorney")
    today = thread.now.date()

    [(_year, received, _declined)] = queries.public_years(
        thread.program, pack_of(thread.program), today, today
    )

    assert received.as_data() == "fewer"


def test_staff_do_not_clear_what_counsel_clears(thread):
    one = asked(thread)
    step(thread, one, "attorney")

    with pytest.raises(Refused, match="This was done"):
        step(thread, one, "cleared")
    with pytest.raises(Refused, match="This was done"):
        step(thread, asked(thread), "cleared", thread.steward)


def test_the_record_hears_nothing_of_a_request(thread):
    before = cast.kinds(thread)
    cleared(thread, 1)

    assert cast.kinds(thread) == before


def test_the_list_takes_as_many_queries_for_three_as_for_one(thread, django_assert_num_queries):
    client = as_(thread.staff)
    asked(thread)
    with django_assert_num_queries(8):
        client.get(LIST)
    asked(thread)
    asked(thread)
    with django_assert_num_queries(8):
        client.get(LIST)


def test_the_page_of_papers_names_who_to_call_and_states_nothing_unchecked(thread, site_client):
    page = text_of(site_client.get("/riverbend/en/papers/"))

    assert "503-555-0102" in page
    assert "It is not legal advice" in page
    assert "ORS" not in page
