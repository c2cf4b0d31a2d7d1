"""A passkey is added and used in a real browser, through our own pages."""

import re

import pytest
from django.core import mail

from alongside.ground.people.actions import make_person
from tests.support.browsers import axe
from tests.support.mail import send_what_waits

KEYS = re.compile(r"\d/en/accounts/keys/$")
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def lea(delta):
    return make_person(email="lea@example.org", called="Lea")


@pytest.fixture
def page(lea, browsing):
    """Give Lea's phone, which can hold passkeys."""
    page = browsing.person("Lea", phone=True)
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return page


def sign_in_by_code(page):
    page.goto("/en/accounts/sign-in/?next=/en/accounts/keys/")
    page.fill("[name=email]", "lea@example.org")
    page.click("text=Send me a code")
    page.wait_for_selector("[name=code]")
    send_what_waits()
    page.fill("[name=code]", re.search(r"^[A-Z0-9-]{6,}$", mail.outbox[-1].body, re.M).group())
    page.click("main button:has-text('Sign in')")
    page.wait_for_url(KEYS)


def test_a_person_adds_a_passkey_and_signs_in_with_it(page):
    sign_in_by_code(page)
    page.click("text=Add a passkey")
    page.fill("[name=name]", "my phone")
    page.click("text=Add this device")
    page.wait_for_url("**/keys/codes/")  # the spare codes, at once: nobody has one of them to type yet
    page.goto("/en/accounts/keys/passkeys/")
    assert page.locator("main h2").all_inner_texts() == ["my phone"]

    page.context.clear_cookies()
    page.goto("/en/accounts/sign-in/?next=/en/accounts/keys/")
    page.click("#passkey_login")
    page.wait_for_url(KEYS)
    assert page.inner_text("h1") == "How you sign in"


def test_whoever_gets_a_passkey_is_told_by_letter_so_that_nobody_adds_one_behind_their_back(page):
    sign_in_by_code(page)
    mail.outbox.clear()
    page.click("text=Add a passkey")
    page.fill("[name=name]", "my phone")
    page.click("text=Add this device")
    page.wait_for_url("**/keys/codes/")
    send_what_waits()

    assert [(one.to, one.subject) for one in mail.outbox] == [
        (["lea@example.org"], "Your passkeys or spare codes were changed")
    ]
    assert "If it was not you" in mail.outbox[0].body


@pytest.mark.parametrize("path", ["keys/", "keys/passkeys/", "keys/passkeys/add/", "sign-out/"])
def test_the_pages_of_keys_break_no_rule_of_access(lea, browsing, path):
    page = browsing.person("Lea", phone=True)
    sign_in_by_code(page)
    page.goto(f"/en/accounts/{path}")

    assert axe(page) == []


def test_a_passkey_that_does_not_come_is_told_and_nothing_is_lost(lea, browsing):
    page = browsing.person("Lea")
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator", {"options": DEVICE | {"isUserVerified": False}}
    )  # a finger it does not know
    page.goto("/en/accounts/sign-in/")
    note = page.locator("[data-shows=passkey-problem]")
    assert note.is_visible() is False

    page.click("#passkey_login")

    note.wait_for(state="visible")
    assert note.inner_text() == "The passkey did not come. Try again, or use a code instead."
