"""`<follow-receipt>` in a real browser: the digits never leave it."""

import json

import pytest

from alongside.core.sealing import marks, receipt
from alongside.core.sealing.marks import MarkState
from tests.support.browsers import axe

SECRET = b"twelve bytes"
ROW = receipt.grouped(SECRET)
MARK = receipt.seal_mark(receipt.read_secret(SECRET))
OTHER = bytes(range(32))
ASKED = {
    "title": "What should computers remember?",
    "lang": "en",
    "days": "Come back on December 1, 2026. The decision is on December 9, 2026.",
}
PLACES = [
    {
        "program": "one",
        "marks": "/one/record/marks",
        "follow": "/one/en/follow/",
        "asked": [{"promise": 3} | ASKED],
    },
    {
        "program": "two",
        "marks": "/two/record/marks",
        "follow": "/two/en/follow/",
        "asked": [{"promise": 3} | ASKED],
    },
]


@pytest.fixture
def record(island_site):
    """Give a way to put rows on the record of program one: state, mark, entry; entry n is about promise n - 1."""
    island_site.files["/marks.json"] = json.dumps(PLACES).encode()
    island_site.files["/one/record/marks"] = b""
    island_site.files["/two/record/marks"] = b""
    for place in ("one", "two"):
        island_site.files[f"/{place}/record/given"] = marks.pack_received(bytes(16), [], random=bytes)
    island_site.files["/one/record/received"] = marks.pack_received(bytes(16), [], random=bytes)
    island_site.files["/two/record/received"] = marks.pack_received(bytes(16), [], random=bytes)

    def put(*rows, place="one"):
        island_site.files[f"/{place}/record/marks"] = marks.pack(rows)
        for state, mark, entry in rows:
            data = {} if state is MarkState.FEWER else {"marks": [mark.hex(), OTHER.hex()]}
            whole = {"cites": {"engagement": [entry - 1]}, "data": data}
            island_site.files[f"/{place}/record/entries/{entry}.json"] = json.dumps(whole).encode()

    return put


@pytest.fixture
def person(browser, island_site, record):
    context = browser.new_context(base_url=island_site.url, viewport={"width": 390, "height": 844})
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto("/r")
    yield page
    context.close()


def look(page, typed=ROW):
    page.get_by_label("The digits of your receipt").fill(typed)
    page.get_by_role("button", name="Look").click()


def heading(page):
    found = page.locator("[data-answer] h2")
    found.wait_for()
    return found.inner_text()


def never_left(site):
    """Say that no request ever held the digits, the seal mark, or what leads to them."""
    secrets = (
        ROW.replace(" ", ""),
        MARK.hex()[:16],
        SECRET.hex(),
        receipt.read_secret(SECRET).hex(),
        ROW[:11],
    )
    for method, path, headers, body in site.asked:
        said = method + path + json.dumps(headers) + body.decode()
        assert [secret for secret in secrets if secret in said] == []


def test_a_voice_in_a_batch_is_on_the_record(person, record, island_site):
    record((MarkState.PUBLISHED, OTHER, 5), (MarkState.PUBLISHED, MARK, 8))
    look(person)
    assert heading(person) == "On the public log"
    assert person.get_by_role("link", name="See the thread").get_attribute("href") == "/one/en/follow/7"
    assert person.evaluate("document.activeElement.hasAttribute('data-answer')")
    assert axe(person) == []
    never_left(island_site)


def test_a_voice_the_leads_opened_says_so(person, record, island_site):
    record((MarkState.PUBLISHED, MARK, 8), (MarkState.OPENED, MARK, 12), place="two")
    look(person, ROW.replace(" ", "-"))
    assert heading(person) == "Opened by the leads"
    assert person.get_by_role("link", name="See what came of it").get_attribute("href") == "/two/en/follow/11"
    never_left(island_site)


def received(island_site, place="one"):
    """Have the voice of the receipt among those that wait for their batch."""
    hashed = marks.answering(receipt.act_hash(receipt.act_secret(SECRET)), 3)
    island_site.files[f"/{place}/record/received"] = marks.pack_received(b"sixteen of salt.", [OTHER, hashed])


def test_a_voice_that_waits_for_its_batch_is_safe_with_the_leads_and_what_it_answers_is_named(
    person, record, island_site
):
    record((MarkState.PUBLISHED, OTHER, 5))
    received(island_site, "two")
    look(person)
    assert heading(person) == "Your answers are safe with the leads"
    assert person.locator("[data-answer] p").all_inner_texts()[:2] == [
        "What should computers remember?",
        ASKED["days"],
    ]
    assert person.get_by_role("link", name="See what came of it").get_attribute("href") == "/two/en/follow/3"
    assert axe(person) == []
    never_left(island_site)


def test_digits_that_nothing_was_sent_under_are_told_as_not_here(person, record, island_site):
    record((MarkState.PUBLISHED, OTHER, 5))
    look(person)
    assert heading(person) == "Not here"
    assert person.get_by_role("button", name="Take my voice back").count() == 0
    assert axe(person) == []
    never_left(island_site)


def judged(island_site):
    """Let people judge statements in the second program, and offer some."""
    at = "/two/en/engagements/computers/"
    more = {"judge": f"{at}statements/", "map": f"{at}map/", "say": f"{at}#question-offer", "offers": True}
    two = PLACES[1] | {"asked": [PLACES[1]["asked"][0] | more]}
    island_site.files["/marks.json"] = json.dumps([PLACES[0], two]).encode()
    return more


def test_digits_of_another_sort_are_led_to_where_statements_are_judged(person, record, island_site):
    look(person)
    assert heading(person) == "Not here"
    assert person.locator("[data-judging]").count() == 0
    more = judged(island_site)
    look(person)
    link = person.get_by_role("link", name=ASKED["title"])
    link.wait_for()
    assert link.get_attribute("href") == more["judge"]
    assert axe(person) == []
    never_left(island_site)


@pytest.mark.parametrize("asks", [True, False])
def test_whoever_offered_a_statement_reads_that_nothing_is_decided_yet(person, island_site, asks):
    if asks:
        judged(island_site)
    received(island_site, "two")
    look(person)
    assert heading(person) == "Your answers are safe with the leads"
    assert person.get_by_text("Nothing is decided on it yet.").count() == int(asks)
    never_left(island_site)


def test_the_code_that_a_phone_opens_is_looked_up_at_once_and_its_digits_leave_the_address(
    browser, island_site, record
):
    record((MarkState.PUBLISHED, MARK, 8))
    context = browser.new_context(base_url=island_site.url)
    page = context.new_page()
    page.goto("/r#" + ROW.replace(" ", ""))
    assert heading(page) == "On the public log"
    assert page.url == island_site.url + "/r"
    assert page.get_by_label("The digits of your receipt").input_value() == ROW.replace(" ", "")
    never_left(island_site)
    context.close()


def test_engagements_with_few_voices_are_named_where_nothing_is_found(person, record):
    record((MarkState.FEWER, OTHER, 5), (MarkState.FEWER, OTHER, 9))
    look(person)
    assert heading(person) == "Not here"
    links = person.locator("[data-answer] [data-fewer] li a")
    assert [link.get_attribute("href") for link in links.all()] == ["/one/en/follow/4", "/one/en/follow/8"]


def test_enter_looks_too_and_digits_of_another_script_are_read(person, record):
    record((MarkState.PUBLISHED, MARK, 8))
    field = person.get_by_label("The digits of your receipt")
    field.fill("".join(chr(0x660 + int(digit)) if digit != " " else " " for digit in ROW))
    field.press("Enter")
    assert heading(person) == "On the public log"
    assert person.url[-2:] == "/r"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (ROW[:-2], "Write the digits of your receipt: there are 30, you wrote 28."),
        ("O" + ROW[1:], "A receipt has only digits; take out “O”."),
        (
            ROW[:-1] + str((int(ROW[-1]) + 1) % 10),
            "One of the digits is different from your receipt; compare them, group by group.",
        ),
    ],
)
def test_a_mistake_is_told_at_the_field_and_nothing_is_fetched(person, island_site, typed, sentence):
    look(person, typed)
    assert person.locator("#code-problem").inner_text() == sentence
    assert person.get_by_label("The digits of your receipt").get_attribute("aria-invalid") == "true"
    assert person.evaluate("document.activeElement.id") == "code"
    assert person.title() == "Problem: Receipt"
    assert island_site.paths().count("/marks.json") == 0
    assert axe(person) == []


def test_a_mistake_is_taken_away_once_it_is_mended(person):
    look(person, "1")
    look(person)
    assert heading(person) == "Not here"
    assert person.locator("#code-problem").is_hidden()
    assert person.title() == "Receipt"


def test_a_record_out_of_reach_is_told(person, island_site):
    del island_site.files["/one/record/marks"]
    look(person)
    person.locator("#code-problem").get_by_text("The public log cannot be reached just now.").wait_for()


def test_taking_a_voice_back_asks_once_more_and_shows_only_w(person, record, island_site):
    record((MarkState.PUBLISHED, MARK, 8))
    island_site.withdrawn = 200
    look(person)
    person.get_by_role("button", name="Take my voice back").click()
    assert island_site.posted() == []
    assert person.evaluate("document.activeElement.textContent") == "No, keep it"
    person.get_by_role("button", name="Yes, withdraw it").click()
    person.get_by_role("heading", name="Withdrawn").wait_for()
    assert island_site.posted() == [{"act": receipt.act_secret(SECRET).hex()}]
    assert [path for method, path, _, _ in island_site.asked if method == "POST"] == ["/one/record/withdraw"]
    never_left(island_site)


def test_a_withdrawn_voice_names_its_day_and_nothing_says_any_more_that_it_arrived(
    person, record, island_site
):
    record((MarkState.PUBLISHED, MARK, 8))
    island_site.withdrawn = 200
    person.evaluate("sessionStorage.setItem('kept', 'Your answers arrived.')")
    person.goto("/r")
    person.get_by_text("Your answers arrived.").wait_for()
    look(person)
    assert heading(person) == "On the public log"
    taken_back(person)
    person.get_by_role("heading", name="Withdrawn on May 2, 2026").wait_for()
    assert person.get_by_text("Your answers arrived.").is_hidden()


def test_a_change_of_mind_keeps_the_voice(person, record, island_site):
    record((MarkState.PUBLISHED, MARK, 8))
    look(person)
    person.get_by_role("button", name="Take my voice back").click()
    person.get_by_role("button", name="No, keep it").click()
    assert person.get_by_role("button", name="Yes, withdraw it").count() == 0
    assert person.evaluate("document.activeElement.textContent") == "Take my voice back"
    assert island_site.posted() == []


def test_a_voice_that_is_not_published_yet_is_taken_back_where_it_is(person, island_site):
    received(island_site, "two")
    island_site.withdrawn = 200
    look(person)
    assert heading(person) == "Your answers are safe with the leads"
    taken_back(person)
    person.get_by_role("heading", name="Withdrawn").wait_for()
    posted = [path for method, path, _, _ in island_site.asked if method == "POST"]
    assert posted == ["/two/record/withdraw"]


def taken_back(page):
    page.get_by_role("button", name="Take my voice back").click()
    page.get_by_role("button", name="Yes, withdraw it").click()


UNCLEAR = "We could not tell whether it was withdrawn. Check the connection and try again."


def test_a_lost_answer_is_told_and_the_next_try_finds_the_voice_gone(person, record, island_site):
    record((MarkState.PUBLISHED, MARK, 8))
    look(person)
    person.route("**/withdraw", lambda route: route.abort())
    taken_back(person)
    person.get_by_role("alert").get_by_text(UNCLEAR).wait_for()
    assert heading(person) == "On the public log"
    assert person.get_by_role("button", name="No, keep it").count() == 0
    assert person.evaluate("document.activeElement.textContent") == "Yes, withdraw it"
    assert axe(person) == []

    person.unroute("**/withdraw")
    island_site.withdrawn = 200
    person.get_by_role("button", name="Yes, withdraw it").click()
    person.get_by_role("heading", name="Withdrawn").wait_for()
    never_left(island_site)


def test_a_voice_is_not_sought_in_further_programs_after_an_unclear_answer(person, island_site):
    received(island_site)
    island_site.withdrawn = 503
    look(person)
    taken_back(person)
    person.get_by_role("alert").get_by_text(UNCLEAR).wait_for()
    assert [path for method, path, _, _ in island_site.asked if method == "POST"] == ["/one/record/withdraw"]


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (423, "A court or an audit has asked that nothing be deleted for now. Try again later."),
        (429, "Too many people are asking from here. Wait an hour, then try again."),
    ],
)
def test_why_nothing_is_deleted_just_now_is_told_and_the_voice_can_still_be_kept(
    person, record, island_site, status, sentence
):
    record((MarkState.PUBLISHED, MARK, 8))
    island_site.withdrawn = status
    look(person)
    taken_back(person)
    person.get_by_role("alert").get_by_text(sentence).wait_for()
    person.get_by_role("button", name="No, keep it").click()
    assert person.evaluate("document.activeElement.textContent") == "Take my voice back"


def test_without_script_there_is_no_form_that_could_send_the_digits(browser, island_site):
    context = browser.new_context(base_url=island_site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/r")
    page.get_by_label("The digits of your receipt").fill(ROW)
    page.keyboard.press("Enter")
    assert (page.locator("form").count(), page.url) == (0, island_site.url + "/r")
    assert page.get_by_role("button", name="Look").count() == 0
    context.close()
