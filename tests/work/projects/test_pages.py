"""A page for each project and each decision on it."""

import json
import re
from datetime import date, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from alongside.ground.people import actions as people
from alongside.ground.programs.actions import give_office
from tests.work import cast
from tests.work.engagements.test_drafting import as_

LIST = "/riverbend/en/projects/"
PROJECT = f"{LIST}library-computers-project/"
DECISION = f"{PROJECT}decisions/library-computers-decision/"


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_decision_says_what_by_whom_and_when(site_client, db):
    cast.opened()

    text = text_of(site_client.get(DECISION))

    assert "How long records of public computers are kept" in text
    assert "Who decides Libraries and Halls Unit, Manager" in text
    assert "What is still open The number of days, and who may look" in text
    assert "What should library computers remember about you?" in text


def test_a_decision_without_an_engagement_says_so(site_client, db):
    cast.draft()

    assert "Nobody has asked people about this yet." in text_of(site_client.get(DECISION))


def test_a_project_lists_its_decisions(site_client, db):
    cast.opened()

    text = text_of(site_client.get(PROJECT))

    assert "Records of public computers" in text
    assert "How long records of public computers are kept" in text


def test_what_is_not_on_the_record_has_no_page(site_client, db):
    cast.program()

    assert site_client.get(PROJECT).status_code == 404
    assert site_client.get(DECISION).status_code == 404


def test_the_list_of_three_takes_as_many_queries_as_the_list_of_one(site_client, db):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert site_client.get(LIST).status_code == 200
        return len(seen)

    thread = cast.opened()
    queries()
    one = queries()
    cast.opened(thread, "halls")
    cast.opened(thread, "signs")

    assert (one, queries()) == (9, 9)
    assert text_of(site_client.get(LIST)).count("Records of public computers") == 3


def typed_project(thread, **more):
    return {"title": "Street counters", "summary": "They count people.", "unit": thread.unit.slug} | more


def test_staff_put_a_project_and_a_decision_on_the_record(db):
    thread = cast.program()
    client = as_(thread.staff)

    assert client.post(f"{LIST}new/", typed_project(thread)).url == f"{LIST}street-counters/"
    day = (thread.now + timedelta(days=60)).date()
    sent = {"decision": "Which counters", "open": "Which ones", "on": day, "office": thread.manager.public_id}
    made = client.post(f"{LIST}street-counters/decisions/new/", sent | {"level": "iap2/involve"}).url

    assert made == f"{LIST}street-counters/decisions/which-counters/"
    kinds = [json.loads(line)["kind"] for line in thread.entries()][-2:]
    assert kinds == ["project.registered", "decision.scheduled"]
    assert json.loads(thread.entries()[-1])["by"] == [thread.office.public_id]
    assert json.loads(thread.entries()[-1])["data"]["level"] == {"framework": "iap2", "level": "involve"}
    assert "Which counters" in text_of(client.get(made))


def test_the_bureau_that_decides_moves_the_decision_and_tells_it_too(db):
    thread = cast.program()
    client, day = as_(thread.staff), (thread.now + timedelta(days=60)).date()
    client.post(f"{LIST}new/", typed_project(thread))
    sent = {"decision": "Buy cameras", "open": "Which ones", "on": day, "office": "city-manager/manager"}
    here = client.post(f"{LIST}street-counters/decisions/new/", sent).url
    others = {}
    for unit in ("city-manager", "permits-desk"):
        others[unit] = people.make_person(email=f"{unit}@riverbend.example")
        office = {"city-manager": "city-manager/manager"}.get(unit, f"{unit}/staff")
        give_office(person=others[unit], program=thread.program, office=office, from_date=date(2026, 1, 1))
    decides = as_(others["city-manager"])
    assert f"{here}made/" in decides.get(here).content.decode()
    outcome = {"on": thread.now.date(), "outcome": "We buy none."}
    assert as_(others["permits-desk"]).post(f"{here}made/", outcome).status_code == 404
    assert decides.post(f"{here}made/", outcome).status_code == 302
    assert json.loads(thread.entries()[-1])["by"] == ["city-manager/manager"]


def test_a_second_project_of_the_same_name_gets_its_own_address(db):
    thread = cast.program()
    client = as_(thread.steward)
    client.post(f"{LIST}new/", typed_project(thread))

    assert client.post(f"{LIST}new/", typed_project(thread)).url == f"{LIST}street-counters-2/"


def test_staff_of_another_unit_schedule_nothing_here(db):
    thread = cast.draft()
    other = people.make_person(email="other@riverbend.example")
    give_office(person=other, program=thread.program, office="permits-desk/staff", from_date=date(2026, 1, 1))

    assert as_(other).get(f"{PROJECT}decisions/new/").status_code == 404
    assert as_(thread.first_lead.person).get(f"{LIST}new/").status_code == 403
    sent = typed_project(thread)
    assert "Choose: Which unit owns it?" not in text_of(as_(thread.staff).post(f"{LIST}new/", sent))
    assert as_(other).post(f"{LIST}new/", sent).status_code == 200


def test_a_decision_on_a_day_that_has_passed_is_refused(db):
    thread = cast.draft()
    day = (thread.now - timedelta(days=2)).date()
    sent = {"decision": "Which", "open": "All", "on": day, "office": thread.manager.public_id}

    response = as_(thread.staff).post(f"{PROJECT}decisions/new/", sent)

    assert "This day has passed; choose today or a later day." in text_of(response)
