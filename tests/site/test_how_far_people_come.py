"""Leads see by language who came and did not finish, and nobody is followed for it."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client

from alongside.chain.voices import actions as intake
from alongside.chain.voices.models import ReachedCount
from alongside.core.disclosure import FEWER, Band
from alongside.core.workflow.engagements import Reached
from alongside.desks.engagement_rooms import reached_in
from alongside.ground.programs.queries import pack_of
from alongside.site import fleeting, reached
from tests.chain.pages.test_what_came_of_it import opened_ago
from tests.chain.voices.cast import say
from tests.site.test_visits import signed_in
from tests.support.remembering import this_hour
from tests.support.thread import Thread

FRONT = "/riverbend/{lang}/"
QUESTIONS = "/riverbend/{lang}/engagements/library-computers/"
SENT = QUESTIONS + "voices/"
ROOM = QUESTIONS.format(lang="en") + "room/"


@pytest.fixture
def thread(db) -> Thread:
    """Give a thread where people can speak; nothing waits to be added up."""
    reached.WAITING.take()
    return opened_ago(3)


def send(client: Client, lang: str, body: str | None = None):
    """Send an answer from a page in a language."""
    more = {"content_type": "application/json", "HTTP_ORIGIN": "http://testserver"}
    return client.post(SENT.format(lang=lang), body or say().body(), **more)


def added_up() -> set[tuple[str, str, int]]:
    """Add up what waits, and give what the database holds: language, how far, how often."""
    reached.add_up(this_hour())
    return set(ReachedCount.objects.values_list("lang", "reached", "count"))


def told(thread: Thread) -> list[list[object]]:
    """Give what leads are told, language by language."""
    found = reached_in(thread.program, thread.log.get(thread.promise), pack_of(thread.program))
    return [[one.lang, one.front, one.questions, one.sent, one.refused] for one in found]


def test_each_step_is_counted_by_language_also_where_the_page_is_a_kept_one(client, thread):
    for lang, often in (("en", 3), ("es", 2)):
        for _time in range(often):
            assert client.get(FRONT.format(lang=lang)).status_code == 200
            assert client.get(QUESTIONS.format(lang=lang)).status_code == 200
    assert send(client, "es").status_code == 200
    assert send(client, "es", "nothing sealed").status_code == 422

    assert added_up() == {
        ("en", "front", 3),
        ("en", "questions", 3),
        ("es", "front", 2),
        ("es", "questions", 2),
        ("es", "sent", 1),
        ("es", "refused", 1),
    }


def test_a_kept_page_costs_no_more_queries_for_being_counted(client, thread, django_assert_num_queries):
    client.get(QUESTIONS.format(lang="en"))
    with django_assert_num_queries(1):
        client.get(QUESTIONS.format(lang="en"))
    assert ReachedCount.objects.count() == 0
    assert added_up() == {("en", "questions", 2)}


def test_what_was_added_up_is_not_added_up_again(client, thread):
    client.get(QUESTIONS.format(lang="en"))
    assert added_up() == added_up() == {("en", "questions", 1)}


def test_who_is_signed_in_who_looks_ahead_and_what_is_no_step_are_not_counted(client, thread):
    lead = signed_in(thread.first_lead.person)
    assert lead.get(QUESTIONS.format(lang="en")).status_code == 200
    client.get(QUESTIONS.format(lang="en"), headers={"sec-purpose": "prefetch"})
    client.get("/riverbend/en/engagements/")
    client.get(QUESTIONS.format(lang="en") + "paper/")
    client.get("/riverbend/en/engagements/nowhere/")
    client.head(QUESTIONS.format(lang="en"))
    assert added_up() == set()


def test_nothing_that_waits_or_is_kept_tells_a_person_or_a_day(client, thread):
    marked = {
        "REMOTE_ADDR": "203.0.113.77",
        "HTTP_USER_AGENT": "Marked/1.0",
        "HTTP_REFERER": "http://testserver/x",
    }
    reply = client.get(QUESTIONS.format(lang="en"), **marked)
    assert list(reply.cookies) == []
    (step,) = reached.WAITING.take()
    assert step == ("riverbend", "en", "library-computers", "questions")
    columns = [one.name for one in ReachedCount._meta.get_fields()]
    assert columns == ["id", "program", "engagement", "lang", "reached", "why", "count"]


def test_the_page_of_the_questions_asks_for_nothing_only_to_be_counted(browsing, live_site, thread):
    ana = browsing.person("a resident", phone=True)
    asked = []
    ana.on("request", lambda request: asked.append(request.url.removeprefix(live_site.url)))
    ana.goto(QUESTIONS.format(lang="en"))
    ana.get_by_role("textbox").first.fill("The hall is far.")
    ana.wait_for_load_state("networkidle")
    assert [one for one in asked if not one.startswith("/static/")] == [QUESTIONS.format(lang="en")]


def test_leads_are_told_ranges_and_never_a_small_count(thread):
    counted = {
        ("en", "library-computers", Reached.QUESTIONS): 12,
        ("en", "library-computers", Reached.SENT): 9,
    }
    counted |= {
        ("ar", "library-computers", Reached.QUESTIONS): 9,
        ("vi", "library-computers", Reached.QUESTIONS): 10,
    }
    intake.count_reached(program=thread.program, counted=counted, now=this_hour())
    k = pack_of(thread.program).k
    assert k == 10
    ranges = told(thread)
    assert [one[0] for one in ranges] == ["en", "es", "vi"]
    assert ranges[0][1:] == [FEWER, Band(10, 20), FEWER, FEWER]
    assert ranges[1][1:] == [FEWER] * 4


def test_the_first_page_counts_for_each_question_that_is_open_and_for_none_that_is_not(client, thread):
    client.get(FRONT.format(lang="en"))
    assert added_up() == {("en", "front", 1)}
    client.get(FRONT.format(lang="en"))
    client.get(QUESTIONS.format(lang="en"))
    reached.add_up(datetime(2100, 1, 1, tzinfo=UTC))
    assert set(ReachedCount.objects.values_list("lang", "reached", "count")) == {("en", "front", 1)}


def test_leads_read_the_table_in_the_room_and_the_bureau_does_not(client, thread):
    counted = {("es", "library-computers", Reached.QUESTIONS): 30}
    intake.count_reached(program=thread.program, counted=counted, now=this_hour())
    rooms = [signed_in(one).get(ROOM).content.decode() for one in (thread.first_lead.person, thread.staff)]
    assert ["started and did not finish" in one for one in rooms] == [True, False]
    assert "21 to 30" in rooms[0]
    assert ">30<" not in rooms[0]
    assert Client().get(ROOM).status_code != 200


def test_no_backup_holds_it(thread, tmp_path):
    intake.count_reached(program=thread.program, counted={("en", "", Reached.FRONT): 30}, now=this_hour())
    with closing(sqlite3.connect(tmp_path / "copy.sqlite3")) as copy:
        connection.connection.backup(copy)
        held = copy.execute("SELECT COUNT(*) FROM voices_reachedcount").fetchone()
        fleeting.empty(copy)
        assert (held, copy.execute("SELECT COUNT(*) FROM voices_reachedcount").fetchone()) == ((1,), (0,))


@pytest.mark.parametrize(
    ("voices", "counted", "is_told"), [(9, 0, True), (10, 0, False), (12, 2, False), (12, 3, True)]
)
def test_where_k_voices_came_that_nothing_counted_no_range_denies_them(thread, voices, counted, is_told):
    for _voice in range(voices):
        spoken = say()
        intake.take_in(
            program=thread.program,
            engagement="library-computers",
            mark=spoken.mark,
            act=spoken.act,
            sealed=spoken.sealed,
            now=this_hour(),
        )
    sent = {("es", "library-computers", Reached.SENT): counted}
    intake.count_reached(program=thread.program, counted=sent, now=this_hour())
    room = signed_in(thread.first_lead.person).get(ROOM).content.decode()
    assert ("fewer than 10" in room, "more answers came than were counted" in room) == (is_told, not is_told)
