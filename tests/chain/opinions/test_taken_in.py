"""A lead reads statements aloud and presses for people, each under a number of their own; everywhere a count is shown, they are counted apart."""

import csv
import re

import pytest
from django.core.management import call_command

from alongside.chain.opinions import actions, queries, views
from alongside.chain.opinions.models import Map, Vote
from alongside.check.opinions import main
from alongside.core.sealing import receipt
from alongside.ground.gate.limits import Doorman
from tests.chain.opinions.cast import SLUG, crowd, judge, to_judge
from tests.promises.attempts import as_
from tests.support.remembering import remembered

pytestmark = pytest.mark.django_db
OPEN = f"/riverbend/en/engagements/{SLUG}/statements/"
PAGE = f"{OPEN}for-people/"
MAP = f"/riverbend/en/engagements/{SLUG}/map/"


@pytest.fixture
def thread(monkeypatch):
    monkeypatch.setattr(views, "DOOR", Doorman(most=6000))
    monkeypatch.setattr(views, "STARTS", Doorman(most=600))
    return to_judge()


def hidden(html: str, name: str) -> str:
    return re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', html)[1]


def code_for(thread) -> bytes:
    return queries.new_code(thread.program, thread.promise, taken=True)


@remembered
def both():
    """Let 60 people judge by themselves, and 15 for whom a lead presses; then the last day is over."""
    thread = to_judge()
    crowd(thread, 60)
    for _ in range(15):
        judge(thread, code_for(thread), {1: 1, 2: -1})
    thread.later(31)
    actions.tick(program=thread.program, now=thread.now)
    return thread


def words_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.split("<main")[1].split("</main")[0]).split())


def test_a_lead_presses_for_one_person_after_the_other_each_under_a_number_of_their_own(thread):
    lead = as_(thread.first_lead.person)
    assert "Tell them first: these choices are not locked" in lead.get(PAGE).content.decode()
    assert (
        "Whoever runs that computer could see all choices under one number" in lead.get(PAGE).content.decode()
    )
    numbers = []
    for answer in ("agree", "disagree"):
        reply = lead.post(PAGE, {"step": "start"})
        html = reply.content.decode()
        assert reply["Cache-Control"] == "private, no-store"
        assert html.index("The number of this person") < html.index('id="statement"')
        numbers.append(hidden(html, "code"))
        given = {"code": numbers[-1], "statement": hidden(html, "statement"), "answer": answer}
        html = lead.post(PAGE, {"step": "vote", **given}).content.decode()
        assert "Judged so far: 1 of 8." in html
        asks_once = html.split("Ask the next person")[1].split("</details>")[0]
        assert "Does this person have the number on paper?" in asks_once
        assert html.count('value="start"') == asks_once.count('value="start"') == 1

    assert len({*numbers}) == len({*Vote.objects.values_list("code_hash", flat=True)}) == 2
    assert list(Vote.objects.values_list("taken", flat=True)) == [True, True]


def test_nobody_but_leads_presses_for_people(site_client, thread):
    assert [as_(one).get(PAGE).status_code for one in (thread.boss, thread.first_lead.person)] == [403, 200]
    assert site_client.get(PAGE).status_code == 403


def test_which_lead_pressed_is_kept_nowhere(thread):
    judge(thread, code_for(thread), {1: 1})

    assert {one.name for one in Vote._meta.get_fields()}.isdisjoint({"seat", "by", "lead", "person"})


def test_whoever_goes_on_by_themselves_with_such_a_number_stays_counted_apart(site_client, thread, settings):
    code = code_for(thread)
    judge(thread, code, {1: 1})
    sent = {"step": "vote", "code": receipt.grouped(code), "statement": "s2", "answer": "pass"}
    site_client.post(OPEN, sent, headers={"Origin": "http://testserver"})
    settings.SECRET_KEY = "another" * 10
    site_client.post(OPEN, {**sent, "statement": "s3"}, headers={"Origin": "http://testserver"})

    assert list(Vote.objects.order_by("statement").values_list("statement", "taken")) == [
        (1, True),
        (2, True),
        (3, True),
    ]


def test_whoever_began_by_themselves_is_never_counted_as_taken_in(thread):
    code = queries.new_code(thread.program, thread.promise)
    lead = as_(thread.first_lead.person)
    lead.post(PAGE, {"step": "vote", "code": receipt.grouped(code), "statement": "s2", "answer": "pass"})

    assert list(Vote.objects.values_list("taken", flat=True)) == [False]


def test_the_map_says_for_how_many_people_a_lead_pressed_and_what_they_said(site_client):
    both()
    told = Map.objects.get().data["result"]
    page = words_of(site_client.get(MAP).content.decode())

    assert (told["people"], told["taken_in"]) == ({"low": 51, "high": 75}, {"low": 10, "high": 20})
    (first,) = [one for one in told["statements"] if one["id"] == 1]
    assert first["taken_in"]["agree"] == {"low": 10, "high": 20}
    assert [one["taken_in"] for one in told["statements"] if one["id"] == 8] == ["fewer"]
    assert "How many people there are for whom a lead read aloud and pressed: 10 to 20." in page
    rows = page.partition("Every statement")[2]
    assert "1 A sign should say what is kept. 51 to 75 a lead pressed: 10 to 20 fewer than 10" in rows
    assert "If nothing stands there, it was fewer than 10." in rows
    assert "a lead pressed: fewer" not in page


@pytest.mark.parametrize("people", [0, 9])
def test_where_a_lead_pressed_for_fewer_than_k_people_or_for_nobody_the_map_says_the_same(
    site_client, thread, people
):
    crowd(thread, 60)
    for _ in range(people):
        judge(thread, code_for(thread), {1: 1})
    thread.later(31)
    actions.tick(program=thread.program, now=thread.now)
    told = Map.objects.get().data["result"]
    page = words_of(site_client.get(MAP).content.decode())

    assert (told["taken_in"], {str(one["taken_in"]) for one in told["statements"]}) == ("fewer", {"fewer"})
    assert "read aloud and pressed: fewer than 10." in page
    assert "a lead pressed:" not in page


def test_the_export_says_it_of_each_person_and_the_map_is_computed_again_from_it(tmp_path, capsys):
    both()
    call_command("opinions", "export", "riverbend", SLUG, str(tmp_path / "votes"))
    with (tmp_path / "votes" / "votes.csv").open() as opened:
        rows = list(csv.DictReader(opened))

    assert len({one["voter-id"] for one in rows if one["taken-in"] == "1"}) == 15
    assert main([str(tmp_path / "votes")]) == 0
    text = (tmp_path / "votes" / "votes.csv").read_text()
    (tmp_path / "votes" / "votes.csv").write_text(text.replace(",1,en\n", ",0,en\n"))
    assert main([str(tmp_path / "votes")]) == 1
