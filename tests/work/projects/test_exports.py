"""What others can take along: CSV without formulas, JSON without email, a catalog that validates, feeds and dates."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from alongside.work.projects import actions
from alongside.work.registers.models import Listing
from tests.work import cast
from tests.work.registers.imports import PROJECTS, ROWS, brought_in, row

SCHEMAS = Path(__file__).parents[4] / "shared/data/dcat/pod_schema/non-federal-v1.1"


def body(response) -> str:
    return b"".join(response.streaming_content).decode() if response.streaming else response.content.decode()


@pytest.fixture
def thread(db):
    return cast.opened()


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(thread, site_client):
    runs = ["=1+1", "+1", "-1", "@sum", "\tx", "plain"]
    brought_in(thread, [row(str(n), one) for n, one in enumerate(runs)])

    lines = list(csv.DictReader(io.StringIO(body(site_client.get(f"{PROJECTS}projects.csv")))))

    names = {one["name"] for one in lines if one["register"]}
    assert names == {"'=1+1", "'+1", "'-1", "'@sum", "x", "plain"}


def test_an_export_has_every_project_and_its_facts_and_no_e_mail(thread, site_client):
    actions.describe_project(
        project=thread.project,
        by=thread.manager.public_id,
        choices={"stage": "pilot", "communities": ["renters"]},
        words={"en": {"purpose": "To count."}},
        now=thread.now,
    )
    of = brought_in(thread, ROWS)

    found = json.loads(body(site_client.get(f"{PROJECTS}projects.json")))["projects"]

    assert len(found) == 5
    own = found[0]
    assert (own["name"], own["stage"], own["purpose"], own["communities"]) == (
        "Records of public computers",
        "pilot",
        "To count.",
        ["renters"],
    )
    assert own["next_decision"] == (thread.now.date() + timedelta(days=80)).isoformat()
    signs = next(one for one in found if one["name"] == "Signs")
    assert (signs["file"], signs["row"], signs["stage"]) == (of.sha256, 4, "in_use")
    assert signs["as_imported"]["note"] == "=1+1"
    assert "ann@city.example" not in str(found)


def test_an_address_that_was_kept_at_the_import_still_stays_out_of_exports(thread, site_client):
    brought_in(thread, [row("A-1", "Counters", note="ann@city.example")])

    assert "ann@city.example" not in body(site_client.get(f"{PROJECTS}projects.json"))


def test_an_export_is_narrowed_as_the_list_is(thread, site_client):
    brought_in(thread, ROWS)

    found = json.loads(body(site_client.get(f"{PROJECTS}projects.json?stage=pilot")))["projects"]

    assert [one["name"] for one in found] == ["Cameras"]


def test_the_catalog_validates_as_dcat_us(thread, site_client):
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    if not SCHEMAS.exists():
        pytest.skip("the DCAT-US schemas lie in ../shared/data/dcat, which is not here")
    found = site_client.get("/riverbend/data.json").json()
    catalog = json.loads((SCHEMAS / "catalog.json").read_text())
    one_set = json.loads((SCHEMAS / "dataset-non-federal.json").read_text())
    catalog["properties"]["dataset"]["items"] = {}

    jsonschema.Draft4Validator(catalog).validate(found)
    check = jsonschema.Draft4Validator(one_set)
    assert [error.message for each in found["dataset"] for error in check.iter_errors(each)] == []
    assert [error.validator for error in check.iter_errors({"title": "x"})] == ["required"] * 5


def test_every_file_of_the_catalog_is_there(thread, site_client):
    found = site_client.get("/riverbend/data.json").json()

    files = [file["downloadURL"] for each in found["dataset"] for file in each["distribution"]]
    assert [site_client.get(one.removeprefix("http://testserver")).status_code for one in files] == [200] * 7


def test_a_project_has_a_calendar_whose_day_moves_with_the_decision(thread, site_client):
    day = thread.now.date() + timedelta(days=100)
    actions.move_decision(
        point=thread.decision,
        on=day,
        by=thread.manager.public_id,
        words={"en": {"reason": "The council moved it."}},
        now=thread.now,
    )

    feed = Calendar.from_ical(site_client.get(f"{PROJECTS}{thread.project.slug}/dates.ics").content)

    events = {str(one["summary"]): one for one in feed.walk("VEVENT")}
    decided = events["Decision: How long records of public computers are kept"]
    assert (decided["dtstart"].dt, decided["sequence"]) == (day, 1)
    assert len(events) == 3
    whole = Calendar.from_ical(site_client.get("/riverbend/en/calendar.ics").content)
    days = {str(one["summary"]): one["dtstart"].dt for one in whole.walk("VEVENT")}
    assert days["Decision: How long records of public computers are kept"] == day


def test_a_project_has_a_feed_of_everything_that_leads_to_it(thread, site_client):
    finding = thread.find()
    thread.recommend(finding)
    other = cast.draft(thread, "signs")

    feed = body(site_client.get(f"{PROJECTS}library-computers-project/feed.xml"))

    told = [kind for kind in KINDS if f"<title>{kind}</title>" in feed]
    assert told == list(KINDS)
    assert feed.count("<entry>") == len(KINDS) + 1  # and the seal marks of the voices that it rests on
    assert other.project.slug not in feed
    assert str(datetime.now(tz=UTC).year) in feed


KINDS = (
    "A city project",
    "A decision with a date",
    "What was promised with a question",
    "What the leads heard",
    "A recommendation",
)


def test_a_project_from_a_file_has_a_feed_of_the_files_that_changed_it(thread, site_client):
    first = brought_in(thread, ROWS)
    slug = Listing.objects.get(row__facts__name="Counters").slug
    assert f"{slug}/feed.xml" in body(site_client.get(f"{PROJECTS}{slug}/"))
    brought_in(thread, ROWS, first.register.slug)
    last = brought_in(thread, [row("A-1", "Counters", "Retired")], first.register.slug)

    feed = body(site_client.get(f"{PROJECTS}{slug}/feed.xml"))

    assert [feed.count(f"/record/{one}/") for one in (first.entry, last.entry)] == [1, 1]
    assert (feed.count("<entry>"), "<title>Counters</title>" in feed) == (2, True)
    assert site_client.get(f"{PROJECTS}no-such/feed.xml").status_code == 404
