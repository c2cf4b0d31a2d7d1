"""While a court or an audit asks that nothing be deleted, no button of a lead deletes what leads wrote (promise 8)."""

import pytest

from alongside.cohort.seats import tasks
from alongside.cohort.seats.models import LastWords
from alongside.ground.people.models import Profile
from alongside.ground.texts import actions as record
from alongside.work.consultations import actions as comments
from alongside.work.consultations.models import Comment
from tests.work.consultations.cast import CANARY, Review
from tests.work.engagements.test_drafting import as_, text_of

PAGE = "/riverbend/en/consultations/ai-register/"
PROFILE, DOWN = "/riverbend/en/seat/profile/", "/riverbend/en/seat/profile/take-down/"
GOODBYE, GOODBYES = "/riverbend/en/seat/goodbye/", "/riverbend/en/goodbyes/"


@pytest.fixture
def review(db):
    return Review()


def hold(review):
    return record.place_hold(program=review.program, ground="Case 7", by="steward", now=review.now)


def lift(review, held):
    record.lift_hold(program=review.program, hold=held.index, by="steward", now=review.now)


def test_a_comment_taken_back_under_a_hold_is_shown_to_nobody_and_erased_once_it_is_lifted(review):
    review.bring()
    said, held = review.say(may_quote=True), hold(review)
    lead = as_(review.lead.person)
    lead.post(f"{PAGE}comments/{said.pk}/take-back/")

    assert CANARY not in lead.get(f"{PAGE}comments/").content.decode()
    comments.erase_comments(program=review.program, now=review.now)
    assert Comment.objects.get(pk=said.pk).words == CANARY
    lift(review, held)
    comments.erase_comments(program=review.program, now=review.now)
    kept = Comment.objects.get(pk=said.pk)
    assert (kept.words, kept.anchor, kept.may_quote) == ("-", {}, False)


def test_a_profile_taken_down_under_a_hold_is_shown_to_nobody_and_kept(review):
    lead = as_(review.lead.person)
    lead.post(PROFILE, {"shown_name": "Heron", "about": "I listen.", "languages": "", "links": ""})
    held = hold(review)
    assert 'name="erase"' not in lead.get(PROFILE).content.decode()
    assert "asked that nothing be deleted for now" in text_of(lead.get(PROFILE))
    lead.post(DOWN, {"erase": "1"})

    profile = Profile.objects.get(person=review.lead.person)
    assert (profile.about, profile.is_public) == ("I listen.", False)
    lift(review, held)
    lead.post(DOWN, {"erase": "1"})
    assert not Profile.objects.exists()


def test_last_words_taken_back_under_a_hold_are_read_by_nobody_and_erased_once_it_is_lifted(review):
    lead = as_(review.lead.person)
    given = {
        "words-worked": "Free lunch",
        "words-did_not": "",
        "words-again": "yes",
        "words-readers": "steward",
    }
    lead.post(GOODBYE, {**given, "say": "1"})
    LastWords.objects.update(said_on=review.day.replace(year=review.day.year - 1))
    held = hold(review)
    lead.post(GOODBYE, {"take-back": "1"})

    assert "Free lunch" not in as_(review.thread.steward).get(GOODBYES).content.decode()
    assert "Free lunch" not in lead.get(GOODBYE).content.decode()
    tasks.tick(program=review.program, now=review.now)
    assert LastWords.objects.get().worked == "Free lunch"
    lift(review, held)
    tasks.tick(program=review.program, now=review.now)
    assert not LastWords.objects.exists()
