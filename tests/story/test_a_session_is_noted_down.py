"""A note-taker at a session types what tables and people say, with ten of them waiting, reads it back, corrects it and sends it, also where there is no signal."""

import json

import pytest
from playwright.sync_api import Page

from alongside.chain.keys.queries import PASSPHRASE
from tests.story.hours import Hour
from tests.story.test_a_paper_stack_is_typed_in import KEPT, taken_in
from tests.support.browsers import axe

pytestmark = [pytest.mark.django_db, pytest.mark.story, pytest.mark.usefixtures("demonstration")]

HERE = "/riverbend/en/engagements/library-computers/in-person/"


def begin(browsing) -> Hour:
    """Open the page on a phone, and say once that it is a session and how people learned who reads."""
    ana = Hour(browsing.person("lead", phone=True), "lead")
    ana.become("Start as a lead")
    ana.page.goto(HERE)
    return at_a_session(ana)


def at_a_session(ana: Hour) -> Hour:
    ana.page.get_by_label("At a session").check()
    ana.page.get_by_label("Somebody told them in their language").check()
    return ana


def note(ana: Hour, words: str, *, table: str = "") -> int:
    """Type a note and add it; give how many presses it took beside typing."""
    presses = 0
    if table:
        ana.page.get_by_label("Who says it").select_option(table)
        presses += 1
    before = ana.page.locator("[data-said] li").count()
    ana.field("What was said").fill(words)
    ana.press("Add the note")
    ana.page.locator("[data-said] li").nth(before).wait_for()
    return presses + 1


def test_a_note_taker_types_what_a_session_says_without_a_signal_reads_it_back_and_sends_it(browsing):
    ana, before = begin(browsing), taken_in()
    page = ana.page
    browsing.forgive("ERR_INTERNET_DISCONNECTED")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))

    # Given the agenda of the session with its timer
    ana.reads("What should library computers remember?")
    ana.press("Start the timer")
    ana.reads("Time left:")
    assert page.locator("[aria-current=step]").inner_text().startswith("Who asks")
    ana.press("Next point")
    assert page.locator("[aria-current=step]").inner_text().startswith("What should library computers")

    # When tables and a person speak where there is no signal, at two presses a note at most
    page.context.set_offline(True)
    assert note(ana, "Forget us by nigth.", table="Table 2") <= 2
    assert note(ana, "And the printers, too.") <= 2
    assert note(ana, "Ask in Vietnamese.", table="One person") <= 2
    assert page.locator(":focus").get_attribute("id") == "note"
    ana.heading("Read it back: 3")
    assert axe(page) == []

    # Then they are locked on the phone, nothing is sent, and no word can be read there
    kept = page.evaluate(KEPT)
    assert [one["held"] for one in kept] == [True] * 3
    assert not [one for one in ("Forget", "printers", "Vietnamese") if one in json.dumps(kept)]

    # And what the room corrects takes the place of what stood there
    ana.press("Correct it 1")
    assert ana.field("What was said").input_value() == "Forget us by nigth."
    ana.field("What was said").fill("Forget us by night.")
    ana.press("Add the note")
    ana.reads("Forget us by night.")
    ana.press("Take it out 3")
    ana.heading("Read it back: 2")
    ana.press("The room heard it: send all")
    ana.heading("Waiting on this device: 2")
    assert taken_in() == before

    # And it prints on one page, which the site never sees
    page.evaluate("window.print = () => { window.printed = true }")
    ana.press("Print what we heard today")
    assert page.evaluate("window.printed")
    heard = page.get_by_role("region", name="What we heard today").inner_text()
    assert "Table 2 Forget us by night." in " ".join(heard.split())
    page.emulate_media(media="print")
    assert not page.get_by_label("What was said").is_visible()
    assert page.get_by_role("heading", name="What we heard today").is_visible()
    page.emulate_media(media="screen")
    assert axe(page) == []

    # And with a signal each arrives once
    page.context.set_offline(False)
    ana.press("Send them now")
    page.locator("[data-waiting]").wait_for(state="hidden")
    page.locator("[data-is-sent]:visible").nth(1).wait_for()
    assert taken_in() == before + 2
    assert page.evaluate(KEPT) == []
    assert not [one for one in sent if "Forget" in one or "printers" in one]

    # And leads read whose words they are, and that they came from a session
    page.goto("/riverbend/en/reader/library-computers/")
    ana.field("Your six words").fill(PASSPHRASE)
    ana.press("Unlock")
    ana.unfold("Show only some of them")
    ana.field("How it came").select_option("session")
    ana.reads("Table 2: Forget us by night.")


def test_notes_of_a_tab_that_was_killed_are_not_lost_and_nobody_can_read_them(browsing):
    ana, before = begin(browsing), taken_in()
    note(ana, "Forget us by night.")
    ana.page.close(run_before_unload=False)

    page: Page = browsing.contexts[-1].new_page()
    page.goto(HERE)
    again = Hour.__new__(Hour)
    again.__dict__ |= {**ana.__dict__, "page": page}
    at_a_session(again)
    page.get_by_role("heading", name="Notes from before: 1").wait_for()
    assert page.get_by_text("Forget us by night.").count() == 0
    assert taken_in() == before
    page.get_by_role("button", name="Send these notes").click()
    page.locator("[data-left]").wait_for(state="hidden")
    while page.evaluate(KEPT):
        page.wait_for_timeout(50)
    assert taken_in() == before + 1


def test_at_a_session_the_whole_form_can_be_filled_in_for_one_person(browsing):
    ana, before = begin(browsing), taken_in()
    ana.press("Fill in all questions for one person")
    ana.page.get_by_label("4. What should the City do").fill("Forget me.")
    ana.press("Lock it and send")
    ana.heading("Taken in on this page: 1")
    assert taken_in() == before + 1


def is_sent(ana: Hour, number: int) -> None:
    ana.page.locator("[data-is-sent]:visible").nth(number - 1).wait_for()


def test_a_note_that_is_being_corrected_is_not_sent_as_it_was_and_counts_once(browsing):
    ana, before = begin(browsing), taken_in()
    note(ana, "Forget us by nigth.", table="Table 2")
    note(ana, "And the printers, too.")

    # When the room heard it, and a correction is typed and not added yet
    ana.press("Correct it 1")
    ana.field("What was said").fill("Forget us by night.")
    ana.press("The room heard it: send all")
    ana.reads("You are correcting a note. Add it first.")
    assert axe(ana.page) == []

    # Then nothing went out before it was added, and each note is one voice
    assert taken_in() == before
    ana.press("Add the note")
    ana.reads("Forget us by night.")
    ana.press("The room heard it: send all")
    is_sent(ana, 2)
    ana.heading("Read it back: 2")
    assert taken_in() == before + 2


def test_a_second_tab_leaves_the_notes_of_a_tab_that_is_open_to_it(browsing):
    ana, before = begin(browsing), taken_in()
    note(ana, "Forget us by nigth.", table="Table 2")

    other = ana.page.context.new_page()
    other.goto(HERE)
    other.get_by_label("At a session").check()
    other.get_by_label("What was said").wait_for()
    other.wait_for_timeout(500)  # it looks for notes from before
    assert not other.get_by_role("heading", name="Notes from before").is_visible()

    # And once the other is closed, it has them
    ana.page.close(run_before_unload=False)
    other.reload()
    other.get_by_label("At a session").check()
    other.get_by_role("heading", name="Notes from before: 1").wait_for()
    assert taken_in() == before


def test_a_note_that_another_tab_sent_in_an_old_browser_is_not_corrected_any_more(browsing):
    ana, before = begin(browsing), taken_in()
    old = "Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })"
    ana.page.context.add_init_script(old)
    ana.page.reload()
    at_a_session(ana)
    note(ana, "Forget us by nigth.", table="Table 2")
    other = ana.page.context.new_page()
    other.goto(HERE)
    other.get_by_label("At a session").check()
    other.get_by_role("button", name="Send these notes").click()
    while ana.page.evaluate(KEPT):
        ana.page.wait_for_timeout(50)

    ana.press("Correct it 1")
    ana.field("What was said").fill("Forget us by night.")
    ana.press("Add the note")
    ana.reads("it counts as one more voice")
    ana.heading("Read it back: 1")

    # And where it is sent again as it was, it counts once, and the list says so
    ana.press("The room heard it: send all")
    is_sent(ana, 1)
    assert taken_in() == before + 1
    ana.field("What was said").fill("")


def test_a_note_that_the_site_refused_is_never_told_as_sent(browsing):
    ana, before = begin(browsing), taken_in()
    browsing.forgive("410")
    note(ana, "Forget us by night.", table="Table 2")
    ana.page.route("**/voices/", lambda route: route.fulfill(status=410, body="{}"))
    ana.press("The room heard it: send all")
    ana.page.locator("[data-is-refused]:visible").wait_for()

    ana.press("Delete them from this device")
    ana.page.locator("[data-refused]").wait_for(state="hidden")
    ana.page.evaluate("dispatchEvent(new Event('online'))")
    ana.page.wait_for_timeout(500)  # it looks what became of them

    assert ana.page.locator("[data-is-refused]:visible").count() == 1
    assert ana.page.locator("[data-is-sent]:visible").count() == 0
    assert taken_in() == before
