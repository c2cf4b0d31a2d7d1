"""A person presses and speaks; leads listen, type what they heard, tell it; the person hears back. No sound is ever here in the clear."""

import re
from datetime import timedelta

import pytest

from alongside.chain.keys.queries import PASSPHRASE
from alongside.chain.voices.models import Voice
from alongside.core.sealing import receipt as receipts
from alongside.core.sealing.opening import open_sealed
from alongside.core.sealing.voice import SOUND_BUCKETS, parse
from alongside.work.engagements import actions as engagements
from tests.story.conftest import speak
from tests.story.steps import digits, press, unlock
from tests.support.browsers import axe
from tests.support.thread import QUESTIONS, Thread

pytestmark = [pytest.mark.django_db, pytest.mark.story]

HEARD = "The library should open on Sundays."
MENDED = "The library should open on Sundays, she says."
#: What stands in every sound of Opus and every WebM file, and so in none of what is sent.
IN_THE_CLEAR = (b"OpusHead", b"webm", b"\x1a\x45\xdf\xa3")


def given_people_may_speak(calendar):
    """Open an engagement whose promise says that people may answer by voice."""
    thread = Thread(now=calendar.now()).open_program().draft_engagement()
    engagements.save_questions(engagement=thread.engagement, questions=QUESTIONS, spoken=True)
    return thread.found_keys(opens=True).make_keys().open()


def record(page, start, seconds):
    """Press, speak for so long, and stop."""
    page.locator(start).click()
    page.get_by_text("Speak now.").wait_for()
    page.locator("[data-time]", has_text=f"0:0{seconds}").wait_for()
    press(page, "Stop")
    page.get_by_text("Your voice:").wait_for()


def until(thing, holds):
    """Wait until something holds of an element, `one`."""
    thing.evaluate(f"async one => {{ while (!({holds})) await new Promise(requestAnimationFrame); }}")


def length_of(sound):
    """Give how many seconds a sound lasts, once the browser knows."""
    until(sound, "one.readyState > 0")
    return sound.evaluate("one => one.duration")


def given_the_microphone_is_watched(page):
    """Keep each track that the page was given, to see that it is let go."""
    page.add_init_script(
        """const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        window.tracks = [];
        navigator.mediaDevices.getUserMedia = async asked => {
            const stream = await ask(asked);
            window.tracks.push(...stream.getTracks());
            return stream;
        };"""
    )


def open_the_reader(page, thread):
    """Unlock the reader at the engagement, and open what was spoken."""
    page.goto(f"/riverbend/en/reader/{thread.engagement.slug}/")
    unlock(page, PASSPHRASE)
    page.locator("[data-voices-heading]").wait_for()
    page.get_by_label("Question").select_option("q2")
    assert page.locator("[data-voices-heading]").inner_text().split("\n")[-1] == "2. What should change?"


def test_a_spoken_voice_goes_from_press_to_report_back(browsing, live_site, calendar):
    # Given an engagement that people may answer by voice
    calendar.ago = timedelta(days=40)
    thread = given_people_may_speak(calendar)
    rosa = browsing.person("the resident", phone=True)
    given_the_microphone_is_watched(rosa)
    sent = []
    rosa.on("request", lambda asked: sent.append(asked.post_data_buffer or b""))

    # When Rosa reads the promise, it says first that a voice can be known
    reply = rosa.goto(f"/riverbend/en/engagements/{thread.engagement.slug}/")
    assert reply.headers["permissions-policy"] == "microphone=(self)"
    assert "media-src 'self' blob:;" in reply.headers["content-security-policy"]
    rosa.get_by_text("If you speak, they may know you by your voice.").wait_for()
    assert axe(rosa) == []

    # And when she presses and speaks, sees that it hears her, listens, and says it anew
    rosa.locator("[data-record]").click()
    until(rosa.locator("[data-speak] meter"), "one.value > 0")
    assert axe(rosa) == []
    press(rosa, "Send so only leads can read it")
    rosa.get_by_text("You are still speaking.").wait_for()
    press(rosa, "Stop")
    first = length_of(rosa.locator("[data-speak] audio"))
    record(rosa, "[data-again]", 2)
    again = rosa.locator("[data-speak] audio")
    assert length_of(again) != first
    assert 1.5 < length_of(again) < 5
    again.evaluate("one => one.play()")
    assert axe(rosa) == []
    assert rosa.evaluate("tracks.map(one => one.readyState)") == ["ended", "ended"]
    left = "[document.cookie, localStorage.length, sessionStorage.length, indexedDB.databases()]"
    assert rosa.evaluate(f"Promise.all({left})") == ["", 0, 0, []]

    # And sends it beside a word that she types
    rosa.get_by_label("Yes").check()
    rosa.get_by_label("The leads may quote my words").check()
    press(rosa, "Send so only leads can read it")
    receipt = digits(rosa)
    assert axe(rosa) == []

    # Then it is here in a size of sounds, sealed, and nothing of it in the clear
    (voice,) = Voice.objects.all()
    assert voice.bucket == SOUND_BUCKETS[0]
    for clear in IN_THE_CLEAR:
        assert (clear, bytes(voice.sealed).count(clear)) == (clear, 0)
        assert [clear in body for body in sent] == [False] * len(sent)
    spoken = parse(open_sealed(bytes(voice.sealed), [thread.identity]))
    told = spoken.answers["q2"]
    assert (told["kind"], told["words"], spoken.answers["q1"]) == ("webm", "", "yes")
    assert (told["seconds"] in (2, 3), told["bytes"]) == (True, len(spoken.sounds["q2"]))
    assert b"OpusHead" in spoken.sounds["q2"]
    assert voice.mark == receipts.seal_mark(receipts.read_secret(receipts.parse(receipt))).hex()

    # When a lead opens the reader, the voice says how long it is, plays, and takes the words beside it
    others = speak(live_site, thread.engagement, thread.recipient, ["Closer, please."] * 11, "q2")
    ana = browsing.person("Ana", signed_in=thread.first_lead.person)
    open_the_reader(ana, thread)
    line = ana.locator(f"[data-mark='{voice.mark}']")
    line.get_by_text(re.compile(r"\[spoken, 0:0[23]\]")).wait_for()
    line.locator("[data-unfold]").click()
    line.get_by_role("button", name="Listen").click()
    sound = line.locator("audio[src^=blob]")
    sound.wait_for()
    assert 1.5 < length_of(sound) < 5
    until(sound, "one.currentTime > 0")
    assert axe(ana) == []
    line.get_by_label("What you hear, in words").fill(HEARD)
    ana.get_by_text("Themes are saved.").wait_for()
    assert line.locator("[data-unfold] [data-said]").inner_text() == HEARD

    # And another lead reads those words, mends them, and finds the voice by them
    ben = browsing.person("Ben", signed_in=thread.second_lead.person)
    open_the_reader(ben, thread)
    line = ben.locator(f"[data-mark='{voice.mark}']")
    line.get_by_text(HEARD).wait_for()
    line.locator("[data-is-spoken]", has_text=re.compile(r"\[spoken, 0:0[23]\]")).wait_for()
    line.locator("[data-unfold]").click()
    line.get_by_label("What you hear, in words").fill(MENDED)
    ben.get_by_text("Themes are saved.").wait_for()
    ben.get_by_label("Search").fill("she says")
    assert ben.locator("[data-mark]").count() == 1

    # And begins a quote with them
    press(ben, "Quote this")
    assert ben.get_by_label("A quote (you may skip this)").input_value() == MENDED

    # And when leads tell what they heard, and the report-back is out
    calendar.turn_to(thread, ago=5)
    marks = sorted([voice.mark, *(one.mark for one in others)])
    leads = sorted([thread.first_lead.public_id, thread.second_lead.public_id])
    thread.enter("voices.opened", leads, {"marks": marks, "part": 1}, {"engagement": [thread.promise]})
    thread.find(voices={"low": 10, "high": 12})
    calendar.turn_to(thread, ago=0)

    # Then her receipt leads her to all that came of it
    rosa.on("dialog", lambda dialog: dialog.accept())
    rosa.goto("/r/en")
    rosa.locator("details:has([data-does=kept]) summary").click()
    rosa.locator("[data-does=kept]").click()
    rosa.get_by_label("The digits of your receipt").fill(receipt)
    press(rosa, "Look")
    rosa.get_by_role("heading", name="Opened by the leads").wait_for()
    rosa.get_by_role("link", name="See what came of it").click()
    rosa.wait_for_url(f"**/riverbend/en/follow/{thread.promise}/")
    rosa.get_by_text("People want short keeping.").first.wait_for()
