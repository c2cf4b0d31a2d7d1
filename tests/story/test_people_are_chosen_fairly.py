"""A reader on a phone judges without a name at any door; a witness from outside runs the lottery again and says so."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from alongside.check.lottery import main as rerun
from alongside.cohort.applications.models import Application
from alongside.cohort.calls.models import Call
from alongside.cohort.lotteries import actions as lotteries
from alongside.cohort.reviews import actions as reviews
from alongside.cohort.reviews.models import Reading
from alongside.ground.people.actions import print_code
from alongside.ground.record.models import LogEntry
from tests.cohort.reviews.choosing import PLANTED, closed, outsider, reader
from tests.story.steps import click, press
from tests.support.browsers import axe

pytestmark = [pytest.mark.django_db, pytest.mark.story]


def sign_in_with_paper(page, person):
    """Sign in with a code on paper."""
    code = print_code(person=person, now=datetime.now(tz=UTC), by_operator=True)
    page.goto("/riverbend/en/sign-in/printed-code/")
    page.get_by_role("textbox").fill(code)
    page.locator("main form button").click()
    page.wait_for_url(lambda address: "printed-code" not in address)


def test_a_reader_judges_on_a_phone_without_a_name_at_any_door(browsing, live_site):
    # Given an application with a name planted in every field that is not an answer
    made = closed(count=1)
    for number in (1, 2):
        reader(made, f"Reader {number}")
    assert reviews.spread(call=made.call, now=made.thread.now) == 0
    one = Application.objects.get()
    planted = [*PLANTED.values(), one.reference, str(one.pk)]

    # When a reader from the community opens it on a phone
    phone = browsing.person("the reader", phone=True)
    sign_in_with_paper(phone, made.readers[0].person)
    phone.goto("/riverbend/en/readings/")
    doors = [phone.content() + phone.url]
    click(phone, "Application 1 of this page")
    phone.get_by_role("heading", level=1, name="Read an application").wait_for()
    doors.append(phone.content() + phone.url)

    # Then the page fits, passes axe, and none of the doors names anyone
    assert phone.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert axe(phone) == []
    assert [[word for word in planted if word.casefold() in door.casefold()] for door in doors] == [[], []]
    assert phone.get_by_text("Answer 0 to q1.").is_visible()

    # And the points are kept
    phone.get_by_label("4", exact=True).check()
    press(phone, "Keep my points")
    phone.get_by_text("0 applications to read on this page").wait_for()
    assert Reading.objects.done().get().share == 800


def test_a_witness_runs_the_lottery_again(browsing, live_site, tmp_path):
    # Given a lottery that was announced before its seed, and drawn
    made = closed(count=5, selection="lottery", seats=2, alternates=1)
    announced = made.thread.now - timedelta(days=1)
    day = made.thread.now.date()
    held = lotteries.announce(
        call=made.call, seed_source="The state's evening numbers.", seed_day=day, lang="en", now=announced
    )
    witness = lotteries.name_witness(
        lottery=held,
        person=outsider(1),
        organization="The county",
        role="A librarian",
        lang="en",
        now=announced,
    )
    lotteries.draw_lottery(lottery=held, seed="04 11 19 27", now=made.thread.now)

    # When the witness signs in, downloads the file and runs it
    page = browsing.person("the witness")
    sign_in_with_paper(page, witness.person)
    page.goto(f"/riverbend/en/witness/{made.call.slug}/")
    assert axe(page) == []
    with page.expect_download() as waiting:
        click(page, "Download the drawing file")
    path = tmp_path / "drawing.json"
    waiting.value.save_as(path)
    assert rerun(["rerun", str(path)]) == 0

    # And says that it is the same
    page.get_by_label("The same root and the same result").check()
    press(page, "Put my word on the public log")
    page.get_by_text("You checked: the same result.").wait_for()

    # Then everyone reads it, by the role and without a name
    page.goto(f"/riverbend/en/calls/{made.call.slug}/selection/")
    told = page.locator("main").inner_text()
    assert ["A librarian: ran it again and got the same result" in told, "Outside 1" in told] == [True, False]
    last = json.loads(bytes(LogEntry.objects.order_by("-index")[0].raw))
    assert (last["kind"], last["data"]) == ("lottery.attested", {"witness": 1, "agrees": True})
    assert Call.objects.get().lottery.seed == "04 11 19 27"
