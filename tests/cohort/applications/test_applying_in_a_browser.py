"""An applicant on a small phone in Spanish who comes back twice; a paper form that someone types in and reads back."""

import re

import pytest

from alongside.cohort.applications.models import Application
from alongside.core.workflow.applications import EventKind
from tests.cohort.calls import cast
from tests.cohort.calls.cast import events
from tests.support.browsers import axe

pytestmark = [pytest.mark.django_db, pytest.mark.story]

APPLY = "/riverbend/en/calls/second-cohort/apply/"
CLOSED = "Your application is closed on this page. What you saved is kept."


def wide(page) -> bool:
    """Say whether anything is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def good(page) -> None:
    """Check that a page passes axe, fits the phone and left no cookie."""
    assert (axe(page), wide(page), page.context.cookies()) == ([], False, [])


def test_an_applicant_in_spanish_comes_back_twice_on_a_phone(browsing, live_site):
    # Given an open call in Spanish
    call = cast.published(cast.program())
    page = browsing.person("Rosa", phone=True, lang="es")

    # When Rosa begins, writes half a sentence and stops
    page.goto("/riverbend/es/calls/second-cohort/")
    with page.expect_navigation():
        page.locator("main a.button[href$='/apply/']").click()
    good(page)
    page.locator("button[value=begin]").click()
    code = page.locator(".digits").inner_text().strip()
    good(page)
    page.locator("button[value=who]").click()
    page.fill("input[name=name]", "Rosa")
    good(page)
    page.locator("button[value=brings]").click()
    page.locator("input[name=brings]").first.check()
    page.locator("button[value=question-q1]").click()
    page.fill("textarea[name=words]", "Mi calle: doce familias y")
    good(page)
    page.locator("button[value=stop]").click()
    page.locator("main a.button[href$='/apply/']").wait_for()
    good(page)
    page.context.close()

    # And comes back with the code in another browser, goes on, and is cut off by a language link
    again = browsing.person("Rosa again", phone=True, lang="es")
    again.goto("/riverbend/es/calls/second-cohort/apply/")
    again.fill("input[name=code]", code.lower().replace("-", ""))
    again.locator("button[value=open]").click()
    again.locator("li button[value=question-q1]").click()
    assert again.input_value("textarea[name=words]") == "Mi calle: doce familias y"
    again.fill("textarea[name=words]", "Mi calle: doce familias y una lavandería.")
    again.locator("button[value=question-q2]").click()
    again.locator("input[name=step][value=question-q2]").wait_for(state="attached")
    again.fill("textarea[name=words]", "Preguntar primero.")
    again.locator("button[value=needs]").click()
    again.locator("input[name=step][value=needs]").wait_for(state="attached")
    again.goto("/riverbend/en/calls/second-cohort/apply/")

    # And comes back a second time and sends it
    again.goto("/riverbend/es/calls/second-cohort/apply/")
    again.fill("input[name=code]", code)
    again.locator("button[value=open]").click()
    again.locator("li button[value=conflicts]").click()
    for name in ("works_for_government", "earns_from_it", "close_to_staff"):
        again.locator(f"input[name={name}][value=no]").check()
    good(again)
    again.locator("button[value=review]").click()
    again.locator("button[value=send]").wait_for()
    good(again)
    again.locator("button[value=send]").click()
    again.locator("button[value=withdraw]").wait_for()
    good(again)

    # Then it is in, in her words, and no address ever held the code
    mine = Application.objects.get(call=call)
    assert mine.days["sent"] == mine.begun_on
    assert sorted(mine.answers.exclude(words="").values_list("words", flat=True)) == [
        "Mi calle: doce familias y una lavandería.",
        "Preguntar primero.",
    ]
    assert again.url.endswith("/riverbend/es/calls/second-cohort/apply/")


def test_back_while_applying_saves_and_goes_back_and_after_stopping_shows_nothing(browsing, live_site):
    # Given an applicant on a phone that others use
    call = cast.published(cast.program())
    page = browsing.person("Rosa", phone=True)
    page.goto("/riverbend/en/calls/second-cohort/")
    page.goto("/riverbend/en/calls/second-cohort/apply/")
    page.locator("button[value=begin]").click()
    code = page.locator(".digits").inner_text().strip()
    page.locator("button[value=who]").click()
    page.fill("input[name=name]", "Rosa Marmolejo")
    page.locator("button[value=brings]").click()
    page.locator("input[name=brings]").first.wait_for()
    page.locator("button[value=question-q1]").click()
    page.fill("textarea[name=words]", "Half a thought")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"

    # When she goes back by the button of the phone, then forward again
    page.go_back()
    page.locator("input[name=brings]").first.wait_for()
    page.go_back()
    page.locator("input[name=name]").wait_for()
    assert page.input_value("input[name=name]") == "Rosa Marmolejo"
    page.go_forward()
    page.locator("input[name=brings]").first.wait_for()
    page.go_forward()
    page.locator("textarea[name=words]").wait_for()

    # Then nothing is lost, and no page of errors stood between
    assert page.input_value("textarea[name=words]") == "Half a thought"
    assert (axe(page), page.context.cookies()) == ([], [])

    # And when she stops, nobody who presses Back sees any of it
    page.locator("button[value=stop]").click()
    page.get_by_text("closed on this phone or computer").wait_for()
    for _step in range(3):
        page.go_back()
        page.locator("input[name=code]:not([type=hidden])").wait_for()
        shown = page.content() + page.input_value("input[name=code]")
        assert [one for one in (code, "Rosa", "Half a thought") if one in shown] == []
    page.goto("/riverbend/en/calls/second-cohort/")
    page.go_back()
    page.locator("input[name=code]:not([type=hidden])").wait_for()
    assert code not in page.content() + page.input_value("input[name=code]")
    assert Application.objects.get(call=call).contact.name == "Rosa Marmolejo"


def test_without_javascript_back_and_reload_show_each_page_and_after_stopping_nothing_of_it(
    browsing, live_site
):
    # Given an applicant on a shared phone whose browser runs no script
    cast.published(cast.program())
    page = browsing.person("Rosa", phone=True, java_script_enabled=False)
    page.goto("/riverbend/en/calls/second-cohort/")
    page.goto(APPLY)
    page.locator("button[value=begin]").click()
    code = page.locator(".digits").inner_text().strip()
    page.locator("button[value=who]").click()
    page.fill("input[name=name]", "Rosa Marmolejo")
    page.locator("form").evaluate("form => form.noValidate = true")
    page.fill("input[name=email]", "rosa at home")
    page.locator("button[value=brings]").click()
    assert page.input_value("input[name=email]") == "rosa at home", "what could not be saved is shown again"
    page.locator(".problems").wait_for()
    page.fill("input[name=email]", "rosa@example.org")
    page.locator("button[value=brings]").click()
    page.locator("button[value=question-q1]").click()
    page.fill("textarea[name=words]", "Half a thought")
    page.locator("button[value=question-q2]").click()

    # When she goes back page by page, then forward, and loads a page again
    titles = [
        "Your answer",
        "What you bring",
        "Who applies",
        "Who applies",
        "Your code to come back",
        "Apply",
    ]
    for title in titles:
        page.go_back()
        assert page.locator("h1").inner_text() == title
    for title in reversed(titles[:-1]):
        page.go_forward()
        assert page.locator("h1").inner_text() == title
    page.reload()

    # Then each page is shown, with what she saved, and no address holds the code
    assert page.input_value("textarea[name=words]") == "Half a thought"
    assert (code in page.url, code.replace("-", "") in page.url, page.context.cookies()) == (False, False, [])

    # And whoever is sent the address of a page sees the first one, with nothing of hers
    other = browsing.person("Whoever was sent it", phone=True, java_script_enabled=False)
    other.goto(page.url)
    other.get_by_role("heading", name="Come back with your code").wait_for()
    assert [one for one in (code, "Rosa", "rosa@", "Half a thought") if one in other.content()] == []
    other.context.close()

    # And when she stops, every page of it says in plain words that it is closed and how to go on
    page.locator("button[value=stop]").click()
    page.get_by_text("closed on this phone or computer").wait_for()
    for _page in range(5):
        page.go_back()
        page.get_by_text(CLOSED).wait_for()
        assert page.locator("input[name=code]:not([type=hidden])").input_value() == ""
        assert [one for one in (code, "Rosa", "rosa@", "Half a thought") if one in page.content()] == []
    assert page.url.count("visit=") == 1


def test_a_reload_while_applying_says_what_happened_and_how_to_go_on(browsing, live_site):
    # Given an applicant in the middle of an application
    cast.published(cast.program())
    page = browsing.person("Rosa", phone=True)
    page.goto(APPLY)
    assert page.get_by_text(CLOSED).count() == 0 or not page.get_by_text(CLOSED).is_visible()
    page.locator("button[value=begin]").click()
    code = page.locator(".digits").inner_text().strip()
    page.locator("button[value=who]").click()
    page.locator("input[name=name]").wait_for()

    # When the page is loaded again
    page.reload()

    # Then it says why it is closed, and the code opens it again
    page.get_by_text(CLOSED).wait_for()
    good(page)
    page.fill("input[name=code]", code)
    page.locator("button[value=open]").click()
    page.locator("button[value=who]").first.wait_for()
    assert page.get_by_text(CLOSED).count() == 0


def test_a_paper_form_is_typed_in_and_read_back(browsing, live_site):
    # Given an open call, and a form on paper in a lead's hand
    thread = cast.program()
    cast.published(thread)
    page = browsing.person("A lead", phone=True, signed_in=thread.first_lead.person)

    # When the lead types it in from the desk
    page.goto("/riverbend/en/typing-in/")
    page.locator("main h2 a").click()
    page.locator("input[name=came_by][value=paper]").check()
    page.locator("main form button").click()
    page.fill("input[name=name]", "Mr. Tran")
    page.fill("input[name=phone]", "503-555-0117")
    for _page in range(2):
        page.locator("main form button").click()
    for said in ("The market where I translate.", "Ask in our language first."):
        page.fill("textarea[name=words]", said)
        page.locator("main form button").click()
    page.locator("main form button").click()
    for name in ("works_for_government", "earns_from_it", "close_to_staff"):
        page.locator(f"input[name={name}][value=no]").check()
    page.locator("main form button").click()

    # Then it is sent only after it was read back, and the slip with the code opens it
    assert page.locator("main").inner_text().count("The market where I translate.") == 1
    assert axe(page) == []
    page.locator("main form button").click()
    assert not events(EventKind.READ_BACK).exists()
    page.check("input[name=agreed]")
    page.locator("main form button").click()
    code = re.sub(r"\s", "", page.locator(".digits").inner_text())
    assert events(EventKind.ASSISTED).get().choice == "paper"
    other = browsing.person("Mr. Tran", phone=True)
    other.goto("/riverbend/en/calls/second-cohort/apply/")
    other.fill("input[name=code]", code)
    other.locator("button[value=open]").click()
    other.locator("button[value=withdraw]").wait_for()
    assert other.locator("main").inner_text().count("Ask in our language first.") == 1
