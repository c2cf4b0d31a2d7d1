"""Two leads look at what was done: the second hears that their press is the last, and nobody is said to have seen more."""

import pytest

from alongside.chain.commitments.models import Check
from tests.promises.attempts import BASE, as_
from tests.support.thread import Thread

pytestmark = pytest.mark.django_db
FINAL = "it goes on the public log with this press"


@pytest.fixture
def claimed() -> Thread:
    """Walk to a claim that nobody has checked."""
    thread = Thread().to_open_engagement()
    thread.made = thread.claim(thread.answer(thread.recommend(thread.find()))[-1])
    return thread


def look(thread: Thread, seat, completion: str):
    """Look as a lead, by the form, and give the page where they land."""
    page = f"{BASE}/commitments/claims/{thread.made.index}/check/"
    sent = as_(seat.person).post(page, {"completion": completion, "words": "We saw it."}, follow=True)
    return sent.content.decode()


def test_nobody_is_said_to_have_seen_all_of_it_where_one_lead_saw_nearly_all(claimed):
    look(claimed, claimed.first_lead, "substantial")
    look(claimed, claimed.second_lead, "complete")
    thread = as_(None).get(f"{BASE}/follow/{claimed.promise}/").content.decode()
    assert "Two leads looked and say that this is at least nearly done" in thread
    assert "Two leads agree" not in thread


def test_two_leads_who_saw_all_of_it_are_said_to_have(claimed):
    look(claimed, claimed.first_lead, "complete")
    look(claimed, claimed.second_lead, "complete")
    thread = as_(None).get(f"{BASE}/follow/{claimed.promise}/").content.decode()
    assert "Two leads looked and say that this is done" in thread


def test_the_second_lead_reads_that_this_press_is_the_last_and_the_first_does_not(claimed):
    page = f"{BASE}/commitments/claims/{claimed.made.index}/check/"
    assert FINAL not in as_(claimed.first_lead.person).get(page).content.decode()
    assert "It counts when two leads who looked agree" in look(claimed, claimed.first_lead, "complete")
    again = as_(claimed.first_lead.person).get(page).content.decode()
    assert FINAL not in again and "What you send now takes its place." in again
    assert FINAL in as_(claimed.second_lead.person).get(page).content.decode()
    landed = look(claimed, claimed.second_lead, "complete")
    assert "It is on the public log." in landed
    assert "It counts when two leads who looked agree" not in landed
    assert Check.objects.count() == 2
