"""Promises 4 and 7: the desk asks no lead for what another lead has to do, because the bureau pays or employs them."""

import pytest

from alongside.chain.asks import actions as asks
from alongside.ground.programs.models import Post
from tests.promises.attempts import BASE, as_, today
from tests.promises.test_the_city_must_answer import asked, questioned
from tests.support.thread import Thread, posted_by_rows
from tests.work.invitations.test_invitations import invited

pytestmark = pytest.mark.django_db
LEFT = "A bureau that this is about pays or employs you, or did. So another lead contests it, raises it or follows up."


def paid(thread, *leads):
    for one in leads:
        told_by = {"seat": one.public_id, "paid_by": thread.unit.slug}
        thread.enter("seat.declared", [one.public_id], told_by)


def sees(words, page, *leads):
    return [words in as_(one.person).get(f"{BASE}/{page}").content.decode() for one in leads]


def test_an_answer_that_a_lead_cannot_contest_waits_on_the_desk_of_the_others(db):
    thread, ask = asked(today())
    thread.answer(ask, "declined")
    leads = thread.leads
    assert sees("Read the answer:", "week/", *leads) == [True] * 3
    paid(thread, leads[0])
    assert sees("Read the answer:", "week/", *leads) == [False, True, True]
    paid(thread, *leads[1:])
    assert sees("Read the answer:", "week/", *leads) == [True] * 3, "no other lead could"


def test_what_an_office_asks_of_its_ask_waits_on_the_desk_of_the_others(db):
    thread, ask = asked(today())
    asks.ask_what_is_meant(
        program=thread.program,
        ask=ask,
        office=thread.manager.public_id,
        words="Which computers?",
        lang="en",
        now=thread.now,
    )
    leads = (thread.first_lead, thread.second_lead)
    assert sees("Say what you mean:", "week/", *leads) == [True, True]
    paid(thread, leads[0])
    assert sees("Say what you mean:", "week/", *leads) == [False, True]


def test_a_report_back_waits_on_the_desk_of_the_others_and_closing_on_every_desk(db):
    thread = Thread(now=today()).to_open_engagement()
    thread.hear()
    thread.find()
    leads = (thread.first_lead, thread.second_lead)
    paid(thread, leads[0])
    assert sees("Report back", "seat/listen/", *leads) == [False, True]


def test_the_page_of_a_question_says_that_another_lead_raises_it(db):
    thread, ask = questioned(today())
    leads = (thread.first_lead, thread.second_lead)
    page = f"questions/{ask}/"
    thread.answer(ask, "declined")
    assert sees("Raise it to the office above", page, *leads) == [True, True]
    paid(thread, leads[0])
    assert sees("Raise it to the office above", page, *leads) == [False, True]
    assert sees(LEFT, page, *leads) == [True, False]
    assert LEFT not in as_(None).get(f"{BASE}/{page}").content.decode()


def test_a_lead_who_was_of_the_bureau_is_asked_for_nothing_that_they_cannot_say(db):
    thread, ask = questioned(today())
    invited(thread)
    leads = (thread.first_lead, thread.second_lead)
    thread.answer(ask, "declined")
    post = posted_by_rows(thread.program, leads[0].person, f"{thread.unit.slug}/staff")
    Post.objects.filter(pk=post.pk).update(until_date=thread.now.date())
    page = f"questions/{ask}/"
    assert sees("Raise it to the office above", page, *leads) == [False, True]
    assert sees(LEFT, page, *leads) == [True, False]
    assert sees("So another lead takes this.", "invitations/counters/", *leads) == [True, False]
    assert sees("Read the answer:", "week/", *leads) == [False, True]
