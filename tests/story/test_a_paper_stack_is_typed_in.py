"""A lead prints forms with stubs, types the stack in by keyboard alone, and each stub shows what came of it."""

import re

import pytest
from playwright.sync_api import Page

from alongside.chain.voices.models import Voice
from alongside.chain.voices.queries import PASSPHRASE
from tests.story.hours import Hour
from tests.support.browsers import axe

pytestmark = [pytest.mark.django_db, pytest.mark.story, pytest.mark.usefixtures("demonstration")]

ASKED = "What should library computers remember about you?"
LAST_QUESTION = 'textbox "4. What should the City do, or stop doing?"'


def taken_in() -> int:
    return Voice.objects.filter(engagement="library-computers").count()


def print_stubs(page: Page, many: str) -> list[str]:
    """Make so many sheets, and give the digits of each, which stand on the form and on the stub."""
    page.evaluate("window.print = () => { window.printed = true }")
    page.get_by_label("How many").select_option(many)
    page.get_by_role("button", name="Make them and print").click()
    on_form = page.locator("[data-sheets] .paper-form > .hint [data-digits]").all_inner_texts()
    on_stub = page.locator("[data-sheets] .stub [data-digits]").all_inner_texts()
    assert page.evaluate("window.printed")
    assert on_form == on_stub
    return on_stub


def look_up(page: Page, row: str) -> None:
    page.goto("/r/en")
    page.get_by_role("textbox").fill(row)
    page.get_by_role("button", name="Look").click()


def test_a_stack_of_paper_is_typed_in_by_keys_and_every_stub_follows_it(browsing):
    ana = Hour(browsing.person("lead", phone=True), "lead")
    before = taken_in()

    # Given forms that a lead printed, each with the digits of a stub
    ana.become("Start as a lead")
    ana.follow("Listen")
    ana.follow(ASKED)
    ana.follow("Take in what people say")
    ana.follow("Print paper forms with stubs")
    rows = print_stubs(ana.page, "5")
    assert len(set(rows)) == 5
    assert all(re.fullmatch(r"(\d{5} ){5}\d{5}", row) for row in rows)
    assert axe(ana.page) == []
    ana.page.go_back()

    # When the lead types three of them in, by keyboard alone
    ana.tabs_to('radio "On paper"')
    ana.key("Space")
    ana.tabs_to('radio "They read it on paper"')
    ana.key("Space")
    ana.tabs_to('textbox "Digits on the form"')
    for count, row in enumerate(rows[:3], 1):
        ana.page.keyboard.type(row)
        ana.tabs_to(LAST_QUESTION)
        ana.page.keyboard.type(f"Paper {count}: forget me.")
        ana.tabs_to('button "Lock it and send"')
        ana.key("Enter")
        ana.heading(f"Taken in on this page: {count}")
        assert ana.hears() == 'textbox "Digits on the form"'
        assert ana.page.get_by_label("On paper", exact=True).is_checked()
    assert axe(ana.page) == []

    # Then they are taken in, locked: once each, and one that was typed before is refused and stays in the form
    assert taken_in() == before + 3
    browsing.forgive("422")
    ana.page.keyboard.type(rows[0])
    ana.tabs_to(LAST_QUESTION)
    ana.page.keyboard.type("Again.")
    ana.tabs_to('button "Lock it and send"')
    ana.key("Enter")
    ana.reads("It was not taken in.")
    assert ana.page.get_by_label("4. What should the City do").input_value() == "Again."
    assert taken_in() == before + 3
    ana.page.get_by_label("4. What should the City do").fill("")

    # And the holder of a stub finds it, and of one that nobody typed in does not
    dee = browsing.person("resident", phone=True)
    look_up(dee, rows[0])
    dee.get_by_text("Your answers are safe with the leads").wait_for()
    look_up(dee, rows[4])
    dee.get_by_role("heading", name="Not here").wait_for()

    # And the reader counts them apart from what people sent themselves
    ana.page.goto("/riverbend/en/reader/library-computers/")
    ana.field("Your six words").fill(PASSPHRASE)
    ana.press("Unlock")
    ana.reads("People sent 21 themselves. Leads took in 6 for somebody:")
    ana.press(re.compile("On paper"))
    ana.reads("Paper 2: forget me.")
    assert ana.page.get_by_text("Shown: 6").is_visible()


def test_a_lead_who_heard_somebody_gets_digits_to_write_on_a_stub(browsing):
    ana = Hour(browsing.person("lead", phone=True), "lead")
    ana.become("Start as a lead")
    ana.page.goto("/riverbend/ar/engagements/library-computers/in-person/")
    ana.page.locator("input[name=taken][value=door]").check()
    ana.page.locator("[data-seal]").click()
    ana.page.locator("[data-problems-shown]").wait_for()
    assert ana.page.locator("[data-problems-shown] li").count() == 1
    ana.page.locator("input[name=how][value=aloud]").check()
    ana.page.locator("#spoken").select_option("vi")
    ana.page.locator("textarea").last.fill("Xin hãy quên tôi.")
    ana.page.locator("[data-seal]").click()
    ana.page.locator("[data-written]").wait_for()
    row = "".join(ana.page.locator("[data-digits] li").all_inner_texts())
    assert axe(ana.page) == []
    look_up(ana.page, row)
    ana.page.get_by_text("Your answers are safe with the leads").wait_for()
