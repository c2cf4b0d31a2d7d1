"""A lead says the report-back in her own voice: it stands beside the words, plays on any phone, and goes when a lead takes it away."""

import hashlib
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from alongside.core.recordings import cleaned
from alongside.ground.record.models import LogEntry, PublicText
from alongside.ground.texts.actions import erase_text, place_hold
from alongside.ground.texts.models import Sound
from tests.chain.pages.test_what_came_of_it import opened_ago
from tests.core.test_recordings import SECRET, mp4, ogg
from tests.site.test_visits import signed_in
from tests.support.browsers import axe
from tests.support.thread import Thread

ALOUD = "/riverbend/{lang}/record/{index}/aloud/"
CAME = "/riverbend/{lang}/follow/{promise}/"


@pytest.fixture
def reported(db) -> Thread:
    """Give a thread whose people have heard back."""
    thread = opened_ago(40)
    thread.find()
    thread.report()
    return thread


def page_to_speak(lang: str) -> str:
    """Give the address at which the last report-back is said aloud."""
    report = LogEntry.objects.filter(kind="report.published").latest("index")
    return ALOUD.format(lang=lang, index=report.index)


def say(thread: Thread, content: bytes, *, lang: str = "es", person=None, **more: str):
    """Send a recording as a lead's page does."""
    sound = SimpleUploadedFile("memo.m4a", content)
    client = signed_in(person or thread.first_lead.person)
    return client.post(page_to_speak(lang), {"sound": sound, "agreed": "on", "part": "", **more})


def sources(thread: Thread, lang: str, at: str = "") -> list[str]:
    """Give what a page below what came of it plays to anyone."""
    page = Client().get(CAME.format(lang=lang, promise=thread.promise) + at).content.decode()
    return re.findall(r'<audio controls preload="none" src="([^"]+)"', page)


def test_a_recording_stands_beside_its_words_in_its_language_alone_without_what_the_phone_wrote(reported):
    assert sources(reported, "es") == []
    assert say(reported, mp4())["Location"].endswith("/aloud/?done=heard")

    (source,) = sources(reported, "es")
    assert sources(reported, "es", "tell/") == [source]
    assert sources(reported, "en") == []
    told = Client().get(CAME.format(lang="es", promise=reported.promise) + "tell/").content.decode()
    assert f"8000{source}\n" in told.split("data-words>")[1].split("</p>")[0]
    heard = Client().get(source)
    assert (heard.status_code, heard["Content-Type"]) == (200, "audio/mp4")
    assert heard.content == cleaned(mp4())[1]
    assert SECRET not in heard.content
    assert f"/{hashlib.sha256(heard.content).hexdigest()[:16]}.m4a" in source


def test_a_page_that_is_kept_plays_what_people_hear_now(client, reported):
    def plays() -> int:
        return client.get(CAME.format(lang="es", promise=reported.promise)).content.count(b"<audio ")

    played = [plays()]
    say(reported, mp4())
    played.append(plays())
    say(reported, b"", away="1")
    assert [*played, plays()] == [0, 1, 0]


def test_a_recording_comes_in_parts_is_kept_for_a_day_and_runs_nothing(reported):
    say(reported, mp4())
    (source,) = sources(reported, "es")
    part = Client().get(source, headers={"range": "bytes=4-7"})
    assert (part.status_code, part.content, part["Content-Range"].split("/")[0]) == (
        206,
        b"ftyp",
        "bytes 4-7",
    )
    assert part["X-Content-Type-Options"] == "nosniff"
    assert part["Cache-Control"] == "public, max-age=86400, immutable"
    assert list(part.cookies) == []


def test_another_recording_takes_the_place_of_the_first_and_its_address_plays_nothing(reported):
    say(reported, mp4())
    (first,) = sources(reported, "es")
    say(reported, ogg())
    (second,) = sources(reported, "es")
    assert (first == second, second.endswith(".ogg"), Sound.objects.count()) == (False, True, 1)
    assert [Client().get(one).status_code for one in (first, second)] == [404, 200]


def test_any_lead_takes_a_recording_away(reported):
    say(reported, mp4())
    (source,) = sources(reported, "es")
    other = signed_in(reported.second_lead.person)
    assert other.post(page_to_speak("es"), {"away": "1", "part": ""}).status_code == 302
    assert (sources(reported, "es"), Client().get(source).status_code) == ([], 404)


def test_a_recording_goes_with_the_words_that_it_says(reported):
    say(reported, mp4())
    say(reported, mp4(), lang="en")
    text = PublicText.objects.filter(name="es").latest("pk")
    erase_text(
        program=reported.program,
        entry=text.entry,
        sha256=text.sha256,
        ground="Order 12",
        by=["steward", reported.first_lead.public_id],
        now=reported.now,
    )
    assert (sources(reported, "es"), len(sources(reported, "en"))) == ([], 1)
    assert list(Sound.objects.values_list("lang", flat=True)) == ["en"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"#!AMR\nxxxx", "Browsers do not play this kind of sound."),
        (b"just words", "This is no sound file that we can play."),
        (mp4() + b"\0" * (5 * 1024 * 1024), "This file is larger than 5 MB."),
    ],
)
def test_what_no_browser_plays_and_what_is_too_large_is_refused(reported, content, told):
    reply = say(reported, content, lang="en")
    assert (reply.status_code, told in reply.content.decode(), Sound.objects.count()) == (200, True, 0)


def test_nothing_is_taken_in_without_the_leads_yes(reported):
    assert say(reported, mp4(), agreed="").status_code == 200
    assert Sound.objects.count() == 0


def test_only_leads_speak_and_only_what_was_reported_in_that_language(reported, client):
    for person in (reported.staff, reported.steward):
        assert say(reported, mp4(), person=person).status_code == 403
    assert say(reported, mp4(), lang="ar").status_code == 404
    assert client.get(page_to_speak("en")).status_code == 403
    assert Sound.objects.count() == 0


def test_before_people_heard_back_there_is_nothing_to_say(db):
    thread = opened_ago(40)
    lead = signed_in(thread.first_lead.person)
    finding = LogEntry.objects.latest("index")
    assert lead.get(ALOUD.format(lang="en", index=finding.index)).status_code == 404


def test_the_page_to_speak_on_passes_axe_and_plays_what_people_hear(browsing, live_site, reported):
    say(reported, mp4(), lang="en")
    ana = browsing.person("Ana", phone=True, signed_in=reported.first_lead.person)
    ana.goto(page_to_speak("en"))
    assert ana.locator("audio").count() == 1
    assert (axe(ana), ana.evaluate("document.documentElement.scrollWidth - innerWidth")) == ([], 0)


def log_of_sounds() -> list[tuple[str, str]]:
    """Give what the log tells of recordings, in its order: the kind and the hash."""
    lines = LogEntry.objects.filter(kind__startswith="sound.").order_by("index")
    return [(line.kind, line.parsed.data.get("sha256", "")) for line in lines]


def test_the_log_tells_each_recording_by_its_hash_and_that_one_was_taken_away(reported):
    first, second = (hashlib.sha256(cleaned(one)[1]).hexdigest() for one in (mp4(), ogg()))
    say(reported, mp4())
    say(reported, mp4())
    say(reported, ogg())
    say(reported, b"", away="1")
    given = "sound.given"
    assert log_of_sounds() == [(given, first), (given, second), ("sound.withdrawn", "")]


def test_a_sound_that_somebody_put_in_its_place_is_played_nowhere(reported):
    say(reported, mp4())
    (source,) = sources(reported, "es")
    swapped = hashlib.sha256(ogg()).hexdigest()
    Sound.objects.update(content=ogg(), sha256=swapped)
    (moved,) = sources(reported, "es")
    assert moved != source
    assert [Client().get(one).status_code for one in (source, moved)] == [404, 404]


def test_under_a_legal_hold_no_recording_goes_and_none_takes_the_place_of_another(reported):
    say(reported, mp4(), lang="en")
    place_hold(program=reported.program, ground="Case 7", by="steward", now=reported.now)
    for sent in (say(reported, ogg(), lang="en"), say(reported, b"", lang="en", away="1")):
        assert "A legal hold stands; nothing is erased until it is lifted." in sent.content.decode()
    assert [kind for kind, _hash in log_of_sounds()] == ["sound.given"]
    assert bytes(Sound.objects.get().content) == cleaned(mp4())[1]
