"""A resident reads the promise and speaks, in a real browser, on a phone."""

import re

from alongside.chain.voices.models import Voice
from tests.support.browsers import axe
from tests.work import cast

PAGE = "/riverbend/{lang}/engagements/library-computers/"


def test_a_resident_speaks_and_holds_a_receipt(browsing, db):
    cast.opened()
    page = browsing.person("Ana", phone=True)
    page.goto(PAGE.format(lang="es"))
    assert axe(page) == []
    page.get_by_label("Sí, a veces").check()
    page.locator("textarea").fill("Que borren todo cada noche.")
    page.locator("[data-seal]").click()
    page.locator("[data-digits]").wait_for()

    assert len(re.sub(r"\D", "", page.locator("[data-digits]").inner_text())) == 30
    assert (page.locator("h1").count(), Voice.objects.count()) == (1, 1)
    assert page.url.endswith("/r/es")
    assert axe(page) == []
    assert [cookie["name"] for cookie in page.context.cookies()] == []


def test_i_would_rather_not_say_is_no_answer(browsing, db):
    cast.opened()
    page = browsing.person("Bo", phone=True)
    page.goto(PAGE.format(lang="en"))
    page.get_by_label("Yes, sometimes").check()
    page.get_by_label("I would rather not say").first.check()
    page.locator("[data-seal]").click()
    page.get_by_text("Answer at least one question.").wait_for()

    assert Voice.objects.count() == 0
    assert page.title().startswith("Problem: ")


def test_without_scripts_nothing_can_be_sent_and_the_page_says_how_else(browsing, db):
    cast.opened()
    page = browsing.person("Cy", phone=True, java_script_enabled=False)
    page.goto(PAGE.format(lang="en"))

    told = page.locator("noscript .note")  # searching by text passes over what stands in noscript
    assert told.is_visible()
    assert "Sealing needs JavaScript, and it is off here." in told.inner_text()
    assert "503-555-0142" in told.inner_text()
    assert not page.locator("[data-seal]").is_visible()
    assert page.locator("form").count() == 0
