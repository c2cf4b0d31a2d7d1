"""People judge statements without an account and without a script; they stop, come back, and withdraw."""

import random
import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from alongside.chain.opinions import actions, queries, views
from alongside.chain.opinions.models import Vote, Withdrawn
from alongside.core.opinions.answers import code_hash
from alongside.core.refusals import UnusableInputError
from alongside.core.sealing import receipt
from alongside.ground.gate.limits import Doorman
from alongside.ground.texts import actions as texts
from alongside.ground.ui import untranslated
from alongside.work.engagements import actions as engagements
from tests.chain.opinions.cast import SLUG, STATEMENTS, asked, judge, to_judge

pytestmark = pytest.mark.django_db
PAGE = f"/riverbend/en/engagements/{SLUG}/statements/"


@pytest.fixture
def thread(monkeypatch):
    monkeypatch.setattr(views, "DOOR", Doorman(most=6000))
    monkeypatch.setattr(views, "STARTS", Doorman(most=600))
    return to_judge()


def send(client, page=PAGE, **fields):
    return client.post(page, fields, headers={"Origin": "http://testserver"})


def hidden(html: str, name: str) -> str:
    return re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', html)[1]


def made(thread) -> str:
    return receipt.grouped(queries.new_code(thread.program, thread.promise))


def test_before_the_first_press_the_page_says_that_a_choice_is_not_locked(site_client, thread):
    html = site_client.get(PAGE).content.decode()

    assert html.index("A choice here is not locked") < html.index(">Begin<")
    assert (
        "Of fewer than 10 people they see no number. But whoever presses under many numbers can work out"
        in html
    )
    assert re.findall(r'<li data-statement="(s\d)">([^<]+)</li>', html) == [
        (one["id"], one["words"]["en"]) for one in thread.engagement.form["statements"]
    ]


def test_a_person_judges_stops_comes_back_and_changes_a_choice(site_client, thread):
    first = send(site_client, step="start").content.decode()
    code, statement = hidden(first, "code"), hidden(first, "statement")
    assert not Vote.objects.exists()

    second = send(site_client, step="vote", code=code, statement=statement, answer="agree")
    assert (second.status_code, second["Cache-Control"], second.cookies) == (200, "private, no-cache", {})
    assert hidden(second.content.decode(), "statement") != statement

    back = send(site_client, step="back", code=code).content.decode()
    assert "You judged 1 of 8." in back
    again = send(site_client, step="again", code=code, statement=statement).content.decode()
    assert hidden(again, "statement") == statement
    send(site_client, step="vote", code=code, statement=statement, answer="disagree")
    (vote,) = Vote.objects.all()
    assert (vote.statement, vote.answer, vote.lang) == (int(statement[1:]), -1, "en")
    assert vote.code_hash == code_hash(receipt.parse(code))


def test_the_code_is_kept_nowhere_and_stands_in_no_address(site_client, thread):
    html = send(site_client, step="start").content.decode()
    code = hidden(html, "code")
    send(site_client, step="vote", code=code, statement="s1", answer="pass")

    assert not re.search(rf'(href|action)="[^"]*{re.escape(code.replace(" ", ""))}', html)
    assert Vote.objects.filter(code_hash__contains=code[:5]).count() == 0
    assert {one.name for one in Vote._meta.get_fields()} == {
        "id",
        "program",
        "promise",
        "code_hash",
        "statement",
        "answer",
        "lang",
        "date",
        "taken",
    }


def test_another_language_takes_the_number_along_and_no_address_holds_it(site_client, thread):
    html = send(site_client, step="start").content.decode()
    code, statement = hidden(html, "code"), hidden(html, "statement")
    masthead = html[html.index("<header") : html.index("</header>")]
    assert f'<form method="post" action="{PAGE.replace("/en/", "/es/")}">' in masthead
    assert 'href="/riverbend/es/' not in masthead

    carried = {name: hidden(masthead, name) for name in ("code", "step", "statement")}
    reply = send(site_client, PAGE.replace("/en/", "/es/"), **carried)
    there = reply.content.decode()
    assert (reply.status_code, reply.cookies) == (200, {})
    assert (hidden(there, "code"), hidden(there, "statement")) == (code, statement)
    assert STATEMENTS[int(statement[1:]) - 1]["words"]["es"] in there
    other = receipt.grouped(receipt.make())
    assert send(site_client, step="stay", code=other, statement=statement).status_code == 422


def test_whoever_stops_reads_that_it_counts_and_the_number_is_on_the_page_no_more(site_client, thread):
    html = send(site_client, step="start").content.decode()
    assert html.index('value="stop"') < html.index("/map/")
    page = send(site_client, step="stop").content.decode()

    assert "You stopped. What you chose counts." in page
    assert f"/riverbend/en/engagements/{SLUG}/map/" in page
    assert hidden(html, "code") not in page


def test_whoever_types_a_receipt_here_is_led_to_where_it_is_looked_up(site_client, thread):
    reply = send(site_client, step="back", code=receipt.grouped(receipt.make()))
    html = reply.content.decode()

    assert reply["Cache-Control"] == "private, no-store"
    assert "Are these the digits of a receipt?" in html
    assert '<a href="/r/en">Look with your receipt</a>' in html
    assert "Are these the digits of a receipt?" not in site_client.get(PAGE).content.decode()


def test_every_page_that_names_the_engagement_leads_to_its_statements_or_their_map(site_client, thread):
    judging, leaning = f'href="{PAGE}"', f'href="{PAGE.replace("statements", "map")}"'
    for page in ("", "engagements/"):
        assert judging in site_client.get(f"/riverbend/en/{page}").content.decode(), page
    for page in ("follow/", f"follow/{thread.promise}/"):
        assert leaning in site_client.get(f"/riverbend/en/{page}").content.decode(), page
    found = site_client.get("/riverbend/en/search/?q=disagree").content.decode()
    assert 'href="/riverbend/en/engagements/"' in found.split("<main")[1]


def test_every_statement_is_asked_once_and_then_the_page_says_so(site_client, thread):
    html = send(site_client, step="start").content.decode()
    code, seen = hidden(html, "code"), []
    while 'name="answer"' in html:
        seen.append(hidden(html, "statement"))
        html = send(site_client, step="vote", code=code, statement=seen[-1], answer="agree").content.decode()

    assert sorted(seen) == [f"s{number}" for number in range(1, 9)]
    assert "You judged every statement." in html


def test_the_language_that_was_read_is_kept_with_the_vote(site_client, thread):
    page = PAGE.replace("/en/", "/es/")
    code = made(thread)
    send(site_client, page, step="vote", code=code, statement="s4", answer="agree")

    assert Vote.objects.get().lang == "es"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("12345", "Write the 30 digits of your number"),
        (receipt.grouped(bytes(12))[:-1] + "7", "One of the digits is different"),
        (receipt.grouped(bytes(12)), "If they were withdrawn, they are gone. If not, check each digit"),
    ],
)
def test_a_wrong_number_is_answered_with_what_to_do(site_client, thread, typed, said):
    reply = send(site_client, step="back", code=typed)

    assert (reply.status_code, said in reply.content.decode()) == (422, True)


def test_whoever_withdraws_leaves_nothing_and_others_stay(site_client, thread):
    mine, other = receipt.make(), receipt.make()
    judge(thread, mine, {1: 1, 2: -1})
    judge(thread, other, {1: -1})

    reply = send(site_client, step="withdraw", code=receipt.grouped(mine))
    assert "Your choices are deleted." in reply.content.decode()
    assert (reply["Cache-Control"], reply["Clear-Site-Data"]) == ("private, no-store", '"cache"')
    assert [one.code_hash for one in Vote.objects.all()] == [code_hash(other)]
    assert (
        "There were no choices"
        in send(site_client, step="withdraw", code=receipt.grouped(mine)).content.decode()
    )


def test_nobody_judges_again_under_a_number_that_was_withdrawn_so_that_none_is_new_twice(site_client, thread):
    mine = queries.new_code(thread.program, thread.promise)
    judge(thread, mine, {1: 1, 2: -1})
    send(site_client, step="withdraw", code=receipt.grouped(mine))

    reply = send(site_client, step="vote", code=receipt.grouped(mine), statement="s1", answer="agree")
    assert (reply.status_code, "or start anew" in reply.content.decode()) == (422, True)
    with pytest.raises(UnusableInputError):
        judge(thread, mine, {1: 1})
    assert not Vote.objects.exists()
    assert Withdrawn.objects.count() == 1
    actions.forget(program=thread.program, promise=thread.promise)
    assert not Withdrawn.objects.exists()


def test_nothing_is_deleted_while_a_legal_hold_stands(site_client, thread):
    mine = receipt.make()
    judge(thread, mine, {1: 1})
    texts.place_hold(program=thread.program, ground="A court asked.", by="steward", now=thread.now)

    reply = send(site_client, step="withdraw", code=receipt.grouped(mine))
    assert "asked that nothing be deleted" in reply.content.decode()
    assert Vote.objects.count() == 1


def test_a_statement_of_another_engagement_and_a_wrong_answer_are_refused(site_client, thread):
    with pytest.raises(UnusableInputError, match="not one of those that people judge here"):
        judge(thread, receipt.make(), {99: 1})
    assert send(site_client, step="vote", code=made(thread), statement="s1", answer="2").status_code == 422
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(
            program=thread.program,
            promise=1,
            code_hash="0" * 64,
            statement=1,
            answer=2,
            lang="en",
            date=thread.today,
        )


def test_nobody_judges_while_it_is_paused_or_after_the_last_day(site_client, thread):
    code = made(thread)
    engagements.pause(
        engagement=thread.engagement, ground="A storm.", by=thread.first_lead.public_id, now=thread.now
    )
    assert (
        "This engagement is paused."
        in send(site_client, step="vote", code=code, statement="s1", answer="agree").content.decode()
    )
    assert not Vote.objects.exists()
    with pytest.raises(UnusableInputError, match="nobody can judge its statements any more"):
        judge(thread, receipt.make(), {1: 1}, now=thread.now + timedelta(days=60))


def test_a_form_of_another_site_is_refused(site_client, thread):
    reply = site_client.post(PAGE, {"step": "start"}, headers={"Origin": "https://elsewhere.example"})

    assert reply.status_code == 403


def test_one_address_that_votes_without_end_waits(site_client, thread, monkeypatch):
    monkeypatch.setattr(views, "DOOR", Doorman(most=2))
    code = made(thread)
    replies = [
        send(site_client, step="vote", code=code, statement="s1", answer="pass").status_code for _ in range(3)
    ]

    assert replies == [200, 200, 429]


def test_whoever_withdraws_after_the_last_map_reads_that_it_stays(site_client, thread):
    codes = [made(thread) for _ in range(11)]
    for code in codes:
        judge(thread, receipt.parse(code), {1: 1})
    thread.later(31)
    assert (
        "The next map is drawn without them"
        in send(site_client, step="withdraw", code=codes[10]).content.decode()
    )
    actions.tick(program=thread.program, now=thread.now)

    html = send(site_client, step="withdraw", code=codes[0]).content.decode()
    assert "The last map was drawn before that. It stays as it is." in html
    assert "next map" not in html


def test_an_engagement_without_statements_has_no_such_page(site_client, db):
    from tests.work import cast

    cast.opened()
    assert site_client.get(PAGE).status_code == 404
    assert site_client.get(PAGE.replace("statements", "map")).status_code == 404


def test_a_vote_takes_few_queries_and_no_more_with_many(site_client, thread):
    code = made(thread)
    for crowd in (0, 40):
        for _ in range(crowd):
            judge(thread, receipt.make(), {1: 1})
        with CaptureQueriesContext(connection) as found:
            send(site_client, step="vote", code=code, statement="s2", answer="agree")
        assert len(found) <= 10, [one["sql"][:90] for one in found]


def asked_first(thread) -> list[str]:
    chance = random.Random(1)
    return [queries.next_statement(thread.program, asked(thread), {}, chance).id for _ in range(40)]


def test_what_is_asked_next_tells_nothing_that_no_map_told(thread):
    before = asked_first(thread)
    for _ in range(30):
        judge(thread, receipt.make(), dict.fromkeys(range(1, 8), 1))

    assert asked_first(thread) == before


def test_the_statement_of_which_the_newest_map_tells_least_is_asked_most(thread):
    for _ in range(30):
        judge(thread, receipt.make(), dict.fromkeys(range(1, 8), 1))
    thread.later(1)
    for _ in range(10):
        judge(thread, receipt.make(), {8: 1})
    actions.tick(program=thread.program, now=thread.now)

    assert asked_first(thread).count("s8") >= 35


@pytest.mark.parametrize("statement", ["s2", "s999"])
def test_only_what_was_judged_under_a_number_is_asked_again(site_client, thread, statement):
    mine = receipt.make()
    judge(thread, mine, {1: 1})
    for code in (receipt.grouped(mine), made(thread)):
        reply = send(site_client, step="again", code=code, statement=statement)
        assert (reply.status_code, 'name="statement"' in reply.content.decode()) == (422, False)


def test_nobody_judges_under_a_number_that_this_server_did_not_make(site_client, thread):
    other = receipt.grouped(queries.new_code(thread.program, thread.promise + 1))
    for code in (receipt.grouped(receipt.make()), other):
        reply = send(site_client, step="vote", code=code, statement="s1", answer="agree")
        assert (reply.status_code, "We find no choices under this number" in reply.content.decode()) == (
            422,
            True,
        )
    assert not Vote.objects.exists()


def test_whoever_has_choices_goes_on_after_the_server_has_another_secret(site_client, thread, settings):
    code = made(thread)
    send(site_client, step="vote", code=code, statement="s1", answer="agree")
    settings.SECRET_KEY = "another" * 10
    send(site_client, step="vote", code=code, statement="s2", answer="agree")

    assert Vote.objects.count() == 2


def test_no_answer_is_written_over_while_a_legal_hold_stands(site_client, thread):
    code = made(thread)
    send(site_client, step="vote", code=code, statement="s1", answer="agree")
    texts.place_hold(program=thread.program, ground="A court asked.", by="steward", now=thread.now)
    reply = send(site_client, step="vote", code=code, statement="s1", answer="disagree")
    send(site_client, step="vote", code=code, statement="s1", answer="agree")
    send(site_client, step="vote", code=code, statement="s2", answer="disagree")

    assert "asked that nothing be deleted" in reply.content.decode()
    assert dict(Vote.objects.values_list("statement", "answer")) == {1: 1, 2: -1}


def test_pages_that_answer_a_press_say_what_is_in_english(site_client, thread, settings):
    settings.LOCALE_PATHS = []  # so no catalogue has our words
    html = send(site_client, PAGE.replace("/en/", "/es/"), step="start").content.decode()

    assert '<h2 id="number-h"><span lang="en" dir="ltr">Your number</span></h2>' in html
    assert untranslated.BEGINS not in html


def test_the_page_is_small_and_needs_no_script(site_client, thread):
    html = send(site_client, step="start").content.decode()

    assert len(html.encode()) < 20_000
    assert html.count("<script") == 1  # the one of every page, which shows nothing here
