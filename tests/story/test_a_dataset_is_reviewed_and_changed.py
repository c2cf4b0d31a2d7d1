"""A unit asks leads to review a dataset; a lead comments on a phone, advises, and sees in the change list what came of it."""

import re
from datetime import timedelta

import pytest

from alongside.ground.record.models import LogEntry
from tests.story.steps import HOME, click, press, to_desk, unfold
from tests.support.browsers import axe
from tests.support.outbox import send_out
from tests.support.remembering import this_hour
from tests.support.thread import Thread
from tests.work.consultations.cast import RENAMED, TABLE

pytestmark = [pytest.mark.django_db, pytest.mark.story]
TEXT = b"We keep every call for one year. We use it to train new staff.\n\nNobody outside the office can hear it.\n"


def bring(staff, title: str, name: str, data: bytes) -> None:
    staff.get_by_label("What is it called?").fill(title)
    staff.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    )


def test_a_lead_comments_on_a_phone_and_finds_the_change_in_the_list(browsing):

    thread = Thread(now=this_hour()).open_program()
    thread.register_project("register", "A public register", "What runs where.")
    staff = browsing.person("the staff", signed_in=thread.boss)
    lead = browsing.person("the lead", phone=True, signed_in=thread.first_lead.person)

    # Given a unit that freezes a brief and brings a table and a page of words
    to_desk(staff, "Our desk")
    unfold(staff, "All else that you do here")
    click(staff, "Ask the leads to review something")
    staff.get_by_label("What is this consultation called?").fill("The AI register")
    staff.get_by_label("What is reviewed?").select_option("dataset")
    staff.get_by_label("Which project does it belong to?").select_option(label="A public register")
    staff.get_by_label("What should the leads look at?").fill("The columns, before they are filled.")
    staff.get_by_label("Which decision will their advice feed?").fill("Which columns it has")
    staff.get_by_label("What can still change?").fill("Every column")
    staff.get_by_label("What cannot change?").fill("That there is a register")
    day = thread.now.date()
    staff.get_by_label("By when do you need the advice?").fill((day + timedelta(days=20)).isoformat())
    staff.get_by_label("By when will you answer each point?").fill((day + timedelta(days=40)).isoformat())
    staff.get_by_label("Which office will answer?").select_option(thread.manager.public_id)
    press(staff, "Put the brief on the public log")
    bring(staff, "The columns", "columns.csv", TABLE)
    press(staff, "Put it on the public log")
    staff.get_by_label("I looked at every column. None of them tells who a person is.").check()
    press(staff, "Put it on the public log")
    click(staff, "The AI register")
    click(staff, "Bring something to review")
    bring(staff, "What we tell people", "told.txt", TEXT)
    press(staff, "Put it on the public log")

    # When a lead, on a phone, comments on a cell, and on words of the text
    to_desk(lead, "This week")
    click(lead, re.compile("Review: The AI register"))
    click(lead, "The columns")
    click(lead, "Read and comment")
    lead.wait_for_url("**/review/")  # with its script, without which a tap on a cell says nothing
    lead.locator("[data-row='2'] td[data-column='3']").click()
    press(lead, "Comment on this cell")
    lead.get_by_label("What do you want to say?").fill("Say how to appeal, not that there is nothing.")
    lead.get_by_label("Advice may quote these words").check()
    assert axe(lead) == []
    press(lead, "Keep this comment")
    lead.get_by_text("Row 2, column ⁨“hi_appeal_process”⁩, version 1").wait_for()
    click(lead, "The AI register")
    click(lead, "What we tell people")
    click(lead, "Read and comment")
    lead.wait_for_url("**/review/")  # with its script, without which a tap on a cell says nothing
    lead.evaluate(
        """() => {
        const node = document.querySelector('#paragraph-1 p').firstChild;
        const range = document.createRange();
        range.setStart(node, 3); range.setEnd(node, 31);
        getSelection().removeAllRanges(); getSelection().addRange(range);
    }"""
    )
    press(lead, "Comment on these words")
    assert lead.get_by_label("Which words do you mean?").input_value() == "keep every call for one year"
    lead.get_by_label("What do you want to say?").fill("Thirty days will do.")
    press(lead, "Keep this comment")
    lead.get_by_text("The words ⁨“keep every call for one year”⁩, version 1").wait_for()

    # And writes advice that rests on one of them
    click(lead, "All comments")
    assert axe(lead) == []
    click(lead, "Write the advice")
    lead.get_by_label("What do you advise, in a few sentences?").fill(
        "People look for what they can do. Put it first."
    )
    lead.get_by_label(re.compile("Row 2, column")).check()
    lead.get_by_label("Point 1: what should change?").fill("Rename the column on appeals")
    lead.get_by_label("Point 1: in your words").fill("Call it how_to_appeal.")
    lead.get_by_label("Point 2: what should change?").fill("Fill it for every system")
    lead.get_by_label("Point 2: in your words").fill("“None” is no answer.")
    assert axe(lead) == []
    press(lead, "Put the advice on the public log")
    lead.get_by_role("heading", name="What changed: The AI register").wait_for()

    # Then the unit brings a new version, in which the lead's place is not there any more
    staff.goto(f"{HOME}consultations/the-ai-register/")
    staff.get_by_role("link", name="Bring a new version").nth(0).click()
    bring(staff, "The columns", "columns.csv", RENAMED)
    staff.get_by_label("What is new in this version?").fill("A column is renamed.")
    press(staff, "Put it on the public log")
    staff.get_by_label("I looked at every column. None of them tells who a person is.").check()
    press(staff, "Put it on the public log")
    lead.goto(f"{HOME}consultations/the-ai-register/materials/the-columns/2/review/")
    lead.get_by_text("This place is not in the version you are looking at.").wait_for()

    # And answers: one point is changed, the other will change
    answers = (
        ("Rename the column on appeals", "Accepted: it is changed", "The column is renamed", ""),
        (
            "Fill it for every system",
            "Accepted: it will change by a day",
            "Every row is filled",
            (day + timedelta(days=60)).isoformat(),
        ),
    )
    for point, decision, milestone, due in answers:
        to_desk(staff, "Our desk")
        click(staff, point)
        staff.get_by_label(decision).check()
        staff.get_by_label("Reasons, in words your neighbor would use").fill("You are right.")
        staff.get_by_label("Owner: the office that answers for it").select_option(thread.manager.public_id)
        staff.get_by_label("Milestone 1: what will be done").fill(milestone)
        if due:
            staff.get_by_label("Milestone 1: by when").fill(due)
        staff.get_by_label("Evidence").fill("Version 2 of the columns.")
        press(staff, "Sign off and publish")
        staff.get_by_role("button", name="Call it back").wait_for()
    assert send_out(thread.program) == len(answers)

    # Then the change list, made from the record, says so to everyone, and the lead can go and look
    anyone = browsing.person("a resident", phone=True)
    anyone.goto(f"{HOME}consultations/the-ai-register/changes/")
    rows = anyone.locator("tbody tr").all_inner_texts()
    assert [re.search(r"Changed|Will change by", row).group() for row in rows] == [
        "Changed",
        "Will change by",
    ]
    anyone.get_by_text("Based on 1 comment").click()
    anyone.get_by_text("Say how to appeal, not that there is nothing.").wait_for()
    assert axe(anyone) == []
    assert anyone.context.cookies() == []
    to_desk(lead, "This week")
    lead.get_by_role("link", name=re.compile("Go and look: The column is renamed")).wait_for()
    assert LogEntry.objects.filter(kind="ask.advised").count() == 2
