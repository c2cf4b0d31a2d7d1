"""Whoever translates finds one list by language: what has no translation, and what no person reviewed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alongside.ground.texts import actions as record
from alongside.ground.texts.queries import wanting_counts
from tests.promises.attempts import as_
from tests.support.remembering import this_hour
from tests.support.thread import Thread
from tests.work.engagements.test_drafting import text_of
from tests.work.workplans.cast import Plan

PAGE = "/riverbend/en/translations/"
QUERIES = 14  # of the whole page for staff, signed in; however much waits


@pytest.fixture
def thread(db):
    return Thread(now=this_hour()).open_program()


def register(thread, slug, *, languages=("en",)):
    """Put a project on the register, with its words in these languages, the first of them the original."""
    from alongside.work.projects import actions

    words = {lang: {"title": f"{slug} {lang}", "summary": "What it is."} for lang in languages}
    return actions.register_project(
        program=thread.program,
        slug=slug,
        unit=thread.unit,
        by=thread.manager.public_id,
        words=words,
        now=thread.now,
    )


def listed(client, query=""):
    """Give what the list shows: what each is called, with whether a translation is there."""
    return [(one.row.about, one.is_there) for one in client.get(f"{PAGE}{query}").context["rows"]]


def translate(thread, project, *, reviewed):
    record.translate_text(
        program=thread.program,
        entry=project.entry,
        by="steward",
        lang="es",
        texts={"title": "Luces", "summary": "Qué es."},
        made_by="person",
        reviewed=reviewed,
        now=thread.now,
    )


def test_a_text_waits_by_language_until_a_person_has_reviewed_its_translation(thread):
    lights = register(thread, "lights")
    register(thread, "signs", languages=("en", "es"))
    steward = as_(thread.steward)
    projects = {"lights en", "signs en"}

    def rows(query):
        return [one for one in listed(steward, query) if one[0] in projects]

    assert rows("?into=es") == [("signs en", True), ("lights en", False)]
    assert rows("?into=es&there=no") == [("lights en", False)]
    assert rows("?into=es&there=yes") == [("signs en", True)]
    assert rows("?into=vi") == [("signs en", False), ("lights en", False)]
    assert rows("?into=en") == []
    translate(thread, lights, reviewed=False)
    assert rows("?into=es&there=yes") == [("signs en", True), ("lights en", True)]
    translate(thread, lights, reviewed=True)
    assert rows("?into=es") == [("signs en", True)]


def test_a_row_leads_to_the_page_that_takes_its_translation_in_and_back(thread):
    project = register(thread, "lights")
    steward = as_(thread.steward)
    there = f"/riverbend/en/record/{project.entry}/translations/?into=es"

    assert f'href="{there}"' in steward.get(f"{PAGE}?into=es").content.decode()
    assert f'href="{PAGE}?into=es"' in steward.get(there).content.decode()
    assert f'href="{PAGE}' not in as_(None).get(there).content.decode()


def test_a_unit_finds_what_it_wrote_and_leads_find_what_the_community_wrote(db):
    thread = Thread(now=this_hour()).to_open_engagement()
    thread.answer(thread.recommend(thread.find()), "declined", reasons="Not this year.")
    project, answer, ask = "Records of public computers", "Not this year.", "Keep for a day"

    lead, staff = (
        {title for title, _there in listed(as_(one), "?into=es&there=no")}
        for one in (thread.first_lead.person, thread.staff)
    )

    found = [(one in lead, one in staff) for one in (project, answer, ask)]
    assert found == [(False, True), (True, False), (True, False)]
    for person in (thread.staff, thread.first_lead.person):
        assert "That is not on your list." in text_of(as_(person).get(PAGE))
    assert as_(None).get(PAGE).status_code in {302, 403}


def test_of_a_workplan_only_the_version_that_stands_waits(db):
    plan = Plan().fill()
    plan.in_force()
    plan.write(plan_title="Another name")
    plan.propose()

    rows = [
        one
        for one in as_(plan.thread.first_lead.person).get(f"{PAGE}?into=es").context["rows"]
        if one.row.kind.startswith("workplan")
    ]

    assert [(one.row.index, one.href) for one in rows] == [
        (plan.shown.standing.in_force.proposed.index, "/riverbend/en/workplans/libraries/translations/")
    ]


def test_the_stewards_desk_tells_how_many_wait(thread):
    register(thread, "lights", languages=("en", "es"))
    counts = as_(thread.steward).get(PAGE).context["counts"]
    found = {lang: one for lang, one, _drafts in counts if lang in {"es", "vi", "ar"}}
    missing, unread = (sum(getattr(one, name) for one in found.values()) for name in ("missing", "unread"))

    desk = text_of(as_(thread.steward).get("/riverbend/en/steward/"))

    told = f"Into Spanish, Vietnamese, Arabic: {missing} not translated, {unread} not reviewed by a person."
    assert told in desk


def test_the_list_takes_as_many_queries_for_three_texts_as_for_one(thread, django_assert_num_queries):
    staff = as_(thread.staff)
    register(thread, "lights")
    with django_assert_num_queries(QUERIES):
        one = len(listed(staff, "?into=es"))
    for slug in ("signs", "books"):
        register(thread, slug)
    with django_assert_num_queries(QUERIES):
        assert len(listed(staff, "?into=es")) == one + 2


@pytest.mark.skipif(connection.vendor != "sqlite", reason="each database explains itself in its own words")
def test_what_waits_is_counted_from_the_index_without_reading_a_text(thread):
    translate(thread, register(thread, "lights"), reviewed=False)
    with CaptureQueriesContext(connection) as asked:
        found = wanting_counts(thread.program, ["en", "es"])
    plans = []
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        for one in asked:
            cursor.execute(f"EXPLAIN QUERY PLAN {one['sql']}")
            plans += [row[3] for row in cursor.fetchall()]
    looks_up = [one for one in plans if "texts_of_an_entry" in one and "COVERING" not in one]

    assert (found["es"].unread, looks_up) == (1, [])
    assert any("COVERING INDEX texts_of_an_entry" in one for one in plans)


def test_a_draft_whose_words_are_missing_in_a_language_stands_there_for_leads_and_for_nobody_else(thread):
    thread.draft_engagement()
    thread.engagement.words = {"en": thread.engagement.words["en"]}
    thread.engagement.save()
    href = f"/riverbend/en/drafts/{thread.engagement.slug}/words/es/"
    seen = {
        who: as_(person).get(f"{PAGE}?into=es").content.decode()
        for who, person in (("lead", thread.second_lead.person), ("staff", thread.staff))
    }
    told = {who: (href in page, "drafts whose words are missing: 1" in page) for who, page in seen.items()}
    assert told == {"lead": (True, True), "staff": (False, False)}
