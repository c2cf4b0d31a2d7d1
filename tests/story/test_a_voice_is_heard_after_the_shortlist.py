"""A voice is written down by a helper on a phone, read as words, and heard by the panel only after the shortlist."""

from datetime import timedelta

import pytest

from alongside.cohort.applications.models import Transcript
from alongside.cohort.calls import actions as calls
from alongside.ground.people.actions import make_person
from tests.cohort.reviews import choosing
from tests.cohort.reviews.choosing import closed, with_readers
from tests.story.steps import click, press
from tests.support.browsers import axe

pytestmark = [pytest.mark.django_db, pytest.mark.story]
PLAYS = """async (sound) => {
  const ready = new Promise((yes, no) => { sound.oncanplaythrough = () => yes("plays"); sound.onerror = () => yes("does not play"); });
  sound.preload = "auto"; sound.load();
  return await ready;
}"""


def test_a_helper_writes_a_voice_down_and_the_panel_hears_it_after_the_shortlist(browsing, live_site):
    # Given an answer by voice, and someone of a community organization who was invited to listen
    made = closed(count=1)
    choosing.speak(made.applications[0], made.thread.now - timedelta(days=2))
    helper = make_person(email="helper@house.example", called="A helper")
    calls.invite_helper(
        call=made.call, person=helper, organization="A house", does=["writes-down"], now=made.thread.now
    )

    # When the helper opens the desk on a phone, listens and writes
    phone = browsing.person("the helper", phone=True, signed_in=helper)
    phone.goto("/riverbend/en/my-desk/")
    assert axe(phone) == []
    click(phone, "1 recording to write down")
    phone.locator("main li a").click()
    assert (phone.locator("audio").evaluate(PLAYS), axe(phone)) == ("plays", [])
    assert phone.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    phone.fill("textarea[name=words]", "My street, said [name].")
    press(phone, "Keep these words")
    phone.get_by_text("Every recording is written down.").wait_for()
    assert Transcript.objects.get().made_by == helper

    # And two people read it, and the line is drawn
    with_readers(made, 2)
    made.read_all(5)
    made.line()

    # Then the panel hears it beside the words
    panel = browsing.person("a reader", phone=True, signed_in=made.readers[0].person)
    panel.goto("/riverbend/en/panel/second-cohort/")
    panel.locator("main h2 a").click()
    panel.get_by_text("My street, said [name].").wait_for()
    assert (panel.locator("audio").evaluate(PLAYS), axe(panel)) == ("plays", [])
