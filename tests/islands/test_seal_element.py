"""`<seal-voice>` in a real browser, on the very HTML that islands/README.md shows."""

import base64
import re

import pytest
import segno
from segno import consts

from alongside.core.sealing import receipt, voice
from alongside.core.sealing.envelope import check_sealed
from alongside.core.sealing.opening import open_sealed
from tests.islands.conftest import FORM, IDENTITY, NOTICE
from tests.support.browsers import axe

WORDS = "No guarden nada de mí. لا شيء 🐟"
BACK = "Your answers arrived. Come back on December 1, 2026 to see what came of them."
DECIDED = "The decision is on December 9, 2026."
TITLE = "What should library computers remember?"


@pytest.fixture
def resident(browser, island_site):
    context = browser.new_context(base_url=island_site.url, viewport={"width": 390, "height": 844})
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.troubles = []
    page.on(
        "console", lambda message: page.troubles.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: page.troubles.append(str(error)))
    page.goto("/home")
    page.goto("/library")
    yield page
    troubles = [
        words for words in page.troubles if not re.search("status of|ERR_CONNECTION|ERR_FAILED", words)
    ]
    context.close()
    assert troubles == []


def speak(page, words=WORDS):
    page.get_by_label("Yes, most weeks").check()
    page.get_by_label("In a hall").check()
    page.get_by_label("In a library").check()
    page.get_by_label("5, quite fine").check()
    page.get_by_label("4. What should the City do").fill(words)


def send(page):
    page.get_by_role("button", name="Seal and send").click()


def close(page):
    page.get_by_text("Close the receipt", exact=True).click()
    page.get_by_role("button", name="Yes, close the receipt").click()


def told(page):
    """Give what the receipt says beside its digits."""
    return page.locator("[data-told]").all_inner_texts()


def shown_digits(page):
    page.get_by_role("heading", name="Keep these digits").wait_for()
    return " ".join(group.replace(" ", "") for group in page.locator(".digits li").all_inner_texts())


def test_what_a_person_wrote_arrives_sealed_and_opens_as_it_was(resident, island_site):
    speak(resident)
    resident.get_by_label("The leads may quote my words").check()
    send(resident)
    secret = receipt.parse(shown_digits(resident))
    (sent,) = island_site.posted()
    sealed = base64.b64decode(sent.pop("sealed"), validate=True)
    assert check_sealed(sealed) == 1024
    spoken = voice.parse(open_sealed(sealed, [IDENTITY]))
    assert spoken == voice.Voice(
        engagement="library-computers",
        form=FORM,
        r=receipt.read_secret(secret).hex(),
        lang="en",
        quote=True,
        answers={"q1": "weekly", "q2": ["hall", "library"], "q3": 5, "q4": WORDS},
        taken="self",
        consent={"notice": NOTICE, "how": "screen", "on": "2026-12-01"},
    )
    assert sent == {
        "mark": receipt.seal_mark(receipt.read_secret(secret)).hex(),
        "act": receipt.act_hash(receipt.act_secret(secret)).hex(),
        "website": "",
    }


def test_questions_left_alone_are_left_out_and_nobody_is_quoted_unasked(resident, island_site):
    resident.get_by_label("5, quite fine").check()
    resident.get_by_label("4. What should the City do").fill("  \n ")
    send(resident)
    shown_digits(resident)
    (sent,) = island_site.posted()
    spoken = voice.parse(open_sealed(base64.b64decode(sent["sealed"]), [IDENTITY]))
    assert (spoken.answers, spoken.quote) == ({"q3": 5}, False)


def neutral(page, island_site):
    """Say that nothing of the page, its head, its title and its address tells what was asked or answered."""
    assert (page.title(), page.url) == ("Receipt", island_site.url + "/r/en")
    whole = page.content()
    for telling in ("librar", "Three questions", "City", 'aria-label="Help"', WORDS[:10], "weekly", "age1"):
        assert (telling, whole.count(telling)) == (telling, 0)


def test_after_sending_the_page_says_that_we_have_it_and_only_there_which_question_it_was(
    resident, island_site
):
    speak(resident)
    send(resident)
    row = shown_digits(resident)
    assert re.fullmatch(r"\d{5}( \d{5}){5}", row.replace("\n", " "))
    assert resident.evaluate("document.activeElement.outerHTML") == '<h1 tabindex="-1">We have it</h1>'
    assert told(resident) == [TITLE, BACK, DECIDED]
    assert resident.locator("[data-address]").inner_text() == island_site.url.removeprefix("http://") + "/r"
    assert axe(resident) == []
    resident.locator("[data-told]").first.evaluate("topic => topic.remove()")
    neutral(resident, island_site)


def test_the_receipt_stays_in_the_tab_until_the_person_says_that_it_is_kept(resident, island_site):
    speak(resident)
    send(resident)
    row = shown_digits(resident)
    assert told(resident) == [TITLE, BACK, DECIDED]
    resident.on("dialog", lambda dialog: dialog.accept())

    resident.reload()
    assert shown_digits(resident) == row
    assert resident.get_by_role("heading", level=1).inner_text() == "We have it"
    assert told(resident) == [TITLE, BACK, DECIDED]
    assert axe(resident) == []
    resident.locator("[data-told]").first.evaluate("topic => topic.remove()")
    neutral(resident, island_site)
    resident.go_back()
    assert resident.get_by_role("heading").inner_text() == "Home"
    resident.go_forward()
    assert shown_digits(resident) == row
    (kept,) = resident.evaluate("Object.values(sessionStorage)")
    digits, lines = kept.split(" ", 1)
    assert digits == re.sub(r"\s", "", row)
    assert lines.split("\n") == ["en", TITLE, BACK, DECIDED]
    assert resident.evaluate("[localStorage.length, document.cookie]") == [0, ""]

    close(resident)
    resident.get_by_label("The digits of your receipt").wait_for()
    resident.locator("[data-closed]").wait_for()  # it says once that the receipt is closed, and forgets that
    assert resident.evaluate("sessionStorage.length") == 0
    resident.reload()
    assert resident.get_by_label("The digits of your receipt").is_visible()
    resident.go_back()
    assert resident.get_by_role("heading").inner_text() == "Home"


def test_the_receipt_closes_only_after_it_was_asked_once_more(resident):
    speak(resident)
    send(resident)
    row = shown_digits(resident)
    for shown in (1, 0):
        resident.get_by_text("Close the receipt", exact=True).press("Enter")
        assert resident.get_by_role("button", name="Yes, close the receipt").count() == shown
        assert (shown_digits(resident), resident.evaluate("sessionStorage.length")) == (row, 1)
        assert axe(resident) == []


def test_back_after_sending_keeps_receipt_and_address_in_step_and_brings_no_answer_back(
    resident, island_site
):
    resident.goto("/library#ask-h")
    speak(resident)
    send(resident)
    row = shown_digits(resident)
    resident.go_back()
    resident.wait_for_url("**/r/en")
    assert shown_digits(resident) == row
    assert (resident.title(), resident.url) == ("Receipt", island_site.url + "/r/en")

    close(resident)
    resident.get_by_label("The digits of your receipt").wait_for()
    resident.on("dialog", lambda dialog: dialog.accept())
    resident.go_forward()
    resident.go_back()
    assert WORDS not in resident.evaluate(
        "[...document.querySelectorAll('textarea')].map(e => e.value).join()"
    )


def test_a_page_that_the_browser_kept_whole_comes_back_without_what_was_typed(resident):
    speak(resident)
    resident.get_by_label("5, quite fine").check()
    fields = "[...document.querySelectorAll('seal-voice :is(textarea, input)')].map(e => e.checked || e.type == 'textarea' && e.value)"
    assert any(resident.evaluate(fields))
    resident.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: false}))")
    assert any(resident.evaluate(fields)), (
        "a page that comes anew, as in another language, keeps what it was given"
    )
    resident.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    assert not any(resident.evaluate(fields))


def test_a_receipt_that_nobody_kept_yet_is_not_pushed_out_by_another(resident):
    speak(resident)
    send(resident)
    row = shown_digits(resident)
    resident.on("dialog", lambda dialog: dialog.accept())
    resident.goto("/library")
    assert resident.get_by_label("4. What should the City do").input_value() == ""
    assert resident.get_by_role("button", name="Seal and send").count() == 0

    resident.get_by_role("link", name="Keep it first").click()
    assert shown_digits(resident) == row
    close(resident)
    resident.get_by_label("The digits of your receipt").wait_for()
    resident.go_back()
    resident.get_by_role("button", name="Seal and send").wait_for()
    assert resident.get_by_role("link", name="Keep it first").count() == 0


def test_where_a_browser_keeps_nothing_the_receipt_is_shown_all_the_same(browser, island_site):
    context = browser.new_context(base_url=island_site.url)
    context.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', {get() { throw new Error('no'); }})"
    )
    page = context.new_page()
    page.goto("/library")
    speak(page)
    send(page)
    assert len(receipt.parse(shown_digits(page))) == 12
    context.close()


@pytest.mark.parametrize("new", [True, False], ids=["clipboard", "old phone"])
def test_the_receipt_can_be_copied(browser, island_site, new):
    context = browser.new_context(base_url=island_site.url, permissions=["clipboard-read", "clipboard-write"])
    if not new:
        context.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page = context.new_page()
    page.goto("/library")
    speak(page)
    send(page)
    row = shown_digits(page).replace("\n", " ")
    page.get_by_role("button", name="Copy").click()
    page.get_by_text("Copied").wait_for()

    page.on("dialog", lambda dialog: dialog.accept())
    close(page)
    page.get_by_label("The digits of your receipt").focus()
    page.keyboard.press("Control+V")
    pasted = page.get_by_label("The digits of your receipt").input_value()
    assert pasted == f"\u200e{row}\n{island_site.url.removeprefix('http://')}/r"
    page.get_by_role("button", name="Look").click()
    page.locator("#code-problem").get_by_text("The public log cannot be reached").wait_for()
    context.close()


@pytest.mark.parametrize("new", [True, False], ids=["clipboard", "old phone"])
def test_who_wants_a_copy_is_told_where_the_browser_refuses(browser, island_site, new):
    context = browser.new_context(base_url=island_site.url)
    clipboard = "{writeText: () => Promise.reject(new Error('no'))}" if new else "undefined"
    context.add_init_script(f"Object.defineProperty(navigator, 'clipboard', {{value: {clipboard}}})")
    context.add_init_script("document.execCommand = () => false")
    page = context.new_page()
    page.goto("/library")
    speak(page)
    send(page)
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("status").get_by_text("Write them down").wait_for()
    assert not page.get_by_text("Copied").is_visible()
    context.close()


@pytest.mark.parametrize("code", [False, True], ids=["digits", "digits and code"])
def test_the_receipt_can_be_saved_as_a_picture(resident, code):
    speak(resident)
    send(resident)
    shown_digits(resident)
    if code:
        resident.get_by_label("Add a code that my phone opens").check()
        resident.locator("svg.qr").wait_for()
    with resident.expect_download() as saved:
        resident.get_by_role("button", name="Save as a picture").click()
    assert saved.value.suggested_filename == "receipt.png"
    raw = saved.value.path().read_bytes()
    assert raw[:8] == b"\x89PNG\r\n\x1a\n"
    size = (int.from_bytes(raw[16:20]), int.from_bytes(raw[20:24]))
    assert size == ((720, 1080) if code else (720, 400))


def test_only_who_asks_for_it_gets_a_code_and_it_is_one_that_a_phone_opens(resident, island_site):
    speak(resident)
    send(resident)
    row = re.sub(r"\s", "", shown_digits(resident))
    assert resident.locator("svg.qr").count() == 0
    assert island_site.paths().count("/dist/qr.js") == 0

    choice = resident.get_by_label("Add a code that my phone opens")
    choice.check()
    svg = resident.locator("svg.qr")
    svg.wait_for()
    assert svg.get_attribute("aria-label") == "A square code that opens the look-up of this receipt"
    drawn = set()
    for column, line, run in re.findall(
        r"M(\d+) (\d+)h(\d+)v1", svg.locator("path").nth(1).get_attribute("d")
    ):
        drawn |= {(int(line), int(column) + step) for step in range(int(run))}
    text = [
        (f"{island_site.url}/r#", consts.MODE_BYTE, None),
        (row, consts.MODE_NUMERIC, None),
    ]
    masks = [segno.make(text, error="m", mask=mask, boost_error=False).matrix for mask in range(8)]
    dark = [
        {(y, x) for y, line in enumerate(matrix) for x, module in enumerate(line) if module}
        for matrix in masks
    ]
    assert [drawn == each for each in dark].count(True) == 1

    choice.uncheck()
    assert svg.is_hidden()
    choice.check()
    assert (svg.count(), svg.is_visible()) == (1, True)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (503, "Nothing was sent: too many people are sending."),
        (429, "Nothing was sent: too many people are sending."),
        (410, "This engagement takes no more voices."),
        (423, "This engagement is paused."),
        (400, "Your words could not be taken in and were not kept."),
        (500, "Your words could not be taken in and were not kept."),
    ],
)
def test_after_a_failed_send_the_words_are_still_there_and_one_sentence_says_what_to_do(
    resident, island_site, status, sentence
):
    speak(resident)
    island_site.status = status
    send(resident)
    block = resident.get_by_role("alert")
    block.wait_for()
    assert block.get_by_role("listitem").count() == 1
    assert block.get_by_role("listitem").inner_text()[: len(sentence)] == sentence
    assert resident.evaluate("document.activeElement.className") == "problems"
    assert resident.title() == "Problem: " + TITLE
    assert resident.get_by_label("4. What should the City do").input_value() == WORDS
    assert axe(resident) == []


def test_a_second_try_sends_the_same_bytes_and_counts_once(resident, island_site):
    speak(resident)
    island_site.status = 503
    send(resident)
    resident.get_by_role("alert").wait_for()
    island_site.status = 201
    send(resident)
    shown_digits(resident)
    first, second = island_site.posted()
    assert first == second


def test_other_words_after_a_failed_send_get_another_receipt(resident, island_site):
    speak(resident)
    island_site.status = 503
    send(resident)
    resident.get_by_role("alert").wait_for()
    island_site.status = 201
    resident.get_by_label("4. What should the City do").fill("Something else")
    send(resident)
    shown_digits(resident)
    first, second = island_site.posted()
    assert len({first["mark"], second["mark"], first["act"], second["act"]}) == 4
    spoken = voice.parse(open_sealed(base64.b64decode(second["sealed"]), [IDENTITY]))
    assert spoken.answers["q4"] == "Something else"


def test_a_lost_connection_keeps_the_words(resident):
    speak(resident)
    resident.route("**/voices/", lambda route: route.abort())
    send(resident)
    assert resident.get_by_role("alert").get_by_role("listitem").inner_text()[:15] == "No answer came."
    assert resident.get_by_label("4. What should the City do").input_value() == WORDS


def test_nothing_answered_is_told_and_nothing_is_sent(resident, island_site):
    send(resident)
    link = resident.get_by_role("alert").get_by_role("link")
    assert link.inner_text() == "Answer at least one question. Then choose “Seal and send”."
    assert island_site.posted() == []


def test_too_much_is_told_and_nothing_is_sent(resident, island_site):
    resident.get_by_label("4. What should the City do").fill("x" * 66_000)
    send(resident)
    assert (
        resident.get_by_role("alert").get_by_role("listitem").inner_text()[:29]
        == "This is longer than fits. Sho"
    )
    assert island_site.posted() == []


def test_a_broken_recipient_sends_nothing(resident, island_site):
    resident.locator("seal-voice").evaluate("host => host.setAttribute('recipient', 'age1qqqq')")
    speak(resident)
    send(resident)
    resident.get_by_role("alert").wait_for()
    assert island_site.posted() == []


def leaves(page, go):
    """Try to leave and say whether the browser asked first."""
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    go()
    page.get_by_role("heading").first.wait_for()
    return asked


def test_leaving_warns_while_something_is_unsent(resident):
    speak(resident)
    assert leaves(resident, lambda: resident.goto("/home")) == ["beforeunload"]


def test_leaving_does_not_warn_before_anything_is_written(resident):
    resident.get_by_label("In a hall").focus()
    assert leaves(resident, lambda: resident.goto("/home")) == []


def test_leaving_warns_until_the_receipt_is_kept(resident):
    speak(resident)
    send(resident)
    shown_digits(resident)
    assert leaves(resident, lambda: resident.goto("/home")) == ["beforeunload"]
    resident.go_back()
    shown_digits(resident)
    assert leaves(resident, lambda: (close(resident), resident.wait_for_url("**/r/en"))) == []
    assert leaves(resident, lambda: resident.goto("/home")) == []


def test_a_closed_receipt_says_once_that_all_is_done_and_leads_home(resident):
    speak(resident)
    send(resident)
    shown_digits(resident)
    close(resident)
    resident.wait_for_url("**/r/en")
    done = resident.locator("[data-closed]")
    done.get_by_role("heading", name="Done. Thank you.").wait_for()
    assert done.evaluate("one => one === document.activeElement")
    assert done.locator("[data-days]").inner_text() == BACK
    resident.reload()
    assert done.is_hidden()


def test_a_receipt_that_is_closed_after_it_was_loaded_again_says_when_to_come_back(resident):
    speak(resident)
    send(resident)
    shown_digits(resident)
    resident.on("dialog", lambda dialog: dialog.accept())
    resident.reload()
    shown_digits(resident)
    close(resident)
    resident.locator("[data-closed]").wait_for()
    assert resident.locator("[data-closed] [data-days]").inner_text() == BACK


def test_the_receipt_is_heard_as_six_groups_of_five_digits_each_by_itself(resident):
    speak(resident)
    send(resident)
    shown_digits(resident)
    groups = resident.get_by_role("list").get_by_role("listitem").all_text_contents()
    assert [len(group.split()) for group in groups] == [5] * 6
    wide = """one => {
        const text = document.createRange();
        text.selectNodeContents(one);
        return text.getBoundingClientRect().width / parseFloat(getComputedStyle(one).fontSize);
    }"""
    assert 2.9 < resident.locator(".digits li").first.evaluate(wide) < 3.6, "The spaces are seen."


def test_the_box_that_closes_a_receipt_is_heard_before_its_button(resident):
    speak(resident)
    send(resident)
    shown_digits(resident)
    assert resident.get_by_role("alert").count() == 0
    resident.get_by_text("Close the receipt", exact=True).press("Enter")
    assert "Did you write the digits down?" in resident.get_by_role("alert").inner_text()


def test_the_quick_exit_is_never_held_back(resident, island_site):
    speak(resident)
    asked = leaves(
        resident,
        lambda: (
            resident.get_by_role("link", name="Leave this page").click(),
            resident.wait_for_url("**/elsewhere"),
        ),
    )
    assert asked == []


@pytest.mark.parametrize("way", ["press", "keys"])
def test_the_receipt_has_the_quick_exit_too(resident, way):
    speak(resident)
    send(resident)
    shown_digits(resident)

    def go():
        if way == "press":
            resident.get_by_role("button", name="Leave this page").click()
        else:
            for _ in range(3):
                resident.keyboard.press("Shift")
        resident.wait_for_url("**/elsewhere")

    assert leaves(resident, go) == []


def test_a_machine_that_fills_the_hidden_field_gives_itself_away(resident, island_site):
    speak(resident)
    resident.locator("[name=website]").evaluate("field => { field.value = 'http://spam.example' }")
    send(resident)
    shown_digits(resident)
    assert island_site.posted()[0]["website"] == "http://spam.example"


def test_no_cookie_goes_with_the_voice_even_where_there_is_one(resident, island_site):
    resident.context.add_cookies([{"name": "sessionid", "value": "of-a-lead", "url": island_site.url}])
    speak(resident)
    send(resident)
    shown_digits(resident)
    (headers,) = [headers for method, _, headers, _ in island_site.asked if method == "POST"]
    assert (headers.get("Cookie"), headers["Origin"]) == (None, island_site.url)


def test_without_script_there_is_no_button_and_no_form_that_could_send(browser, island_site):
    context = browser.new_context(base_url=island_site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/library")
    assert page.locator("form").count() == 0
    assert page.get_by_role("button", name="Seal and send").count() == 0
    assert page.locator("noscript p").is_visible()
    page.get_by_label("4. What should the City do").fill(WORDS)
    page.get_by_label("In a hall").check()
    page.keyboard.press("Enter")
    assert page.url == island_site.url + "/library"
    assert island_site.posted() == []
    context.close()


def test_a_browser_without_custom_elements_seals_too(browser, island_site):
    context = browser.new_context(base_url=island_site.url)
    context.add_init_script(
        "delete window.customElements; Object.defineProperty(window, 'customElements', {value: undefined})"
    )
    page = context.new_page()
    page.goto("/library")
    speak(page)
    send(page)
    assert len(receipt.parse(shown_digits(page))) == 12
    context.close()


def test_on_paper_the_receipt_is_digits_and_address_and_the_code_if_one_was_asked_for(resident):
    speak(resident)
    send(resident)
    shown_digits(resident)

    def printed():
        parts = (".digits", "[data-address]", "svg.qr", "h1", "h2", "[data-told]", "[data-does]", ".choice")
        resident.emulate_media(media="print")
        seen = [part for part in parts if resident.locator(part).first.is_visible()]
        resident.emulate_media(media="screen")
        return seen

    assert printed() == [".digits", "[data-address]"]
    resident.get_by_label("Add a code that my phone opens").check()
    resident.locator("svg.qr").wait_for()
    assert printed() == [".digits", "[data-address]", "svg.qr"]


def test_the_groups_of_digits_stand_one_below_the_other_on_an_arabic_page(resident):
    resident.evaluate("document.documentElement.dir = 'rtl'; document.documentElement.lang = 'ar'")
    speak(resident)
    send(resident)
    shown_digits(resident)
    first, second = (resident.locator(".digits li").nth(place).bounding_box() for place in (0, 1))
    assert (first["x"], first["y"] < second["y"]) == (second["x"], True)
    assert resident.locator(".digits").get_attribute("translate") == "no"
