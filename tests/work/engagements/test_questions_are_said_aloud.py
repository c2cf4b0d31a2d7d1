"""What a lead may say aloud of a promise: its questions, in its languages, until it is closed; and what goes with the words."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from alongside.core.entries import GrammarError, MalformedError
from alongside.ground.record.models import LogEntry, PublicText
from alongside.ground.texts.actions import erase_text, say_aloud
from alongside.ground.texts.models import Sound
from tests.chain.pages.test_what_came_of_it import opened_ago
from tests.core.test_recordings import mp4, ogg
from tests.site.test_visits import signed_in


@pytest.fixture
def thread(db):
    return opened_ago(10)


def say(thread, part="q1", lang="en", content=None, **more):
    given = {"program": thread.program, "about": thread.promise, "now": thread.now}
    given |= {"by": thread.first_lead.public_id, "content": content or ogg(), **more}
    return say_aloud(part=part, lang=lang, **given)


def post(thread, lang, **typed):
    client = signed_in(thread.first_lead.person)
    return client.post(f"/riverbend/{lang}/record/{thread.promise}/aloud/", typed)


def test_each_question_is_said_by_itself_and_the_same_file_again_says_nothing_new(thread):
    for lang, name in (("en", "q1-sound"), ("es", "q2-sound")):
        sound = SimpleUploadedFile("memo.m4a", mp4())
        part = name.split("-")[0]
        assert post(thread, lang, part=part, **{name: sound, f"{part}-agreed": "on"}).status_code == 302
    say(thread, part="q1", content=mp4())
    told = [line.parsed for line in LogEntry.objects.filter(kind="sound.given").order_by("index")]
    assert [(one.data["part"], one.data["lang"]) for one in told] == [("q1", "en"), ("q2", "es")]
    assert Sound.objects.count() == 2


def test_a_question_that_nobody_asked_is_not_said(thread):
    assert post(thread, "en", part="q9", sound=SimpleUploadedFile("a.m4a", mp4())).status_code == 200
    assert LogEntry.objects.filter(kind="sound.given").count() == 0


def test_what_has_no_words_is_not_said(thread):
    with pytest.raises(GrammarError, match="there are no words in this language to say"):
        say(thread, lang="ar")
    with pytest.raises(MalformedError, match="one question of a promise, or a report-back as a whole"):
        say(thread, part="")


def test_after_the_engagement_is_closed_no_question_is_said_anew(db):
    thread = opened_ago(40)
    thread.find()
    thread.end_intake()
    report = thread.report()
    cites = {"engagement": [thread.promise], "report": [report.index]}
    thread.enter("engagement.closed", [thread.first_lead.public_id], {}, cites)
    with pytest.raises(GrammarError, match="this engagement is closed"):
        say(thread)


def test_the_recordings_of_the_questions_go_with_their_words_in_every_language(thread):
    say(thread, part="q1", lang="en")
    say(thread, part="q2", lang="es", content=mp4())
    text = PublicText.objects.get(about=thread.promise, name="form")
    erase_text(
        program=thread.program,
        entry=text.entry,
        sha256=text.sha256,
        ground="Order 12",
        by=["steward", thread.first_lead.public_id],
        now=thread.now,
    )
    assert Sound.objects.count() == 0


def test_a_language_that_nobody_has_read_leads_to_where_a_lead_says_its_questions_aloud(
    thread, unread, client
):
    asked = f"/riverbend/en/engagements/{thread.engagement.slug}/"
    assert 'hreflang="es"' not in client.get(asked).content.decode()
    say(thread, part="q2", lang="es", content=mp4())

    html = client.get(asked).content.decode()
    listed = html.partition('<details class="languages">')[2].partition("</details>")[0]
    assert re.findall(r'hreflang="(\w+)" href="([^"]+)"', listed) == [
        ("en", asked),
        ("es", asked.replace("/en/", "/es/")),
    ]
    assert re.findall(r'<span lang="(\w+)" dir="\w+">[^<]+</span>', listed.partition("<ul")[2]) == [
        "vi",
        "ar",
    ]
    assert 'href="tel:+15035550142"' in listed
