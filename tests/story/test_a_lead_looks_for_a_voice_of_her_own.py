"""A lead says something as any resident does, and finds it again by its receipt once the voices are opened; where the site held it back, she sees that."""

import base64
from datetime import timedelta
from urllib.parse import unquote_plus

import pytest
from django.db import connection

from alongside.chain.keys.queries import PASSPHRASE
from alongside.chain.voices.models import Voice
from alongside.core.sealing import receipt as receipts
from alongside.core.sealing.envelope import seal
from tests.story.conftest import speak
from tests.story.steps import digits, press, unfold, unlock
from tests.support.browsers import axe
from tests.support.remembering import this_hour
from tests.support.thread import Thread

pytestmark = [pytest.mark.django_db, pytest.mark.story]

SAID = "This is a check of a lead."
ABSENT = "It is not among the voices that were opened here."
HELD_BACK = "The public log says that it came in, but this site did not give it to this device."


def speaks_herself(browsing, ana):
    """Let a lead go from the room of an engagement to the page on which people speak, and speak on a phone that is not signed in; give her receipt."""
    ana.get_by_role("heading", name="Check that no voice is held back").wait_for()
    address = ana.locator("section[aria-labelledby=held-back-h] .data").inner_text()
    phone = browsing.person("Ana’s other phone", phone=True)
    phone.goto(address)
    phone.locator("textarea").first.fill(SAID)
    press(phone, "Send so only leads can read it")
    return digits(phone), phone


def mark_of(receipt):
    """Give the seal mark of a receipt."""
    return receipts.seal_mark(receipts.read_secret(receipts.parse(receipt))).hex()


def drop(mark):
    """Take a voice away as whoever holds the server can: no action of the house is asked, and nobody withdrew it."""
    with connection.cursor() as cursor:
        beneath = cursor.cursor  # below what tells the tests of writes outside an action
        beneath.execute("DELETE FROM voices_voice WHERE mark = %s", [mark])
        assert beneath.rowcount == 1


def handing(lead, mark, sealed):
    """Let the site hand the reader something else in the place of a voice."""

    def hand(route):
        told = route.fetch().json()
        voices = [one | ({"sealed": sealed} if one["mark"] == mark else {}) for one in told["voices"]]
        route.fulfill(json=told | {"voices": voices})

    lead.route("**/voices?after=*", hand)


def opens_the_voices(lead, thread):
    """Open the reader at the engagement, and the part in which a receipt is looked for; give all that is asked for from then on."""
    lead.goto(f"/riverbend/en/reader/{thread.engagement.slug}/")
    unlock(lead, PASSPHRASE)
    unfold(lead, "Find a voice by its receipt")
    asked = []
    lead.on("request", lambda one: asked.append(f"{one.url} {one.post_data or ''}"))
    return asked


def telling(asked, receipt):
    """List of what was asked for all that would tell which receipt was looked for."""
    secret = receipts.parse(receipt)
    read = receipts.read_secret(secret)
    tells = (receipts.digits(secret), read.hex(), receipts.seal_mark(read).hex())
    return [one for one in asked for word in tells if word in "".join(unquote_plus(one).split())]


def looks_for(lead, receipt):
    """Type a receipt, and look."""
    lead.get_by_label("The digits of your receipt").fill(receipt)
    press(lead, "Find it")


@pytest.fixture
def thread(live_site):
    """Give an engagement on which people can speak, whose leads have keyrings that six words open."""
    return Thread(now=this_hour()).open_program().draft_engagement().found_keys(opens=True).make_keys().open()


@pytest.fixture
def ana(thread, browsing):
    """Give the phone of the first lead, in the room of the engagement."""
    ana = browsing.person("Ana", phone=True, signed_in=thread.first_lead.person)
    ana.goto(f"/riverbend/en/engagements/{thread.engagement.slug}/room/")
    return ana


def test_a_lead_finds_the_voice_that_she_sent_and_withdraws_it(live_site, browsing, thread, ana):
    # Given a lead who is led to speak as anyone does, and three people beside her
    unfold(ana, "How to check")
    ana.get_by_text("Do it where you are not signed in").wait_for()
    assert axe(ana) == []
    receipt, phone = speaks_herself(browsing, ana)
    assert phone.context.cookies() == []
    speak(live_site, thread.engagement, thread.recipient, ["Closer.", "Later.", "Longer."], "q2")

    # When she opens the voices and looks for hers, then it alone is shown, with its number, and nobody was asked
    asked = opens_the_voices(ana, thread)
    looks_for(ana, receipt)
    number = sorted(Voice.objects.values_list("mark", flat=True)).index(mark_of(receipt)) + 1
    ana.get_by_text(f"Found: it is voice {number}. Only this one is shown below.").wait_for()
    ana.get_by_text("Look it up or withdraw it where you are not signed in").locator(
        "visible=true"
    ).wait_for()
    assert ana.locator("[data-voices] [data-said]").first.inner_text() == SAID
    assert ana.locator("[data-voices] .voice-line").count() == 1
    assert ana.get_by_label("The digits of your receipt").input_value() == ""
    assert telling(asked, receipt) == []
    assert axe(ana) == []
    press(ana, "Show all voices")
    assert ana.locator("[data-voices] .voice-line").count() == 4

    # And digits that are no receipt are told so
    looks_for(ana, receipt[:-1])
    ana.get_by_text("There are 30, you wrote 29.").wait_for()
    looks_for(ana, "9" * 30)
    ana.get_by_text("One of the digits is different from your receipt").wait_for()
    assert telling(asked, receipt) == []

    # When she withdraws it by its receipt, then it counts no more and is not found
    unfold(phone, "Close the receipt")
    press(phone, "Yes, close the receipt")
    phone.get_by_label("The digits of your receipt").fill(receipt)
    press(phone, "Look")
    press(phone, "Withdraw my answers")
    press(phone, "Yes, withdraw it")
    phone.get_by_role("heading", name="Withdrawn").wait_for()
    opens_the_voices(ana, thread)
    ana.get_by_text("Voices opened: 3.").wait_for()
    looks_for(ana, receipt)
    ana.get_by_text(ABSENT).wait_for()


def test_a_lead_sees_that_the_site_held_her_voice_back(live_site, browsing, thread, ana):
    # Given a site that drops what a lead sent before any of it is on the public log
    receipt, _phone = speaks_herself(browsing, ana)
    speak(live_site, thread.engagement, thread.recipient, ["Closer.", "Later."], "q2")
    drop(mark_of(receipt))

    # When she looks for it, then the reader says that it is not there, what that can mean, and what she can do
    opens_the_voices(ana, thread)
    looks_for(ana, receipt)
    ana.get_by_text(ABSENT).wait_for()
    ana.get_by_role("listitem").filter(has_text="The site holds it back.").wait_for()
    ana.get_by_text("Look it up or withdraw it where you are not signed in").locator(
        "visible=true"
    ).wait_for()
    assert ana.locator("[data-seen] a[href*='/r/']").count() == 0
    asks = ana.get_by_text("python3 alongside-verify.pyz receipt --at").inner_text()
    assert asks.endswith(f"{live_site.url}/riverbend/record")
    ana.get_by_role("link", name="Check it yourself (on a new page)").wait_for()
    assert ana.get_by_text(HELD_BACK).is_hidden()
    assert ana.locator("[data-voices] .voice-line").count() == 2
    assert axe(ana) == []


def test_a_voice_that_is_on_the_public_log_and_was_dropped_since_is_told_as_held_back(
    live_site, browsing, calendar
):
    # Given a voice that the public log names, and that the site dropped since; and one in whose place it hands out something else
    calendar.ago = timedelta(days=40)
    thread = Thread(now=calendar.now()).open_program().draft_engagement().found_keys(opens=True)
    thread.make_keys().open()
    said = speak(live_site, thread.engagement, thread.recipient, [SAID, SAID, *["Closer."] * 10], "q2")
    calendar.turn_to(thread, ago=5)
    dropped, changed = said[:2]
    drop(dropped.mark)

    # When its lead looks for it once people can speak no more, to which the room leads her
    ana = browsing.person("Ana", phone=True, signed_in=thread.first_lead.person)
    ana.goto(f"/riverbend/en/engagements/{thread.engagement.slug}/room/")
    ana.get_by_text("Did you send a voice to check, and keep its receipt?").wait_for()
    other = seal(b"nothing".ljust(1024), thread.recipient)
    handing(ana, changed.mark, base64.b64encode(other).decode())
    opens_the_voices(ana, thread)
    looks_for(ana, receipts.grouped(dropped.secret))

    # Then the reader says that the log has it and the site did not give it, or that it came and was left out
    ana.get_by_text(HELD_BACK).wait_for()
    looks_for(ana, receipts.grouped(changed.secret))
    ana.get_by_text("It came in, but it was left out here.").wait_for()
    assert ana.get_by_text(HELD_BACK).is_hidden()
    looks_for(ana, receipts.grouped(said[2].secret))
    ana.get_by_text("Only this one is shown below.").wait_for()
