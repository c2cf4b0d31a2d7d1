"""What the City says of a project, what leads say of it, and how its decisions move: each small form writes one entry."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alongside.core.clocks import local_date
from alongside.core.entries import GrammarError
from alongside.ground.programs.models import Unit
from alongside.ground.programs.queries import pack_of
from alongside.work.projects import actions
from alongside.work.projects.models import DecisionPoint
from alongside.work.projects.queries import Narrow, narrowed, project_page
from alongside.work.registers.models import Listing
from tests.work import cast
from tests.work.engagements.test_drafting import as_
from tests.work.projects.test_pages import text_of
from tests.work.registers.imports import PROJECTS, ROWS, brought_in

HERE = f"{PROJECTS}library-computers-project/"


@pytest.fixture
def thread(db):
    return cast.draft()


def today(thread):
    """Give the program's local day, which is not always the day of UTC."""
    return local_date(thread.now, pack_of(thread.program))


def working(thread) -> list[str]:
    return [
        one.public_id for one in project_page(thread.program, "en", thread.project.slug, today(thread)).seats
    ]


def last(thread) -> dict:
    return json.loads(thread.entries()[-1])


def test_facts_are_told_once_and_what_is_left_is_not_told_again(thread, site_client):
    client = as_(thread.staff)
    typed = {
        "summary": "What is kept, how long, and who may look.",
        "stage": "pilot",
        "communities": ["young"],
    }
    client.post(f"{HERE}facts/", typed | {"vendors": "Example, Inc. | https://vendor.example/x"})

    entry = last(thread)
    assert (entry["kind"], entry["by"]) == ("project.described", [thread.office.public_id])
    assert entry["data"] == {"project": thread.project.slug, "stage": "pilot", "communities": ["young"]}
    assert list(entry["texts"]) == ["vendors"]

    before = len(thread.entries())
    client.post(f"{HERE}facts/", typed | {"vendors": "Example, Inc. | https://vendor.example/x"})
    assert len(thread.entries()) == before
    client.post(f"{HERE}facts/", typed | {"stage": "in_use", "purpose": "To lend computers."})
    assert last(thread)["data"] == {"project": thread.project.slug, "stage": "in_use"}

    page = site_client.get(HERE).content.decode()
    assert '<a href="https://vendor.example/x" rel="noreferrer">Example, Inc.</a>' in page
    text = text_of(site_client.get(HERE))
    assert "Stage In use" in text
    assert "Whom it touches Young people" in text
    assert "What it is for To lend computers." in text
    assert "How to object The City has not written it here." in text
    listing = Listing.objects.get(entry=thread.project.entry)
    assert (listing.stage, [one.community for one in listing.touches.all()]) == ("in_use", ["young"])


def test_how_people_were_asked_is_not_told_beside_a_line_that_says_that_nobody_told_it(thread, site_client):
    untold = "Was the public asked? The City has not written it here."
    assert untold in text_of(site_client.get(HERE))
    typed = {"summary": "What is kept.", "consultation": "Leads asked us about them."}
    as_(thread.staff).post(f"{HERE}facts/", typed)
    text = text_of(site_client.get(HERE))
    assert "How the public was asked Leads asked us about them." in text
    assert "Was the public asked?" not in text


def test_only_its_unit_and_the_steward_tell_facts(thread):
    assert as_(thread.first_lead.person).get(f"{HERE}facts/").status_code == 403
    assert as_(thread.steward).get(f"{HERE}facts/").status_code == 200
    other = actions.register_project(
        program=thread.program,
        slug="elsewhere",
        unit=Unit.objects.exclude(pk=thread.unit.pk).filter(program=thread.program).first(),
        by="steward",
        words={"en": {"title": "Elsewhere", "summary": "Of another unit."}},
        now=thread.now,
    )
    assert as_(thread.staff).get(f"{PROJECTS}{other.slug}/facts/").status_code == 404


def test_a_lead_joins_and_leaves_a_project_for_themselves(thread):
    client, seat = as_(thread.first_lead.person), thread.first_lead.public_id
    client.post(f"{HERE}leads/")
    client.post(f"{HERE}leads/")
    assert (last(thread)["kind"], last(thread)["by"]) == ("project.joined", [seat])
    assert working(thread) == [seat]
    with pytest.raises(GrammarError, match="works on it already"):
        actions.join_project(project=thread.project, seat=seat, now=thread.now)

    client.post(f"{HERE}leads/", {"leave": "1"})
    assert last(thread)["kind"] == "project.left"
    assert working(thread) == []
    with pytest.raises(GrammarError, match="does not work on it"):
        actions.leave_project(project=thread.project, seat=seat, now=thread.now)


def test_a_lead_names_harm_in_kinds_and_in_words(thread, site_client):
    sent = {"harms": ["surveillance", "legal"], "communities": ["newcomers"], "words": "People stay away."}
    as_(thread.first_lead.person).post(f"{HERE}harms/new/", sent)

    assert (last(thread)["kind"], last(thread)["pen"]) == ("harm.named", "community")
    assert last(thread)["data"] == {
        "project": thread.project.slug,
        "harms": ["surveillance", "legal"],
        "communities": ["newcomers"],
    }
    text = text_of(site_client.get(HERE))
    assert (
        "Being watched · Trouble with the law People stay away. Whom it falls on: Immigrants and refugees"
        in text
    )
    assert as_(thread.staff).get(f"{HERE}harms/new/").status_code == 403


def test_a_decision_moves_with_its_reason_and_stays_once_it_is_made(thread, site_client):
    client, here = as_(thread.staff), f"{HERE}decisions/library-computers-decision/"
    day = today(thread) + timedelta(days=120)
    client.post(f"{here}move/", {"on": day, "reason": "The council meets later."})

    assert (last(thread)["kind"], last(thread)["data"]["on"]) == ("decision.moved", day.isoformat())
    assert DecisionPoint.objects.get().on == day
    assert "The council meets later." in text_of(site_client.get(here))

    client.post(f"{here}made/", {"on": today(thread), "outcome": "Thirty days."})
    text = text_of(site_client.get(here))
    assert "What was decided Thirty days." in text
    assert DecisionPoint.objects.get().on == today(thread)
    with pytest.raises(GrammarError, match="was made"):
        actions.move_decision(
            point=thread.decision,
            on=day,
            by=thread.manager.public_id,
            words={"en": {"reason": "No."}},
            now=thread.now,
        )


def test_a_decision_promises_its_level_and_says_if_the_public_was_asked(thread, site_client):
    sent = {"decision": "Which counters", "open": "Which", "on": today(thread) + timedelta(days=60)}
    sent |= {"office": thread.manager.public_id, "level": "iap2/consult", "asked": "not_asked"}
    as_(thread.staff).post(f"{HERE}decisions/new/", sent)

    assert last(thread)["data"]["level"] == {"framework": "iap2", "level": "consult"}
    text = text_of(site_client.get(HERE))
    assert "Promised level: IAP2 Spectrum of Public Participation: Consult Nobody was asked" in text


def slugs(thread, **narrow) -> set[str]:
    found = narrowed(thread.program, Narrow(**narrow), today(thread))
    return {one.row.facts["name"] if one.row else one.slug for one in found.select_related("row")}


def test_the_list_is_narrowed_by_what_it_says(thread):
    own = thread.project.slug
    brought_in(thread, ROWS)
    actions.describe_project(
        project=thread.project,
        by=thread.manager.public_id,
        choices={"stage": "pilot", "impact": "high", "communities": ["renters"]},
        words={},
        now=thread.now,
    )

    assert slugs(thread, unit=thread.unit.slug) == {own}
    assert slugs(thread, stage="pilot") == {own, "Cameras"}
    assert slugs(thread, impact="high") == {own}
    assert slugs(thread, community="renters") == {own}
    assert slugs(thread, community="young") == set()
    assert slugs(thread, is_soon=True) == {own}
    assert slugs(thread, never_asked=True) == {own, "Counters", "Cameras", "Chat", "Signs"}
    assert slugs(thread, slugs=[own]) == {own}


def test_who_was_asked_is_not_among_those_who_never_were(thread):
    thread.make_keys().open()

    assert slugs(thread, never_asked=True) == set()


def test_a_decision_that_is_made_or_far_is_not_soon(thread):
    later = today(thread) + timedelta(days=91)
    words, by = {"en": {"reason": "Later."}}, thread.manager.public_id
    actions.move_decision(point=thread.decision, on=later, by=by, words=words, now=thread.now)
    assert slugs(thread, is_soon=True) == set()

    words = {"en": {"outcome": "Done."}}
    actions.make_decision(point=thread.decision, on=today(thread), by=by, words=words, now=thread.now)
    assert slugs(thread, is_soon=True) == set()


def test_what_came_in_from_a_file_can_stand_on_the_record_by_itself(thread, site_client):
    of = brought_in(thread, ROWS)
    listing = Listing.objects.get(row__facts__name="Cameras")
    client = as_(thread.staff)
    here = f"{PROJECTS}{listing.slug}/"

    sent = {"title": "Cameras", "summary": "At the bridge.", "unit": thread.unit.slug}
    assert client.post(f"{here}register/", sent).url == here
    assert last(thread)["cites"] == {"import": [of.entry]}
    text = text_of(site_client.get(here))
    assert "At the bridge." in text
    assert "It came in from a file: Use cases." in text
    assert Listing.objects.filter(slug=listing.slug).count() == 1
    assert client.get(f"{here}register/").status_code == 404


def test_a_page_of_the_list_of_any_kind_takes_as_many_queries(thread, site_client):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert site_client.get(f"{PROJECTS}?stage=").status_code == 200
        return len(seen)

    queries()
    one = queries()
    brought_in(thread, ROWS)

    assert (one, queries()) == (8, 8)
