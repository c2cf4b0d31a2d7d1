"""Leads in their own browsers: keyrings, a third key certified, an engagement's key, a test voice, and 20 voices opened."""

import dataclasses
import json
from datetime import timedelta

import pytest

from alongside.chain.keys.actions import vouch
from alongside.chain.keys.models import EngagementKey, LeadKey, Wrap
from alongside.chain.keys.queries import PASSPHRASE
from alongside.chain.voices.actions import take_in
from alongside.chain.voices.models import Voice
from alongside.cohort.seats import actions as seats
from alongside.core.canonical import canonical
from alongside.core.sealing import receipt
from alongside.core.sealing.keys import recipient_of
from alongside.core.sealing.leads import fingerprint, vouch_statement
from alongside.ground.record.models import PublicText
from alongside.ground.record.rows import RowsLog
from alongside.ground.texts.actions import lift_hold, place_hold
from alongside.ground.ui.leads import lead_in_words
from alongside.site.demo import keys
from alongside.work.engagements.actions import save_draft
from tests.chain.voices.cast import form_of, holders, say
from tests.story.steps import make_papers, open_it, sign_papers
from tests.support.browsers import axe
from tests.support.remembering import this_hour
from tests.support.thread import WORDS, Thread

pytestmark = [pytest.mark.django_db, pytest.mark.story]
READER = "/riverbend/en/reader/"


def make_keyring(page):
    """Make a keyring in the page and give its six words."""
    page.goto(READER + "keyring/")
    return make_keyring_here(page)


def make_keyring_here(page):
    """Make a keyring in the page that is open, and give its six words."""
    page.get_by_role("button", name="Make my key").click()
    page.get_by_role("heading", name="Your six words").wait_for()
    words = page.locator("[data-words] li").all_text_contents()
    assert len(words) == 6
    page.get_by_role("button", name="I have written them down").click()
    page.get_by_label("The six words").fill(" ".join(words).title())
    page.get_by_role("button", name="Keep this key").click()
    page.get_by_role("link", name="Go to the reader").last.wait_for()
    return " ".join(words)


def unlock(page, words, slug=""):
    """Open the reader and unlock the keyring."""
    page.goto(READER + slug)
    page.get_by_label("Your six words").fill(words)
    page.get_by_role("button", name="Unlock").click()


def telling(named):
    """Let the site tell a reader this of an engagement, beside what is so."""

    def told(route):
        reply = route.fetch()
        route.fulfill(response=reply, json=reply.json() | named)

    return told


def add_theme(page, name):
    """Add a theme in the open reader."""
    if not page.get_by_label("A new theme").is_visible():
        page.get_by_text("Add a theme", exact=True).click()
    page.get_by_label("A new theme").fill(name)
    page.get_by_role("button", name="Add the theme").click()


def rows(walked):
    return RowsLog.of(walked.program)


def sent_voices(walked, recipient):
    """Send 20 good voices, and six that are not, past the page's own care: the server cannot tell them apart."""
    form = form_of(walked)
    good = [
        say(f"Voice {n}: ¿más cerca? قريب 🐟 <b>bold</b>", form=form, recipient=recipient) for n in range(20)
    ]
    twin_read = receipt.read_secret(good[0].secret).hex()
    bad = {
        "unreadable": say(
            form=form, recipient="age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
        ),
        "not-a-voice": say(plain=b"not a voice".ljust(1024), recipient=recipient),
        "other-engagement": say(engagement="another", form=form, recipient=recipient),
        "other-form": say(form="f" * 64, recipient=recipient),
        "other-receipt": dataclasses.replace(say(form=form, recipient=recipient), mark="0" * 64),
    }
    twin = json.dumps({"v": 1, "r": twin_read}).encode()
    bad["a broken voice"] = say(plain=twin.ljust(1024), recipient=recipient)
    for voice in [*good, *bad.values()]:
        take_in(
            program=walked.program,
            engagement="library-computers",
            mark=voice.mark,
            act=voice.act,
            sealed=voice.sealed,
            now=walked.now,
        )
    return good


def test_two_leads_open_what_people_sealed_to_the_last_byte(browsing, live_site):
    walked = Thread(now=this_hour()).open_program().draft_engagement()
    three = (("Ana", walked.first_lead), ("Ben", walked.second_lead), ("Cam", walked.third_lead))
    ana, ben, cam = (browsing.person(name, signed_in=seat.person) for name, seat in three)

    # Ana brings the first key; Ben's waits until each has signed the other's.
    words = {page: make_keyring(page) for page in (ana, ben, cam)}
    unlock(ben, words[ben])
    ben.get_by_role("heading", name="The first two keys do not count yet").wait_for()
    assert ben.get_by_role("button", name="Make its key").locator("visible=true").count() == 0
    assert (
        ben.get_by_role("button", name="The digits are the same: vouch").locator("visible=true").count() == 0
    )
    assert axe(ben) == []
    ben.get_by_role("button", name="We met, and the digits are the same: sign").click()
    ben.locator("[data-done]").get_by_text("You signed this key.").wait_for()
    unlock(ana, words[ana])
    ana.get_by_text("Yours is the first key.").wait_for()
    bens = ana.locator(
        "[data-waiting-keys] li", has=ana.get_by_text(f"Lead (place {walked.second_lead.public_id[5:9]})")
    )
    bens.get_by_role("button", name="The digits are the same: vouch").click()
    ana.locator("[data-done]").get_by_text("The first two keys count from now on").wait_for()
    assert [e.by[0] for e in rows(walked).every("key.founded")] == [
        walked.first_lead.public_id,
        walked.second_lead.public_id,
    ]

    # A third waits until both have vouched.
    told = cam.locator("[data-view=waiting] [data-fill=fingerprint]").text_content()
    assert cam.locator("[data-view=words] [data-fill=seat]").text_content() == walked.third_lead.public_id[5:]
    unlock(cam, words[cam])
    cam.get_by_role("heading", name="Your new key waits for two leads").wait_for()
    assert cam.locator("[data-view=waiting-key] [data-fill=mine]").text_content() == told
    for page, answer in ((ana, "One more lead must do so."), (ben, "It is on the public log.")):
        unlock(page, words[page])
        page.get_by_role("heading", name="Vouch for a lead’s key").wait_for()
        assert page.locator("[data-waiting-keys] [data-fill=fingerprint]").text_content() == told
        page.get_by_role("button", name="vouch").click()
        page.locator("[data-done]").get_by_text(answer).wait_for()
    (certified,) = rows(walked).every("key.certified")
    assert certified.data["seat"] == walked.third_lead.public_id

    # Ana makes the engagement's key for all three; she and Cam open the test voice.
    ana.get_by_role("button", name="Lock the reader").click()
    unlock(ana, words[ana])
    ana.get_by_role("button", name="Make its key").click()
    assert ana.locator("[data-leads] label").count() == 3
    ana.get_by_role("button", name="Let these leads read").click()
    ana.get_by_role("button", name="Yes, let them read").click()
    ana.get_by_text("The key is made and on the public log.").wait_for()
    unlock(cam, words[cam])
    cam.get_by_role("button", name="Open the test voice").click()
    for page in (ana, cam):
        page.get_by_text("The test voice opened.").wait_for()
    key = EngagementKey.objects.get()
    assert len(rows(walked).citing(key.entry, "key.tested")) == 2
    assert axe(ana) == []

    # She makes two recovery papers; Ben types both, and signs. They open the key, too.
    papers = make_papers(ana, 2, 2)
    unlock(ben, words[ben])
    sign_papers(ben, papers)
    unlock(ana, words[ana])
    ana.get_by_role("button", name="Let the papers open the keys that I hold").click()
    ana.get_by_role("button", name="Yes, let the papers open them").click()
    ana.locator("[data-done]").get_by_text("The recovery papers open the keys that you hold").wait_for()

    # The engagement opens, people speak, and Ben reads.
    walked.engagement = save_draft(engagement=walked.engagement, changes={"cap": 25})
    open_it(ana, walked, words[ana])
    good = sent_voices(walked, key.recipient)
    unlock(ben, words[ben], "library-computers/")
    ben.get_by_text("Voices opened: 20").wait_for()
    assert ben.locator("[data-report] li:visible").all_text_contents() == [
        "Could not be opened with this key: 1",
        "Opened, but no voice inside: 2",
        "Meant for another engagement: 1",
        "Answers other questions: 1",
        "Its receipt does not fit: 1",
    ]
    said = {
        item.get_attribute("data-mark"): item.locator(".said").first.text_content()
        for item in ben.locator("[data-mark]").all()
    }
    assert said == {one.mark: f"Voice {n}: ¿más cerca? قريب 🐟 <b>bold</b>" for n, one in enumerate(good)}
    assert axe(ben) == []

    # Ben sets aside what did not open. It takes another lead to leave it out, and nothing is deleted.
    for page in (ben, ana):
        unlock(page, words[page], "library-computers/")
        page.get_by_text("Voices opened: 20").wait_for()
        page.get_by_role("button", name="Set these aside").click()
        page.locator("[data-done]").get_by_text("You set these aside.").wait_for()
    unlock(ben, words[ben], "library-computers/")
    ben.get_by_text("Two leads set aside what did not open: 6").wait_for()
    assert not ben.locator("[data-report]").is_visible()
    assert axe(ben) == []
    ben.get_by_role("button", name="Open those too").click()
    ben.get_by_text("Could not be opened with this key: 1").wait_for()
    assert Voice.objects.count() == 26

    # A flood closes nothing; whoever comes to the desk is told.
    unlock(ana, words[ana])
    ana.get_by_text("you planned to read: 26, and you planned for 25. People can still speak.").wait_for()
    assert axe(ana) == []

    # A site that hands out other questions than people were asked gets no answer shown beside them.
    def other_questions(route):
        reply = route.fetch()
        told = reply.json()
        told["form"]["questions"].reverse()
        route.fulfill(response=reply, json=told)

    ben.route("**/engagements/library-computers/read", other_questions)
    unlock(ben, words[ben], "library-computers/")
    ben.get_by_text(
        "The questions that this site holds here are not those that people were asked."
    ).wait_for()
    assert ben.locator("[data-mark]").count() == 0
    assert axe(ben) == []

    # A site that tells counts in other ranges than before, or in none, gets no count: edges that move would tell one.
    ben.unroute("**/engagements/library-computers/read")
    unlock(ben, words[ben], "library-computers/")
    ben.get_by_text("Voices opened: 20").wait_for()
    for named in ({"bands": [11, 30]}, {"bands": "x"}):
        ben.route("**/engagements/library-computers/read", telling(named))
        unlock(ben, words[ben], "library-computers/")
        ben.get_by_text("This site names no sound ranges in which counts of people are told").wait_for()
        assert ben.locator("[data-mark]").count() == 0
        ben.unroute("**/engagements/library-computers/read")

    # From how many people on a count is told stands in the promise, which leads signed: no site names another one.
    def other_promise(route):
        reply = route.fetch()
        told = reply.json()
        promise = json.loads(told["signed"][0]["entry"])
        promise["data"]["k"] = 2
        told["signed"][0]["entry"] = canonical(promise).decode()
        route.fulfill(response=reply, json=told)

    ben.route("**/engagements/library-computers/read", other_promise)
    unlock(ben, words[ben], "library-computers/")
    ben.get_by_text("No lead signed what people were promised here").wait_for()
    assert ben.locator("[data-mark]").count() == 0
    assert axe(ben) == []


def test_leads_mark_themes_publish_findings_and_sign_what_they_opened(browsing, live_site):
    walked = Thread(now=this_hour()).open_program().draft_engagement()
    walked.found_keys(opens=True)
    two = (("Ana", walked.first_lead), ("Ben", walked.second_lead))
    ana, ben = (browsing.person(name, signed_in=seat.person) for name, seat in two)
    words = dict.fromkeys((ana, ben), PASSPHRASE)
    unlock(ana, words[ana])
    ana.get_by_role("button", name="Make its key").click()
    ana.get_by_role("button", name="Let these leads read").click()
    ana.get_by_role("button", name="Yes, let them read").click()
    ana.get_by_text("The test voice opened.").wait_for()
    unlock(ben, words[ben], "library-computers/")
    ben.get_by_text("The test voice opened.").wait_for()
    walked.open()
    good = sent_voices(walked, EngagementKey.objects.get().recipient)
    marks = sorted(Voice.objects.values_list("mark", flat=True))
    walked.enter("voices.published", ["clock"], {"marks": marks, "part": 1}, {"engagement": [walked.promise]})

    # Ana makes a theme, marks one voice with it and saves; Ben finds it.
    unlock(ana, words[ana], "library-computers/")
    ana.get_by_text("Voices opened: 20").wait_for()
    add_theme(ana, "Distance")
    line = ana.locator("[data-voices] [data-mark]").first
    line.get_by_role("button").click()
    line.get_by_label("Distance").check()
    marked = line.get_attribute("data-mark")
    ana.get_by_text("Themes are saved").wait_for()
    unlock(ben, words[ben], "library-computers/")
    ben.get_by_text("Voices opened: 20").wait_for()
    ben.locator("[data-themes]").get_by_role("button", name="Distance 1").click()
    assert [i.get_attribute("data-mark") for i in ben.locator("[data-mark]").all()] == [marked]
    ben.get_by_role("button", name="Show all voices").click()

    # Both add one at once: what the first saved is not lost. Ben looks at the themes as they were before.
    add_theme(ana, "Opening")
    add_theme(ben, "Hours")
    for page in (ana, ben):
        page.get_by_text("Themes are saved").wait_for()
    unlock(ben, words[ben], "library-computers/")
    ben.get_by_text("Voices opened: 20").wait_for()
    bars = ben.locator("[data-themes] [data-fill=label]")
    assert bars.all_text_contents() in (["Distance", "Opening", "Hours"], ["Distance", "Hours", "Opening"])
    ben.get_by_text("Add a theme", exact=True).click()
    ben.get_by_role("button", name="Show the themes as they were saved before").click()
    ben.get_by_text("To see the last ones again, lock the reader and unlock it.").wait_for()
    assert len(bars.all_text_contents()) < 3

    # Ana publishes what 12 said and lands on its public page; nobody learns which voices.
    boxes = ana.locator("[data-voices] [data-choose]")
    for n in range(12):
        boxes.nth(n).check()
    ana.get_by_role("button", name="Write what you heard").click()
    ana.get_by_label("What we heard").fill("The hall is too far away.")
    ana.get_by_role("button", name="See how it will look").click()
    ana.locator("[data-preview]").get_by_text("The hall is too far away.").wait_for()
    ana.locator("[data-part=look]").get_by_text("The public log will say: between").wait_for()
    assert axe(ana) == []
    ana.get_by_role("button", name="Publish it").click()
    ana.wait_for_url(f"**/follow/{walked.promise}/#finding-*")
    ana.get_by_text("The hall is too far away.").first.wait_for()
    (finding,) = rows(walked).citing(walked.promise, "finding.published")
    assert finding.data["voices"]["low"] <= 12 <= finding.data["voices"]["high"]
    assert finding.by == (walked.first_lead.public_id,)

    # What only one said needs two leads: Ana confirms it, Ben confirms the same words and publishes them.
    unlock(ana, words[ana], "library-computers/")
    boxes.first.check()
    ana.get_by_role("button", name="Write what you heard").click()
    ana.get_by_label("What we heard").fill("One of us cannot hear the speakers.")
    ana.get_by_label("A smaller group sees it this way").check()
    ana.get_by_role("button", name="See how it will look").click()
    assert not ana.get_by_role("button", name="Publish it").is_visible()
    ana.get_by_role("button", name="Confirm it for another lead to publish").click()
    ana.get_by_text("You confirmed it. Another").wait_for()
    ana.get_by_text("You confirmed this. It waits for").wait_for()
    unlock(ben, words[ben], "library-computers/")
    ben.get_by_text("Another lead confirmed this.").wait_for()
    assert ben.locator("main").inner_text().lower().count("attest") == 0
    ben.get_by_role("button", name="Read it and its voices").click()
    # He reads it as people will, with its voices, and nothing to type.
    ben.locator("[data-preview]").get_by_text("One of us cannot hear the speakers.").wait_for()
    assert not ben.get_by_label("What we heard").is_visible()
    ben.get_by_text("The voices that say so: 1").wait_for()
    assert ben.locator("[data-part=look] [data-rests] [data-mark]").locator("visible=true").count() == 1
    beside = ben.locator("[data-part=look] [data-stands-beside]")
    beside.get_by_text("It will stand beside what others said:").wait_for()
    assert beside.locator("li").all_inner_texts() == ["The hall is too far away."]
    look = ben.get_by_role("button", name="See how it will look")
    buttons = ben.locator("[data-publish], [data-attest], [data-confirm]").filter(visible=True)
    ben.get_by_text("your press confirms it too and makes it public at once").wait_for()
    assert buttons.all_inner_texts() == ["Confirm it too and publish it"]
    ben.get_by_role("button", name="Change the words").click()
    ben.get_by_label("What we heard").press("End")
    ben.get_by_label("What we heard").press("!")
    look.click()
    # Words of his own are nobody's yet, so nothing is confirmed too.
    assert buttons.all_inner_texts() == ["Confirm it for another lead to publish"]
    ben.get_by_role("button", name="Change the words").click()
    ben.get_by_label("What we heard").press("End")
    ben.get_by_label("What we heard").press("Backspace")
    assert axe(ben) == []
    look.click()
    ben.get_by_role("button", name="Confirm it too and publish it").click()
    ben.wait_for_url(f"**/follow/{walked.promise}/#finding-*")
    _first, smaller = rows(walked).citing(walked.promise, "finding.published")
    assert (smaller.data["voices"], smaller.data["smaller"]) == ("fewer", True)
    assert set(smaller.by) == {walked.first_lead.public_id, walked.second_lead.public_id}
    assert smaller.cites["beside"] == (finding.index,)

    # Both sign the list of what they opened.
    for page in (ana, ben):
        unlock(page, words[page], "library-computers/")
        page.get_by_text("Voices opened: 20").wait_for()
    ana.get_by_text("Tell people that their voice was opened").click()
    ana.get_by_role("button", name="Sign the list of what I opened").click()
    ana.get_by_text("A second lead must sign it.").first.wait_for()
    unlock(ben, words[ben], "library-computers/")
    ben.get_by_role("button", name="I opened the same: sign").click()
    ben.get_by_text("Two leads signed the list.").wait_for()
    (opened,) = rows(walked).citing(walked.promise, "voices.opened")
    assert opened.data["marks"] == sorted(one.mark for one in good)
    browsing.forgive("409")


def test_two_leads_destroy_a_key_with_a_reason_on_its_day_and_under_no_hold(browsing, live_site):
    then = this_hour() - timedelta(days=100)
    walked = Thread(now=then).open_program()
    walked.draft_engagement(voices_kept_until=then.date() + timedelta(days=90))
    walked.found_keys(opens=True).make_keys().open()
    key = EngagementKey.objects.get()
    walked.later(100).end_intake()
    ana, ben = (
        browsing.person(name, signed_in=seat.person)
        for name, seat in (("Ana", walked.first_lead), ("Ben", walked.second_lead))
    )

    # She thinks better of it, and nothing happened.
    unlock(ana, PASSPHRASE)
    ana.get_by_role("button", name="Destroy its key").click()
    ana.get_by_role("heading", name="Destroy this key for ever?").wait_for()
    ana.get_by_text("You ask first").wait_for()
    assert axe(ana) == []
    ana.get_by_role("button", name="No, keep it").click()
    ana.get_by_role("button", name="Destroy its key").click()
    ana.get_by_role("button", name="Yes, ask that it be destroyed").click()
    ana.locator("[data-problem]").get_by_text("Say why the key is destroyed.").wait_for()

    # A court asked that nothing be deleted.
    hold = place_hold(program=walked.program, ground="Case 12", by="steward", now=walked.now)
    browsing.forgive("409")
    ana.get_by_label("Why is it destroyed?").fill("Kept long enough")
    ana.get_by_role("button", name="Yes, ask that it be destroyed").click()
    ana.locator("[data-problem]").get_by_text("asked that nothing be deleted").wait_for()

    lift_hold(program=walked.program, hold=hold.index, by="steward", now=walked.now)
    ana.get_by_role("button", name="Yes, ask that it be destroyed").click()
    ana.get_by_text("A second lead must ask too.").first.wait_for()
    assert ana.get_by_role("button", name="Destroy its key").locator("visible=true").count() == 0
    assert Wrap.objects.filter(key=key).count() == 2

    # She takes it back, and asks again.
    assert axe(ana) == []
    ana.get_by_role("button", name="Withdraw: keep its key").click()
    ana.get_by_text("You withdrew it. The key stays.").wait_for()
    ana.get_by_role("button", name="Destroy its key").click()
    ana.get_by_label("Why is it destroyed?").fill("Kept long enough")
    ana.get_by_role("button", name="Yes, ask that it be destroyed").click()
    ana.get_by_text("A second lead must ask too.").first.wait_for()

    # Ben reads why, and does it.
    unlock(ben, PASSPHRASE)
    ben.get_by_role("button", name="Destroy its key").click()
    ben.get_by_text("Kept long enough").wait_for()
    assert axe(ben) == []
    ben.get_by_role("button", name="Yes, destroy the key").click()
    ben.get_by_text("The key is destroyed, and the public log says so.").wait_for()
    ben.get_by_text("Its key was destroyed.").wait_for()
    assert ben.get_by_role("button", name="Destroy its key").locator("visible=true").count() == 0
    assert Wrap.objects.count() == 0
    (entry,) = rows(walked).citing(walked.promise, "key.destroyed")
    both = {walked.first_lead.public_id, walked.second_lead.public_id}
    ground = PublicText.objects.get(entry=entry.index, name="ground")
    assert (set(entry.by), ground.words) == (both, "Kept long enough")


def test_the_engagement_that_a_lead_came_for_stands_first_and_is_named_before_its_key_is_made(browsing):
    walked = Thread(now=this_hour()).open_program().draft_engagement()
    walked.found_keys(opens=True)
    words = {"en": WORDS["en"] | {"title": "Benches in parks"}}
    walked.draft_engagement("benches", words=words)
    ana = browsing.person("Ana", signed_in=walked.first_lead.person)
    heads = ana.locator("[data-engagements] h3")

    unlock(ana, PASSPHRASE)
    ana.get_by_role("heading", name="Engagements", exact=True).wait_for()
    assert heads.all_text_contents() == ["Benches in parks", "title (en)"]

    unlock(ana, PASSPHRASE, "library-computers/")
    ana.get_by_role("heading", name="Choose who can read the voices").wait_for()
    assert ana.locator("[data-view=choosing] [data-fill=title]").text_content() == "title (en)"
    assert axe(ana) == []
    ana.get_by_role("button", name="Go back").click()
    ana.get_by_role("button", name="All engagements").wait_for()
    assert heads.all_text_contents() == ["title (en)"]
    ana.get_by_role("button", name="Make its key").click()
    ana.get_by_role("button", name="Let these leads read").click()
    ana.get_by_role("button", name="Yes, let them read").click()
    ana.get_by_text("The key is made and on the public log. The test voice opened.").wait_for()
    assert EngagementKey.objects.get().engagement == "library-computers"


def test_a_lead_of_a_second_term_opens_the_reader_with_the_words_of_the_first(browsing, live_site):
    walked = Thread(now=this_hour()).open_program().draft_engagement()
    walked.found_keys(opens=True)
    old, day = walked.first_lead, walked.now.date()
    seats.leave_seat(seat=old, on=day, reason="", now=walked.now)
    cohort = walked.seat_cohort("second", day, day + timedelta(days=400))
    person = type(old.person).objects.get(pk=old.person_id)
    walked.seat(person, cohort)
    ana = browsing.person("Ana", signed_in=person)

    unlock(ana, PASSPHRASE)
    ana.get_by_text("Your new place has no key yet.").wait_for()
    ana.get_by_role("heading", name="Vouch for a lead’s key").wait_for()
    assert axe(ana) == []
    make_keyring(ana)
    unlock(ana, PASSPHRASE)
    ana.get_by_text("You have a key from an earlier place, too.").wait_for()
    ana.get_by_role("heading", name="Vouch for a lead’s key").wait_for()
    assert axe(ana) == []


def test_the_words_of_a_keyring_that_waits_are_understood_and_the_words_before_open_what_they_opened(
    browsing, live_site
):
    # Given three leads with keys, of whom one makes a new keyring
    walked = Thread(now=this_hour()).open_program().draft_engagement().found_keys(3, opens=True)
    ana = browsing.person("Ana", phone=True, signed_in=walked.first_lead.person)
    ana.goto(READER + "keyring/")
    ana.get_by_text("Make a new key", exact=True).click()
    words = make_keyring_here(ana)
    ana.get_by_role("heading", name="Two leads must vouch for your key").wait_for()
    listed = ana.locator("[data-view=waiting] [data-founders] li")
    assert listed.count() == 2  # all who can vouch: nobody compares with the key that the new one replaces
    for one in walked.leads[1:]:
        held = next(each for each in holders(walked) if each.seat == one)
        keys = {"recipient": held.recipient, "sign_key": held.sign_key}
        said = fingerprint(origin=walked.program.origin, seat=one.public_id, **keys)
        told = listed.get_by_text(said).locator("..").inner_text()
        assert " ".join(told.split()) == f"{lead_in_words(one.public_id)}: {said}"
    digits = ana.locator("[data-view=waiting] [data-fill=fingerprint]").text_content()

    # When one of the others vouches for it
    held = LeadKey.objects.get(seat=walked.first_lead, entry=None)
    second = next(one for one in holders(walked) if one.seat == walked.second_lead)
    statement = {"recipient": held.recipient, "sign_key": held.sign_key, "seat": walked.first_lead.public_id}
    signature = second.sign(vouch_statement(origin=walked.program.origin, **statement))
    vouch(program=walked.program, key=held, seat=walked.second_lead, signature=signature, now=walked.now)

    # Then the reader asks for either, takes the new words for what they are, and says who vouched
    unlock(ana, words)
    ana.get_by_role("heading", name="Your new key waits for two leads").wait_for()
    view = ana.locator("[data-view=waiting-key]")
    assert view.locator("[data-fill=mine]").text_content() == digits
    assert "Leads who vouched for it: 1 of two." in view.inner_text()
    assert axe(ana) == []

    # And wrong words are wrong, and the words before open the reader
    unlock(ana, "not any of these words here")
    ana.get_by_role("alert").get_by_text("These are not the six words.").wait_for()
    unlock(ana, PASSPHRASE)
    ana.get_by_role("heading", name="Vouch for a lead’s key").wait_for()


def test_a_page_opens_nothing_where_the_record_names_another_key_for_the_leads_place(browsing, live_site):
    walked = Thread(now=this_hour()).open_program().draft_engagement()
    walked.found_keys(3, opens=True).make_keys()
    seat, ghost = walked.third_lead.public_id, keys.make()
    own = {"seat": seat, "recipient": ghost.recipient, "sign_key": ghost.sign_key}
    statement = vouch_statement(origin=walked.program.origin, **own)
    certs = [
        {"seat": one.public_id, "signature": walked.keyrings[one.public_id].sign(statement)}
        for one in (walked.first_lead, walked.second_lead)
    ]  # Two honest leads, who took the server's digits for those of the third.
    data = {**own, "signature": ghost.sign(statement), "certs": certs}

    def with_the_ghost(route):
        response = route.fetch()
        body = response.json()
        body["keys"].append({"index": 10_000, "kind": "key.certified", "cites": {}, "data": data})
        route.fulfill(response=response, json=body)

    cam = browsing.person("Cam", signed_in=walked.third_lead.person)
    for page, door in ((READER, "**/api/desk"), ("/riverbend/en/strategies", "**/api/strategies")):
        cam.route(door, with_the_ghost)
        cam.goto(page)
        cam.get_by_label("Your six words").fill(PASSPHRASE)
        cam.get_by_role("button", name="Unlock").click()
        cam.get_by_role("alert").get_by_text("names another key for your place").wait_for()
        assert cam.get_by_role("button", name="Unlock").is_visible()
        cam.unroute(door)
        cam.get_by_label("Your six words").fill(PASSPHRASE)
        cam.get_by_role("button", name="Unlock").click()
        cam.get_by_role("button", name="Unlock").wait_for(state="hidden")


def test_a_keyring_remembers_who_founded_the_leads_set_and_its_pages_take_no_others(browsing, live_site):
    walked = Thread(now=this_hour()).open_program()
    walked.found_keys(2, opens=True)
    digits = {one: shown_digits(walked, one, walked.keyrings[one.public_id]) for one in walked.leads[:2]}
    cam = browsing.person("Cam", signed_in=walked.third_lead.person)
    words = make_keyring(cam)
    for one in digits.values():
        cam.get_by_text(one).wait_for()
    assert axe(cam) == []
    asked = LeadKey.objects.get(seat=walked.third_lead)
    for lead in walked.leads[:2]:
        statement = vouch_statement(origin=walked.program.origin, **as_brought(asked))
        signature = walked.keyrings[lead.public_id].sign(statement)
        vouch(program=walked.program, key=asked, seat=lead, signature=signature, now=walked.now)

    ghosts = [keys.make(), keys.make()]
    names = [one.public_id for one in walked.leads[:2]]
    shown = founding(walked, dict(zip(names, ghosts, strict=True)))

    def with_ghosts(route):
        response = route.fetch()
        body = response.json()
        body["keys"] += shown
        route.fulfill(response=response, json=body)

    cam.route("**/api/desk", with_ghosts)
    unlock(cam, words)
    cam.get_by_text("Keys of the leads, as this device checked them").click()
    for one in digits.values():
        cam.get_by_text(one).wait_for()
    for lead, ghost in zip(walked.leads[:2], ghosts, strict=True):
        assert not cam.get_by_text(shown_digits(walked, lead, ghost)).count()


def shown_digits(walked, lead, ring):
    """Give the digits of a keyring as pages show them."""
    own = {"seat": lead.public_id, "recipient": ring.recipient, "sign_key": ring.sign_key}
    return fingerprint(origin=walked.program.origin, **own)


def as_brought(key):
    """Give the public keys that a lead brought for their place."""
    return {"seat": key.seat.public_id, "recipient": key.recipient, "sign_key": key.sign_key}


def founding(walked, rings):
    """Write two entries by which these keyrings found a set of leads' keys, whole in all that they sign."""
    own = {
        seat: {"seat": seat, "recipient": ring.recipient, "sign_key": ring.sign_key}
        for seat, ring in rings.items()
    }
    said = {seat: vouch_statement(origin=walked.program.origin, **one) for seat, one in own.items()}
    first, second = rings
    certs = [
        {"seat": first, "signature": rings[first].sign(said[second])},
        {"seat": second, "signature": rings[second].sign(said[first])},
    ]
    told = [
        {"index": 10_000, "kind": "key.founded", "cites": {}, "data": own[first]},
        {
            "index": 10_001,
            "kind": "key.founded",
            "cites": {"key": [10_000]},
            "data": own[second] | {"certs": certs},
        },
    ]
    for one, seat in zip(told, rings, strict=True):
        one["data"] = one["data"] | {"signature": rings[seat].sign(said[seat])}
    return told


def test_a_reader_uses_no_key_that_no_lead_signed(browsing, live_site):
    walked = Thread(now=this_hour()).open_program().draft_engagement()
    walked.found_keys(opens=True)
    ana, ben = (
        browsing.person(name, signed_in=seat.person)
        for name, seat in (("Ana", walked.first_lead), ("Ben", walked.second_lead))
    )

    # Whoever ends the encryption before the site takes what Ana sends.
    unlock(ana, PASSPHRASE)
    ana.route("**/make-key", lambda route: route.fulfill(json={"entry": 1}))
    ana.get_by_role("button", name="Make its key").click()
    ana.get_by_role("button", name="Let these leads read").click()
    ana.get_by_role("button", name="Yes, let them read").click()
    ana.locator("[data-problem]").get_by_text("shows another key than the one you just made").wait_for()

    # The site shows Ben a key of its own in the place of the one that a lead made.
    walked.make_keys()
    theirs = recipient_of(keys.new_identity())

    def lie(route):
        response = route.fetch()
        body = response.json()
        for one in body["engagements"]:
            one["recipient"] = one["made"]["data"]["recipient"] = theirs
            one["tested"] = []
        route.fulfill(response=response, json=body)

    ben.route("**/desk", lie)
    unlock(ben, PASSPHRASE)
    ben.get_by_text("No lead of this log signed this key.").wait_for()
    assert ben.locator("[data-engagements] button").locator("visible=true").count() == 0
    assert axe(ben) == []
    ben.unroute("**/desk")
    unlock(ben, PASSPHRASE)
    ben.get_by_text("You opened the test voice.").wait_for()


LIES = {
    "another reason": ("desk", "What another lead signed before is not about the same"),
    "another promise": ("to-sign", "What your key would sign is not about the question"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_second_lead_destroys_no_key_for_a_reason_or_a_question_that_the_first_did_not_sign(
    browsing, live_site, lie
):
    then = this_hour() - timedelta(days=100)
    walked = Thread(now=then).open_program()
    walked.draft_engagement(voices_kept_until=then.date() + timedelta(days=90))
    walked.found_keys(opens=True).make_keys().open().later(100).end_intake()
    ana = browsing.person("Ana", signed_in=walked.first_lead.person)
    unlock(ana, PASSPHRASE)
    ana.get_by_role("button", name="Destroy its key").click()
    ana.get_by_label("Why is it destroyed?").fill("Kept long enough")
    ana.get_by_role("button", name="Yes, ask that it be destroyed").click()
    ana.get_by_text("A second lead must ask too.").first.wait_for()

    def told(route):
        reply = route.fetch()
        if lie == "another reason":
            body = reply.text().replace("Kept long enough", "Nobody wants it")
        else:
            body = reply.text().replace("engagement.promised", "engagement.promises")
        assert body != reply.text()
        route.fulfill(response=reply, body=body)

    at, says = LIES[lie]
    ben = browsing.person("Ben", signed_in=walked.second_lead.person)
    ben.route(f"**/reader/api/{at}", told)
    unlock(ben, PASSPHRASE)
    ben.get_by_role("button", name="Destroy its key").click()
    ben.get_by_role("button", name="Yes, destroy the key").click()
    ben.locator("[data-problem]").get_by_text(says).wait_for()
    assert Wrap.objects.count() == 2
    assert rows(walked).every("key.destroyed") == []
