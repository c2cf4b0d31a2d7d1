"""Five people, five browsers, nine steps: what a resident said is followed to what the city did."""

import io
import json
import re
import sys
from datetime import timedelta

import pytest

from alongside.chain.keys.models import EngagementKey
from alongside.chain.voices.models import Voice
from alongside.check import cli
from alongside.cohort.seats.actions import choose_name
from alongside.ground.record.rows import RowsLog
from alongside.work.engagements.models import Engagement
from tests.story.conftest import speak
from tests.story.steps import (
    HOME,
    click,
    digits,
    found_the_keys,
    make_keyring,
    press,
    sign,
    sign_in,
    to_desk,
    unfold,
    unlock,
)
from tests.support.outbox import send_out
from tests.support.thread import Thread

pytestmark = [pytest.mark.django_db, pytest.mark.story]

BENS_NAME = "Wren Heron"
TITLE = "How long should the library keep records of computers?"
SAID = "Borren cada noche lo que hice. <b>Nadie</b> más: ¿sí?"
FINDING = "People want every record of a computer gone by the next morning."
SMALLER = "Some of us cannot reach the screens from a wheelchair."
ASK = "Delete computer records each night"
REASONS = "We will do this in both buildings."
MILESTONE = "The nightly delete runs in both buildings"
SEEN = "We saw the log of seven nights. Nothing was left."
REPORT = {"en": "You asked for short keeping. It is done.", "es": "Pidieron menos tiempo. Ya está hecho."}


def draft_the_engagement(ana, thread, calendar):
    """Walk the drafting pages, from a lead's week to the room of the engagement."""
    to_desk(ana, "Listen")
    click(ana, "Plan an engagement")
    ana.get_by_label("What do you ask people, in one line?").fill(TITLE)
    ana.get_by_label("Which office answers?").select_option(thread.manager.public_id)
    ana.get_by_label("Is it about one of these decisions?").select_option(index=1)
    ana.get_by_label("What is decided?").fill("How long records of public computers are kept.")
    ana.get_by_label("What can change?").fill("How long they are kept\nWho may look")
    ana.get_by_label("What cannot change, and why?").fill("The law on public records.")
    ana.get_by_role("radio", name=re.compile("Involve:")).first.check()
    ana.get_by_label("Español").check()
    press(ana, "Save and go on")  # nothing was said before
    first = ana.get_by_label("The question", exact=True).first
    first.fill("Are you a citizen?")
    ana.get_by_label("In their own words").first.check()
    press(ana, "Save and go on")
    ana.get_by_text("The rule:").first.wait_for()  # the linter shows the law, and nobody passes it
    ana.get_by_label("The question", exact=True).first.fill("What should change?")
    ana.get_by_text("One more question").first.click()
    second = ana.locator("details").filter(has_text="One more question").first
    second.get_by_label("The question", exact=True).fill("Do you use the computers?")
    second.get_by_label("They choose one answer").check()
    second.get_by_label("The answers to choose from").fill("Yes\nNo")
    press(ana, "Save and go on")
    ana.get_by_role("heading", name="The words in Español").wait_for()
    for box in ana.locator("main textarea").all():
        if not box.input_value():
            box.fill(f"Palabras {box.get_attribute('name')}")
    press(ana, "Save these words")
    click(ana, "Days, and how long voices are kept")
    ana.get_by_label("To which day can people speak?").fill(str(calendar.day(thread, 30)))
    ana.get_by_label("By which day does the bureau answer?").fill(str(calendar.day(thread, 75)))
    ana.get_by_label("By which day do people hear back?").fill(str(calendar.day(thread, 90)))
    press(ana, "Save the days")
    ana.get_by_role("heading", name="The draft", exact=True).wait_for()


def make_and_test_the_key(ana, ben):
    """Let two leads found the set of keys, one make the engagement's key, both open the test voice; give their words."""
    words = {}
    for lead in (ana, ben):
        lead.goto(f"{HOME}seat/me/")
        click(lead, "My key")
        words[lead] = make_keyring(lead)
    found_the_keys(ana, ben, words)
    press(ana, "Make its key")
    ana.get_by_label(re.compile(BENS_NAME)).wait_for()  # not the number of his place
    press(ana, "Let these leads read")
    press(ana, "Yes, let them read")
    ana.get_by_text("The key is made and on the public log.").wait_for()
    ben.reload()
    unlock(ben, words[ben])
    press(ben, "Open the test voice")
    for lead in (ana, ben):
        lead.get_by_text("The test voice opened.").wait_for()
    return words


def open_the_voices(lead, words, count):
    """Go from a lead's week to the reader and open every voice."""
    to_desk(lead, "Listen")
    click(lead, "Open in the reader")
    unlock(lead, words)
    lead.get_by_text(f"Voices opened: {count}").wait_for()


def verify(arguments, capsys, monkeypatch, typed=""):
    """Run the verifier that anyone may run; give how it ended and what it said."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    code = cli.main(arguments)
    told = capsys.readouterr()
    return code, told.out + told.err


def test_a_voice_is_followed_to_what_was_kept(
    browsing, live_site, calendar, mailbox, capsys, monkeypatch, tmp_path
):
    # Given a program with leads, a unit with staff and a manager, and a project on which something is decided
    calendar.ago = timedelta(days=130)
    thread = Thread(now=calendar.now()).open_program()
    thread.schedule_decision(
        "keeping",
        on=calendar.day(thread, 85),
        decision="How long they are kept",
        still_open="All of it",
        project=thread.register_project(
            "public-computers", "Records of public computers", "How long they are kept."
        ),
    )
    rows = lambda: RowsLog.of(thread.program)
    choose_name(seat=thread.second_lead, name=BENS_NAME)
    resident = browsing.person("the resident")
    ana = browsing.person("Ana, a lead")
    ben = browsing.person("Ben, a lead", signed_in=thread.second_lead.person)
    staff = browsing.person("staff", signed_in=thread.staff)
    manager = browsing.person("the manager", signed_in=thread.boss)
    sign_in(ana, mailbox, thread.first_lead.person.email)

    # 1. The project and its decision have a page each
    resident.goto(f"{HOME}projects/")
    click(resident, "Records of public computers")
    click(resident, "How long they are kept")
    resident.get_by_role("heading", level=1).wait_for()

    # 2. When a lead drafts the engagement, two leads test its key, and both sides sign, then it opens
    draft_the_engagement(ana, thread, calendar)
    words = make_and_test_the_key(ana, ben)
    to_desk(ana, "This week")
    click(ana, re.compile("Read and sign"))
    press(ana, "Sign this draft")
    ana.get_by_text("You signed it.").first.wait_for()
    to_desk(manager, "Our desk")
    click(manager, re.compile("Read and sign"))
    press(manager, "Sign for the bureau")
    manager.get_by_text("Your bureau signed this draft as it stands.").wait_for()
    to_desk(ana, "This week")
    click(ana, re.compile("^Open it"))
    press(ana, "Freeze the promise and open")
    sign(ana, words[ana])
    ana.get_by_role("heading", name=TITLE).wait_for()
    engagement = Engagement.objects.get()
    (promise,) = rows().every("engagement.promised")
    assert promise.by == (thread.first_lead.public_id, thread.manager.public_id)

    # 3. When the resident reads the promise and speaks
    resident.goto(HOME)
    click(resident, TITLE)
    resident.get_by_text("How long they are kept and one more").first.wait_for()
    resident.get_by_label(re.compile("What should change")).fill(SAID)
    resident.get_by_label("Yes", exact=True).check()
    press(resident, "Send so only leads can read it")

    # 4. Then they hold a receipt: 30 digits, no topic, no cookie
    receipt = digits(resident)
    assert re.fullmatch(r"\d{30}", receipt)
    assert resident.context.cookies() == []
    resident.locator("details:has([data-does=kept]) summary").click()
    resident.locator("[data-does=kept]").click()
    recipient = EngagementKey.objects.get().recipient
    others = [f"Voice {n}: the hall is too far away." for n in range(14)]
    speak(live_site, engagement, recipient, others, engagement.form["questions"][0]["id"])
    assert Voice.objects.count() == 15

    # 5. When the day has passed, the leads open the voices and sign the list of what they opened
    calendar.turn_to(thread, ago=98)
    open_the_voices(ana, words[ana], 15)
    assert ana.locator(".said", has_text=SAID).first.inner_text() == SAID
    ana.get_by_text("Tell people that their voice was opened").click()
    press(ana, "Sign the list of what I opened")
    ana.get_by_text("A second lead must sign it.").first.wait_for()
    open_the_voices(ben, words[ben], 15)
    press(ben, "I opened the same: sign")
    ben.get_by_text("Two leads signed the list.").wait_for()
    (opened,) = rows().every("voices.opened")
    assert len(opened.data["marks"]) == 15

    # 6. Then they publish what they heard, and what a smaller group said beside it
    boxes = ana.locator("[data-voices] [data-choose]")
    for n in range(12):
        boxes.nth(n).check()
    press(ana, "Write what you heard")
    ana.get_by_label("What we heard").fill(FINDING)
    press(ana, "See how it will look")
    press(ana, "Publish it")
    ana.wait_for_url("**/#finding-*")
    ana.get_by_text(FINDING).first.wait_for()
    open_the_voices(ana, words[ana], 15)
    boxes.first.check()
    press(ana, "Write what you heard")
    ana.get_by_label("What we heard").fill(SMALLER)
    ana.get_by_label("A smaller group sees it this way").check()
    press(ana, "See how it will look")
    press(ana, "Confirm it for another lead to publish")
    ana.get_by_text("You confirmed it. Another").wait_for()
    open_the_voices(ben, words[ben], 15)
    press(ben, "Read it and its voices")
    press(ben, "Confirm it too and publish it")
    ben.wait_for_url("**/#finding-*")
    first, second = rows().every("finding.published")
    assert (first.data["smaller"], second.data["smaller"], len(second.by)) == (False, True, 2)

    # 7. When a lead recommends, the unit says that it has it, staff draft, the manager signs off a yes
    to_desk(ana, "Recommend")
    click(ana, TITLE)
    for box in ana.get_by_label(re.compile("People want|Some of us")).all():
        box.check()
    ana.get_by_label("Which office should answer?").select_option(thread.manager.public_id)
    ana.get_by_label("In one line").fill(ASK)
    ana.get_by_label("In your words").fill(
        "Delete the records of every computer each night, in both buildings."
    )
    press(ana, "Put it on the public log")
    sign(ana, words[ana])
    ana.get_by_role("heading", name=ASK).first.wait_for()
    to_desk(staff, "Our desk")
    click(staff, ASK)
    press(staff, "We have it")
    calendar.turn_to(thread, ago=80)
    staff.reload()
    staff.get_by_label("Accept", exact=True).check()
    staff.get_by_label(re.compile("^Reasons")).fill(REASONS)
    staff.get_by_label(re.compile("^Owner")).select_option(thread.manager.public_id)
    staff.get_by_label("Milestone 1: what will be done").fill(MILESTONE)
    staff.get_by_label("Milestone 1: by when").fill(str(calendar.day(thread, 30)))
    staff.get_by_label("Evidence").fill("The log of each night, for anyone to see.")
    press(staff, "Send for sign-off")
    to_desk(manager, "Our desk")
    click(manager, "Sign off the answer")
    press(manager, "Sign off and publish")
    manager.get_by_role("button", name="Call it back").wait_for()
    assert rows().every("answer.given") == []
    assert send_out(thread.program, calendar.now()) == 1
    (answer,) = rows().every("answer.given")
    assert answer.by == (thread.manager.public_id,)

    # 8. When the unit says that it is done, two leads look, and only then it counts as kept
    calendar.turn_to(thread, ago=60)
    to_desk(staff, "Our desk")
    unfold(staff, "What your office promised")
    click(staff, "Say that it is done")
    staff.get_by_label("What was done, and where can people see it?").fill("It runs since Monday.")
    press(staff, "Say on the public log that it is done")
    unfold(staff, "What your office promised")
    staff.get_by_text("Claimed. Two leads will check.").wait_for()
    calendar.turn_to(thread, ago=50)
    for lead in (ana, ben):
        assert rows().every("delivery.verified") == []
        to_desk(lead, "This week")
        click(lead, re.compile("Go and look"))
        lead.get_by_label("Complete", exact=True).check()
        lead.get_by_label("What did you look at, and what did you see?").fill(SEEN)
        press(lead, "Send what I saw")
        sign(lead, words[lead])
        lead.get_by_role("heading", name="Sign it with your key").wait_for(state="detached")
    (kept,) = rows().every("delivery.verified")
    assert (
        set(kept.by) == {thread.first_lead.public_id, thread.second_lead.public_id} == set(kept.act["sigs"])
    )

    # 9. When the leads report back in every language, then they can close it
    to_desk(ana, "This week")
    click(ana, re.compile("^Report back"))
    ana.get_by_label("In English").fill(REPORT["en"])
    press(ana, "Publish in every language")
    ana.get_by_role("alert").wait_for()  # one language lacks
    ana.get_by_label("In Español").fill(REPORT["es"])
    press(ana, "Publish in every language")
    sign(ana, words[ana])
    ana.get_by_role("heading", name="Sign it with your key").wait_for(state="detached")
    ana.get_by_text("You asked for short keeping").first.wait_for()
    to_desk(ana, "This week")
    click(ana, re.compile("^Close:"))
    press(ana, "Close the engagement")
    sign(ana, words[ana])
    ana.get_by_role("heading", name="Sign it with your key").wait_for(state="detached")
    assert len(rows().every("engagement.closed")) == 1

    # And with nothing but the digits, the resident follows it from what they said to what was kept
    calendar.turn_to(thread, ago=0)
    resident.goto("/r")
    resident.get_by_label("The digits of your receipt").fill(receipt)
    press(resident, "Look")
    resident.get_by_role("heading", name="Opened by the leads").wait_for()
    click(resident, "See what came of it")
    resident.get_by_role("heading", name=TITLE).first.wait_for()
    resident.locator("summary").filter(has_text="Every step").click()
    shown = resident.locator("main").inner_text()
    for part in (FINDING, SMALLER, ASK, REASONS, MILESTONE, SEEN, REPORT["en"]):
        assert (part, part in shown) == (part, True)
    assert SAID not in shown
    assert resident.context.cookies() == []

    # And anyone can check all of it
    record = f"{live_site}/riverbend/record"
    state = ["--state", str(tmp_path / "seen.json")]
    code, said = verify(["record", record, *state], capsys, monkeypatch)
    assert (code, said) == (0, said)
    code, said = verify(["receipt", "--at", record], capsys, monkeypatch, typed=receipt + "\n")
    assert (code, "opened" in said) == (0, True), said
    assert receipt not in json.dumps([entry.decode() for entry in thread.entries()])
