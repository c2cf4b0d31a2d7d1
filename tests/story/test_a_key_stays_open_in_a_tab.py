"""A lead on a phone that opens no keyring types her six words once: for 20 minutes this tab, and no other, goes on with one press."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from alongside.chain.keys.queries import PASSPHRASE
from alongside.core.grammar.log import check_log
from alongside.core.sealing.devices import open_with_device
from alongside.ground.gate.limits import key_of_the_day
from alongside.ground.people.models import Session
from alongside.ground.people.queries import half_for_tab
from alongside.ground.programs.queries import pack_of
from alongside.site.actions import forget_ways_in
from tests.story.steps import press
from tests.story.test_a_device_opens_the_key import READER, at_the_list, entered, renewed, write
from tests.support.browsers import axe, session_of
from tests.support.remembering import this_hour
from tests.support.thread import Thread

pytestmark = [pytest.mark.django_db, pytest.mark.story]
STAY = "Keep it open in this tab for 20 minutes"
IS_OPEN = "Your key is open in this tab until"
SAYS_SO = "Your key is open until"
WEEK = "/riverbend/en/week/"
STRATEGIES = "/riverbend/en/strategies"


@pytest.fixture
def thread(live_site):
    """Give two leads whose keyrings open under six words."""
    return Thread(now=this_hour()).open_program().found_keys(opens=True)


@pytest.fixture
def ana(thread, browsing):
    """Give the phone of the first lead."""
    return browsing.person("Ana", phone=True, signed_in=thread.first_lead.person)


def unlock(page, *, stays=True):
    """Type the six words in the reader, and wish that the key stays open."""
    page.goto(READER)
    page.get_by_label("Your six words").fill(PASSPHRASE)
    if stays:
        page.get_by_label(STAY).check()
    press(page, "Unlock")
    at_the_list(page)


def asks_for_words(page, address):
    """Say that a page asks for the six words."""
    page.goto(address)
    page.get_by_label("Your six words").wait_for()
    return not page.get_by_text(IS_OPEN).is_visible()


def halves():
    """Give the rows that hold what opens a key in a tab."""
    return Session.objects.filter(person=None)


def test_six_words_open_the_reader_what_is_signed_and_the_strategies_of_one_tab(thread, ana):
    # Given a lead who unlocked the reader, and wished that her key stays open
    unlock(ana)

    # When she signs a question, then one press is enough, and it is her key that signs
    write(ana, thread, "Who reads the records?")
    ana.get_by_text(IS_OPEN).wait_for()
    assert not ana.get_by_text(SAYS_SO).count()  # said once, where it is used
    assert not ana.get_by_label("Your six words").is_visible()
    assert axe(ana) == []
    press(ana, "Sign it")
    ana.get_by_role("heading", name="Who reads the records?").first.wait_for()
    assert list(entered(thread)["act"]["sigs"]) == [thread.first_lead.public_id]
    check_log(list(thread.entries()), origin=thread.program.origin)

    # And so it is for her strategies, and the reader again
    ana.goto(STRATEGIES)
    press(ana, "Open the strategies")
    at_the_list(ana)
    ana.goto(READER)
    press(ana, "Open the reader")
    at_the_list(ana)

    # But another tab of the same phone asks for the words
    other = ana.context.new_page()
    assert asks_for_words(other, READER)

    # And what locks the reader locks the tab
    with ana.expect_response("**/tab/"):
        press(ana, "Lock the reader")
    ana.get_by_label("Your six words").wait_for()
    assert asks_for_words(ana, STRATEGIES)
    assert not halves().exists()


def test_without_the_wish_nothing_stays_open(ana):
    unlock(ana, stays=False)
    assert asks_for_words(ana, STRATEGIES)
    assert not halves().exists()
    assert ana.evaluate("sessionStorage.length") == 0


def test_when_the_time_is_over_the_site_gives_nothing_and_the_words_are_asked_for(ana):
    # Given a key that is open, and a device whose clock stands still
    unlock(ana)
    ana.goto(STRATEGIES)
    ana.get_by_text(IS_OPEN).wait_for()

    # When the site's 20 minutes are over
    (row,) = halves()
    assert timedelta(minutes=15) < row.expire_date - datetime.now(tz=UTC) < timedelta(minutes=21)
    forget_ways_in(now=row.expire_date + timedelta(seconds=1))
    assert not halves().exists()

    # Then the press opens nothing, and says what helps
    press(ana, "Open the strategies")
    ana.get_by_role("alert").get_by_text("Your key is locked again. Type your six words.").wait_for()
    ana.get_by_label("Your six words").wait_for()
    assert ana.evaluate("sessionStorage.getItem('alongside.open')") is None


def test_a_page_that_stays_asks_for_the_words_when_the_time_is_over(thread, ana):
    unlock(ana)
    ana.clock.install()
    ana.goto(STRATEGIES)
    ana.get_by_text(IS_OPEN).wait_for()
    ana.clock.fast_forward("21:00")
    ana.get_by_label("Your six words").wait_for()
    assert ana.evaluate("sessionStorage.getItem('alongside.open')") is None


def test_who_signed_out_and_in_again_types_the_words(thread, ana):
    # Given a key that is open in a tab, whose lead signs out there and in again
    unlock(ana)
    ana.goto("/en/accounts/sign-out/")
    press(ana, "Sign out")
    ana.get_by_role("link", name="Leads and staff: sign in").first.wait_for()
    key = session_of(thread.first_lead.person)
    assert (
        ana.evaluate("sessionStorage.getItem('alongside.open')") is None
    )  # nobody is signed in on that page
    ana.context.add_cookies([{"name": "sessionid", "value": key, "url": ana.url}])
    assert asks_for_words(ana, STRATEGIES)


@pytest.mark.parametrize("place", [WEEK, STRATEGIES])
def test_who_signed_in_anew_meanwhile_is_told_of_no_open_key(thread, ana, browsing, place):
    # Given a key that is open in a tab, and a sign-in anew in another
    unlock(ana)
    ana.goto(WEEK)
    ana.get_by_text(SAYS_SO).wait_for()
    key = session_of(thread.first_lead.person)
    ana.context.add_cookies([{"name": "sessionid", "value": key, "url": browsing.site.url}])

    # When she goes on in the first, then it says nothing of an open key, and holds none
    ana.goto(place)
    assert ana.evaluate("sessionStorage.getItem('alongside.open')") is None
    assert not ana.get_by_text(SAYS_SO).count()
    assert asks_for_words(ana, STRATEGIES)


def test_every_page_of_a_lead_says_that_her_key_is_open_and_locks_it(ana, browsing):
    # Given a lead whose key is open in this tab
    unlock(ana)
    for page in (WEEK, "/riverbend/en/engagements/", "/riverbend/en/reader/keyring/"):
        ana.goto(page)
        ana.get_by_text(SAYS_SO).wait_for()
    assert axe(ana) == []

    # And an address where nothing is, in a program or in none, takes nothing from her, and says it too
    browsing.forgive("404")
    for page in ("/riverbend/en/nothing/", "/nowhere/en/week/"):
        ana.goto(page, wait_until="domcontentloaded")
        ana.get_by_role("heading", name="Nothing is at this address").wait_for()
        ana.get_by_text(SAYS_SO).wait_for()
    ana.goto("/riverbend/ar/week/")
    ana.locator("open-key button").wait_for()
    assert axe(ana) == []

    # When she locks it there, then it says so, and neither the tab nor the site holds anything of it
    ana.goto(WEEK)
    with ana.expect_response("**/tab/"):
        press(ana, "Lock it now")
    ana.get_by_text("Your key is locked.").wait_for()
    assert ana.evaluate("document.activeElement.textContent") == "Your key is locked."
    assert not ana.get_by_text(SAYS_SO).count()
    assert axe(ana) == []
    assert not halves().exists()
    assert asks_for_words(ana, READER)

    # Back to a page from before says nothing of it
    ana.go_back()
    ana.get_by_role("heading", level=1).wait_for()
    assert not ana.get_by_text(SAYS_SO).count()


def test_the_line_stays_in_reach_below_the_way_out_and_covers_no_field(ana):
    unlock(ana)
    ana.goto(WEEK)
    line = ana.locator("p.open-key")
    line.wait_for()
    ana.evaluate("scrollTo(0, document.body.scrollHeight)")
    leave = ana.locator(".leave").bounding_box()
    said = line.bounding_box()
    assert leave["y"] + leave["height"] <= said["y"] + 1
    assert said["y"] + said["height"] <= 90  # small
    assert "Lock it now" in ana.evaluate("document.elementFromPoint(340, 70).closest('p').textContent")
    for link in ana.locator("main a:visible").all()[:6]:
        link.evaluate("one => one.scrollIntoView()")
        assert link.bounding_box()["y"] >= said["y"] + said["height"]


def test_a_page_of_no_program_and_of_another_says_it_too_and_locks_the_key(ana):
    # Given a lead of one program, on a site of two
    Thread(now=this_hour()).open_program(slug="elsewhere")
    unlock(ana)

    # When she reads the list of programs and what another shows, then her key is in reach
    for page in ("/en/", "/elsewhere/en/"):
        ana.goto(page)
        ana.get_by_text(SAYS_SO).wait_for()
        assert axe(ana) == []

    # And what she locks there is locked where it was opened
    with ana.expect_response("**/riverbend/en/reader/keyring/tab/"):
        press(ana, "Lock it now")
    ana.get_by_text("Your key is locked.").wait_for()
    assert not halves().exists()


def test_the_line_goes_when_the_time_is_over(ana):
    unlock(ana)
    ana.clock.install()
    ana.goto(WEEK)
    ana.get_by_text(SAYS_SO).wait_for()
    ana.clock.fast_forward("21:00")
    ana.get_by_text(SAYS_SO).wait_for(state="detached")
    assert ana.evaluate("sessionStorage.getItem('alongside.open')") is None


def test_no_page_of_anybody_else_loads_what_says_so(thread, client):
    pages = ("engagements/", "week/", "steward/")
    for person, seen in ((None, set()), (thread.steward, set()), (thread.first_lead.person, {*pages})):
        if person:
            client.force_login(person)
        told = {one: client.get(f"/riverbend/en/{one}").content for one in pages}
        assert {one for one, page in told.items() if b"open-key" in page or b"dist/open" in page} == seen


def test_where_the_key_is_open_nothing_says_unlock_your_key(ana):
    heading = ana.get_by_role("heading", name="Unlock your key")
    ana.goto(READER)
    heading.wait_for()
    unlock(ana)
    for page in (READER, STRATEGIES):
        ana.goto(page)
        ana.get_by_text(IS_OPEN).wait_for()
        assert not heading.is_visible()
        press(ana, "Lock it now")
        heading.wait_for()
        unlock(ana)


def test_who_comes_to_share_is_told_to_open_her_key_only_while_it_is_closed(thread, ana):
    share = f"{READER}#share-{thread.second_lead.public_id}"
    first = ana.get_by_text("open your own key first.").locator("visible=true")
    ana.goto(share)
    first.wait_for()
    unlock(ana)
    ana.goto(WEEK)
    ana.goto(share)
    ana.get_by_text(IS_OPEN).wait_for()
    assert not first.count()
    press(ana, "Lock it now")
    first.wait_for()


def test_the_page_to_sign_says_once_where_the_six_words_stay(thread, ana):
    write(ana, thread, "Who reads the records?")
    ana.get_by_label("Your six words").wait_for()
    said = ana.locator("main").inner_text()
    assert said.count("Your six words stay in this page.") == 1
    assert "never leave" not in said


def test_what_a_tab_holds_opens_with_nothing_that_the_database_and_the_browser_hold(thread, ana):
    # Given whoever has all that the phone stores, its cookies too, and a copy of the whole database of that minute
    unlock(ana)
    held = json.loads(ana.evaluate("sessionStorage.getItem('alongside.open')"))
    sealed = base64.b64decode(held["sealed"])
    whose = {"origin": thread.program.origin, "seat": held["seat"], "recipient": held["recipient"]}
    (row,) = halves()
    (cookie,) = [one["value"] for one in ana.context.cookies() if one["name"] == "sessionid"]
    drawn, asked = row.session_data, f"{cookie} {row.session_data}"
    for key, words in (
        (cookie, drawn),
        (drawn, cookie),
        (drawn, asked),
        (cookie, asked),
        (row.session_key, asked),
    ):
        given = hmac.digest(key.encode(), words.encode(), "sha256")
        assert open_with_device(sealed, given, **whose) is None
    assert open_with_device(sealed, bytes.fromhex(drawn), **whose) is None

    # Then only with the key of the day, which is in the memory of the site, it opens; and after the time not even with that
    half = half_for_tab(session_key=cookie, now=datetime.now(tz=UTC))
    assert half_for_tab(session_key=cookie, now=row.expire_date) is None
    assert b"AGE-SECRET-KEY-" in (open_with_device(sealed, half[0], **whose) or b"")


def test_the_key_of_the_day_is_gone_with_the_day():
    now = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)
    today = key_of_the_day(now)
    assert key_of_the_day(now.astimezone(ZoneInfo("America/Los_Angeles"))) == today
    later = key_of_the_day(now + timedelta(minutes=1))
    assert later != today
    assert key_of_the_day(now) != today
    assert len(later) == 32


def test_who_leaves_the_page_in_a_hurry_leaves_no_open_key(thread, ana, browsing):
    unlock(ana)
    browsing.forgive("asked https://")  # leaving is the one way to another site
    away = pack_of(thread.program).leave_page
    ana.route("https://**", lambda route: route.fulfill(body="<h1>Weather</h1>", content_type="text/html"))
    ana.click(".leave")
    ana.wait_for_url(away)
    assert asks_for_words(ana, STRATEGIES)


def test_who_leaves_the_page_in_a_hurry_locks_the_key_in_a_copy_of_the_tab_too(thread, ana, browsing):
    unlock(ana)
    ana.goto(STRATEGIES)
    ana.get_by_text(IS_OPEN).wait_for()
    browsing.forgive("asked https://")
    with ana.context.expect_page() as opened:
        ana.evaluate(f"window.open('{WEEK}')")
    copy = opened.value
    copy.get_by_text(SAYS_SO).wait_for()
    copy.route("https://**", lambda route: route.fulfill(body="<h1>Weather</h1>", content_type="text/html"))
    copy.click(".leave")
    copy.wait_for_url(pack_of(thread.program).leave_page)
    ana.wait_for_timeout(300)
    assert not halves().exists()
    press(ana, "Open the strategies")
    ana.get_by_label("Your six words").wait_for()


def test_a_page_that_the_browser_kept_whole_signs_nothing_after_its_lead_left_in_a_hurry(thread, ana):
    unlock(ana)
    write(ana, thread, "Who reads the records?")
    ana.get_by_text(IS_OPEN).wait_for()
    ana.evaluate("sessionStorage.removeItem('alongside.open')")
    ana.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    ana.get_by_label("Your six words").wait_for()
    assert not ana.get_by_text(IS_OPEN).is_visible()


def test_words_for_an_ask_wait_for_who_signs_in_again_and_are_gone_with_who_signs_out(ana):
    def kept():
        return ana.evaluate("sessionStorage.getItem('alongside.ask')")

    ana.goto(WEEK)
    ana.evaluate("sessionStorage.setItem('alongside.ask', '{}')")
    at = ana.context.cookies()
    ana.context.clear_cookies()
    ana.goto("/riverbend/en/")
    assert kept() == "{}"
    ana.context.add_cookies(at)
    ana.goto("/en/accounts/sign-out/")
    press(ana, "Sign out")
    ana.get_by_role("link", name="Leads and staff: sign in").first.wait_for()
    assert kept() is None


def test_a_lead_who_types_other_words_locks_the_tab_first(ana):
    unlock(ana)
    ana.goto(STRATEGIES)
    with ana.expect_response("**/tab/"):
        press(ana, "Lock it now")
    ana.get_by_label("Your six words").wait_for()
    assert not halves().exists()
    assert asks_for_words(ana, READER)


def test_only_a_lead_is_given_what_opens_a_key(thread, client):
    here = "/riverbend/en/reader/keyring/tab/"
    assert client.post(here, {"does": "keep"}).status_code in {302, 403, 404}
    client.force_login(thread.steward)
    assert client.post(here, {"does": "keep"}).status_code == 403
    assert not halves().exists()
    client.force_login(thread.first_lead.person)
    assert client.post(here, {"does": "again"}).json() == {}
    kept = client.post(here, {"does": "keep"}).json()
    assert client.post(here, {"does": "again"}).json()["half"] == kept["half"]
    assert client.post(here, {"does": "keep"}).json()["half"] != kept["half"]
    assert client.post(here, {"does": "lock"}).json() == {}
    assert client.post(here, {"does": "again"}).json() == {}


def test_a_site_that_does_not_answer_leaves_the_key_open_and_the_words_at_hand(ana, browsing):
    browsing.forgive("Failed to load resource")
    unlock(ana)
    ana.goto(STRATEGIES)
    ana.route("**/tab/", lambda route: route.abort())
    press(ana, "Open the strategies")
    ana.get_by_role("alert").get_by_text("The site cannot be reached just now.").wait_for()
    assert ana.evaluate("sessionStorage.getItem('alongside.open')") is not None
    ana.unroute("**/tab/")
    press(ana, "Open the strategies")
    at_the_list(ana)


def test_a_key_that_another_took_the_place_of_is_offered_no_more(live_site, browsing):
    thread = Thread(now=this_hour()).open_program().found_keys(3, opens=True)
    ana = browsing.person("Ana", phone=True, signed_in=thread.first_lead.person)
    unlock(ana)
    renewed(thread)
    assert asks_for_words(ana, STRATEGIES)


def test_an_open_reader_that_nobody_touches_locks_itself(ana):
    ana.clock.install()
    unlock(ana, stays=False)
    ana.clock.fast_forward("19:00")
    ana.keyboard.press("Shift")  # no key that scrolls: what it scrolls may arrive later, as one more touch
    ana.clock.fast_forward("19:00")
    assert ana.locator("[data-lock]").is_visible()
    ana.clock.fast_forward("02:00")
    ana.get_by_label("Your six words").wait_for()


def test_words_that_are_not_saved_keep_an_open_page_open(ana):
    # Given a lead who writes a strategy, saved once, and types on
    ana.clock.install()
    ana.goto(STRATEGIES)
    ana.get_by_label("Your six words").fill(PASSPHRASE)
    press(ana, "Unlock")
    press(ana, "Choose who is in it")
    press(ana, "Begin it with these leads")
    ana.get_by_text("You are writing.").wait_for()
    ana.get_by_label("What is it called?").fill("Fewer days on file")

    # When nobody touches it for longer than a page stays open, then her words are there still
    ana.clock.fast_forward("45:00")
    assert ana.get_by_label("What is it called?").input_value() == "Fewer days on file"

    # And once they are saved, it locks
    press(ana, "Save, sealed")
    ana.get_by_text("Saved, sealed to its leads.").first.wait_for()
    ana.clock.fast_forward("21:00")
    ana.get_by_label("Your six words").wait_for()


def test_signing_out_forgets_what_opens_the_key_and_says_so_first(ana):
    says_so = ana.get_by_text("Signing out locks it, too.")
    ana.goto("/en/accounts/sign-out/")
    ana.get_by_role("heading", name="Sign out").wait_for()
    assert not says_so.is_visible()
    unlock(ana)
    assert halves().exists()
    ana.goto("/en/accounts/sign-out/")
    says_so.wait_for()
    assert axe(ana) == []
    press(ana, "Sign out")
    ana.get_by_role("link", name="Leads and staff: sign in").first.wait_for()
    assert not halves().exists()
