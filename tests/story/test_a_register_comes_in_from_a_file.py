"""A register from a file: uploaded, mapped by hand, looked at, confirmed; then anyone finds a project with all its file says.

The made-up file is always walked. A real one is walked too where it lies beside the house: the index of the UK's records, and
in the soak each of the five.
"""

import re

import pytest

from alongside.work.registers.models import Listing
from tests.core.registers.files import real
from tests.core.registers.plans import REAL
from tests.core.registers.test_mapping import WRONG
from tests.story.steps import HOME, click, press
from tests.support.browsers import axe
from tests.work import cast
from tests.work.registers.imports import ROWS, file_of, work_off

pytestmark = [pytest.mark.django_db, pytest.mark.story]


def words(page):
    return re.sub(r"\s+", " ", page.locator("main").inner_text())


def upload(steward, path, title):
    steward.goto(f"{HOME}projects/")
    click(steward, "Bring in a file")
    click(steward, "Bring in a file")
    steward.get_by_label("What is the new register called?").fill(title)
    steward.get_by_label("The file").set_input_files(path)
    press(steward, "Upload")
    steward.get_by_role("heading", name="What each column is", exact=True).wait_for()


def bring_in(steward, rows):
    """Press twice; both pages say how far it is and move on by themselves."""
    press(steward, "Save, and read every row")
    steward.get_by_text("This page moves by itself.").wait_for()
    assert axe(steward) == []
    work_off()
    steward.get_by_text(f"All {rows} rows were read. Nothing has changed yet.").wait_for()
    assert axe(steward) == []
    press(steward, "Yes, bring it in")
    work_off()
    steward.get_by_text("It is on the register:").wait_for()


def test_a_register_comes_in_from_a_file(browsing, live_site, tmp_path):
    # Given a steward with a file of an old spreadsheet, and someone on a phone
    thread = cast.program()
    steward = browsing.person("the program coordinator", signed_in=thread.steward)
    visitor = browsing.person("a visitor", phone=True)
    path = tmp_path / "systems.csv"
    path.write_bytes(file_of(ROWS).read())

    # When the steward uploads it, then each column stands there with real values, email left out by itself
    upload(steward, path, "Systems of a county")
    assert steward.get_by_label("contact_email").input_value() == "drop"
    assert steward.get_by_label("use_case_name").input_value() == "name"

    # When the steward says that the notes are what it is for, and looks at a preview, then a real row shows it
    steward.get_by_label("note", exact=True).select_option(label="What it is for")
    press(steward, "Preview")
    assert "=1+1" in steward.get_by_role("table").inner_text()
    assert axe(steward) == []
    visitor.goto(f"{HOME}projects/")
    assert "No project is on the register yet." in words(visitor)

    # When every row was read and the steward says yes, then the four stand on the register, and the record tells of it
    bring_in(steward, 4)
    assert "It is on the register: 4 rows came in." in words(steward)
    click(steward, re.compile(r"Entry \d+"))
    assert "Projects came in from a file" in words(steward)

    # When someone narrows the list on a phone, then one is left, with everything its file says but the email
    visitor.reload()
    visitor.get_by_label("Stage", exact=True).select_option(label="On trial")
    press(visitor, "Show these")
    assert "1 project" in words(visitor)
    click(visitor, "Cameras")
    visitor.get_by_text("Everything the file says of it").click()
    assert "Row 2 of systems.csv" in words(visitor)
    assert "ann@city.example" not in visitor.content()
    assert axe(visitor) == []

    # When a real register lies beside the house, then it comes in by a mapping made in the same form
    upload(steward, real("uk_atrs_records.json"), "Records of the United Kingdom")
    for column, what in {
        "tool_name": "Name",
        "publishing_body": "Body or bureau",
        "description": "What it is",
        "title": "Keep it as it is",
        "url": "Documents",
    }.items():
        steward.get_by_label(column, exact=True).select_option(label=what)
    bring_in(steward, 136)
    assert "It is on the register: 136 rows came in." in words(steward)
    visitor.goto(f"{HOME}projects/")
    visitor.reload()  # a browser may show a page for a minute as it was
    assert "140 projects" in words(visitor)


@pytest.mark.soak
@pytest.mark.parametrize("name", REAL)
def test_each_real_register_comes_in_by_a_mapping_made_by_hand(browsing, live_site, name):
    # Given a steward with a file that some government publishes
    steward = browsing.person("the program coordinator", signed_in=cast.program().steward)
    plan, rows = REAL[name]
    upload(steward, real(name), "A real register")

    # When the steward says of each column what it is, and of words that we do not know what they mean
    for field in steward.locator('select[name^="column-"]').all():
        heading = steward.locator(f'label[for="{field.get_attribute("id")}"]').inner_text()
        field.select_option(value=plan.columns.get(heading, ""))
    press(steward, "Preview")
    for value, choice in plan.values.get("stage", {}).items():
        for field in steward.get_by_label(re.compile(f"“{value}” means", re.IGNORECASE)).all():
            field.select_option(value=choice)

    # Then every row is accounted for: it comes in, or it says why it stays out
    out = sum(WRONG.get(name, {}).values())
    bring_in(steward, f"{rows:,}")
    assert f"It is on the register: {rows - out:,} rows came in." in words(steward)
    assert Listing.objects.count() == rows - out
