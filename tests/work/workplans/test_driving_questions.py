"""A driving question shows what cites it, or that it is unanswered."""

import pytest

from alongside.chain.findings import actions as findings
from alongside.core.entries import GrammarError
from alongside.core.grammar.log import check_log
from tests.promises.attempts import as_
from tests.support.thread import Thread
from tests.work.workplans.cast import QUESTION, Plan

pytestmark = pytest.mark.django_db
PAGE = "/riverbend/en/workplans/libraries/"
UNANSWERED = "No answer yet in what leads"
WORDS = {"title": "Say how long", "ask": "Say how long records are kept."}


def ask(plan, driving):
    return plan.thread.question(**WORDS, driving=driving)


def test_a_question_to_the_city_that_cites_it_stands_beside_it():
    plan = Plan()
    version = plan.in_force()
    assert UNANSWERED in as_(None).get(PAGE).content.decode()
    entry = ask(plan, (version.index, plan.first("question")))
    page = as_(None).get(PAGE).content.decode()
    assert (UNANSWERED in page, f"/record/{entry.index}/" in page) == (False, True)


def test_a_finding_and_a_recommendation_that_cite_it_stand_beside_it():
    plan = Plan()
    version = plan.in_force()
    driving = (version.index, plan.first("question"))
    thread: Thread = plan.thread.draft_engagement().make_keys().open()
    thread.hear()
    found = findings.publish(
        program=plan.program,
        promise=thread.promise,
        seat=thread.first_lead,
        smaller=False,
        voices={"low": 51, "high": 75},
        root="ab" * 32,
        words={"en": {"statement": "People want short keeping."}},
        driving=driving,
        now=thread.now,
    )
    asked = thread.recommend(found, **WORDS, driving=driving)
    page = as_(None).get(PAGE).content.decode()
    assert [f"/record/{one.index}/" in page for one in (found, asked)] == [True, True]
    assert check_log(thread.entries(), origin=thread.program.origin).kinds["finding.published"] == 1


def test_what_cites_a_question_stays_with_it_in_later_versions():
    plan = Plan()
    entry = ask(plan, (plan.in_force().index, plan.first("question")))
    plan.write(goal_words="Another goal")
    plan.sign(plan.propose())
    assert f"/record/{entry.index}/" in as_(None).get(PAGE).content.decode()


def test_only_a_question_of_a_plan_that_both_signed_is_cited():
    plan = Plan()
    version = plan.fill().propose()
    row = plan.first("question")
    with pytest.raises(GrammarError, match="cite a workplan in force"):
        ask(plan, (version.index, row))
    plan.sign(version)
    with pytest.raises(GrammarError, match="has no such driving question"):
        ask(plan, (version.index, "question-00000000"))
    assert ask(plan, (version.index, row)).data["driving_questions"] == [row]


def test_the_page_that_asks_offers_the_driving_questions_in_force():
    plan = Plan()
    lead = as_(plan.thread.first_lead.person)
    assert "Which driving question" not in lead.get("/riverbend/en/asks/question/").content.decode()
    version = plan.in_force()
    page = lead.get("/riverbend/en/asks/question/").content.decode()
    value = f"{version.index}:{plan.first('question')}"
    assert f'<option value="{value}">{QUESTION}</option>' in page
    typed = {"office": plan.manager, "title": "Say", "ask": "Say how long.", "driving": value}
    assert lead.post("/riverbend/en/asks/question/", typed).status_code == 302
    assert UNANSWERED not in as_(None).get(PAGE).content.decode()
