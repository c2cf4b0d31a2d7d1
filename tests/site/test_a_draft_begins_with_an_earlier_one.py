"""An engagement, a call, a course and a workplan begin with an earlier one, by one rule: `?from=` fills the form, and the rest comes along."""

import pytest

from alongside.cohort.calls.models import Call
from alongside.cohort.training.models import Course
from alongside.ground.ui.earlier import carried_words
from alongside.work.engagements.models import Engagement
from alongside.work.workplans import actions as plan_actions
from alongside.work.workplans import queries as plans
from alongside.work.workplans.models import Workplan
from tests.cohort.calls import cast as calls
from tests.cohort.training import cast as training
from tests.support.thread import Thread
from tests.work.workplans.cast import Plan

pytestmark = pytest.mark.django_db
EN = "/riverbend/en"


def filled(client, page):
    """Give what the form of a page holds as it was sent."""
    form = client.get(page).context["form"]
    return {one.html_name: one.value() for one in form if one.value() is not None}


def test_an_engagement_brings_its_questions_and_the_words_that_stayed_the_same_in_the_languages_that_are_ticked(
    client,
):
    thread = Thread().open_program().draft_engagement()
    client.force_login(thread.first_lead.person)
    page = f"{EN}/drafts/new/?from={thread.engagement.slug}"
    assert "Start from an earlier one" in client.get(f"{EN}/drafts/new/").content.decode()
    typed = filled(client, page)
    assert typed["decision"] == thread.engagement.words["en"]["decision"]

    assert typed["also"] == []

    client.post(page, typed | {"title": "Another title", "also": ["es"]})

    made = Engagement.objects.latest("pk")
    earlier = Engagement.objects.get(pk=thread.engagement.pk)
    assert (made.form, made.languages, made.cap) == (earlier.form, earlier.languages, earlier.cap)
    assert made.words["en"]["title"] == "Another title"
    assert made.words["es"]["decision"] == earlier.words["es"]["decision"]
    assert "title" not in made.words["es"]  # it said something else
    assert made.promise is None


def test_the_questions_of_an_earlier_engagement_are_seen_and_changed_before_the_draft_is_signed(client):
    thread = Thread().open_program().draft_engagement()
    client.force_login(thread.first_lead.person)
    page = f"{EN}/drafts/new/?from={thread.engagement.slug}"
    there = client.post(page, filled(client, page) | {"title": "Another title"})
    made = Engagement.objects.latest("pk")

    assert there.url == f"{EN}/drafts/{made.slug}/questions/"
    assert made.languages == ["en"]
    asked = filled(client, there.url)
    assert [asked[f"{one['id']}-words"] for one in made.form["questions"]] == [
        one["words"]["en"] for one in made.form["questions"]
    ]
    room = client.post(there.url, asked | {"q2-words": "What else is new?"})
    assert room.url == f"{EN}/engagements/{made.slug}/room/"
    made.refresh_from_db()
    assert made.form["questions"][1]["words"] == {"en": "What else is new?"}
    signs = client.get(room.url).content.decode().partition('id="sign-here"')[2].partition("<details")[0]
    assert "What else is new?" in signs


def test_nobody_begins_with_an_engagement_that_they_do_not_work_on(client):
    thread = Thread().open_program().draft_engagement()
    client.force_login(thread.staff)

    assert client.get(f"{EN}/drafts/new/?from={thread.engagement.slug}").status_code == 403


def test_a_call_brings_its_terms_rubric_and_questions_and_has_days_of_its_own(client):
    thread = calls.program()
    earlier = calls.drafted(thread)
    client.force_login(thread.steward)
    page = f"{EN}/steward/calls/new/?from={earlier.slug}"
    typed = filled(client, page)
    assert typed["title"] == earlier.words["en"]["title"]

    client.post(page, typed)

    made = Call.objects.latest("pk")
    same = ("rubric", "questions", "sought", "seats", "budget", "languages")
    assert [getattr(made, one) for one in same] == [getattr(earlier, one) for one in same]
    assert (made.slug == earlier.slug, made.entry, made.words) == (False, None, earlier.words)


def test_a_course_brings_copies_of_its_lessons(client):
    thread = training.program()
    earlier = training.offered(thread)
    client.force_login(thread.steward)
    page = f"{EN}/steward/training/{earlier.track.slug}/new/?from={earlier.pk}"
    first = earlier.texts[0]

    client.post(
        page,
        {
            "write": "1",
            "lang": first["lang"],
            "title": "Again",
            "about": first["about"],
            "sessions_needed": 0,
        },
    )

    made = Course.objects.latest("pk")
    lessons = [(one.place, one.right, one.texts) for one in training.lessons_of(made)]
    assert lessons == [(one.place, one.right, one.texts) for one in training.lessons_of(earlier)]
    assert lessons
    assert (made.entry, made.text["title"], earlier.lessons.count()) == (None, "Again", len(lessons))
    assert first["about"] in client.get(page).content.decode()


def test_a_workplan_brings_all_that_stands_in_the_earlier_draft_under_its_new_name(client):
    plan = Plan().fill()
    client.force_login(plan.thread.first_lead.person)
    page = f"{EN}/workplans/new/?from={plan.row.slug}"
    typed = filled(client, page)

    client.post(page, typed | {"name": "A plan for next year"})

    made = Workplan.objects.latest("pk")
    assert made.pk != plan.row.pk
    mine, theirs = (
        plans.snapshot(one, plans.draft_of(one)) for one in (made, Workplan.objects.get(pk=plan.row.pk))
    )
    assert mine["title"] == "A plan for next year"
    assert mine["rows"] == theirs["rows"]
    assert mine["rows"]
    assert theirs["title"] != mine["title"]


def test_what_was_taken_out_of_a_workplan_is_not_brought_into_another_bureaus(client):
    plan = Plan().fill().write(goal_words="Words that nobody else reads")
    row = plan.first("goal")
    plan_actions.take_out(plan=plan.row, row=row)
    client.force_login(plan.thread.first_lead.person)
    page = f"{EN}/workplans/new/?from={plan.row.slug}"

    client.post(page, filled(client, page) | {"name": "Another bureau's plan"})

    made = plans.document_of(Workplan.objects.latest("pk"))
    assert plans.read(made).gone == ()
    assert row.encode() in plans.document_of(plan.row).get_update()
    assert row.encode() not in made.get_update()


def test_words_in_other_languages_come_along_only_where_the_first_words_stayed():
    earlier = {
        "en": {"title": "Benches", "decision": "Where", "checked": {"a": 1}},
        "es": {"title": "Bancos", "decision": "Dónde", "checked": {"a": 1}},
    }

    words = carried_words(earlier, ["en", "es", "vi"], {"title": "Benches", "decision": "How many"})

    assert words == {
        "en": {"title": "Benches", "decision": "How many"},
        "es": {"title": "Bancos"},
        "vi": {},
    }
