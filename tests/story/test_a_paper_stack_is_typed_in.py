"""Leads listen where people are: on paper with stubs, typed in by keyboard alone, and at a door where there is no signal."""

import json
import re

import pytest
from playwright.sync_api import Page

from alongside.chain.keys.queries import PASSPHRASE
from alongside.chain.voices.models import Voice
from alongside.core.workflow.engagements import EngagementStage, EngagementState
from alongside.work.engagements import actions
from alongside.work.engagements.models import Engagement
from tests.story.hours import Hour
from tests.support.browsers import axe
from tests.support.remembering import this_hour

pytestmark = [pytest.mark.django_db, pytest.mark.story, pytest.mark.usefixtures("demonstration")]

ASKED = "What should library computers remember about you?"
LAST_QUESTION = 'textbox "4. What should the City do, or stop doing?"'


#: What the phone keeps of voices that wait, as it stands in the store.
KEPT = """() => new Promise((done, fail) => {
    const asked = indexedDB.open("alongside-waiting", 1);
    asked.onerror = () => fail(asked.error);
    asked.onsuccess = () => {
        const all = asked.result.transaction("voices").objectStore("voices").getAll();
        all.onsuccess = () => { asked.result.close(); done(all.result); };
    };
})"""


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
    ana.follow("Paper forms with stubs")
    rows = print_stubs(ana.page, "5")
    assert len(set(rows)) == 5
    assert all(re.fullmatch(r"(\d{5} ){5}\d{5}", row) for row in rows)
    assert axe(ana.page) == []
    ana.page.go_back()
    ana.follow("Take in what people say")

    # When the lead types three of them in, by keyboard alone
    sent: list[str] = []
    ana.page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
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

    # Then nothing that went out holds a word or the digits of a stub
    assert len([one for one in sent if "/voices/" in one]) == 3
    assert not [one for one in sent if "forget me" in one or any(row[:11] in one for row in rows)]

    # And they are taken in: once each, and one that was typed before is refused and stays in the form
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
    ana.reads("Taken in by leads: 6.")
    ana.unfold("Show only some of them")
    assert ana.page.locator("[data-by-way] [value=paper]").evaluate("one => one.label") == "On paper (6)"
    ana.field("How it came").select_option("paper")
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


def begin_at_the_door(browsing) -> Page:
    """Open the page of a lead who takes in what people say, with what stays chosen from one person to the next."""
    ana = Hour(browsing.person("lead", phone=True), "lead")
    ana.become("Start as a lead")
    ana.page.goto("/riverbend/en/engagements/library-computers/in-person/")
    return choose_the_door(ana.page)


def choose_the_door(page: Page) -> Page:
    page.get_by_label("At a door or in the street").check()
    page.get_by_label("Somebody told them in their language").check()
    return page


def take_in(page: Page, words: str) -> str:
    """Type in what somebody says, lock it, and give the digits that the page then shows."""
    page.locator("textarea").last.fill(words)
    page.locator("[data-seal]").click()
    page.locator("[data-written]").wait_for()
    return "".join(page.locator("[data-taken] [data-digits] li").all_inner_texts())


def test_without_a_signal_voices_wait_locked_on_the_phone_also_in_a_tab_that_was_killed(browsing):
    page, before = begin_at_the_door(browsing), taken_in()
    browsing.forgive("ERR_INTERNET_DISCONNECTED")

    # When two people speak where there is no signal, and the tab is killed
    page.context.set_offline(True)
    rows = [take_in(page, words) for words in ("Forget me first.", "Forget me second.")]
    page.get_by_role("heading", name="Waiting on this device: 2").wait_for()
    page.get_by_text("It waits on this device, and is sent later.").wait_for()
    assert rows[0] != rows[1]
    assert axe(page) == []
    kept = page.evaluate(KEPT)
    assert taken_in() == before
    page.close(run_before_unload=False)

    # Then the phone kept no word and no digits of a stub: only what is sent
    assert [sorted(one["sent"]) for one in kept] == [["act", "mark", "sealed"]] * 2
    told = json.dumps(kept).replace(" ", "")
    assert not [one for one in ("Forget", *(row.replace(" ", "") for row in rows)) if one in told]

    # And where the page is opened again with a signal, both arrive
    page = browsing.contexts[-1].new_page()
    page.context.set_offline(False)
    page.goto("/riverbend/en/engagements/library-computers/in-person/")
    page.get_by_label("At a door or in the street").wait_for()
    while page.evaluate(KEPT):
        page.wait_for_timeout(50)
    assert taken_in() == before + 2


def test_a_page_that_is_kept_on_the_phone_opens_without_a_signal_in_each_language(browsing):
    page, before = begin_at_the_door(browsing), taken_in()
    browsing.forgive("ERR_INTERNET_DISCONNECTED")
    page.get_by_role("button", name="Keep it on this phone").click()
    page.get_by_text("This page is on this phone.").wait_for()
    context = page.context
    page.close(run_before_unload=False)

    # When there is no signal, a new tab opens the page, in another language, and takes a voice in
    context.set_offline(True)
    page = context.new_page()
    page.goto("/riverbend/es/engagements/library-computers/in-person/")
    assert page.evaluate("fetch('/riverbend/es/').then(() => 'a signal', () => 'none')") == "none"
    page.locator("input[name=taken][value=door]").check()
    page.locator("input[name=how][value=aloud]").check()
    take_in(page, "Olviden lo que busco.")
    assert axe(page) == []
    assert taken_in() == before
    page.close(run_before_unload=False)

    # Then it waits for a signal on the page of every language, and arrives once
    page = context.new_page()
    page.goto("/riverbend/en/engagements/library-computers/in-person/")
    page.get_by_role("heading", name="Waiting on this device: 1").wait_for()
    context.set_offline(False)
    page.locator("[data-waiting]").wait_for(state="hidden")
    page.get_by_text("All that waited here is sent.").wait_for()
    assert taken_in() == before + 1


def test_a_voice_whose_answer_got_lost_is_sent_again_and_counts_once(browsing):
    page, before = begin_at_the_door(browsing), taken_in()
    browsing.forgive("ERR_FAILED")
    page.route("**/voices/", lambda route: (route.fetch(), route.abort()), times=1)

    # When the site took a voice in, and the signal broke before it said so
    take_in(page, "Forget me once.")
    page.get_by_role("heading", name="Waiting on this device: 1").wait_for()
    assert taken_in() == before + 1

    # Then it is sent again, and counts once
    page.get_by_role("button", name="Send them now").click()
    page.locator("[data-waiting]").wait_for(state="hidden")
    assert taken_in() == before + 1
    assert page.evaluate(KEPT) == []


def test_one_receipt_stands_for_one_voice_also_on_two_phones_without_a_signal(browsing):
    ana, ben, before = begin_at_the_door(browsing), begin_at_the_door(browsing), taken_in()
    browsing.forgive("ERR_INTERNET_DISCONNECTED|422")

    # Given a form that was typed in on one phone, and by mistake on another one without a signal, twice
    row = take_in(ana, "Forget me.")
    ben.context.set_offline(True)
    ben.locator("#code").fill(row)
    ben.locator("textarea").last.fill("Typed in again.")
    ben.locator("[data-seal]").click()
    ben.get_by_role("heading", name="Waiting on this device: 1").wait_for()
    ben.locator("#code").fill(row)
    ben.locator("textarea").last.fill("And again.")
    ben.locator("[data-seal]").click()
    ben.get_by_text("It was not taken in.").wait_for()
    assert ben.locator("textarea").last.input_value() == "And again."
    ben.locator("textarea").last.fill("")

    # Then the site keeps the first, the other phone says so, and forgets the second when its lead says
    ben.context.set_offline(False)
    ben.get_by_role("heading", name="Not taken in: 1").wait_for()
    assert ben.locator("[data-waiting]").is_hidden()
    ben.get_by_role("button", name="Delete them from this device").click()
    ben.locator("[data-refused]").wait_for(state="hidden")
    assert ben.evaluate(KEPT) == []
    assert taken_in() == before + 1


def test_while_it_is_paused_nothing_is_taken_in_and_what_was_typed_stays(browsing, demonstration):
    page, before = begin_at_the_door(browsing), taken_in()
    browsing.forgive("423")
    engagement = Engagement.objects.get(slug="library-computers")
    actions.pause(engagement=engagement, ground="A bad question.", by="steward", now=this_hour())

    page.locator("textarea").last.fill("Forget me.")
    page.locator("[data-seal]").click()

    page.get_by_text("This engagement is paused for now.").wait_for()
    assert page.locator("textarea").last.input_value() == "Forget me."
    assert page.evaluate(KEPT) == []
    assert taken_in() == before
    page.locator("textarea").last.fill("")


HERE = "/riverbend/en/engagements/library-computers/in-person/"
ROOM = "/riverbend/en/engagements/library-computers/room/"


def leave_one_waiting(browsing) -> Page:
    """Keep the page on the phone, and take one voice in where there is no signal."""
    page = begin_at_the_door(browsing)
    browsing.forgive("ERR_INTERNET_DISCONNECTED|410|423")
    page.get_by_role("button", name="Keep it on this phone").click()
    page.get_by_text("This page is on this phone.").wait_for()
    page.context.set_offline(True)
    take_in(page, "Forget me.")
    page.get_by_role("heading", name="Waiting on this device: 1").wait_for()
    page.get_by_text("The last day for that is").wait_for()
    return page


def is_kept(page: Page) -> bool:
    """Say whether the phone still has the page in English."""
    return page.evaluate("here => caches.keys().then(all => all.some(one => one.endsWith(here)))", HERE)


def test_what_waits_on_a_phone_after_the_last_day_is_told_there_and_in_the_room(browsing, monkeypatch):
    page, before = leave_one_waiting(browsing), taken_in()
    monkeypatch.setattr(EngagementState, "state", lambda *_: EngagementStage.ENDED)
    page.context.set_offline(False)

    # When the lead comes back with a signal after the last day, and the site refuses it
    page.get_by_role("heading", name="Not taken in: 1").wait_for()
    page.goto(HERE)
    page.get_by_role("heading", name="Too late, and still on this device: 1").wait_for()
    assert page.get_by_text("Nothing waits on this device.").is_hidden()
    assert axe(page) == []
    page.goto(ROOM)
    page.get_by_role("heading", name="Too late, and still on this device: 1").wait_for()
    assert page.locator("[data-left-shown]").count() == 1
    assert axe(page) == []

    # Then the page opens there without a signal too, for as long as something waits
    assert is_kept(page)
    page.context.set_offline(True)
    page.goto(HERE)
    page.get_by_role("heading", name="Take in what people say").wait_for()
    page.context.set_offline(False)

    # And once the lead deletes it, the page goes from the phone
    page.goto(HERE)
    page.get_by_role("button", name="Delete them from this device").click()
    page.get_by_text("Nothing waits on this device.").wait_for()
    while is_kept(page):
        page.wait_for_timeout(50)
    assert page.evaluate(KEPT) == []
    page.goto(ROOM)
    page.wait_for_timeout(300)  # it counts what waits
    assert page.locator("[data-left-shown]").count() == 0
    assert taken_in() == before


def test_what_waits_on_a_phone_waits_through_a_pause_and_goes_on_after_it(browsing, monkeypatch):
    page, before = leave_one_waiting(browsing), taken_in()
    with monkeypatch.context() as paused:
        paused.setattr(EngagementState, "state", lambda *_: EngagementStage.PAUSED)
        page.context.set_offline(False)
        page.goto(HERE)
        page.get_by_role("heading", name="Waiting on this device: 1").wait_for()
        page.get_by_text("It is paused, so nothing is taken in.").wait_for()
        assert axe(page) == []
        assert is_kept(page)
        assert taken_in() == before

    page.goto(HERE)
    page.get_by_label("At a door or in the street").wait_for()
    while page.evaluate(KEPT):
        page.wait_for_timeout(50)
    assert taken_in() == before + 1


def test_after_the_last_day_nothing_is_put_to_wait_on_a_phone_without_a_signal(browsing):
    page, before = begin_at_the_door(browsing), taken_in()
    browsing.forgive("ERR_INTERNET_DISCONNECTED")
    page.locator("take-in").evaluate("one => one.setAttribute('closes', '2020-01-01')")
    page.context.set_offline(True)

    page.locator("textarea").last.fill("Forget me.")
    page.locator("[data-seal]").click()

    page.get_by_text("It was not kept: by this device’s clock the last day is over").wait_for()
    assert page.locator("textarea").last.input_value() == "Forget me."
    assert page.evaluate(KEPT) == []

    # And with a signal the site decides, not the clock of the phone
    page.context.set_offline(False)
    page.locator("[data-seal]").click()
    page.locator("[data-written]").wait_for()
    assert taken_in() == before + 1
