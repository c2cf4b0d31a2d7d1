"""A lead's phone opens her keyring after a fingerprint: it is set up once the six words opened it, signs and reads, and is taken out again."""

import base64
import dataclasses
import json
import re
from html import escape, unescape

import pytest

from alongside.chain.keys.models import Device
from alongside.chain.keys.queries import PASSPHRASE
from alongside.core.grammar.log import check_log
from alongside.site.demo import sealed
from tests.story.steps import press
from tests.support.browsers import axe
from tests.support.remembering import this_hour
from tests.support.thread import Thread

pytestmark = [pytest.mark.django_db, pytest.mark.story]
READER = "/riverbend/en/reader/"
WISH = "Next time, this device can do it"
PHONE = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "hasPrf": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_device(page, **options):
    """Give the browser of a page a device that asks for a fingerprint; give what speaks with it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE | options})
    return session, made["authenticatorId"]


def write(page, thread, title):
    """Fill the form of a question in, and send it."""
    page.goto("/riverbend/en/asks/question/")
    page.get_by_label("Which office should answer?").select_option(thread.office.public_id)
    page.locator("[name=title]").fill(title)
    page.locator("[name=ask]").fill("Name each office that reads them.")
    page.locator("main form button.button").first.click()
    page.get_by_role("heading", name="Sign it with your key").wait_for()


def set_up(page, button, words=PASSPHRASE):
    """Type the six words, wish that this device does it next time, and come to where it is set up."""
    page.get_by_label("Your six words").fill(words)
    page.get_by_label(WISH).check()
    press(page, button)
    page.get_by_role("heading", name="Let this device open your key").wait_for()
    page.get_by_label("What you call this device").fill("Ana’s phone")


def has_set_up(page):
    """Set this device up in the reader."""
    page.goto(READER)
    set_up(page, "Unlock")
    press(page, "Set up this device")
    press(page, "Use it once more")
    page.get_by_text("This device opens your key from now on.").wait_for()


def handing(page, change):
    """Let the site hand the reader other devices than it has: `change` of what it has."""

    def hand(route):
        reply = route.fetch()
        found = re.search(r' devices="([^"]*)"', reply.text())
        told = escape(json.dumps(change(json.loads(unescape(found[1])))))
        route.fulfill(response=reply, body=reply.text().replace(found[0], f' devices="{told}"'))

    page.route("**/reader/", hand)


def renewed(thread):
    """Give the first lead another keyring, which the two others vouch for."""
    first, second, third = thread.leads
    founders = [thread.keyrings.pop(first.public_id).sign_key, thread.keyrings[second.public_id].sign_key]
    sealed.make_keys(
        story=thread,
        seats=[second, third, first],
        keyring=lambda ring: dataclasses.replace(ring, founders=founders).sealed(),
        now=thread.now,
    )


def answering(page, given):
    """Let the device of a browser give other bytes where it is asked again: `given` is a script that makes them of the right ones."""
    page.add_init_script(
        "const asked = navigator.credentials.get.bind(navigator.credentials);"
        "navigator.credentials.get = async (options) => { const made = await asked(options);"
        f"made.getClientExtensionResults = ((right) => () => ({given})(right))(made.getClientExtensionResults());"
        "return made; };"
    )


def at_the_list(page):
    """Say that the reader is unlocked."""
    page.locator("[data-lock]").wait_for()


def entered(thread):
    """Give the last entry of the record."""
    return json.loads(list(thread.entries())[-1])


@pytest.fixture
def thread(live_site):
    """Give two leads whose keyrings open under six words."""
    return Thread(now=this_hour()).open_program().found_keys(opens=True)


@pytest.fixture
def ana(thread, browsing):
    """Give the phone of the first lead."""
    return browsing.person("Ana", phone=True, signed_in=thread.first_lead.person)


def test_a_phone_that_was_set_up_signs_reads_and_is_taken_out(thread, ana):
    # Given a lead who signs a question with her six words, and lets her phone do it next time
    with_device(ana)
    write(ana, thread, "Who reads the records?")
    ana.get_by_label(WISH).wait_for()
    assert not ana.get_by_role("button", name="Sign it with this device").is_visible()
    set_up(ana, "Sign it")
    press(ana, "Set up this device")
    press(ana, "Use it once more")
    ana.get_by_role("heading", name="Who reads the records?").first.wait_for()

    # When she signs the next one, then her fingerprint is enough
    write(ana, thread, "Who reads the minutes?")
    press(ana, "Sign it with this device")
    ana.get_by_role("heading", name="Who reads the minutes?").first.wait_for()
    assert list(entered(thread)["act"]["sigs"]) == [thread.first_lead.public_id]
    check_log(list(thread.entries()), origin=thread.program.origin)

    # And it unlocks the reader, and her strategies
    ana.goto(READER)
    press(ana, "Open with this device")
    at_the_list(ana)
    ana.goto("/riverbend/en/strategies")
    press(ana, "Open with this device")
    at_the_list(ana)

    # When she takes it out, then no page offers it any more, and her words open as before
    ana.goto(READER + "keyring/")
    ana.get_by_role("listitem").filter(has_text="Ana’s phone").get_by_role(
        "button", name="Remove this device"
    ).click()
    ana.get_by_text("That device does not open your key any more.").wait_for()
    assert ana.get_by_text("Ana’s phone").count() == 0
    assert not Device.objects.exists()
    ana.goto(READER)
    ana.get_by_label(WISH).wait_for()
    assert not ana.get_by_role("button", name="Open with this device").is_visible()


def test_a_device_that_gives_something_else_the_second_time_is_not_kept(thread, ana):
    # Given a phone that gives other bytes each time
    device, which = with_device(ana)
    answering(ana, "() => ({prf: {results: {first: crypto.getRandomValues(new Uint8Array(32)).buffer}}})")
    ana.goto(READER)
    set_up(ana, "Unlock")

    # When its lead sets it up
    press(ana, "Set up this device")
    press(ana, "Use it once more")

    # Then nothing is kept, not on the phone either, and the six words that were typed go on
    ana.get_by_text("did not answer the same way twice").wait_for()
    assert not Device.objects.exists()
    assert ana.evaluate("localStorage.length") == 0
    assert device.send("WebAuthn.getCredentials", {"authenticatorId": which})["credentials"] == []
    press(ana, "Go on without it")
    at_the_list(ana)


@pytest.mark.parametrize("lacks", ["hasPrf", "nothing, and gives none"])
def test_a_device_that_gives_nothing_says_so_and_the_words_go_on(thread, ana, lacks):
    with_device(ana, **({"hasPrf": False} if lacks == "hasPrf" else {}))
    if lacks != "hasPrf":
        answering(ana, "() => ({prf: {}})")
    ana.goto(READER)
    set_up(ana, "Unlock")
    press(ana, "Set up this device")
    press(ana, "Use it once more")
    ana.get_by_text("This device cannot do this").wait_for()
    assert not Device.objects.exists()
    press(ana, "Go on without it")
    at_the_list(ana)


def test_a_lead_whose_finger_it_is_not_can_try_again(thread, ana):
    device, which = with_device(ana, isUserVerified=False)
    ana.goto(READER)
    set_up(ana, "Unlock")
    press(ana, "Set up this device")
    ana.get_by_text("Your device did not say that it is you.").wait_for()
    assert not Device.objects.exists()

    # When it is hers, then the device is set up
    device.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": which})
    device.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})
    press(ana, "Set up this device")
    press(ana, "Use it once more")
    at_the_list(ana)
    assert [one.called for one in Device.objects.all()] == ["Ana’s phone"]


def test_a_device_that_has_the_passkey_from_another_of_hers_takes_it_up(thread, ana):
    # Given a second device, to which the first one copied its passkeys
    device, which = with_device(ana)
    has_set_up(ana)
    ana.evaluate("localStorage.clear()")

    # When it is set up, then both open the keyring, and the first one's is not replaced
    ana.goto(READER)
    set_up(ana, "Unlock")
    press(ana, "Set up this device")
    at_the_list(ana)
    assert Device.objects.count() == 1
    assert len(device.send("WebAuthn.getCredentials", {"authenticatorId": which})["credentials"]) == 1
    ana.goto(READER)
    press(ana, "Open with this device")
    at_the_list(ana)


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_pages_on_which_a_device_is_set_up_and_taken_out_break_no_rule_of_access(thread, ana, lang):
    device, _which = with_device(ana)
    has_set_up(ana)
    ana.goto(f"/riverbend/{lang}/reader/keyring/")
    ana.get_by_text("Ana’s phone").first.wait_for()
    ana.evaluate("localStorage.clear()")
    ana.goto(f"/riverbend/{lang}/reader/")
    ana.locator("[data-wish] input").check()
    ana.locator("[data-passphrase]").fill(PASSPHRASE)
    ana.locator("[data-unlock]").click()
    ana.locator("[data-setting-up] h3").wait_for()
    assert axe(ana) == []  # it ends what speaks with the device
    ana.goto(f"/riverbend/{lang}/reader/keyring/")
    assert axe(ana) == []


def test_a_browser_that_cannot_do_it_shows_nothing_new(thread, ana):
    # Given a browser that does not say that it can, such as Firefox on Android
    with_device(ana)
    ana.add_init_script(
        "PublicKeyCredential.getClientCapabilities = async () => ({userVerifyingPlatformAuthenticator: true});"
        "document.addEventListener('DOMContentLoaded', () => setTimeout(() => { document.body.dataset.later = '1'; }, 500));"
    )
    ana.goto(READER)
    ana.locator("body[data-later]").wait_for()
    assert (
        ana.locator("[data-wish], [data-by-device], [data-setting-up]").locator("visible=true").count() == 0
    )
    ana.get_by_label("Your six words").fill(PASSPHRASE)
    press(ana, "Unlock")
    at_the_list(ana)


def test_what_a_server_hands_out_in_place_of_hers_opens_nothing(thread, ana, browsing):
    # Given two leads whose phones are set up
    with_device(ana)
    has_set_up(ana)
    ben = browsing.person("Ben", phone=True, signed_in=thread.second_lead.person)
    with_device(ben)
    has_set_up(ben)
    hers, his = (Device.objects.get(seat=one) for one in (thread.first_lead, thread.second_lead))
    assert bytes(hers.sealed) != bytes(his.sealed)

    # When the server hands Ana's phone what is locked to Ben's, then it opens nothing, and her words do
    handing(ana, lambda told: [told[0] | {"sealed": base64.b64encode(his.sealed).decode()}])
    ana.goto(READER)
    press(ana, "Open with this device")
    ana.get_by_text("This device does not open your key any more.").wait_for()
    assert not ana.locator("[data-own]").is_visible()
    ana.get_by_label("Your six words").fill(PASSPHRASE)
    press(ana, "Unlock")
    at_the_list(ana)

    # And when it says that hers is for another key, or hands out no such thing, then neither
    for change in ({"recipient": his.recipient}, {"sealed": "AAAA"}, {"sealed": "%"}):
        ana.unroute("**/reader/")
        handing(ana, lambda told, change=change: [one | change for one in told])
        ana.goto(READER)
        press(ana, "Open with this device")
        ana.get_by_text("This device does not open your key any more.").wait_for()


def test_a_keyring_that_was_replaced_takes_its_devices_along(live_site, browsing):
    # Given a lead whose phone opens her keyring, and who has another one now
    thread = Thread(now=this_hour()).open_program().found_keys(3, opens=True)
    ana = browsing.person("Ana", phone=True, signed_in=thread.first_lead.person)
    device, which = with_device(ana)
    has_set_up(ana)
    (old,) = Device.objects.all()
    before = {
        "seat": thread.first_lead.public_id,
        "recipient": old.recipient,
        "passkey": old.passkey,
        "sealed": base64.b64encode(old.sealed).decode(),
    }
    renewed(thread)
    assert not Device.objects.exists()

    # When the server hands her phone the old one again, then the reader goes no further than that it is not hers any more
    handing(ana, lambda told: [before])
    ana.goto(READER)
    press(ana, "Open with this device")
    ana.get_by_role("alert").get_by_text("not on the public log yet, or it is not yours").wait_for()
    browsing.forgive("401")

    # And when she types the words of the new one and wishes it, her phone does not take up what opens the old one
    ana.goto(READER)
    ana.evaluate("localStorage.clear()")
    ana.goto(READER)
    set_up(ana, "Unlock")
    press(ana, "Set up this device")
    ana.get_by_text("This device does not open your key any more.").wait_for()
    assert ana.evaluate("localStorage.length") == 0
    press(ana, "Go on without it")
    at_the_list(ana)
    ana.unroute("**/reader/")

    # When she sets her phone up for the new one, then the phone has forgotten the old one: nobody can bring it back
    has_set_up(ana)
    (new,) = Device.objects.all()
    held = device.send("WebAuthn.getCredentials", {"authenticatorId": which})["credentials"]
    assert len(held) == 1
    assert new.recipient != old.recipient
    handing(ana, lambda told: [before])
    ana.goto(READER)
    ana.get_by_label(WISH).wait_for()
    assert not ana.get_by_role("button", name="Open with this device").is_visible()


def test_the_passkey_that_opens_the_key_signs_nobody_in(thread, ana):
    with_device(ana)
    has_set_up(ana)
    ana.context.clear_cookies()
    ana.goto("/en/accounts/sign-in/")
    ana.click("#passkey_login")
    ana.get_by_text("This passkey signs nobody in here.").wait_for()
    assert axe(ana) == []
