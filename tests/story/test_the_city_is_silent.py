"""The city does not answer: letters before, an empty place with its date after, the one above is told, then a late answer."""

import csv
import io
import re
from datetime import timedelta

import pytest

from alongside.ground.people import actions as people
from alongside.ground.programs import actions as programs
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.days import day_in_words
from tests.story.steps import HOME, click, press, to_desk
from tests.support.mail import text_of
from tests.support.thread import Thread

pytestmark = [pytest.mark.django_db, pytest.mark.story]

ABOVE = "above@riverbend.example"
ASK = "Keep for a day"
REASONS = "We are late. The computers are set as you asked."


def entries(thread, kind):
    return RowsLog.of(thread.program).every(kind)


def letters(mailbox, address):
    """Give the subjects of the letters to a person about what is owed, without the program's name."""
    return [str(letter["subject"]).partition(": ")[2] for letter in about_asks(mailbox.to(address))]


def about_asks(found):
    """Leave out the letters that only say that something is on a desk, or that leads wait for pay."""
    others = ("your desk at", "wait for their pay")
    return [one for one in found if not any(words in str(one["subject"]) for words in others)]


def words(page):
    return re.sub(r"\s+", " ", page.locator("main").inner_text())


def look(page, where):
    """Look at a page again on another day: a browser keeps a public page for a minute of its own time."""
    page.goto(HOME + where)
    page.reload()


def test_the_silence_of_an_office_is_written_by_the_clock(browsing, live_site, calendar, mailbox):
    # Given a recommendation that must be answered by a day that the promise names
    calendar.ago = timedelta(days=100)
    thread = Thread(now=calendar.now()).to_open_engagement()
    city_manager = people.make_person(email=ABOVE)
    programs.give_office(
        person=city_manager,
        program=thread.program,
        office="city-manager/manager",
        from_date=calendar.day(thread),
    )
    thread.hear()
    due = calendar.day(thread, 75)
    unit = thread.manager.unit
    calendar.turn_to(thread, ago=69)
    ask = thread.recommend(thread.find())
    resident = browsing.person("the resident", phone=True)
    manager = browsing.person("the manager", signed_in=thread.boss)
    name = "Libraries and Halls Unit"
    assert unit.slug == "libraries-and-halls"

    # When the day comes near, then whoever holds the office gets a letter, 14 days before and 3 days before
    calendar.turn_to(thread, ago=40)
    assert about_asks(mailbox.letters) == []
    calendar.turn_to(thread, ago=39)
    told = f"An answer is due on {due:%B} {due.day}, {due.year}: entry {ask.index}"
    assert letters(mailbox, thread.boss.email) == [told]
    assert f"{HOME}unit/" in text_of(about_asks(mailbox.letters)[0])
    calendar.turn_to(thread, ago=25)
    assert letters(mailbox, thread.boss.email) == [told, told]
    assert entries(thread, "ask.silent") == []

    # When the day has passed, then the thread shows an empty place with its date and the name of the unit
    calendar.turn_to(thread, ago=24)
    (silent,) = entries(thread, "ask.silent")
    assert (silent.by, silent.data["office"], silent.date) == (
        ("clock",),
        thread.manager.public_id,
        due + timedelta(days=1),
    )
    resident.goto(HOME)
    click(resident, "Answers")
    assert f"{name}" in words(resident)
    click(resident, ASK)
    resident.wait_for_url(f"**{HOME}follow/{thread.promise}/#ask-{ask.index}")
    empty = resident.locator("main li, main article, main section").filter(
        has_text="Nothing has been written here."
    )
    place = empty.last
    assert (name in place.inner_text(), place.locator(f"time[datetime='{due}']").count()) == (True, 1)
    assert "late by 1 day" in words(resident).lower()

    # And a week later the office above is told, once
    calendar.turn_to(thread, ago=17)
    assert letters(mailbox, ABOVE) == [
        f"Entry {ask.index} has no answer since {due:%B} {due.day}, {due.year}"
    ]
    (escalated,) = entries(thread, "ask.escalated")
    assert (escalated.data["to"], escalated.date) == ("city-manager/manager", due + timedelta(days=7))
    resident.reload()
    assert "The office above was told." in words(resident)

    # And the list of what is owed says so, for people and for machines
    look(resident, "owed/")
    assert (ASK in words(resident), "late by 8 days" in words(resident).lower()) == (True, True)
    with resident.expect_download() as download:
        click(resident, "Download every recommendation and question (CSV)")
    (row,) = csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8")))
    assert (row["ask"], row["unit"], row["answer_due"], row["state"], row["silences"]) == (
        str(ask.index),
        unit.slug,
        str(due),
        "asked",
        "1",
    )

    # When the unit answers late, then the answer stands, and so does the silence
    calendar.turn_to(thread, ago=10)
    to_desk(manager, "Our desk")
    click(manager, ASK)
    manager.get_by_label("Decline", exact=True).check()
    manager.get_by_label(re.compile("^Reasons")).fill(REASONS)
    press(manager, "Sign off and publish")
    manager.get_by_text(REASONS).first.wait_for()
    calendar.turn_to(thread, ago=0)
    look(resident, f"follow/{thread.promise}/")
    resident.locator("summary").filter(has_text="Every step").click()
    shown = words(resident)
    assert (REASONS in shown, "Nothing has been written here." in shown) == (True, False)
    assert shown.index("No answer by the date") < shown.index(REASONS)
    assert f"An answer was due on {day_in_words(due)}." in shown
    assert re.search(r"Declined \(answered \d+ days late\)", shown)
    assert len(entries(thread, "ask.silent")) == 1
    assert letters(mailbox, thread.boss.email) == [told, told]
    look(resident, "owed/")
    assert "No answers are due today." in words(resident)
