"""The handover is told from the record: only what this cohort did, and nothing open is missing from it."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alongside.chain.keys.models import EngagementKey, Wrap
from alongside.desks.handover import handover_of
from alongside.ground.record.actions.entries import Text
from tests.support.remembering import this_hour
from tests.support.thread import Thread
from tests.work.engagements.test_drafting import as_, text_of

PAGE = "/riverbend/en/cohort/first/handover/"
BRIEF = 6  # queries of a brief, however much there is


@pytest.fixture
def thread(db):
    return Thread(now=this_hour()).to_open_engagement()


def brief(thread, slug="first"):
    return handover_of(thread.program, slug, "en", thread.now.date())


def sign_a_plan(thread, *questions):
    """Let both sides sign a workplan with these driving questions."""
    rows = {kind: [] for kind in ("goal", "activity", "touch", "support")}
    rows["question"] = [{"id": name, "words": f"Question {name}?"} for name in questions]
    data = {
        "workplan": "counters",
        "cohort": "first",
        "units": [thread.unit.slug],
        "version": 1,
        "questions": list(questions),
        "activities": ["a1"],
    }
    texts = {"title": Text("en", "Counters"), "plan": Text("en", json.dumps({"rows": rows}))}
    version = thread.enter("workplan.proposed", [thread.first_lead.public_id], data, texts=texts)
    signed = {"workplan": "counters", "plan": version.texts["plan"]["sha256"]}
    thread.enter("workplan.signed", [thread.manager.public_id], signed, {"version": [version.index]})
    return version


def test_asks_are_looked_for_between_the_first_and_the_last_and_not_each_by_its_number(thread):
    asks = [thread.recommend(thread.find(), f"Ask {number}").index for number in range(3)]
    with CaptureQueriesContext(connection) as asked:
        found = brief(thread)
    of_asks = [one["sql"] for one in asked if '"ask" >=' in one["sql"]]

    assert [one.told.index for one in found.asked] == asks
    assert [" IN (" in one for one in of_asks] == [False, False]


def test_what_is_open_is_taken_up_and_what_is_kept_is_not(thread, site_client):
    _given, commitment = thread.answer(thread.recommend(thread.find()))
    before = text_of(site_client.get(PAGE))
    claim = thread.claim(commitment)
    claimed = text_of(site_client.get(PAGE))
    for seat in (thread.second_lead, thread.third_lead):
        thread.check(claim, seat)
    kept = text_of(site_client.get(PAGE))

    assert ("promised this" in before, "Two leads must go and look" in before) == (True, False)
    assert ("promised this" in claimed, "Two leads must go and look" in claimed) == (False, True)
    assert ("promised this" in kept, "Two leads must go and look" in kept) == (False, False)
    assert "1 of 1 milestone kept." in kept


def test_people_who_have_not_heard_back_are_handed_over_until_they_have(db, site_client):
    thread = Thread(now=this_hour() - timedelta(days=40)).to_open_engagement().later(40)
    before = text_of(site_client.get(PAGE))
    thread.find()
    thread.report()

    assert "People must hear back" in before
    assert "People must hear back" not in text_of(site_client.get(PAGE))


def test_another_cohort_hands_over_nothing_of_this_one(thread):
    thread.recommend(thread.find())
    second = thread.seat_cohort("second", date(2028, 1, 1), date(2029, 12, 31))
    thread.seat("fourth", second)

    assert (len(brief(thread).asked), len(brief(thread).findings), len(brief(thread).courses)) == (1, 1, 1)
    assert (brief(thread, "second").asked, brief(thread, "second").findings) == ([], [])
    assert brief(thread, "third") is None


def test_a_driving_question_is_open_until_a_finding_cites_it(thread):
    version = sign_a_plan(thread, "q1", "q2")
    assert [one.words for one in brief(thread).unanswered] == ["Question q1?", "Question q2?"]

    thread.hear()
    thread.enter(
        "finding.published",
        [thread.first_lead.public_id],
        {"smaller": False, "voices": {"low": 51, "high": 75}, "root": "ab" * 32, "driving_questions": ["q1"]},
        {"engagement": [thread.promise], "workplan": [version.index]},
        {"statement": Text("en", "Short keeping.")},
    )

    assert [one.words for one in brief(thread).unanswered] == ["Question q2?"]


def test_a_brief_takes_as_many_queries_for_three_asks_as_for_one(thread, django_assert_num_queries):
    sign_a_plan(thread, "q1")
    thread.recommend(thread.find())
    with django_assert_num_queries(BRIEF):
        assert len(brief(thread).asked) == 1
    for _more in range(2):
        thread.recommend(thread.find())
    with django_assert_num_queries(BRIEF):
        assert len(brief(thread).asked) == 3


@pytest.mark.parametrize(("left", "is_told"), [(59, True), (61, False)])
def test_a_lead_is_led_to_the_handover_near_the_end_of_the_term_only(db, left, is_told):
    thread = Thread(now=this_hour()).open_program()
    seat = thread.first_lead
    type(seat).objects.filter(pk=seat.pk).update(until_date=thread.now.date() + timedelta(days=left))

    week = as_(seat.person).get("/riverbend/en/week/").content.decode()

    assert (PAGE in week) == is_told


def test_a_lead_who_leaves_is_told_of_keys_that_nobody_who_stays_holds(db):
    thread = Thread(now=this_hour()).to_open_engagement()
    leaves, stays = thread.first_lead, thread.second_lead
    last = thread.now.date() + timedelta(days=30)
    type(leaves).objects.exclude(pk=stays.pk).update(until_date=last)
    slug = thread.engagement.slug
    key = EngagementKey.objects.create(program=thread.program, engagement=slug, recipient="age1x", entry=1)
    Wrap.objects.create(key=key, seat=leaves, by=leaves, sealed=b"-")

    def told():
        return "Share the key: " in text_of(as_(leaves.person).get("/riverbend/en/week/"))

    assert told()
    Wrap.objects.create(
        key=key, seat=thread.third_lead, by=thread.third_lead, sealed=b"-"
    )  # who leaves on the same day
    assert told()
    Wrap.objects.create(key=key, seat=stays, by=stays, sealed=b"-")
    assert not told()


def test_the_page_of_a_cohort_leads_to_its_handover(thread, site_client):
    assert f'href="{PAGE}"' in site_client.get("/riverbend/en/cohort/first/").content.decode()
