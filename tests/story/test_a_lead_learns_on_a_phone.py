"""A lead on a phone does the last lesson of a track with its check, gets the certificate, and shows the proof; later closes it."""

import json
import re
from pathlib import Path

import pytest

from alongside.cohort.training.credentials import read_key
from alongside.cohort.training.models import Part
from tests.cohort.training import cast
from tests.cohort.training.checking import verify
from tests.support.browsers import axe

pytestmark = [pytest.mark.django_db, pytest.mark.story]


def good(page) -> None:
    """The page fits the phone and passes axe."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, page.url
    assert axe(page) == [], page.url


def test_a_lead_learns_and_shows_it_on_a_phone(browsing, live_site):
    # Given a lead who has one lesson left of the track on asking safely
    thread = cast.program()
    lead = thread.first_lead.person
    *before, last = cast.lessons_of(cast.offered(thread))
    for lesson in before:
        cast.pass_lesson(thread, lesson, lead)
    ana = browsing.person("the lead", phone=True, lang="es", color_scheme="light", signed_in=lead)

    # When she goes from what is hers to her training and opens what comes next
    ana.goto("/riverbend/es/seat/me/")
    with ana.expect_navigation():
        ana.locator("a[href$='/training/mine/']").first.click()
    good(ana)
    ana.get_by_role("link", name=re.compile("Cuando se pone difícil")).first.click()
    ana.wait_for_url("**/training/lessons/**")
    good(ana)

    # And answers the check, first with mistakes
    def answer(choices: list[int]) -> None:
        for place, choice in enumerate(choices):
            ana.locator(f"input[name=q{place}]").nth(choice).check()
        ana.locator("main form button").click()

    wrong = [1 if one == 0 else 0 for one in last.right]
    answer(wrong)
    ana.wait_for_selector("[role=alert]")
    good(ana)
    assert ana.locator("[role=alert] li").count() == 4
    assert ana.locator("input[name=q0]").nth(wrong[0]).is_checked(), "What was chosen is given back."
    assert Part.objects.filter(person=lead).count() == 3

    # And then right: the track is complete, and it says so at once
    answer(last.right)
    ana.wait_for_url("**#done")
    good(ana)
    ana.locator("#done a.button").click()
    ana.wait_for_url("**/training/papers/*/")
    good(ana)

    # Then she opens the proof, and her certificate has a code
    ana.locator("form[action$='/proof/'] button").click()
    ana.wait_for_url("**#proof")
    with ana.expect_navigation():
        ana.locator("a[href$='/certificate/']").click()
    good(ana)
    assert ana.locator("svg.qr").bounding_box()["width"] > 100
    address = ana.locator(".data").inner_text().strip()
    assert address.startswith(f"{live_site.url}/riverbend/es/training/proof/")
    ana.emulate_media(media="print")
    assert not ana.locator("button").first.is_visible(), "What is for the screen is not printed."
    assert ana.locator("h1").is_visible()
    ana.emulate_media(media="screen")

    # And whoever scans it, signed in as nobody, sees the track and the month, and no name
    clinic = browsing.person("the clinic", phone=True, lang="es", color_scheme="light")
    clinic.goto(address)
    good(clinic)
    assert "Ruta privacy" in clinic.locator("main").inner_text()
    assert [one for one in (lead.called, lead.email) if one in clinic.content()] == []
    assert clinic.context.cookies() == []

    # And she takes the credential along; it is signed by the program
    ana.go_back()
    ana.locator("form[action$='/issue/'] button").click()
    ana.wait_for_url("**#credential")
    with ana.expect_download() as saved:
        ana.locator("a[href$='credential.json']").click()
    document = json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))
    assert verify(document, read_key(thread.program).public_key())

    # When she closes the proof, the paper leads nowhere
    ana.locator("form[action$='/proof/'] button").click()
    ana.wait_for_url("**#proof")
    browsing.forgive("404")
    clinic.goto(address)
    assert "Ruta privacy" not in clinic.locator("main").inner_text()
