"""Leads choose, in the draft, that people may answer by voice; it is frozen with the questions, and the page says it."""

import re

import pytest
from django.test import Client

from alongside.core.questions import may_be_spoken, parts_of
from alongside.core.refusals import Refused
from alongside.work.engagements import actions
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries import drafts, progress
from tests.support.remembering import this_hour
from tests.support.thread import QUESTIONS, Thread

pytestmark = pytest.mark.django_db
DRAFT = "/riverbend/en/drafts/library-computers/"
PAGE = "/riverbend/en/engagements/library-computers/"
TOLD = "If you speak, they may know you by your voice."


@pytest.fixture
def thread():
    return Thread(now=this_hour()).open_program().draft_engagement()


def now(thread):
    return Engagement.objects.get(pk=thread.engagement.pk)


def pressing(thread, **pressed):
    """Press a button on the page of the questions, as the page sends it."""
    client = Client()
    client.force_login(thread.first_lead.person)
    draft = progress.draft_hash(now(thread))
    asked = {f"{one['id']}-words": one["words"]["en"] for one in now(thread).form["questions"]}
    return client.post(f"{DRAFT}questions/", {"draft": draft, **asked, **pressed})


def test_a_lead_lets_people_speak_and_only_write_again(thread):
    hashes = [progress.draft_hash(now(thread))]
    for speak in ("1", "0"):
        assert pressing(thread, speak=speak).url == f"{DRAFT}questions/"
        assert may_be_spoken(now(thread).form) is (speak == "1")
        hashes.append(progress.draft_hash(now(thread)))

    assert (hashes[0] == hashes[2], hashes[0] == hashes[1]) == (True, False)
    assert "spoken" not in now(thread).form


def test_what_else_changes_in_the_questions_leaves_it_as_it_is(thread):
    pressing(thread, speak="1")
    pressing(thread, move="q2")
    actions.save_draft(engagement=now(thread), changes={"languages": ["en"]})

    assert may_be_spoken(now(thread).form)
    assert drafts.parts_of_draft(now(thread))["spoken"] == "spoken"


def test_there_is_nothing_to_say_where_no_question_is_answered_in_words():
    closed = {"v": 1, "spoken": True, "questions": [{"id": "q1", "kind": "one"}]}
    assert may_be_spoken(closed) is False


@pytest.mark.parametrize("spoken", [False, 1, "yes", None])
def test_a_form_says_it_in_one_way_only(thread, spoken):
    form = {"v": 1, "questions": QUESTIONS, "spoken": spoken}
    with pytest.raises(ValueError, match="more or less than questions"):
        parts_of(form, ["en", "es"])
    actions.save_draft(engagement=thread.engagement, changes={"form": form})
    with pytest.raises(Refused, match="A question of this draft is damaged"):
        actions.refuse_if_incomplete(now(thread))


def test_the_promise_says_it_and_the_page_alone_may_use_the_microphone(thread, client):
    actions.save_questions(engagement=thread.engagement, questions=QUESTIONS, spoken=True)
    thread.make_keys().open()

    page = client.get(PAGE)

    html = page.content.decode()
    assert (html.count(TOLD), len(re.findall(r'src="[^"]*dist/speak', html))) == (1, 1)
    assert (html.count("data-speak "), html.count("dist/seal")) == (1, 0)
    assert page["Permissions-Policy"] == "microphone=(self)"
    assert "media-src 'self' blob:" in page["Content-Security-Policy"]
    for other in ("/riverbend/en/", "/riverbend/en/engagements/", f"{PAGE}paper/"):
        reply = client.get(other)
        assert reply["Permissions-Policy"] == "microphone=(), camera=(), geolocation=()"
        assert "media-src 'self';" in reply["Content-Security-Policy"]


def test_where_leads_did_not_choose_it_no_script_and_no_word_of_it_is_there(thread, client):
    thread.make_keys().open()

    page = client.get(PAGE)

    html = page.content.decode()
    assert [html.count(one) for one in (TOLD, "dist/speak", "data-speak", "dist/seal")] == [0, 0, 0, 1]
    assert page["Permissions-Policy"] == "microphone=(), camera=(), geolocation=()"


def test_a_draft_that_begins_with_an_earlier_one_keeps_it(thread):
    pressing(thread, speak="1")
    client = Client()
    client.force_login(thread.first_lead.person)
    typed = {
        "title": "Anew?",
        "partner": thread.manager.public_id,
        "point": "",
        "decision": "d",
        "can_change": "c",
        "cannot_change": "n",
        "level": f"{thread.engagement.framework}/involve",
        "lang": "en",
    }
    client.post(f"/riverbend/en/drafts/new/?from={thread.engagement.slug}", typed)

    made = Engagement.objects.exclude(pk=thread.engagement.pk).get()
    assert may_be_spoken(made.form)


def first_question(thread, kind, **pressed):
    """Write the first question, press a button, and give the page before and where the press leads."""
    actions.save_draft(engagement=thread.engagement, changes={"form": {}})
    client = Client()
    client.force_login(thread.first_lead.person)
    before = client.get(f"{DRAFT}questions/").content.decode()
    draft = progress.draft_hash(now(thread))
    written = {"n1-words": "Is it far?", "n1-kind": kind, "n1-options": "Yes\nNo"}
    return before, client.post(f"{DRAFT}questions/", {"draft": draft, **written, **pressed})


@pytest.mark.parametrize(("kind", "speaks"), [("text", True), ("one", False)])
def test_with_the_first_question_a_lead_reads_of_voice_and_one_press_saves_both(thread, kind, speaks):
    before, reply = first_question(thread, kind, speak="1")
    named = before.index("People can also answer by voice: you choose that at the end of this page.")
    assert named < before.index('name="speak" value="1"')
    assert reply.url == f"{DRAFT}questions/"
    assert [one["kind"] for one in now(thread).form["questions"]] == [kind]
    assert ("spoken" in now(thread).form) is speaks


def test_the_preview_shows_where_one_speaks_and_nothing_that_nobody_wrote(thread):
    client = Client()
    client.force_login(thread.first_lead.person)
    pressing(thread, speak="1")
    spoken = client.get(f"{DRAFT}preview/").content.decode()
    assert len(re.findall(r'type="button" disabled>Answer by voice', spoken)) == spoken.count("<textarea")
    assert "In the promise:" in spoken
    words = {lang: {**own, "reading": ""} for lang, own in now(thread).words.items()}
    actions.save_draft(engagement=now(thread), changes={"words": words})
    assert "In the promise:" not in client.get(f"{DRAFT}preview/").content.decode()
    pressing(thread, speak="0")
    assert "Answer by voice" not in client.get(f"{DRAFT}preview/").content.decode()
