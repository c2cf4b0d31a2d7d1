"""A button that is pressed twice puts one entry on the record, and says both times what was done."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from alongside.chain.asks import actions as asks
from alongside.ground.record.models import LogEntry, PublicText, Standing
from alongside.work.engagements.models import Engagement
from tests.support.thread import Thread

BASE = "/riverbend/en"
QUESTION = {"title": "Name the vendors", "ask": "Who made the cameras on 82nd Avenue?"}


def opened() -> Thread:
    return Thread().to_open_engagement().later(40)


def entered(kind: str) -> int:
    return LogEntry.objects.filter(kind=kind).count()


def pressed_twice(client, address: str, typed: dict) -> list[str]:
    """Send the same form twice; give where each press leads."""
    return [client.post(f"{BASE}/{address}", typed).headers.get("Location", "no page") for _press in range(2)]


def test_a_question_that_is_sent_twice_is_asked_once_and_both_presses_lead_to_it(db, client) -> None:
    thread = opened()
    client.force_login(thread.first_lead.person)

    first, second = pressed_twice(client, "asks/question/", QUESTION | {"office": thread.office.public_id})

    assert first == f"{BASE}/record/{Standing.objects.get().ask}/?done=recorded"
    assert second == first


def test_a_question_that_differs_in_a_word_is_another_on_the_same_day(db, client) -> None:
    thread = opened()
    client.force_login(thread.first_lead.person)
    given = QUESTION | {"office": thread.office.public_id}

    for ask in (given["ask"], "Who made the cameras on 92nd Avenue?"):
        client.post(f"{BASE}/asks/question/", given | {"ask": ask})

    assert Standing.objects.count() == 2


@pytest.mark.parametrize(
    ("by", "office", "days"),
    [("second_lead", "office", 0), ("first_lead", "manager", 0), ("first_lead", "office", 1)],
    ids=["another seat", "another office", "another day"],
)
def test_the_same_words_are_another_question(db, by, office, days) -> None:
    thread = opened()
    words = {"en": QUESTION}

    asks.question(
        program=thread.program,
        seat=thread.first_lead.public_id,
        office=thread.office.public_id,
        words=words,
        now=thread.now,
    )
    asks.question(
        program=thread.program,
        seat=getattr(thread, by).public_id,
        office=getattr(thread, office).public_id,
        words=words,
        now=thread.now + timedelta(days=days),
    )

    assert Standing.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_presses_at_one_moment_one_asks(both_databases) -> None:
    thread, together = opened(), Barrier(2)

    def press(_place: int) -> int:
        together.wait()
        try:
            return asks.question(
                program=thread.program,
                seat=thread.first_lead.public_id,
                office=thread.office.public_id,
                words={"en": QUESTION, "es": {"title": "Digan quién", "ask": "¿Quién hizo las cámaras?"}},
                now=thread.now,
            ).index
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(press, range(2))

    assert first == second
    assert entered("ask.questioned") == 1
    assert PublicText.objects.filter(about=first, lang="es").count() == 2


def test_a_recommendation_that_is_sent_twice_is_made_once(db, client) -> None:
    thread = opened()
    finding = thread.find().index
    client.force_login(thread.first_lead.person)
    typed = QUESTION | {"office": thread.office.public_id, "findings": [str(finding)]}

    first, second = pressed_twice(client, f"asks/recommend/{thread.promise}/", typed)

    assert entered("ask.recommended") == 1
    assert second == first


def test_a_list_of_questions_that_is_sent_twice_is_asked_once(db, client) -> None:
    thread = opened()
    client.force_login(thread.first_lead.person)
    typed = {"office": thread.office.public_id, "title": "Cameras", "questions": "Who made them?\nWho paid?"}

    first, second = pressed_twice(client, "asks/questions/", typed | {"send": "1"})

    assert (entered("ask.listed"), entered("ask.questioned")) == (1, 2)
    assert second == first


def test_staff_who_press_twice_ask_once_what_the_leads_mean(db, client) -> None:
    thread = opened()
    ask = thread.recommend(thread.find()).index
    client.force_login(thread.staff)

    first, second = pressed_twice(client, f"asks/{ask}/unclear/", {"words": "Do you mean machines?"})

    assert entered("ask.unclear") == 1
    assert second == first


def test_staff_may_ask_the_same_again_once_the_leads_said_what_they_mean(db, client) -> None:
    thread = opened()
    ask = thread.recommend(thread.find()).index
    client.force_login(thread.staff)
    client.post(f"{BASE}/asks/{ask}/unclear/", {"words": "Do you mean machines?"})
    client.force_login(thread.first_lead.person)
    client.post(f"{BASE}/asks/{ask}/clarify/", {"words": "Yes."})
    client.force_login(thread.staff)

    client.post(f"{BASE}/asks/{ask}/unclear/", {"words": "Do you mean machines?"})

    assert entered("ask.unclear") == 2


def test_a_plan_that_is_begun_twice_is_one_draft(db, client) -> None:
    thread = Thread().open_program().draft_engagement()
    client.force_login(thread.first_lead.person)
    typed = {
        "lang": "en",
        "title": "Where should the new ramp go?",
        "partner": thread.manager.public_id,
        "point": "",
        "level": f"{thread.engagement.framework}/{thread.engagement.level}",
        "decision": "Where the ramp goes",
        "can_change": "The place",
        "cannot_change": "That there is one",
    }

    first, second = pressed_twice(client, "drafts/new/", typed)

    assert Engagement.objects.count() == 2
    assert first == f"{BASE}/drafts/where-should-the-new-ramp-go/before/"
    assert second == first
