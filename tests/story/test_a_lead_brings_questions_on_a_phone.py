"""A lead on a phone writes a question, brings more from a file of another tool, and a stranger takes them all along."""

from pathlib import Path

import pytest

from alongside.core.xlsforms.reading import in_tongues, read
from alongside.work.engagements import actions
from alongside.work.engagements.models import Engagement
from tests.core.xlsforms.forms import CHOICES, SURVEY, made
from tests.support.browsers import axe
from tests.work import cast

pytestmark = [pytest.mark.django_db, pytest.mark.story]

HERE = "/riverbend/en/drafts/library-computers/questions/"


def good(page) -> None:
    """The page fits the phone and passes axe."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, page.url
    assert axe(page) == [], page.url


def asked() -> list[str]:
    return [one["words"]["en"] for one in Engagement.objects.get().form["questions"]]


def test_a_lead_brings_questions_from_a_file_on_a_phone(browsing, live_site, tmp_path):
    # Given a draft without questions, and a form of another tool
    thread = cast.draft()
    actions.save_questions(engagement=thread.engagement, questions=[])
    rows = [
        *SURVEY,
        ["geopoint", "spot", "Where?", "¿Dónde?"],
        ["text", "papers", "Are you a citizen?", "¿Y usted?"],
    ]
    file = tmp_path / "form.xls"  # it is an .xlsx: its name does not matter
    file.write_bytes(made(rows, CHOICES))
    ana = browsing.person("the lead", phone=True, color_scheme="light", signed_in=thread.first_lead.person)

    # When she types a question and goes on to the file, what she typed is saved
    ana.goto(HERE)
    good(ana)
    ana.get_by_label("The question", exact=True).first.fill("What would help you?")
    ana.get_by_text("Questions as a file").click()
    ana.get_by_role("button", name="Bring questions from a file").click()
    ana.wait_for_url("**/questions/file/")
    good(ana)
    ana.get_by_label("The file").set_input_files(file)
    ana.get_by_role("button", name="Look at its questions").click()

    # Then she sees what is in the file in both languages, what is left out and why, and leaves one out
    ana.get_by_role("heading", name="4 questions come after yours").wait_for()
    good(ana)
    page = ana.locator("main").inner_text()
    for words in (
        "Which side?",
        "¿Qué lado?",
        "1 question cannot be asked here",
        "A place on a map",
        "row 6 spot",
    ):
        assert words in page
    ana.get_by_label("Leave this one out").nth(1).check()
    ana.get_by_role("button", name="Put them after my questions").click()
    ana.get_by_text("Your draft is kept.").wait_for()
    good(ana)
    assert asked() == ["What would help you?", "Which side?", "Why there?", "How safe is it?"]

    # And takes them all along
    ana.get_by_text("Questions as a file").click()
    with ana.expect_download() as saved:
        ana.get_by_role("link", name="Take the questions along").click()
    found = read(Path(saved.value.path()).read_bytes())
    kept, _lacking = in_tongues(found, {one.name: one.guess for one in found.tongues}, "en")
    assert [one["words"]["en"] for one in kept] == asked()
