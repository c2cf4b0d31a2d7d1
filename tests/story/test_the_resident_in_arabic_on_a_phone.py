"""The resident's part in Arabic on a phone: read the promise, speak, keep the receipt, follow; right to left, no trace."""

import re
from datetime import timedelta

import pytest
from django.utils.translation import gettext, override

from alongside.chain.voices.models import Voice
from alongside.core.grammar.charter import entry_hash
from alongside.core.sealing import receipt as receipts
from alongside.core.sealing.opening import open_sealed
from alongside.core.sealing.voice import parse
from alongside.ground.record.models import LogEntry
from alongside.work.engagements import actions as engagements
from tests.story.conftest import speak
from tests.story.steps import digits
from tests.support import thread as threads
from tests.support.browsers import axe
from tests.support.thread import Thread

pytestmark = [pytest.mark.django_db, pytest.mark.story]

TITLE = "ماذا يجب أن تتذكر حواسيب المكتبة؟"
QUESTION = "ما الذي يجب أن يتغير؟"
SAID = "القاعة بعيدة جدًا. من يسكن خلف النهر لا يصل إليها قبل الإغلاق 🐟"
QUESTIONS = [{"id": "q1", "kind": "text", "words": {"en": "What should change?", "ar": QUESTION}}]


def in_arabic(words: str) -> str:
    """Give the house's own words as they stand on an Arabic page."""
    with override("ar"):
        found = gettext(words)
    assert found != words, f"{words!r} is not said in Arabic; translate it."
    return found


def held_in_arabic(thread: Thread) -> Thread:
    """Open an engagement in English and Arabic."""
    thread.open_program().draft_engagement()
    names = ("title", "decision", "can_change", "cannot_change", "reading", "consent")
    arabic = {name: f"كلمات الوعد {place}" for place, name in enumerate(names)}
    words = {"en": threads.WORDS["en"], "ar": arabic | {"title": TITLE}}
    engagements.save_draft(engagement=thread.engagement, changes={"languages": ["en", "ar"], "words": words})
    engagements.save_questions(engagement=thread.engagement, questions=QUESTIONS)
    return thread.make_keys().open()


def test_a_resident_speaks_and_follows_in_arabic_on_a_phone(browsing, live_site, calendar):
    # Given an engagement that is held in English and Arabic
    calendar.ago = timedelta(days=40)
    thread = held_in_arabic(Thread(now=calendar.now()))
    nadia = browsing.person("the resident", phone=True, lang="ar", color_scheme="light")

    def good(tab: int = 0) -> None:
        """The page runs from right to left, fits the phone, passes axe, and leaves nothing behind: `tab` things wait in it."""
        assert nadia.evaluate("[document.documentElement.dir, document.documentElement.lang]") == [
            "rtl",
            "ar",
        ]
        assert nadia.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, nadia.url
        assert (nadia.url, axe(nadia)) == (nadia.url, [])
        left = nadia.evaluate("[document.cookie, localStorage.length, sessionStorage.length]")
        assert (nadia.context.cookies(), left) == ([], ["", 0, tab])

    # When she chooses her language and reads the promise
    nadia.goto("/riverbend/en/")
    nadia.get_by_role("link", name="العربية").first.click()
    nadia.wait_for_url("**/riverbend/ar/")
    good()
    nadia.get_by_role("link", name=TITLE).click()
    nadia.get_by_role("heading", level=1, name=TITLE).wait_for()
    good()

    # And when she speaks
    nadia.get_by_label(re.compile(re.escape(QUESTION))).fill(SAID)
    nadia.get_by_role("button", name=in_arabic("Send so only leads can read it")).click()

    # Then she holds a receipt whose digits run from left to right
    receipt = digits(nadia)
    assert re.fullmatch(r"\d{30}", receipt)
    assert nadia.locator(".digits").evaluate("e => getComputedStyle(e).direction") == "ltr"
    assert nadia.get_by_role("heading", level=2).first.inner_text() == in_arabic("Keep these digits")
    told = nadia.locator("[data-told]").all_inner_texts()
    assert (told[0], len(told)) == (TITLE, 3)
    assert re.search(r"\d{4}|[٠-٩]{4}", told[1]), told
    good(tab=1)

    # And an old phone that loads the page again still has it, in her language, until she says that she kept it
    nadia.on("dialog", lambda dialog: dialog.accept())
    nadia.reload()
    assert (digits(nadia), nadia.locator("[data-told]").all_inner_texts()) == (receipt, told)
    good(tab=1)

    # And the first page says in that tab that a receipt is open, without its digits or its question
    nadia.goto("/riverbend/ar/")
    waits = nadia.locator(".home [data-waits]")
    waits.wait_for()
    assert (waits.inner_text().count(TITLE), re.findall(r"\d|[٠-٩]", waits.inner_text())) == (0, [])
    good(tab=1)
    waits.get_by_role("link").click()
    assert digits(nadia) == receipt
    nadia.locator("details:has([data-does=kept]) summary").click()
    nadia.locator("[data-does=kept]").click()
    nadia.get_by_label(in_arabic("The digits of your receipt")).wait_for()
    good()
    nadia.goto("/riverbend/ar/")
    nadia.get_by_role("heading", level=1).wait_for()
    assert waits.is_hidden()

    # And what she said is sealed as she wrote it
    (voice,) = Voice.objects.all()
    spoken = parse(open_sealed(bytes(voice.sealed), [thread.identity]))
    assert (spoken.lang, spoken.answers, spoken.taken) == ("ar", {"q1": SAID}, "self")
    assert spoken.consent == {
        "notice": entry_hash(LogEntry.objects.get(index=thread.engagement.promise).parsed),
        "how": "screen",
        "on": calendar.day(thread).isoformat(),
    }
    secret = receipts.parse(receipt)
    assert voice.mark == receipts.seal_mark(receipts.read_secret(secret)).hex()

    # When others have spoken too, the leads have opened the voices, and wrote what they heard
    others = speak(live_site, thread.engagement, thread.recipient, ["Closer, please."] * 11, "q1")
    calendar.turn_to(thread, ago=5)
    marks = sorted([voice.mark, *(one.mark for one in others)])
    leads = sorted([thread.first_lead.public_id, thread.second_lead.public_id])
    data = {"marks": marks, "part": 1}
    thread.enter("voices.opened", leads, data, {"engagement": [thread.promise]})
    finding = thread.find(voices={"low": 10, "high": 12})
    calendar.turn_to(thread, ago=0)

    # Then her receipt leads her to all that came of it
    nadia.goto("/r/ar")
    good()
    nadia.get_by_label(in_arabic("The digits of your receipt")).fill(receipt)
    nadia.get_by_role("button", name=in_arabic("Look")).click()
    nadia.get_by_role("heading", name=in_arabic("Opened by the leads")).wait_for()
    good()
    nadia.get_by_role("link", name=in_arabic("See what came of it")).click()
    nadia.get_by_role("heading", name=TITLE).first.wait_for()
    nadia.wait_for_url(f"**/riverbend/ar/follow/{thread.promise}/")
    assert nadia.locator(".said[lang=en]", has_text="People want short keeping.").count() == 2
    assert finding.index > thread.promise
    good()
