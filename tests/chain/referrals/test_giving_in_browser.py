"""A person ticks it on the page, two leads give it to the office from their readers, and the receipt says so."""

import pytest

from alongside.chain.keys.queries import PASSPHRASE
from alongside.chain.proposals.models import Proposal
from alongside.chain.referrals.models import Referral
from alongside.chain.voices.models import Voice
from tests.chain.referrals.cast import CLEAN, RAMP, asked, speak
from tests.support.browsers import axe

pytestmark = [pytest.mark.django_db, pytest.mark.story]
READER = "/riverbend/en/reader/library-computers/"


def unlock(browsing, name, seat, count):
    page = browsing.person(name, signed_in=seat.person)
    page.goto(READER)
    page.get_by_label("Your six words").fill(PASSPHRASE)
    page.get_by_role("button", name="Unlock").click()
    page.get_by_text(f"Voices opened: {count}").wait_for()
    return page


def test_what_a_person_ticks_goes_to_the_office_once_two_leads_took_out_who_it_is(browsing, live_site):
    thread = asked(opens=True)
    speak(thread, "I did not tick it.", ticked=False)
    person = browsing.person("Rosa")
    person.goto("/riverbend/en/engagements/library-computers/")
    person.get_by_label("What should change?").fill(RAMP)
    person.get_by_label("Yes, if leads take out what could point at me.").check()
    person.get_by_role("button", name="Send so only leads can read it").click()
    digits = person.locator("[data-digits]").first.text_content()
    assert Voice.objects.count() == 2

    ana = unlock(browsing, "Ana", thread.first_lead, 2)
    part = ana.locator("[data-giving]")
    assert part.get_by_text("I did not tick it.").count() == 0
    part.locator("summary").first.click()
    part.locator("[data-gifts] summary").click()
    part.get_by_label("What the office should know").fill(CLEAN)
    part.get_by_role("button", name="Ask a second lead to confirm it").click()
    ana.locator("[data-done]").get_by_text("choose the office").wait_for()
    part.get_by_role("combobox").select_option(index=1)
    part.get_by_role("button", name="Ask a second lead to confirm it").click()
    part.get_by_text("It waits for a second lead.").wait_for()
    assert part.get_by_role("button", name="give it to the office").locator("visible=true").count() == 0
    assert axe(ana) == []
    assert b"Elm" not in bytes(Proposal.objects.get().sealed)

    ben = unlock(browsing, "Ben", thread.second_lead, 2)
    gifts = ben.locator("[data-waiting-gifts]")
    gifts.get_by_text(CLEAN).wait_for()
    gifts.get_by_text("in the blue chair").wait_for()
    gifts.get_by_role("button", name="nothing shows who it is").click()
    ben.locator("[data-done]").get_by_text("The office has it now").wait_for()
    assert Referral.objects.get().words == CLEAN
    ben.get_by_text("Nobody else ticked it").wait_for()

    person.get_by_text("Close the receipt", exact=True).click()
    person.get_by_role("button", name="Yes, close the receipt").click()
    person.goto("/r")
    person.get_by_label("The digits of your receipt").fill(digits)
    person.get_by_role("button", name="Look").click()
    person.get_by_text("Given to the office that can fix it.").wait_for()
