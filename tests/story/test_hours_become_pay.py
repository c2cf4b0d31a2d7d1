"""Hours to payment: a lead logs on a phone, the steward approves and closes a run, finance pays, the lead sees it."""

import csv
import io
import re
from pathlib import Path

import pytest

from tests.cohort.pay.cast import paid_by_the_hour
from tests.story.steps import HOME, click, press, to_desk, unfold

pytestmark = [pytest.mark.django_db, pytest.mark.story]


def words(page):
    return re.sub(r"\s+", " ", page.locator("main").inner_text())


def test_hours_become_pay(browsing, live_site, tmp_path):
    # Given a lead who is paid 45 dollars an hour, on a phone, and a steward at a desk
    cast = paid_by_the_hour()
    lead = browsing.person("the lead", phone=True, signed_in=cast.first.person)
    steward = browsing.person("the program coordinator", signed_in=cast.steward)

    # When the lead chooses other hours than the first button has, then two hours are owed from today on
    lead.goto(f"{HOME}week/")
    unfold(lead, "Other hours")
    press(lead, "Log 2 hours today: Meeting")
    assert "90.00 USD is owed to you" in words(lead)
    assert "Waits for the program coordinator" in words(lead)

    # And the page that leads down to what was logged says so where it can be seen
    lead.locator(".done:focus").wait_for()
    seen = "one => one.getBoundingClientRect().top >= 0 && scrollY > 100"
    assert lead.locator(".done").evaluate(seen)

    # When the same, which now takes one tap, is pressed again by mistake, then the page asks first, and nothing is logged
    lead.goto(f"{HOME}week/")
    press(lead, "Log 2 hours today: Meeting")
    lead.get_by_role("heading", name="Something is logged for this day").wait_for()
    click(lead, "Leave it")
    assert "90.00 USD is owed to you" in words(lead)

    # When the steward approves it and closes a run, then there is a file for finance that names nobody
    to_desk(steward, "My desk")
    click(steward, "Approve unpaid hours")
    steward.get_by_role("checkbox").check()
    press(steward, "Approve the chosen ones")
    steward.get_by_role("link", name="Pay what is approved: 90.00 USD").first.click()
    press(steward, "Make the file for the finance office")
    steward.get_by_role("heading", name="Payment run 1").wait_for()
    with steward.expect_download() as download:
        click(steward, "File for the finance office (CSV)")
    out = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8"))))
    assert [(row["amount"], row["currency"], sorted(row)) for row in out] == [
        ("90.00", "USD", ["amount", "currency", "payee", "reference"])
    ]
    lead.goto(f"{HOME}pay/")
    assert "With the finance office" in words(lead)

    # When a file comes back that does not match, then nothing goes in
    back = tmp_path / "back.csv"
    head = "reference,paid_on,amount\n"
    back.write_text(f"{head}{out[0]['reference']},{cast.today},89.00\n", encoding="utf-8")
    click(steward, "Take in what finance paid")
    steward.get_by_label("File from the finance office (CSV)").set_input_files(back)
    press(steward, "Compare it")
    told = words(steward)
    assert "89.00 was paid, and we asked for 90.00. Ask the finance office what happened." in told
    assert steward.get_by_role("button", name="Take in").count() == 0

    # When the right file comes back, then the lead sees that it was paid, and when
    back.write_text(f"{head}{out[0]['reference']},{cast.today},90.00\n", encoding="utf-8")
    click(steward, "Send another file")
    steward.get_by_label("File from the finance office (CSV)").set_input_files(back)
    press(steward, "Compare it")
    press(steward, "Take it in")
    steward.get_by_text("All paid").wait_for()
    lead.reload()
    told = words(lead)
    assert "Nothing is owed to you today." in told
    assert f"Paid {cast.today:%B} {cast.today.day}, {cast.today.year}" in told
    assert "Paid so far 90.00 USD" in told.replace("\xa0", " ")
