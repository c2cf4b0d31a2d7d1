"""A lead makes her key with one paper, beside a peer: what she reads on the way leaves most of five minutes to write and to type."""

import pytest

from alongside.chain.keys.queries import PASSPHRASE
from tests.story.steps import click, press
from tests.support.browsers import axe
from tests.support.remembering import this_hour
from tests.support.thread import Thread

pytestmark = [pytest.mark.django_db, pytest.mark.story]
READER = "/riverbend/{}/reader/"
#: How many words: at 130 a minute, every word read aloud, less than three minutes of five, and five in all after a loss.
NEW, LOST = 340, 650
#: Counts the lines on which the text of an element stands, and says whether it stands from left to right.
LINES = """one => {
  const words = document.createRange();
  words.selectNodeContents(one);
  const tops = [...words.getClientRects()].map(({ top }) => Math.round(top));
  return [new Set(tops).size, getComputedStyle(one).direction];
}"""


def shown(page):
    """Count the words that the main part of the page shows."""
    return len(page.locator("main").inner_text().split())


def made_on(page):
    """Make a key on the page that is open; give how many words each view showed."""
    counts = [shown(page)]
    page.locator("[data-make]").click()
    page.locator("[data-view=words]").wait_for()
    counts.append(shown(page))
    words = page.locator("[data-words] li").all_text_contents()
    page.locator("[data-noted]").click()
    page.locator("[data-view=again]").wait_for()
    counts.append(shown(page))
    page.locator("[data-again]").fill(" ".join(words))
    page.locator("[data-keep]").click()
    page.locator("[data-view=waiting]").wait_for()
    return [*counts, shown(page)]


def test_a_new_lead_reads_little_until_she_has_her_key(browsing, live_site):
    # Given two leads with keys, and a third who is new, on her phone
    thread = Thread(now=this_hour()).open_program().found_keys(2, opens=True)
    cam = browsing.person("Cam", phone=True, signed_in=thread.third_lead.person)
    cam.goto(READER.format("en") + "keyring/")

    # When she makes her key, then its four views hold few words
    counts = made_on(cam)
    assert sum(counts) <= NEW, counts
    assert axe(cam) == []


def test_a_lead_who_lost_her_key_reads_little_until_she_has_another(browsing, live_site):
    # Given three leads with keys, one of whom lost her six words
    thread = Thread(now=this_hour()).open_program().found_keys(3, opens=True)
    ana = browsing.person("Ana", phone=True, signed_in=thread.first_lead.person)
    ana.goto(READER.format("en") + "keyring/")
    counts = [shown(ana)]

    # When she reads what follows, says it, and makes another
    click(ana, "I lost my six words")
    ana.get_by_label("My six words are lost.").check()
    counts.append(shown(ana))
    press(ana, "Say that I lost my key")
    ana.get_by_role("heading", name="You lost your key").wait_for()
    counts += made_on(ana)

    # Then all six pages and views hold few words
    assert sum(counts) <= LOST, counts
    assert axe(ana) == []


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "computer"])
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_digits_that_people_compare_stand_in_two_rows_from_left_to_right(browsing, live_site, lang, phone):
    # Given a lead who makes a key where two leads have one
    thread = Thread(now=this_hour()).open_program().found_keys(2, opens=True)
    cam = browsing.person("Cam", phone=phone, signed_in=thread.third_lead.person)
    cam.goto(READER.format(lang) + "keyring/")
    cam.locator("[data-make]").click()
    assert cam.locator("[data-view=words] [data-fill=fingerprint]").evaluate(LINES) == [2, "ltr"]
    cam.reload()
    made_on(cam)

    # Then hers, those of the first keys, and those that a lead sees who vouches stand alike
    digits = cam.locator("[data-view=waiting] .key-digits").all()
    assert [one.evaluate(LINES) for one in digits] == [[2, "ltr"]] * 3
    ana = browsing.person("Ana", phone=phone, signed_in=thread.first_lead.person)
    ana.goto(READER.format(lang))
    ana.locator("[data-passphrase]").fill(PASSPHRASE)
    ana.locator("[data-unlock]").click()
    ana.locator("[data-vouch]").wait_for()
    ana.locator("details:has([data-known-keys]) > summary").click()
    known = ana.locator("[data-known-keys] .key-digits").all()
    assert [one.evaluate(LINES) for one in known] == [[2, "ltr"]] * 2
    assert ana.locator("[data-waiting-keys] .key-digits").evaluate(LINES) == [2, "ltr"]


def test_who_locks_the_reader_comes_to_its_beginning_and_reads_so_once(browsing, live_site):
    # Given a lead at the foot of the reader
    thread = Thread(now=this_hour()).open_program().found_keys(2, opens=True)
    ana = browsing.person("Ana", phone=True, signed_in=thread.first_lead.person)
    ana.goto(READER.format("en"))
    ana.locator("[data-passphrase]").fill(PASSPHRASE)
    press(ana, "Unlock")
    lock = ana.get_by_role("button", name="Lock the reader")
    known = ana.locator("details:has([data-known-keys]) > summary")
    known.wait_for()
    known.evaluate("one => one.scrollIntoView({block: 'center'})")
    assert ana.evaluate("scrollY") > 0

    # When she locks it, then the page begins anew and says that it is locked, and the next time it does not
    lock.click()
    ana.get_by_role("status").get_by_text("Your key is locked.").wait_for()
    ana.wait_for_load_state()
    assert ana.evaluate("scrollY") == 0
    ana.reload()
    ana.get_by_role("button", name="Unlock").wait_for()
    assert ana.get_by_text("Your key is locked.").locator("visible=true").count() == 0
