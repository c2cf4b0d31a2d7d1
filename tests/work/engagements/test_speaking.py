"""A resident reads the promise and speaks, in a real browser, on a phone."""

import re

import pytest

from alongside.chain.voices.models import Voice
from tests.support.browsers import axe, words_before
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

    button = page.locator("main .button").filter(visible=True).first
    assert (button.inner_text(), button.get_attribute("href")) == ("By phone or on paper", "#ways-h")
    assert (
        page.locator("a[href='#ask-h']").evaluate_all("all => all.some(one => one.checkVisibility())")
        is False
    )
    told = page.locator("noscript .note")  # searching by text passes over what stands in noscript
    assert told.is_visible()
    assert "This form needs JavaScript, and it is off here." in told.inner_text()
    ways = page.get_by_role("complementary", name="By phone or on paper")
    assert ways.get_by_role("link", name="503-555-0142").is_visible()
    assert ways.get_by_role("link", name="Paper form to print").is_visible()
    fields = page.locator("main input, main textarea, [data-seal]")
    assert fields.evaluate_all("all => all.filter(one => one.checkVisibility()).length") == 0
    assert page.locator("form").count() == 0
    below = ways.bounding_box()["y"] - (told.bounding_box()["y"] + told.bounding_box()["height"])
    assert below < 200


@pytest.mark.parametrize("lang", ["en", "es", "vi", "ar"])
def test_a_question_begins_with_sixty_words_at_most_and_one_button_in_the_first_screen(browsing, db, lang):
    cast.opened()
    page = browsing.person("Dee", phone=True, lang=lang)
    page.goto(PAGE.format(lang=lang))

    assert axe(page) == []
    button = page.locator("main .button:visible").first
    box = button.bounding_box()
    assert box["y"] + box["height"] <= 844, box
    words = words_before(button)
    # Vietnamese writes each syllable apart: three syllables are some two words.
    assert (words / 1.5 if lang == "vi" else words) <= 60
    first = page.locator("[data-question]").first
    assert first.evaluate("one => one.getBoundingClientRect().top + scrollY") <= 2 * 844
    button.click()
    assert page.url.endswith("#ask-h")
    assert first.bounding_box()["y"] < 844


def test_the_whole_promise_is_one_tap_away_and_is_printed_where_nobody_opened_it(browsing, db):
    cast.opened()
    page = browsing.person("Eli", phone=True)
    page.goto(PAGE.format(lang="en"))
    promise = page.get_by_text("What cannot change", exact=True)

    assert not promise.is_visible()
    page.get_by_text("The whole promise, and what it cannot protect").click()
    assert promise.is_visible()
    assert page.get_by_text("A court can order a lead to open it.").count() == 1
    assert axe(page) == []
    page.reload()
    page.emulate_media(media="print")
    assert promise.evaluate("one => one.getBoundingClientRect().height") > 0


def test_another_language_keeps_what_was_typed_in_the_tab_and_sends_nothing_of_it(browsing, db):
    cast.opened()
    page = browsing.person("Fay", phone=True)
    sent: list[str] = []
    page.on("request", lambda one: sent.append(f"{one.url} {one.post_data or ''} {one.headers}"))
    page.goto(PAGE.format(lang="en"))
    page.get_by_label("Yes, sometimes").check()
    page.locator("textarea").first.fill("Canary: delete it every night.")
    page.locator("[name=quote]").check()
    page.get_by_role("link", name="Español").click()
    page.wait_for_url("**/es/engagements/library-computers/")

    assert page.locator("textarea").first.input_value() == "Canary: delete it every night."
    assert page.get_by_label("Sí, a veces").is_checked()
    assert page.locator("[name=quote]").is_checked()
    assert page.locator("textarea").first.is_visible()
    heading = page.locator("#ask-h")
    assert heading.evaluate("one => one === document.activeElement")
    assert 0 <= heading.evaluate("one => one.getBoundingClientRect().top") < 844
    assert page.evaluate("[sessionStorage.length, localStorage.length, document.cookie]") == [0, 0, ""]
    assert [one for one in sent if "Canary" in one] == []
    page.locator("[data-seal]").click()
    page.locator("[data-digits]").wait_for()
    assert Voice.objects.count() == 1
    assert page.evaluate("sessionStorage.getItem('alongside.typed')") is None


def test_with_keys_alone_nothing_in_the_head_of_a_phone_has_the_focus_unseen(browsing, db):
    cast.opened()
    page = browsing.person("Ida", phone=True)
    page.goto(PAGE.format(lang="en"))
    now = page.locator(".masthead .languages .now")
    assert now.bounding_box()["width"] == 1
    page.get_by_role("link", name="English").focus()
    assert now.bounding_box()["width"] > 30


def test_with_keys_alone_every_question_has_a_heading_and_each_jump_takes_the_focus_along(browsing, db):
    cast.opened()
    page = browsing.person("Hana", phone=True)
    page.goto(PAGE.format(lang="en"))
    asked = page.locator("[data-question]")
    assert [one.locator("h3").count() for one in asked.all()] == [1] * asked.count()

    page.locator("a[href='#ask-h']").press("Enter")
    assert page.evaluate("document.activeElement.id") == "ask-h"
    page.keyboard.press("Tab")
    assert asked.first.evaluate("one => one.contains(document.activeElement)")

    told = """one => one.getAttribute('aria-describedby').split(' ').map(id => document.getElementById(id).textContent)"""
    for text in page.locator("[data-kind=text] textarea").all():
        assert "Please write no names or addresses." in " ".join(text.evaluate(told))
    several = page.locator("[data-kind=several]", has=page.get_by_text("Choose all that fit."))
    assert several.count() > 0
    assert {one.evaluate(told)[-1] for one in several.all()} == {"Choose all that fit."}

    ends = page.locator(".scale-ends")
    scale = page.locator("fieldset", has=page.locator(".scale"))
    assert ends.get_attribute("id") in scale.get_attribute("aria-describedby").split()
    assert [one[:2] for one in ends.locator("span").all_inner_texts()] == ["1:", "5:"]
    at_the_edge = "one => scrollBy(0, one.getBoundingClientRect().bottom - innerHeight)"
    page.locator("[data-question]", has=page.locator(".scale")).locator("xpath=preceding::input[1]").focus()
    scale.get_by_role("radio").first.evaluate(at_the_edge)
    page.keyboard.press("Tab")
    assert scale.get_by_role("radio").first.evaluate("one => one === document.activeElement")
    assert ends.evaluate("one => one.getBoundingClientRect().bottom <= innerHeight")
    scale.get_by_role("radio").first.press("ArrowDown")
    assert scale.get_by_role("radio").nth(1).is_checked()
    page.reload()

    page.locator("[data-seal]").press("Enter")
    page.get_by_role("alert").get_by_role("link").press("Enter")
    assert asked.first.evaluate("one => one.contains(document.activeElement)")
    assert axe(page) == []


def test_what_waited_for_another_language_is_gone_on_every_other_page(browsing, db):
    cast.opened()
    page = browsing.person("Gil", phone=True)
    page.goto(PAGE.format(lang="en"))
    page.evaluate("sessionStorage.setItem('alongside.typed', 'Canary')")
    page.goto("/riverbend/en/help/")

    assert page.evaluate("sessionStorage.length") == 0
