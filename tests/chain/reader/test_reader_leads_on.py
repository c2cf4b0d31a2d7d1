"""The reader says who pays whom, until when people speak, and what was done where the lead looks; it leads on to the room."""

import json
from base64 import b64encode
from datetime import timedelta

import pytest

from alongside.chain.keys import actions as keys
from alongside.chain.keys.models import EngagementKey, Wrap
from alongside.chain.keys.queries import PASSPHRASE
from alongside.chain.voices import actions as intake
from alongside.cohort.seats.actions import choose_name, declare_own, declare_payer
from alongside.core.sealing.envelope import seal
from alongside.core.sealing.voice import pad
from alongside.ground.record.models import LogEntry
from alongside.ground.ui.leads import lead_in_words
from alongside.site.demo.sealed import make_engagement_key
from tests.chain.reader.test_reader_in_browser import sent_voices, unlock
from tests.chain.voices.cast import Holder, form_of, holders, offer, say
from tests.support.browsers import axe
from tests.support.remembering import this_hour
from tests.support.thread import WORDS, Thread
from tests.work import cast

pytestmark = [pytest.mark.django_db, pytest.mark.story]
RECOMMEND = "/riverbend/en/asks/recommend/"
ROOM = "/riverbend/en/engagements/library-computers/room/"


def who_opened_it():
    """List the places of who opened a test voice."""
    return [
        seat
        for one in LogEntry.objects.filter(kind="key.tested").order_by("index")
        for seat in json.loads(bytes(one.raw))["by"]
    ]


def walked_to_the_key(**draft):
    walked = Thread(now=this_hour()).open_program().draft_engagement(**draft)
    return walked.found_keys(3, opens=True)


def offered(page, within="[data-view=choosing] > fieldset"):
    """Give who can be chosen, each with whether they are ticked and what stands beside them."""
    labels = page.locator(f"{within} [data-leads] label").all()
    return {
        one.locator("input").get_attribute("value"): (one.locator("input").is_checked(), one.inner_text())
        for one in labels
    }


def test_no_lead_whom_the_bureau_that_is_asked_pays_or_employs_is_chosen_without_a_word(browsing):
    walked = walked_to_the_key()
    ana, ben, cam = walked.leads
    declare_payer(seat=cam, paid_by=walked.unit.slug, now=walked.now)
    page = browsing.person("Ana", signed_in=ana.person)
    unlock(page, PASSPHRASE)

    page.get_by_role("button", name="Make its key").click()

    page.get_by_text("whoever pays a lead can press the lead to tell").wait_for()
    told = offered(page)
    assert {seat: ticked for seat, (ticked, _words) in told.items()} == {
        ana.public_id: True,
        ben.public_id: True,
        cam.public_id: False,
    }
    assert "Not paid by the City" in told[ben.public_id][1]
    assert "Paid by: Libraries and Halls" in told[cam.public_id][1]
    assert "Paid or employed by the bureau that is asked" in told[cam.public_id][1]
    assert axe(page) == []
    page.get_by_role("button", name="Let these leads read").click()
    page.get_by_role("button", name="Yes, let them read").click()
    page.get_by_text("The key is made and on the public log. The test voice opened.").wait_for()
    assert {one.seat for one in Wrap.objects.select_related("seat")} == {ana, ben}
    other = browsing.person("Cam", signed_in=cam.person)
    unlock(other, PASSPHRASE)
    other.get_by_text("You do not have its key, because the bureau that is asked pays").wait_for()
    assert not other.get_by_text("You do not have its key yet.").is_visible()
    assert axe(other) == []
    page.get_by_role("button", name="Share its key").click()
    page.get_by_role("heading", name="Share the key with more leads").wait_for()
    assert [ticked for ticked, _words in offered(page).values()] == [False]
    page.get_by_role("button", name="Share it with these leads").click()
    page.get_by_text("Choose a lead first.").wait_for()
    page.locator(f"[data-leads] input[value={cam.public_id}]").check()
    page.get_by_role("button", name="Share it with these leads").click()
    page.get_by_role("button", name="Yes, share it with them").click()
    page.get_by_text("The key is shared, and the public log says so.").wait_for()


def lost_and_made_anew(walked, one):
    """Let a lead lose the key and make another, which waits; give it, and where it waits."""
    keys.report_lost_key(program=walked.program, seat=one.seat.public_id, now=walked.now)
    again = Holder.make(one.seat)
    return again, offer(walked.program, again, walked.now)


def vouch_for(walked, again, waits, *others):
    for one in others:
        signature = one.vouch_for(again, walked.program.origin)
        keys.vouch(program=walked.program, key=waits, seat=one.seat, signature=signature, now=walked.now)


def test_whoever_shares_with_a_lead_who_has_a_new_key_finds_their_name_and_one_button(browsing):
    walked = walked_to_the_key()
    make_engagement_key(story=walked, engagement=walked.engagement, seats=walked.leads, now=walked.now)
    walked.open().draft_engagement("another-room")
    ana, ben, cam = holders(walked)
    choose_name(seat=ana.seat, name="Ana Q.")
    again, waits = lost_and_made_anew(walked, ana)
    vouch_for(walked, again, waits, ben, cam)

    page = browsing.person("Ben", phone=True, signed_in=ben.seat.person)
    page.goto("/riverbend/en/week/")
    page.get_by_role("link", name="Share your keys with a lead: Ana Q.").click()
    page.get_by_label("Your six words").fill(PASSPHRASE)
    page.get_by_role("button", name="Unlock").click()
    page.get_by_role("heading", name="Share keys with Ana Q.").wait_for()
    assert page.locator("[data-engagements] button:visible").all_inner_texts() == [
        "Share its key with Ana Q."
    ]
    assert axe(page) == []
    page.get_by_role("button", name="Share its key").click()
    page.locator("[data-view=choosing]").get_by_role("heading", name="Share keys with Ana Q.").wait_for()
    # It is asked once: the first press led to what answers it, which has the focus and stands in sight with the question
    assert page.evaluate("document.activeElement.innerText") == "Yes, share it with Ana Q."
    assert page.locator("[data-view=choosing] button:visible").all_inner_texts() == [
        "Yes, share it with Ana Q.",
        "Go back",
    ]
    yes = page.get_by_role("button", name="Yes, share it with Ana Q.", exact=True)
    box, bar = yes.bounding_box(), page.locator(".places").bounding_box()
    asked = page.locator("[data-view=choosing] h2").bounding_box()
    assert page.locator(".safety").bounding_box()["height"] < asked["y"]
    assert box["y"] + box["height"] <= bar["y"]
    assert yes.get_attribute("aria-describedby") == page.locator("#share-with-one").get_attribute("id")
    assert {seat: ticked for seat, (ticked, _words) in offered(page).items()} == {ana.seat.public_id: True}
    assert page.locator("[data-view=choosing] input:visible").count() == 0  # the button is the choice
    page.locator("[data-view=choosing] label").first.click(force=True)
    assert page.locator("[data-view=choosing] input:checked").count() == 1
    page.locator("[data-view=choosing]").get_by_text("Once Ana Q. can read, nobody can undo it.").wait_for()
    assert axe(page) == []
    yes.click()
    page.get_by_text("This lead can open all that you can share.").wait_for()
    assert again.recipient in Wrap.objects.filter(seat=ana.seat).values_list("recipient", flat=True)
    page.goto("/riverbend/en/reader/")
    page.get_by_label("Your six words").fill(PASSPHRASE)
    page.get_by_role("button", name="Unlock").click()
    page.get_by_role("button", name="Share its key").click()
    page.get_by_text("Every other lead who has a key can open this already.").wait_for()
    named = page.locator("[data-holders] summary [data-fill]").inner_text()
    assert "Ana Q." in named
    assert lead_in_words(cam.seat.public_id) in named
    page.get_by_role("button", name="Share it with these leads").click()
    page.get_by_text("Choose a lead first.").wait_for()
    assert axe(page) == []


def test_from_my_key_one_press_leads_to_where_a_lead_vouches_once_the_reader_is_open(browsing):
    walked = walked_to_the_key()
    page = browsing.person("Ben", phone=True, signed_in=holders(walked)[1].seat.person)
    page.goto("/riverbend/en/reader/keyring/")
    page.get_by_text("Did another lead lose a key?").click()
    page.get_by_role("link", name="Vouch for a lead’s key").click()
    page.get_by_label("Your six words").fill(PASSPHRASE)
    page.get_by_role("button", name="Unlock").click()
    page.get_by_text("No key waits.").wait_for()
    assert page.evaluate("document.activeElement.innerText") == "Vouch for a lead’s key"


def titled(title):
    """Give the words of a draft under a title of its own."""
    return {lang: {**words, "title": title} for lang, words in WORDS.items()}


def opened_by(walked, one):
    """Name the engagements whose key is there for these very keys of a lead."""
    return {
        each.key.engagement for each in Wrap.objects.filter(recipient=one.recipient).select_related("key")
    }


def test_one_press_shares_all_but_what_the_lead_is_paid_beside_and_each_is_named_before(browsing):
    walked = walked_to_the_key()
    ana, ben, cam = holders(walked)
    choose_name(seat=ana.seat, name="Ana Q.")
    declare_payer(seat=ana.seat, paid_by=walked.unit.slug, now=walked.now)
    make_engagement_key(story=walked, engagement=walked.engagement, seats=walked.leads, now=walked.now)
    for slug in ("benches", "trees"):
        walked.draft_engagement(slug, community=True, words=titled(slug.capitalize()))
        make_engagement_key(story=walked, engagement=walked.engagement, seats=walked.leads, now=walked.now)
    again, waits = lost_and_made_anew(walked, ana)
    vouch_for(walked, again, waits, cam)

    page = browsing.person("Ben", phone=True, signed_in=ben.seat.person)
    page.goto("/riverbend/en/week/")
    page.get_by_role("link", name="Vouch for a lead’s key: Ana Q.").click()
    page.get_by_text("To vouch for the key of Ana Q., open your own key first.").wait_for()
    assert axe(page) == []
    page.get_by_label("Your six words").fill(PASSPHRASE)
    page.get_by_role("button", name="Unlock").click()
    page.get_by_role("button", name="The digits are the same: vouch").click()
    page.get_by_text("Two leads vouched for this key.").wait_for()

    own = browsing.person("Ana", phone=True, signed_in=ana.seat.person)
    own.goto("/riverbend/en/reader/keyring/")
    others = ", ".join(lead_in_words(one) for one in sorted({ben.seat.public_id, cam.seat.public_id}))
    told = own.get_by_text("Your key counts. It opens nothing yet.").locator("..")
    assert told.inner_text() == (
        f"Your key counts. It opens nothing yet. Any of these leads can share theirs with you. Ask: {others}."
        " Left out, because the bureau that is asked pays or employs you: title (en)"
    )
    own.goto("/riverbend/en/reader/")  # where she lands from "Look again"
    own.get_by_text("Your key counts. It opens nothing yet.").wait_for()
    assert axe(own) == []

    page.goto("/riverbend/en/week/")
    page.get_by_role("link", name="Share your keys with a lead: Ana Q.").click()
    page.get_by_text("To share keys with Ana Q., open your own key first.").wait_for()
    page.get_by_label("Your six words").fill(PASSPHRASE)
    page.get_by_role("button", name="Unlock").click()
    page.get_by_role("button", name="Share all of these with Ana Q.", exact=True).wait_for()
    assert page.locator("[data-engagements] h3").all_inner_texts() == ["Trees", "Benches"]
    page.get_by_text(
        "Left out, because the bureau that is asked pays or employs this lead: title (en)"
    ).wait_for()
    page.get_by_role("button", name="Share all of these with Ana Q.", exact=True).click()
    page.get_by_text("Ana Q. can then read every voice of these alone: Trees, Benches.").wait_for()
    assert axe(page) == []
    page.get_by_role("button", name="Yes, share them with Ana Q.", exact=True).click()
    page.get_by_text("The keys are shared, and the public log says so.").wait_for()
    assert opened_by(walked, again) == {"benches", "trees"}
    for place, heading in (("keyring/", "You have a key"), ("", "Unlock your key")):
        own.goto(f"/riverbend/en/reader/{place}")
        own.get_by_role("heading", name=heading).wait_for()
        assert own.get_by_text("Your key counts.").count() == 0


def test_nobody_is_chosen_beforehand_with_whom_a_key_is_shared(browsing):
    walked = walked_to_the_key()
    ana, _ben, cam = walked.leads
    page = browsing.person("Ana", signed_in=ana.person)
    unlock(page, PASSPHRASE)
    page.get_by_role("button", name="Make its key").click()
    page.locator(f"[data-leads] input[value={cam.public_id}]").uncheck()
    page.get_by_role("button", name="Let these leads read").click()
    page.get_by_role("button", name="Yes, let them read").click()
    page.get_by_text("The test voice opened.").wait_for()
    page.get_by_role("button", name="Share its key").click()
    page.get_by_role("heading", name="Share the key with more leads").wait_for()
    assert {seat: ticked for seat, (ticked, _words) in offered(page).items()} == {cam.public_id: False}


def test_an_open_reader_looks_again_for_what_came_since(browsing):
    # Given a reader that is open, and a key that another lead made since
    walked = walked_to_the_key()
    ana, ben, _cam = holders(walked)
    page = browsing.person("Ben", phone=True, signed_in=ben.seat.person)
    unlock(page, PASSPHRASE)
    page.get_by_text("No key waits.").wait_for()
    lost_and_made_anew(walked, ana)

    # When its lead looks again, then it is there, and what to do where its digits differ
    page.get_by_role("button", name="Look again").click()
    page.get_by_text("This is how it stands now.").wait_for()
    page.get_by_role("button", name="The digits are the same: vouch").wait_for()
    waiting = page.locator("[data-waiting-keys]")
    assert waiting.inner_text().count("Is one digit different? Go no further, and tell all leads") == 1
    assert axe(page) == []

    # And whose key it is reads what to do, too
    own = browsing.person("Ana", phone=True, signed_in=ana.seat.person)
    own.goto("/riverbend/en/reader/keyring/")
    own.get_by_text("Do they see other digits? Make a new key, and tell all leads").locator(
        "visible=true"
    ).wait_for()


def test_nothing_of_the_reader_comes_late_and_on_a_phone_the_voices_begin_on_the_second_screen(browsing):
    walked = walked_to_the_key(questions=cast.QUESTIONS)
    walked.make_keys().open()
    for n in range(12):
        answers = {"q1": "weekly", "q2": ["forms", "school"], "q3": 1 + n % 5, "q4": f"Number {n}."}
        said = say(form=form_of(walked), recipient=walked.recipient, answers=answers)
        intake.take_in(
            program=walked.program,
            engagement="library-computers",
            mark=said.mark,
            act=said.act,
            sealed=said.sealed,
            now=walked.now,
        )
    page = browsing.person("Ana", phone=True, signed_in=walked.first_lead.person)
    held = []
    page.route("**/engagements/library-computers/findings", lambda route: held.append(route))
    page.goto("/riverbend/en/reader/library-computers/")
    page.locator("#passphrase").fill(PASSPHRASE)
    with page.expect_request("**/engagements/library-computers/findings"):
        page.locator("[data-unlock]").click()
    assert page.get_by_text("Opening voice 12 of 12").is_visible()
    assert not page.locator("[data-opened]").is_visible()
    held.pop().continue_()

    page.locator("[data-voices] [data-mark]").first.wait_for()
    heading = page.locator("[data-voices-heading]")
    assert heading.evaluate("one => one.getBoundingClientRect().top + scrollY") < 2 * 844
    assert not page.locator("[data-tallies] .bar").first.is_visible()
    page.get_by_role("heading", name="Answers in numbers").click()
    page.locator("[data-tallies] .bar").first.wait_for()
    assert axe(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})  # where they stand beside the voices they lie open
    page.goto("/riverbend/en/reader/library-computers/")
    page.unroute("**/engagements/library-computers/findings")
    page.locator("#passphrase").fill(PASSPHRASE)
    page.locator("[data-unlock]").click()
    page.locator("[data-tallies] .bar").first.wait_for()


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_lock_is_in_reach_while_voices_are_read_and_covers_no_heading(browsing, lang):
    walked = walked_to_the_key()
    walked.make_keys().open()
    sent_voices(walked, walked.recipient)
    dark = {"color_scheme": "dark"} if lang == "ar" else {}
    page = browsing.person("Ana", phone=True, signed_in=walked.first_lead.person, **dark)
    page.goto(f"/riverbend/{lang}/reader/library-computers/")
    lock = page.locator("[data-lock]")
    assert not page.locator(".lock-bar").is_visible()
    page.locator("#passphrase").fill(PASSPHRASE)
    page.locator("[data-unlock]").click()
    page.locator("[data-voices] [data-mark]").first.wait_for()

    page.locator("[data-voices] [data-mark]").last.scroll_into_view_if_needed()
    page.locator("[data-next-question]").click()  # which leads to the heading of the next
    heading = page.locator("[data-voices-heading]").bounding_box()
    box = lock.bounding_box()
    assert 0 < box["y"] < box["y"] + box["height"] <= heading["y"] < 160
    assert box["y"] + box["height"] < 100
    assert (
        page.locator("[data-by-question]").evaluate("one => getComputedStyle(one).textOverflow") == "ellipsis"
    )
    assert axe(page) == []
    lock.click()
    page.locator("#passphrase").wait_for()


def test_a_voice_that_the_site_gives_as_the_test_is_not_told_back_to_the_site(browsing):
    walked = walked_to_the_key()
    page = browsing.person("Ana", signed_in=walked.first_lead.person)
    told = []
    page.on("request", lambda request: told.append(request.url) if request.method == "POST" else None)

    def a_voice(route):
        reply = route.fetch()
        said = seal(pad(b'{"answers": {"q2": "We sleep in the car."}}'), reply.json()["recipient"])
        route.fulfill(response=reply, json={**reply.json(), "test": b64encode(said).decode()})

    page.route("**/engagements/library-computers/key", a_voice)
    unlock(page, PASSPHRASE, "library-computers/")
    page.get_by_role("button", name="Let these leads read").click()
    page.get_by_role("button", name="Yes, let them read").click()

    page.get_by_text("is no test voice").wait_for()
    assert page.locator("[data-done]").inner_text() == "The key is made and on the public log."
    assert who_opened_it() == []
    assert [one.rpartition("/")[2] for one in told[-2:]] == ["make-key", "lock"]
    told.clear()
    page.unroute("**/engagements/library-computers/key")
    page.get_by_role("button", name="Open the test voice").click()
    page.get_by_text("The test voice opened.").wait_for()
    asked = [one.partition("/reader/api/")[2] for one in told]
    assert asked == ["to-sign", "engagements/library-computers/test"]


def test_a_lead_who_works_for_the_bureau_is_not_chosen_and_where_leads_ask_alone_all_are(browsing):
    walked = walked_to_the_key()
    ana, ben, cam = walked.leads
    declare_own(seat=ben, works_for=walked.unit.slug, now=walked.now)
    walked.draft_engagement("benches", community=True)
    page = browsing.person("Ana", signed_in=ana.person)
    unlock(page, PASSPHRASE)
    for slug, who in (("benches", {ana, ben, cam}), ("library-computers", {ana, cam})):
        page.locator(f"[data-slug={slug}]").get_by_role("button", name="Make its key").click()
        page.get_by_role("heading", name="Choose who can read the voices").wait_for()
        ticked = {seat for seat, (is_ticked, _words) in offered(page).items() if is_ticked}
        assert ticked == {one.public_id for one in who}
        assert page.locator("[data-some-beside]").is_visible() == (len(who) == 2)
        page.get_by_role("button", name="Go back").click()


def test_what_was_done_with_a_key_is_told_on_the_screen_at_its_engagement(browsing):
    walked = walked_to_the_key()
    for n in range(6):
        walked.draft_engagement(f"benches-{n}")
    page = browsing.person("Ana", signed_in=walked.first_lead.person)
    page.set_viewport_size({"width": 390, "height": 844})
    unlock(page, PASSPHRASE)
    last = page.locator("[data-slug=library-computers]")

    last.get_by_role("button", name="Make its key").click()
    page.get_by_role("button", name="Let these leads read").click()
    page.get_by_role("button", name="Yes, let them read").click()

    told = last.get_by_text("The key is made and on the public log.")
    told.wait_for()
    for one in (told, last.get_by_role("heading")):
        box = one.bounding_box()
        assert 0 <= box["y"] and box["y"] + box["height"] <= 844
    last.get_by_text("The test voice opened.").wait_for()
    page.wait_for_load_state("networkidle")  # the list is read once more after what was done


def test_who_comes_for_one_engagement_makes_its_key_tests_it_and_reads_who_is_next(browsing):
    walked = walked_to_the_key()
    walked.draft_engagement("benches")
    ana, ben, _cam = walked.leads
    page = browsing.person("Ana", signed_in=ana.person)
    unlock(page, PASSPHRASE, "library-computers/")
    page.get_by_role("heading", name="Choose who can read the voices").wait_for()
    assert page.locator("[data-view=choosing] [data-fill=title]").text_content() == "title (en)"
    page.get_by_role("button", name="Let these leads read").click()
    page.get_by_role("button", name="Yes, let them read").click()
    page.get_by_text("The key is made and on the public log. The test voice opened.").wait_for()
    key = EngagementKey.objects.get()
    assert (key.engagement, who_opened_it()) == ("library-computers", [ana.public_id])
    item = page.locator("[data-engagements] > li")
    assert item.count() == 1
    others = [
        f"Lead (place {one.public_id[5:9]})"
        for one in sorted(walked.leads[1:], key=lambda one: one.public_id)
    ]
    item.get_by_text(f"It needs one more test voice, by any of: {', '.join(others)}.").wait_for()
    item.get_by_text("You sign it next.").wait_for()
    way = item.get_by_role("link", name="Go to the engagement’s room")
    assert way.get_attribute("href").endswith(f"{ROOM}#sign-here")
    assert axe(page) == []

    second = browsing.person("Ben", signed_in=ben.person)
    unlock(second, PASSPHRASE, "library-computers/")
    second.get_by_text("The test voice opened.").wait_for()
    assert who_opened_it() == [ana.public_id, ben.public_id]
    assert "test voice, by any of" not in second.locator("[data-engagements]").inner_text()
    second.get_by_text("Any lead signs it next.").wait_for()
    second.get_by_role("button", name="All engagements").click()
    second.get_by_role("button", name="Make its key").wait_for()
    assert second.locator("[data-engagements] > li").count() == 2
    assert axe(second) == []


def test_no_test_voice_is_opened_unasked_where_two_leads_opened_one(browsing):
    walked = walked_to_the_key()
    walked.make_keys()
    cam = browsing.person("Cam", signed_in=walked.third_lead.person)
    unlock(cam, PASSPHRASE, "library-computers/")
    cam.get_by_role("button", name="Open the test voice").wait_for()
    assert len(who_opened_it()) == 2


def test_the_reader_and_the_room_say_that_voices_can_be_opened_while_people_speak(browsing, client):
    walked = walked_to_the_key()
    walked.make_keys().open()
    page = browsing.person("Ana", signed_in=walked.first_lead.person)
    unlock(page, PASSPHRASE)
    item = page.locator("[data-slug=library-computers]")
    item.get_by_text("More can come in until then.").wait_for()
    assert "sealed" not in item.inner_text()
    item.get_by_role("button", name="Open the voices").click()
    page.get_by_text("People can still speak until").first.wait_for()
    room = page.get_by_role("link", name="Go to the engagement’s room").locator("visible=true")
    assert room.get_attribute("href").endswith(ROOM)
    page.get_by_role("button", name="Back to the list of engagements").first.click()
    item.get_by_role("heading").wait_for()

    client.force_login(walked.first_lead.person)
    assert "Leads with the key can read it at any time" in client.get(ROOM).content.decode()


def test_when_nobody_can_speak_any_more_the_reader_says_so(browsing):
    then = this_hour() - timedelta(days=60)
    walked = Thread(now=then).open_program().draft_engagement()
    walked.found_keys(opens=True).make_keys().open()
    page = browsing.person("Ana", signed_in=walked.first_lead.person)
    unlock(page, PASSPHRASE)
    page.get_by_text("Nobody can speak any more. You can open what people said.").wait_for()
    page.get_by_role("button", name="Open the voices").click()
    page.get_by_text("Voices opened: 0").wait_for()
    assert not page.locator("[data-taking]").locator("visible=true").count()


def spoken(walked, *said):
    """Let people say these words, each in a language."""
    for lang, words in said:
        voice = say(words, form=form_of(walked), recipient=walked.recipient, lang=lang)
        sent = {"mark": voice.mark, "act": voice.act, "sealed": voice.sealed}
        intake.take_in(program=walked.program, engagement="library-computers", now=walked.now, **sent)


def test_a_voice_in_another_language_says_so_in_its_line_and_how_to_have_it_read(browsing):
    walked = walked_to_the_key()
    walked.make_keys().open()
    spoken(walked, ("en", "Longer hours."), ("es", "Más horas."))
    page = browsing.person("Ana", signed_in=walked.first_lead.person)
    unlock(page, PASSPHRASE, "library-computers/")
    page.get_by_text("Voices opened: 2").wait_for()

    lines = {
        one.locator(".said").first.inner_text(): one.locator("[data-unfold] [data-other-language]")
        for one in page.locator("[data-voices] [data-mark]").all()
    }
    assert not lines["Longer hours."].is_visible()
    assert lines["Más horas."].inner_text().endswith("Español")
    assert lines["Más horas."].locator("[lang=es]").count() == 1
    spanish = page.locator("[data-mark]", has_text="Más horas.")
    spanish.locator("[data-unfold]").click()
    number = spanish.locator("[data-fill=number]").first.inner_text()
    page.get_by_text("Voices in another language than this page: 1 of 2.").click()
    page.locator("[data-languages] button").click()
    assert page.locator("[data-fill=fitting]").inner_text() == "1"
    spanish.get_by_text(f"Ask a lead who reads it what it says: it is voice {number} for").wait_for()
    assert axe(page) == []


def test_a_draft_is_kept_by_one_press_while_people_can_still_speak(browsing):
    walked = walked_to_the_key()
    walked.make_keys().open()
    spoken(walked, ("en", "Longer hours."))
    page = browsing.person("Ana", signed_in=walked.first_lead.person)
    unlock(page, PASSPHRASE, "library-computers/")
    page.get_by_text("Voices opened: 1").wait_for()
    page.locator("[data-voices] [data-choose]").check()
    page.get_by_role("button", name="Write what you heard").click()
    page.get_by_label("What we heard", exact=True).fill("People want longer hours.")
    page.get_by_role("button", name="See how it will look").click()
    page.get_by_role("button", name="Keep it as a draft until").click()
    page.locator("[data-done]").get_by_text("The draft is kept with the others.").wait_for()

    assert page.locator("[data-drafts] [data-fill=statement]").inner_text() == "People want longer hours."
    assert page.get_by_role("button", name="Write what you heard").locator("visible=true").count() == 0


@pytest.mark.parametrize("lang", ["en", "es", "vi", "ar"])
def test_on_the_first_screen_of_a_phone_one_unlocks_and_the_bar_covers_no_control(browsing, lang):
    walked = walked_to_the_key()
    walked.make_keys().open()
    page = browsing.person("Ana", phone=True, signed_in=walked.first_lead.person)
    page.set_viewport_size(
        {"width": 390, "height": 740}
    )  # a small phone; a demonstration names its six words on 100 more
    for place in ("library-computers/", ""):
        page.goto(f"/riverbend/{lang}/reader/{place}")
        page.locator("[data-unlock]").wait_for()
        bar, button = page.locator(".places").bounding_box(), page.locator("[data-unlock]").bounding_box()
        assert button["y"] + button["height"] <= bar["y"]
        for one in page.locator("main a:visible, main button:visible, main input:visible").all():
            one.focus()
            box = one.bounding_box()
            assert box["y"] + box["height"] <= bar["y"]


@pytest.mark.parametrize(
    ("lang", "said"), [("es", ": title (es)</h2>"), ("ar", "title (en)\u2069 (باللغة الإنجليزية)</h2>")]
)
def test_a_title_in_another_language_than_the_reader_says_so(client, lang, said):
    walked = walked_to_the_key()
    client.force_login(walked.first_lead.person)
    page = client.get(f"/riverbend/{lang}/reader/library-computers/").content.decode()
    assert said in page


def test_a_lead_sees_the_six_words_while_typing_them(browsing):
    walked = walked_to_the_key()
    page = browsing.person("Ana", signed_in=walked.first_lead.person)
    page.goto("/riverbend/en/reader/")
    field = page.get_by_label("Your six words")
    field.fill("six words")
    assert field.get_attribute("type") == "password"
    page.get_by_role("button", name="Show the words").click()
    assert (field.get_attribute("type"), field.input_value()) == ("text", "six words")
    assert axe(page) == []
    page.get_by_role("button", name="Hide the words").click()
    assert field.get_attribute("type") == "password"


def test_beside_a_finding_leads_alone_are_offered_to_recommend_with_it_chosen(client):
    walked = Thread(now=this_hour()).to_open_engagement()
    walked.find()
    second = walked.find(voices={"low": 26, "high": 50})
    thread = f"/riverbend/en/follow/{walked.promise}/"
    way = f"{RECOMMEND}{walked.promise}/?finding={second.index}"
    assert way not in client.get(thread).content.decode()
    client.force_login(walked.first_lead.person)
    assert way in client.get(thread).content.decode()

    page = client.get(way).content.decode()
    checked = [one for one in page.split("<input")[1:] if 'name="findings"' in one and " checked" in one]
    assert [f'value="{second.index}"' in one for one in checked] == [True]
