"""A goodbye: a lead leaves on a phone, says what did not work, takes the work along; the next lead and the public read on."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests.story.steps import HOME, click, press, to_desk
from tests.support.remembering import this_hour
from tests.support.thread import Thread

pytestmark = [pytest.mark.django_db, pytest.mark.story]


def words(page):
    return re.sub(r"\s+", " ", page.locator("main").inner_text())


def sit(thread, slug, first, last):
    """Seat a lead in a cohort of their own, from and until so many days from today."""
    today = thread.now.date()
    cohort = thread.seat_cohort(slug, today + timedelta(days=first), today + timedelta(days=last))
    return thread.seat(f"{slug}.cohort", cohort)


def test_a_lead_says_goodbye(browsing, live_site):
    # Given a lead near the end of their term, who has asked the City for something, and a lead of the next cohort
    thread = Thread(now=this_hour() - timedelta(days=31)).to_open_engagement()
    seat = sit(thread, "closing", -269, 61)
    today = thread.later(31).now.date()
    following = sit(thread, "second", 0, 700)
    thread.recommend(thread.find(), seat=seat)
    lead = browsing.person("the lead", phone=True, signed_in=seat.person)
    follower = browsing.person("the next lead", phone=True, signed_in=following.person)
    steward = browsing.person("the program coordinator", signed_in=thread.steward)
    reader = browsing.person("anyone")

    # When the week tells of the end, then the handover names what the next cohort takes up
    lead.goto(f"{HOME}week/")
    click(lead, "Hand over to the next cohort")
    lead.get_by_role("heading", name="What you take up").wait_for()
    assert "owes an answer" in words(lead)

    # When the lead leaves, then the page speaks of keys first, and leads on to the goodbye
    lead.goto(f"{HOME}seat/me/")
    click(lead, "Leave my place")
    assert "share it in the reader with a lead who stays" in words(lead)
    lead.get_by_label("I want to leave my place.").check()
    press(lead, "Leave my place")
    lead.get_by_role("heading", name="Goodbye, and thank you").wait_for()

    # When nothing is written, then the page says what is enough; when it is, the words are kept
    lead.get_by_label("Yes", exact=True).check()
    press(lead, "Save my words")
    assert "One of the two is enough." in words(lead)
    lead.get_by_label("What did not work?").fill("Answers took too long.")
    lead.get_by_label("The program coordinator, and the leads of the next cohort").check()
    press(lead, "Save my words")
    assert "You said this on" in words(lead)

    # When the lead agrees to be reached, then the steward sees how and until when, and the next lead does not
    lead.get_by_label("To give paid advice").check()
    lead.get_by_label("How to reach you").fill("+1 503 555 0100")
    press(lead, "I agree")
    to_desk(steward, "All tasks")
    click(steward, "Last words, alumni and consultants")
    assert "+1 503 555 0100" in words(steward)
    follower.goto(f"{HOME}seat/me/")
    click(follower, "What leads said when they left")
    assert "Answers took too long." in words(follower)
    assert "+1 503 555 0100" not in words(follower)

    # When the lead comes back later, then the portfolio is there, and the file bears the name that was typed
    lead.goto(f"{HOME}cohort/closing/")
    click(lead, "My portfolio")
    assert "Keep for a day" in words(lead)
    lead.get_by_label("Your name, as it shall stand on the paper").fill("Ana Ruiz")
    with lead.expect_download() as download:
        lead.get_by_role("button", name="Download (PDF)").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")

    # When anyone opens the year, then it is counted
    reader.goto(HOME)
    click(reader, "Each year, counted")
    click(reader, str(today.year))
    assert "1 recommendation was made." in words(reader)
