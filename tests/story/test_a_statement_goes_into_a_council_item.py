"""Before a council decides: one click makes the statement of a project, and its files hold what people said and got."""

import io
import zipfile

import pytest
from docx import Document
from pypdf import PdfReader

from alongside.ground.record.actions import heads
from tests.story.steps import HOME, click
from tests.support.thread import Thread

pytestmark = [pytest.mark.django_db, pytest.mark.story]

REASONS = "The law asks for thirty days."


def downloaded(page, name):
    """Click a link and give the name and the bytes of the file that comes."""
    with page.expect_download() as coming:
        page.get_by_role("link", name=name, exact=True).first.click()
    return coming.value.suggested_filename, coming.value.path().read_bytes()


def test_a_project_page_leads_in_one_click_to_the_statement_and_its_files(browsing, live_site, calendar):
    # Given a project on which people spoke, leads asked, and the City said no
    thread = Thread(now=calendar.now()).to_open_engagement()
    answer = thread.answer(thread.recommend(thread.find()), "declined", reasons=REASONS)[0].index
    size = heads.sign_head(program=thread.program, now=thread.now).size
    anyone = browsing.person("anyone", phone=True)
    staff = browsing.person("the staff", signed_in=thread.staff)

    # When anyone clicks once on the project's page, then the statement is there, with the reasons, and stays there
    anyone.goto(f"{HOME}projects/{thread.project.slug}/")
    click(anyone, "Public Involvement Statement")
    anyone.get_by_role("heading", name="Public Involvement Statement: Records of public computers").wait_for()
    assert anyone.url.endswith(f"/statement/{size}/")
    assert REASONS in anyone.locator("main").inner_text()

    # When they take the files along, then each opens and says the same
    name, pdf = downloaded(anyone, "Download (PDF)")
    assert name == f"statement-{thread.project.slug}-{size}.pdf"
    assert REASONS in " ".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf)).pages)
    _name, docx = downloaded(anyone, "Download (Word)")
    cells = [
        cell.text for table in Document(io.BytesIO(docx)).tables for row in table.rows for cell in row.cells
    ]
    assert any(REASONS in one for one in cells)
    _name, proofs = downloaded(anyone, "Download the proofs (ZIP)")
    assert {"README.txt", "vkey", "texts.json"} <= set(zipfile.ZipFile(io.BytesIO(proofs)).namelist())

    # When the staff reads it, then an entry of the statement leads to its page on the record
    staff.goto(f"{HOME}projects/{thread.project.slug}/")
    click(staff, "Public Involvement Statement")
    staff.locator("article").get_by_role("link", name=f"Entry {answer}", exact=True).first.click()
    staff.get_by_role("heading", name=f"Entry {answer}: An answer").wait_for()
