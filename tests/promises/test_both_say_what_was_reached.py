"""Each quarter leads and bureau each say which level of participation was reached; both stand side by side (promise 6)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from alongside.cohort.seats.actions import leave_seat
from alongside.core.refusals import Refused
from alongside.core.workflow.levels import first_day, last_day, last_over, quarter_of
from alongside.ground.programs.models import Post
from alongside.ground.record.actions.entries import Text
from alongside.ground.texts.actions import erase_text, translate_text
from alongside.work.projects import actions as projects
from alongside.work.workplans import actions as workplans
from tests.promises.attempts import as_, is_caught, without_rule
from tests.support.thread import Thread, posted_by_rows
from tests.work.engagements.test_drafting import text_of
from tests.work.workplans.cast import Plan

BEGUN = datetime(2026, 5, 4, 18, tzinfo=UTC)
NOW = datetime(2026, 7, 8, 18, tzinfo=UTC)
QUARTER = "2026-Q2"
SENTENCE = "We were asked early, and the rule shows it."


@pytest.fixture
def thread(db):
    made = Thread(now=BEGUN).open_program()
    made.project = made.register_project("computers", "Library computers", "What they keep.")
    projects.join_project(project=made.project, seat=made.first_lead.public_id, now=made.now)
    made.now = NOW
    return made


def assess(thread, by, quarter=QUARTER, level=("iap2", "involve"), now=None):
    with transaction.atomic():
        return projects.assess_project(
            project=thread.project,
            quarter=quarter,
            level=level,
            words=Text("en", SENTENCE),
            by=by,
            now=now or thread.now,
        )


def test_a_quarter_has_three_months():
    assert [quarter_of(date(2026, month, 1)) for month in (1, 3, 4, 12)] == [
        "2026-Q1",
        "2026-Q1",
        "2026-Q2",
        "2026-Q4",
    ]
    assert (first_day("2026-Q4"), last_day("2026-Q4")) == (date(2026, 10, 1), date(2026, 12, 31))
    assert last_day("2026-Q1") == date(2026, 3, 31)
    assert last_over(date(2026, 1, 1)) == "2025-Q4"


def test_each_side_says_it_once(thread):
    lead, office = thread.first_lead.public_id, thread.office.public_id
    assess(thread, lead)
    assess(thread, office, level=("iap2", "consult"))

    for again in (lead, office, thread.manager.public_id):
        with pytest.raises(Refused, match="this side has said it for this quarter"):
            assess(thread, again)


def test_the_public_log_names_the_quarter_of_which_it_is_said(thread):
    told = assess(thread, thread.first_lead.public_id)
    called = "How leads and bureau worked together on a project\N{NO-BREAK SPACE}· April 2026 to June 2026"
    for page in ("record/", f"record/{told.index}/"):
        assert called in as_(None).get(f"/riverbend/en/{page}").content.decode(), page


def test_whoever_was_of_the_bureau_says_it_for_no_leads(thread):
    post = posted_by_rows(thread.program, thread.first_lead.person, thread.office.public_id)
    Post.objects.filter(pk=post.pk).update(until_date=thread.now.date())
    with pytest.raises(Refused, match="works or worked for the other side here"):
        assess(thread, thread.first_lead.public_id)


def test_a_quarter_that_is_not_over_is_not_judged(thread):
    with pytest.raises(Refused, match="this quarter is not over"):
        assess(thread, thread.first_lead.public_id, "2026-Q3")


def test_a_quarter_before_the_project_is_not_judged(thread):
    with pytest.raises(Refused, match="this was begun later"):
        assess(thread, thread.first_lead.public_id, "2026-Q1")


def test_only_who_works_on_a_project_says_what_was_reached(thread):
    for by in (thread.second_lead.public_id, "streets-and-signals/manager"):
        with pytest.raises(Refused, match="a lead who works on the project says it"):
            assess(thread, by)


def test_who_worked_on_a_project_in_a_quarter_says_it_of_that_quarter(thread):
    late = thread.third_lead.public_id
    projects.join_project(project=thread.project, seat=late, now=thread.now)
    with pytest.raises(Refused, match="leads who worked on the project in that quarter say it"):
        assess(thread, late)

    projects.leave_project(project=thread.project, seat=thread.first_lead.public_id, now=thread.now)

    assert assess(thread, late).by == (late,)


def test_the_leads_word_on_a_quarter_outlives_the_term_of_who_worked_in_it(thread):
    other = thread.second_lead.public_id
    projects.join_project(project=thread.project, seat=other, now=thread.now)
    with pytest.raises(Refused, match="leads who worked on the project in that quarter say it"):
        assess(thread, other)

    leave_seat(seat=thread.first_lead, reason="", on=thread.now.date(), now=thread.now)

    assert assess(thread, other, now=thread.now + timedelta(days=1)).by == (other,)


def said_by(thread, by, words, lang):
    """Let somebody say in another language what an entry says, as a person."""
    said = {"entry": words.index, "by": by, "lang": lang, "texts": {"words": SENTENCE}}
    with transaction.atomic():
        return translate_text(program=thread.program, **said, made_by="person", reviewed=True, now=thread.now)


def test_what_a_bureau_says_is_its_own_in_every_language(thread):
    said = assess(thread, thread.office.public_id)
    with pytest.raises(Refused, match="the City wrote this"):
        said_by(thread, thread.third_lead.public_id, said, "es")

    assert said_by(thread, thread.office.public_id, said, "es")[0].cites == {"of": (said.index,)}


def test_what_a_bureau_says_is_taken_down_with_the_bureau_and_what_leads_say_with_a_lead(thread):
    theirs, ours = assess(thread, thread.office.public_id), assess(thread, thread.first_lead.public_id)
    lead, manager = thread.third_lead.public_id, thread.manager.public_id
    for said, other, own in ((theirs, lead, manager), (ours, manager, lead)):
        down = {
            "entry": said.index,
            "sha256": said.texts["words"]["sha256"],
            "ground": "A name stands in it.",
        }
        with pytest.raises(Refused), transaction.atomic():
            erase_text(program=thread.program, **down, by=[other, "steward"], now=thread.now)
        assert erase_text(program=thread.program, **down, by=[own, "steward"], now=thread.now)


def test_only_a_level_of_the_rules_is_told(thread):
    with pytest.raises(Refused, match="no such level"):
        assess(thread, thread.first_lead.public_id, level=("iap2", "perfect"))


def test_both_words_stand_side_by_side_on_the_page_of_the_project(thread, site_client):
    assess(thread, thread.first_lead.public_id)
    one = site_client.get("/riverbend/en/projects/computers/").content.decode()
    assess(thread, thread.office.public_id, level=("iap2", "consult"))
    both = site_client.get("/riverbend/en/projects/computers/").content.decode()

    assert one.count("Has not said it yet.") == 1
    assert both.count("Has not said it yet.") == 0
    assert both.count(SENTENCE) == 2


def test_a_plan_is_judged_by_its_own_sides_once_it_is_in_force(db):
    plan = Plan(now=BEGUN)

    def assess_plan(by):
        with transaction.atomic():
            return workplans.assess_plan(
                plan=plan.row,
                quarter=QUARTER,
                level=("iap2", "involve"),
                words=Text("en", SENTENCE),
                by=by,
                now=NOW,
            )

    with pytest.raises(Refused, match="No version is in force yet"):
        assess_plan(plan.lead)
    plan.in_force()
    with pytest.raises(Refused, match="only the leads of the cohort and the bureaus of the plan"):
        assess_plan("streets-and-signals/manager")

    told = [assess_plan(plan.lead), assess_plan(plan.thread.office.public_id)]

    assert [one.kind for one in told] == ["workplan.assessed"] * 2
    with pytest.raises(Refused, match="this side has said it"):
        assess_plan(plan.manager)


def test_a_level_that_the_rules_do_not_have_stands_on_no_page(thread):
    level = {"framework": "iap2", "level": "the-bureau-lies-to-everybody"}
    told = {"project": "computers", "quarter": QUARTER, "level": level}
    cites = {"project": [thread.project.entry]}
    texts = {"words": Text("en", SENTENCE)}
    thread.enter("project.assessed", [thread.first_lead.public_id], told, cites, texts)

    page = text_of(as_(None).get("/riverbend/en/projects/computers/"))

    assert SENTENCE in page
    assert "A level that the rules do not have" in page
    assert level["level"] not in page


@pytest.mark.parametrize(
    ("rule", "test"),
    [
        ("is_said_once_by_each_side", test_each_side_says_it_once),
        ("is_of_a_quarter_that_is_over", test_a_quarter_that_is_not_over_is_not_judged),
        ("is_of_a_quarter_that_is_over", test_a_quarter_before_the_project_is_not_judged),
        ("is_by_who_worked_on_it_then", test_who_worked_on_a_project_in_a_quarter_says_it_of_that_quarter),
        ("is_by_who_works_on_it", test_only_who_works_on_a_project_says_what_was_reached),
    ],
)
def test_a_planted_violation_is_caught(thread, monkeypatch, rule, test):
    without_rule(monkeypatch, "project.assessed", rule)
    is_caught("DID NOT RAISE", test, thread)
