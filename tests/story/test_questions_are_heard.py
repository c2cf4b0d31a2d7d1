"""A lead says the questions aloud on her phone; people hear them beside the words, before they answer; the log tells each recording."""

import io
import math
import struct
import wave
from datetime import timedelta

import pytest

from alongside.ground.record.models import LogEntry
from alongside.ground.texts.models import Sound
from tests.story.steps import digits
from tests.story.test_a_spoken_voice_is_heard import until
from tests.support.browsers import axe
from tests.support.thread import Thread

pytestmark = [pytest.mark.django_db, pytest.mark.story]


def tone(seconds, pitch=440):
    """Give a WAV file of a tone."""
    rate, made = 8000, io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        waves = (int(9000 * math.sin(math.tau * pitch * one / rate)) for one in range(int(rate * seconds)))
        file.writeframes(b"".join(struct.pack("<h", one) for one in waves))
    return made.getvalue()


def say(page, question, sound):
    """Choose a recording for a question, and let everyone hear it."""
    part = page.get_by_role("region", name=f"Pregunta {question}")
    part.locator("[type=file]").set_input_files({"name": "voz.wav", "mimeType": "audio/wav", "buffer": sound})
    part.locator("[type=checkbox]").check()
    part.locator("button:not([name])").click()
    page.get_by_text("Ahora todo el mundo puede escucharlo.").wait_for()


def test_a_question_is_said_heard_and_said_anew_for_all_to_see(browsing, live_site, calendar):
    # Given an engagement that is open, and a lead with her phone, in Spanish
    calendar.ago = timedelta(days=3)
    thread = Thread(now=calendar.now()).to_open_engagement()
    slug = thread.engagement.slug
    ana = browsing.person("Ana", phone=True, signed_in=thread.first_lead.person)
    ana.goto(f"/riverbend/en/engagements/{slug}/room/")
    ana.get_by_role("link", name="Say the questions in your own voice").click()
    ana.get_by_role("link", name="Español").first.click()
    ana.wait_for_url("**/riverbend/es/record/*/aloud/")
    assert axe(ana) == []

    # When she says the first question aloud
    say(ana, 1, tone(1))
    assert ana.locator("audio").count() == 1
    assert (axe(ana), ana.evaluate("document.documentElement.scrollWidth - innerWidth")) == ([], 0)

    # Then whoever reads it in Spanish can hear it, and nothing is loaded before they press
    rosa = browsing.person("Rosa", phone=True, lang="es")
    loaded = []
    rosa.on("request", lambda asked: loaded.append(asked.url))
    rosa.goto(f"/riverbend/es/engagements/{slug}/")
    sound = rosa.locator("[data-question=q1] audio")
    assert rosa.locator("audio").count() == 1
    assert [one for one in loaded if "/aloud/" in one] == []
    sound.evaluate("one => one.play()")
    until(sound, "one.currentTime > 0")
    assert 0.9 < sound.evaluate("one => one.duration") < 1.1
    assert (axe(rosa), rosa.evaluate("document.documentElement.scrollWidth - innerWidth")) == ([], 0)

    # And in English, and on the page where leads take in, only the words stand
    for page, address in ((rosa, f"en/engagements/{slug}/"), (ana, f"es/engagements/{slug}/in-person/")):
        page.goto(f"/riverbend/{address}")
        page.locator("[data-question=q1]").wait_for(state="attached")
        assert page.locator("[data-question] audio[src]").count() == 0

    # And she can answer as before
    rosa.goto(f"/riverbend/es/engagements/{slug}/")
    rosa.locator("[data-question=q2] textarea").fill("Más cerca, por favor.")
    rosa.locator("[data-seal]").click()
    assert len(digits(rosa)) > 0

    # When Ben says it anew, the page and the log both say so
    ben = browsing.person("Ben", signed_in=thread.second_lead.person)
    ben.goto(f"/riverbend/es/record/{thread.promise}/aloud/")
    first = ben.locator("audio").get_attribute("src")
    say(ben, 1, tone(2, 660))
    assert ben.locator("audio").get_attribute("src") != first
    told = LogEntry.objects.filter(kind="sound.given").order_by("index")
    assert [(one.parsed.data["part"], one.parsed.by) for one in told] == [
        ("q1", (thread.first_lead.public_id,)),
        ("q1", (thread.second_lead.public_id,)),
    ]
    assert [one.parsed.data["sha256"] for one in told][1] == Sound.objects.get().sha256
    ben.goto(f"/riverbend/en/record/{told[0].index}/")
    ben.get_by_role("heading", name="A recording of these words").first.wait_for()
    assert axe(ben) == []

    # And when he takes it away, the words stand alone
    ben.goto(f"/riverbend/es/record/{thread.promise}/aloud/")
    ben.locator("button[name=away]").click()
    ben.locator("button[name=away]").wait_for(state="detached")
    rosa.goto(f"/riverbend/es/engagements/{slug}/")
    assert rosa.locator("audio").count() == 0
