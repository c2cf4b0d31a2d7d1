"""A lead writes a finding in the reader: what was typed is not lost, whatever ends or is pressed meanwhile."""

import pytest

from alongside.chain.voices import actions
from alongside.core.sealing.keys import recipient_of
from alongside.ground.gate import tokens
from alongside.ground.record.models import Log
from alongside.ground.record.rows import RowsLog
from alongside.site.demo import sealed
from tests.chain.voices.cast import form_of, say
from tests.support.remembering import remembered, this_hour
from tests.support.thread import Thread
from alongside.site.six_words import PASSPHRASE

pytestmark = [pytest.mark.django_db, pytest.mark.story]
READER = "/riverbend/en/reader/"
WORDS = "The hall is too far away."


@pytest.fixture
def walked():
    return spoken(this_hour())


@remembered
def spoken(now):
    """Give an open engagement with twelve sealed voices and two leads who hold its key."""
    walked = Thread(now=now).open_program().draft_engagement()
    walked.found_keys(opens=True).make_keys().open()
    marks = []
    for n in range(12):
        voice = say(f"Voice {n}", form=form_of(walked), recipient=walked.recipient)
        sent = {"mark": voice.mark, "act": voice.act, "sealed": voice.sealed}
        actions.take_in(program=walked.program, engagement="library-computers", now=walked.now, **sent)
        marks.append(voice.mark)
    walked.enter(
        "voices.published", ["clock"], {"marks": sorted(marks), "part": 1}, {"engagement": [walked.promise]}
    )
    return walked


@pytest.fixture
def ana(browsing, walked):
    """Give the first lead's page, with the voices open and a finding typed that rests on all of them."""
    ana = browsing.person("Ana", signed_in=walked.first_lead.person)
    ana.goto(READER + "library-computers/")
    ana.get_by_label("Your six words").fill(PASSPHRASE)
    ana.get_by_role("button", name="Unlock").click()
    ana.get_by_text("Voices opened: 12").wait_for()
    for box in ana.get_by_label("My finding rests on this voice").all():
        box.check()
    ana.get_by_label("What we heard").fill(WORDS)
    return ana


def press(page, name):
    page.get_by_role("button", name=name).click()


def published(walked):
    log = RowsLog(Log.objects.get(program=walked.program))
    return log.citing(walked.promise, "finding.published")


def test_a_finding_is_published_after_the_half_hour_without_unlocking_again(
    walked, ana, browsing, monkeypatch
):
    browsing.forgive("401")
    monkeypatch.setattr(tokens, "SALT", "every token given before has ended")

    press(ana, "Publish the finding")

    ana.get_by_text("The finding is public").wait_for()
    assert len(published(walked)) == 1


def test_where_a_lead_is_not_let_in_again_the_page_says_so_and_keeps_the_words(ana, browsing, monkeypatch):
    browsing.forgive("401")
    monkeypatch.setattr(tokens, "MINUTES", -1)

    press(ana, "Keep as a sealed draft")

    ana.locator("[data-problem]").get_by_text("did not let you in again").wait_for()
    assert ana.get_by_label("What we heard").input_value() == WORDS
    assert ana.get_by_label("My finding rests on this voice").first.is_checked()


def test_pressing_publish_once_more_publishes_nothing_more_and_still_says_that_it_is_public(walked, ana):
    button = ana.get_by_role("button", name="Publish the finding")
    told = ana.locator("[data-done]")
    button.click()
    told.get_by_text("The finding is public").wait_for()
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    ana.mouse.move(box["x"] + 20, box["y"] + 10)

    ana.mouse.down(click_count=2)  # a double press, whose first half was done by then
    ana.mouse.up(click_count=2)
    after_a_double_press = told.text_content()
    button.press("Enter")

    assert after_a_double_press == told.text_content() == "The finding is public, on the record."
    assert len(published(walked)) == 1
    ana.get_by_label("What we heard").fill(WORDS)
    button.click()
    told.get_by_text("choose at least one voice").wait_for()


def test_a_double_press_asks_the_server_once(ana):
    asked = []
    ana.on("request", lambda request: asked.append(request.url) if "/drafts" in request.url else None)

    ana.get_by_role("button", name="Keep as a sealed draft").dblclick()

    ana.get_by_text("The draft is kept").wait_for()
    assert len(asked) == 1


def test_what_was_typed_is_there_again_after_a_look_at_the_desk(walked, ana):
    press(ana, "Back to the desk")
    press(ana, "Open the voices")
    ana.get_by_text("Voices opened: 12").wait_for()

    ana.get_by_text("There is no draft.").wait_for()
    assert ana.get_by_label("What we heard").input_value() == WORDS
    press(ana, "Publish the finding")
    ana.get_by_text("The finding is public").wait_for()
    assert len(published(walked)) == 1
    press(ana, "Back to the desk")
    press(ana, "Open the voices")
    ana.get_by_text("There is no draft.").wait_for()
    assert ana.get_by_label("What we heard").input_value() == ""


def test_leaving_the_page_is_asked_about_while_words_are_not_kept(ana):
    asked = []
    ana.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    press(ana, "Keep as a sealed draft")
    ana.get_by_text("The draft is kept").wait_for()
    ana.reload()
    assert asked == []
    ana.get_by_label("Your six words").fill(PASSPHRASE)
    press(ana, "Unlock")
    ana.get_by_label("What we heard").fill("Typed again")
    ana.reload()
    assert asked == ["beforeunload"]


def test_the_quick_exit_is_not_held_back_by_words_that_are_not_kept(ana):
    asked = []
    ana.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    ana.locator(".leave").evaluate("(link) => { link.href = '/riverbend/en/' }")

    ana.locator(".leave").click()

    ana.wait_for_url("**/riverbend/en/")
    assert asked == []


def test_a_draft_is_not_taken_up_over_words_that_are_not_kept(ana):
    press(ana, "Keep as a sealed draft")
    ana.get_by_text("The draft is kept").wait_for()
    ana.get_by_label("What we heard").fill("Longer than before")

    press(ana, "Go on with this draft")

    ana.locator("[data-problem]").get_by_text("not kept yet").wait_for()
    assert ana.get_by_label("What we heard").input_value() == "Longer than before"
