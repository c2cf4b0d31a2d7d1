"""At a table somebody would rather speak: a lead's phone records them, locks it, and says inside the seal that a lead took it in."""

import pytest

from alongside.chain.voices.models import Voice
from alongside.core.sealing import receipt as receipts
from alongside.core.sealing.opening import open_sealed
from alongside.core.sealing.voice import SOUND_BUCKETS, parse
from tests.story.steps import press
from tests.story.test_a_paper_stack_is_typed_in import KEPT, choose_the_door
from tests.story.test_a_spoken_voice_is_heard import given_people_may_speak, record, until
from tests.support.browsers import axe
from tests.support.thread import Thread

pytestmark = [pytest.mark.django_db, pytest.mark.story]


def at_the_table(browsing, thread):
    """Let a lead open the page on her phone, and say once how people come to her."""
    ana = browsing.person("Ana", phone=True, signed_in=thread.first_lead.person, accept_downloads=True)
    reply = ana.goto(f"/riverbend/en/engagements/{thread.engagement.slug}/in-person/")
    assert reply.headers["permissions-policy"] == "microphone=(self)"
    return choose_the_door(ana)


def lock(page):
    """Lock what was said; give the digits to write on a stub."""
    page.locator("[data-seal]").click()
    page.locator("[data-written]").wait_for()
    return "".join(page.locator("[data-taken] [data-digits] li").all_inner_texts())


def test_a_lead_records_somebody_without_a_signal_and_it_arrives_marked_as_taken_in(
    browsing, live_site, calendar
):
    thread = given_people_may_speak(calendar)
    browsing.forgive("ERR_INTERNET_DISCONNECTED")
    ana = at_the_table(browsing, thread)
    ana.get_by_text("Say first that leads may know them by their voice.").wait_for()
    assert axe(ana) == []

    # When somebody speaks where there is no signal, and is not sent while speaking
    ana.context.set_offline(True)
    ana.locator("[data-record]").click()
    until(ana.locator("[data-speak] meter"), "one.value > 0")
    ana.locator("[data-seal]").click()
    ana.get_by_text("You are still speaking.").wait_for()
    press(ana, "Stop")
    ana.get_by_text("Your voice:").wait_for()
    ana.get_by_label("Yes").check()
    assert (axe(ana), ana.evaluate("document.documentElement.scrollWidth - innerWidth")) == ([], 0)
    row = lock(ana)

    # Then nothing of it is left for the next person, and it waits on the phone, locked
    assert ana.locator("[data-speak] audio[src]").count() == 0
    ana.locator("[data-record]").wait_for()
    (kept,) = ana.evaluate(KEPT)
    assert (sorted(kept["sent"]), Voice.objects.count()) == (["act", "mark", "sealed"], 0)

    # And with a signal it arrives once, as a spoken voice that a lead took in at a door
    ana.context.set_offline(False)
    press(ana, "Send them now")
    ana.get_by_text("All that waited here is sent.").wait_for()
    (voice,) = Voice.objects.all()
    said = parse(open_sealed(bytes(voice.sealed), [thread.identity]))
    assert (voice.bucket, said.taken, said.consent["how"]) == (SOUND_BUCKETS[0], "door", "aloud")
    assert (said.answers["q1"], said.answers["q2"]["kind"]) == ("yes", "webm")
    assert b"OpusHead" in said.sounds["q2"]
    assert voice.mark == receipts.seal_mark(receipts.read_secret(receipts.parse(row))).hex()

    # When the next person only writes, her voice holds no sound
    ana.locator("textarea:visible").last.fill("Closer, please.")
    ana.locator("[data-seal]").click()
    ana.get_by_role("heading", name="Taken in on this page: 2").wait_for()
    ana.locator("[data-sent]").wait_for()
    written = Voice.objects.exclude(pk=voice.pk).get()
    assert parse(open_sealed(bytes(written.sealed), [thread.identity])).sounds == {}


def test_the_kit_in_a_file_records_too(browsing, live_site, calendar, tmp_path):
    thread = given_people_may_speak(calendar)
    ana = at_the_table(browsing, thread)
    with ana.expect_download() as download:
        ana.get_by_role("link", name="On a computer: save it as one file").click()
    download.value.save_as(tmp_path / "kit.html")
    context = browsing.browser.new_context(accept_downloads=True)
    context.set_default_timeout(10_000)
    page, troubles = context.new_page(), []
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.goto((tmp_path / "kit.html").as_uri())
    page.get_by_role("button", name="English").click()
    choose_the_door(page)
    record(page, "[data-record]", 1)
    until(page.locator("[data-speak] audio"), "one.readyState > 0")
    lock(page)
    with page.expect_download() as saved:
        press(page, "Save them as a file")
    saved.value.save_as(tmp_path / "voices.json")
    context.close()
    ana.locator("summary", has_text="Bring in what a computer saved").click()
    ana.locator("[data-brought]").set_input_files(tmp_path / "voices.json")
    ana.get_by_text("All that waited here is sent.").wait_for()
    said = parse(open_sealed(bytes(Voice.objects.get().sealed), [thread.identity]))
    assert (list(said.sounds), said.taken, troubles) == (["q2"], "door", [])


def test_where_nobody_may_speak_no_microphone_is_offered(browsing, live_site, calendar):
    thread = Thread(now=calendar.now()).to_open_engagement()
    ana = browsing.person("Ana", phone=True, signed_in=thread.first_lead.person)
    reply = ana.goto(f"/riverbend/en/engagements/{thread.engagement.slug}/in-person/")
    assert reply.headers["permissions-policy"].startswith("microphone=()")
    choose_the_door(ana)
    assert ana.locator("[data-record]").count() == 0
