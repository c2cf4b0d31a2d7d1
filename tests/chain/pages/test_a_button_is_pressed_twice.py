"""A button that is pressed twice does one thing, and leads both times to what was done."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import connection

from alongside.chain.asks import actions as asks
from alongside.ground.record.acts import signed_by
from alongside.ground.record.models import LogEntry, PublicText, Standing
from alongside.ground.ui.actions import do_once, forget_presses
from alongside.ground.ui.models import Press
from alongside.work.engagements.models import Engagement
from tests.support.acts import EveryHand
from tests.support.pages import nonce_of
from tests.support.thread import Thread

BASE = "/riverbend/en"
TODAY = date(2026, 11, 27)
QUESTION = {"title": "Name the vendors", "ask": "Who made the cameras on 82nd Avenue?"}


def opened() -> Thread:
    return Thread().to_open_engagement().later(40)


def entered(kind: str) -> int:
    return LogEntry.objects.filter(kind=kind).count()


def pressed_twice(client, address: str, typed: dict) -> list[str]:
    """Open a page and send its form twice; give where each press leads."""
    typed = typed | {"nonce": nonce_of(client.get(f"{BASE}/{address}"))}
    return [client.post(f"{BASE}/{address}", typed).headers.get("Location", "no page") for _press in range(2)]


def test_a_question_that_is_sent_twice_is_asked_once_and_both_presses_lead_to_it(db, client) -> None:
    thread = opened()
    client.force_login(thread.first_lead.person)

    first, second = pressed_twice(client, "asks/question/", QUESTION | {"office": thread.office.public_id})

    assert first == f"{BASE}/questions/{Standing.objects.get().ask}/?done=recorded"
    assert second == first


def test_the_same_question_in_two_tabs_is_asked_once_on_a_day(db, client) -> None:
    thread = opened()
    client.force_login(thread.first_lead.person)
    typed = QUESTION | {"office": thread.office.public_id}
    tabs = [nonce_of(client.get(f"{BASE}/asks/question/")) for _tab in range(2)]

    first, second = (client.post(f"{BASE}/asks/question/", typed | {"nonce": one}).url for one in tabs)

    assert tabs[0] != tabs[1]
    assert Standing.objects.count() == 1
    assert second == first


def test_other_words_in_a_form_that_was_sent_are_shown_with_what_came_of_the_first(db, client) -> None:
    thread = opened()
    client.force_login(thread.first_lead.person)
    page = f"{BASE}/asks/question/"
    typed = QUESTION | {"office": thread.office.public_id, "nonce": nonce_of(client.get(page))}
    first = client.post(page, typed).url
    other = "Who made the cameras on 92nd Avenue?"

    shown = client.post(page, typed | {"ask": other})

    assert shown.status_code == 200
    assert Standing.objects.count() == 1
    assert f'<a href="{first}">see what came of it</a>' in shown.content.decode()
    assert other in shown.content.decode()
    assert nonce_of(shown) != typed["nonce"]

    client.post(page, typed | {"ask": other, "nonce": nonce_of(shown)})
    assert Standing.objects.count() == 2


def test_a_form_that_another_person_sends_with_the_same_nonce_is_their_own(db, client) -> None:
    thread = opened()
    typed = QUESTION | {"office": thread.office.public_id, "nonce": "the-same-for-both"}

    for lead in (thread.first_lead, thread.second_lead):
        client.force_login(lead.person)
        client.post(f"{BASE}/asks/question/", typed)

    assert Standing.objects.count() == 2


def test_what_was_refused_may_be_pressed_again(db, client) -> None:
    thread = opened()
    client.force_login(thread.first_lead.person)
    typed = QUESTION | {"nonce": nonce_of(client.get(f"{BASE}/asks/question/"))}

    refused = client.post(f"{BASE}/asks/question/", typed | {"office": "nobody/at-all"})
    sent = client.post(f"{BASE}/asks/question/", typed | {"office": thread.office.public_id})

    assert (refused.status_code, sent.status_code) == (200, 302)


def test_a_refusal_of_the_action_leaves_nothing_that_was_pressed(db) -> None:
    assert do_once(key="a", body="b", today=TODAY, act=lambda: "") == ("", False)
    assert do_once(key="a", body="c", today=TODAY, act=lambda: "/there/") == ("/there/", False)


def test_a_page_for_everyone_has_no_nonce(db, client) -> None:
    opened()

    assert 'name="nonce"' not in client.get(f"{BASE}/record/1/translations/").content.decode()


def test_what_was_pressed_is_kept_as_hashes_and_forgotten_after_three_days(db, client) -> None:
    thread = opened()
    client.force_login(thread.first_lead.person)
    pressed_twice(client, "asks/question/", QUESTION | {"office": thread.office.public_id})
    kept = Press.objects.get()

    assert [len(kept.key), len(kept.body), kept.led_to] == [
        64,
        64,
        f"{BASE}/questions/{Standing.objects.get().ask}/?done=recorded",
    ]

    forget_presses(today=kept.on + timedelta(days=3))
    assert Press.objects.count() == 1
    forget_presses(today=kept.on + timedelta(days=4))
    assert Press.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_presses_at_one_moment_the_later_goes_where_the_earlier_led(both_databases) -> None:
    together, done = Barrier(2), []

    def act() -> str:
        done.append("once")
        return f"/there/{len(done)}/"

    def press(_place: int) -> str:
        together.wait()
        try:
            return do_once(key="the same", body="the same", today=TODAY, act=act)[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        led = list(pool.map(press, range(2)))

    assert led == ["/there/1/", "/there/1/"]
    assert done == ["once"]


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
    ids=["another place", "another office", "another day"],
)
def test_the_same_words_are_another_question(db, by, office, days) -> None:
    thread = opened()

    thread.question(**QUESTION, office=thread.office.public_id)
    thread.later(days).question(
        **QUESTION, seat=getattr(thread, by), office=getattr(thread, office).public_id
    )

    assert Standing.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_presses_at_one_moment_one_asks(both_databases) -> None:
    thread, together = opened(), Barrier(2)

    def press(_place: int) -> int:
        together.wait()
        try:
            with signed_by(EveryHand()):  # a thread begins without the hand of its test
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
    assert first == f"{BASE}/drafts/{Engagement.objects.latest('pk').slug}/questions/"
    assert second == first
