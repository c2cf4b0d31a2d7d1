"""Real input: statements that people wrote go in sealed over HTTP, and a lead's browser opens them, byte for byte.

The summary of this collection counts 314 statements, and its file holds two more; all of them go.
"""

import csv
import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from alongside.chain.keys.models import EngagementKey
from alongside.chain.voices.models import Voice
from tests.story.conftest import speak
from tests.story.steps import HOME, found_the_keys, make_keyring, open_it, press, unlock
from tests.support.thread import Thread

pytestmark = [pytest.mark.django_db, pytest.mark.story]

FILE = Path(__file__).parents[2] / "../shared/data/polis/scoop-hivemind.biodiversity/comments.csv"
IN_FILE = 316
READ_ALL = """() => Object.fromEntries([...document.querySelectorAll("[data-mark]")].map(
    voice => [voice.dataset.mark, [...voice.querySelectorAll("[data-said]")].map(said => said.textContent)]))"""


def statements() -> list[str]:
    """Give the real statements, in the order of the file."""
    if not FILE.exists():
        pytest.skip("The real statements are not here: ../shared is not here.")
    with FILE.open(encoding="utf-8", newline="") as file:
        return [row["comment-body"] for row in csv.DictReader(file)]


def sha256(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def test_every_real_statement_comes_out_to_the_last_byte(browsing, live_site, calendar):
    real = statements()
    assert len(real) == IN_FILE

    # Given an engagement whose key two leads made and tested in their readers
    calendar.ago = timedelta(days=1)
    thread = Thread(now=calendar.now()).open_program().draft_engagement()
    ana = browsing.person("Ana", signed_in=thread.first_lead.person)
    ben = browsing.person("Ben", signed_in=thread.second_lead.person)
    words = {}
    for lead in (ana, ben):
        lead.goto(f"{HOME}reader/keyring/")
        words[lead] = make_keyring(lead)
    found_the_keys(ana, ben, words)
    press(ana, "Make its key")
    press(ana, "Let these leads read")
    press(ana, "Yes, let them read")
    ana.get_by_text("The key is made and on the public log.").wait_for()
    ben.reload()
    unlock(ben, words[ben])
    press(ben, "Open the test voice")
    for lead in (ana, ben):
        lead.get_by_text("The test voice opened.").wait_for()
    open_it(ana, thread, words[ana])

    # When each is spoken through the public intake
    said = speak(live_site, thread.engagement, EngagementKey.objects.get().recipient, real, "q2")
    assert Voice.objects.count() == IN_FILE

    # Then the lead's browser opens every one of them, and nothing is lost or changed
    calendar.ago = timedelta()
    ana.goto(f"{HOME}reader/{thread.engagement.slug}/")
    unlock(ana, words[ana])
    ana.get_by_text(f"Voices opened: {IN_FILE}").wait_for()
    while ana.get_by_role("button", name="Show more voices").is_visible():
        press(ana, "Show more voices")
    opened: dict[str, list[str]] = {}
    for _screen in range(200):  # what is looked at is drawn
        opened |= ana.evaluate(READ_ALL)
        ana.mouse.wheel(0, 500)
        ana.wait_for_timeout(40)
    assert {mark: [sha256(one) for one in each] for mark, each in opened.items()} == {
        one.mark: [sha256(words)] for one, words in zip(said, real, strict=True)
    }
    assert sorted(one for (one,) in opened.values()) == sorted(real)
