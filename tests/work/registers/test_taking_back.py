"""A whole file is taken back with one press, rows that stand twice are named, and bodies of a file become bureaus."""

import json

import pytest

from alongside.core.refusals import Refused
from alongside.core.registers.roots import root_of
from alongside.ground.record.queries import entries_at
from alongside.work.registers import actions
from alongside.work.registers.models import Import, Listing, Row
from alongside.work.registers.queries import changed_rows, leaves_in_force
from tests.work import cast
from tests.work.engagements.test_drafting import as_
from tests.work.projects.test_exports import body
from tests.work.projects.test_pages import text_of
from tests.work.registers.imports import (
    PROJECTS,
    brought_in,
    columns,
    confirmed,
    file_of,
    mapped,
    row,
    upload,
    work_off,
)


@pytest.fixture
def thread(db):
    return cast.program()


FIRST = [row("A-1", "Counters"), row("A-2", "Cameras", "Pilot"), row("A-3", "Chat")]
#: One changed, one gone, one new, one the same.
SECOND = [row("A-1", "Counters"), row("A-2", "Cameras", "Retired"), row("A-4", "Signs")]


def last(thread) -> dict:
    return json.loads(thread.entries()[-1])


def names(client) -> dict[str, str]:
    projects = json.loads(body(client.get(f"{PROJECTS}projects.json")))["projects"]
    return {one["name"]: one.get("stage", "") for one in projects}


def press(thread, of: Import, who=None):
    sent = as_(who or thread.steward).post(f"{PROJECTS}imports/{of.pk}/take-back/")
    work_off()
    return sent


def test_one_press_takes_a_whole_file_back_and_what_stood_before_it_is_on_the_register_again(
    thread, site_client
):
    first = brought_in(thread, FIRST)
    before, root = names(site_client), last(thread)["data"]["root"]
    second = brought_in(thread, SECOND, first.register.slug)
    assert names(site_client) != before
    assert "Withdraw this whole file" in text_of(as_(thread.steward).get(f"{PROJECTS}imports/{second.pk}/"))

    assert press(thread, second).status_code == 302

    assert names(site_client) == before
    told = last(thread)
    assert (told["kind"], told["data"]["root"]) == ("register.imported", root)
    counts = {name: told["data"][name] for name in ("added", "changed", "same", "gone", "wrong", "listed")}
    assert counts == {"added": 1, "changed": 1, "same": 1, "gone": 1, "wrong": 0, "listed": 3}
    assert root_of(leaves_in_force(first.register)).hex() == root
    page = text_of(as_(thread.steward).get(f"{PROJECTS}imports/"))
    assert ("Withdrawn" in page, "On the register again" in page) == (True, True)
    made = text_of(as_(thread.steward).get(f"{PROJECTS}imports/{Import.objects.latest('pk').pk}/"))
    assert ("A file was withdrawn." in made, "came in." in made) == (True, False)


def test_the_first_file_of_a_register_is_taken_back_to_nothing(thread, site_client):
    first = brought_in(thread, FIRST)
    press(thread, first)
    assert (names(site_client), last(thread)["data"]["listed"]) == ({}, 0)
    assert Row.objects.filter(is_in_force=True).count() == 0


def test_the_record_keeps_both_lines_and_the_rows_still_say_what_their_entries_say(thread):
    first = brought_in(thread, FIRST)
    second = brought_in(thread, SECOND, first.register.slug)
    press(thread, second)
    made = Import.objects.get(takes_back=second)
    entries = entries_at(thread.program, [first.entry, second.entry, made.entry])
    assert changed_rows(program=thread.program, entries=list(entries.values())) == set()


def test_the_log_and_the_page_of_a_file_say_that_it_was_withdrawn(thread, site_client):
    first = brought_in(thread, FIRST)
    second = brought_in(thread, SECOND, first.register.slug)
    press(thread, second)
    made = Import.objects.get(takes_back=second)
    assert last(thread)["cites"] == {"before": [second.entry], "withdraws": [second.entry]}
    entry = site_client.get(f"/riverbend/en/record/{made.entry}/").content.decode()
    assert f"<h1>Entry {made.entry}: A file of projects was withdrawn</h1>" in entry
    log = text_of(site_client.get("/riverbend/en/record/")).partition("Entries, newest first")[2]
    assert (log.count("A file of projects was withdrawn"), log.count("Projects came in from a file")) == (
        1,
        2,
    )
    cited = text_of(site_client.get(f"/riverbend/en/record/{second.entry}/"))
    assert "A file of projects was withdrawn" in cited
    page = as_(thread.steward).get(f"{PROJECTS}imports/{second.pk}/").content.decode()
    assert "<h1>This file was withdrawn</h1>" in page
    assert "came in." not in page


def test_a_file_comes_in_after_one_was_taken_back(thread, site_client):
    first = brought_in(thread, FIRST)
    press(thread, brought_in(thread, SECOND, first.register.slug))
    brought_in(thread, SECOND, first.register.slug)
    assert names(site_client) == {"Counters": "in_use", "Cameras": "retired", "Signs": "in_use"}


def test_only_the_last_file_is_taken_back_and_only_once(thread):
    first = brought_in(thread, FIRST)
    second = brought_in(thread, SECOND, first.register.slug)
    for wrong in (first, second):
        if wrong == second:
            press(thread, second)
        with pytest.raises(Refused, match="Only the last file of a register"):
            actions.take_back(of=wrong, by=thread.steward, pen="steward", now=thread.now)
    made = Import.objects.get(takes_back=second)
    with pytest.raises(Refused, match="Only the last file of a register"):
        actions.take_back(of=made, by=thread.steward, pen="steward", now=thread.now)


def test_nobody_takes_back_a_file_of_another_unit(thread):
    first = brought_in(thread, FIRST)
    assert press(thread, first, thread.first_lead.person).status_code == 403
    assert press(thread, first, thread.staff).status_code == 404
    assert not Import.objects.filter(takes_back=first).exists()


def test_a_row_that_says_in_every_column_what_an_earlier_one_says_is_named_and_comes_in_once(
    thread, site_client
):
    rows = [*FIRST, row("A-2", "Cameras", "Pilot"), row("A-2", "Cameras", "Retired"), row("A-1", "Counters")]
    of = upload(thread, file_of(rows))
    mapped(thread, of, **columns())

    page = text_of(as_(thread.steward).get(f"{PROJECTS}imports/{of.pk}/?rows=wrong"))
    assert "It says in every column what row 2 says, so it comes in once." in page
    assert "It says in every column what row 1 says, so it comes in once." in page
    confirmed(thread, of)
    data = last(thread)["data"]
    assert (data["added"], data["wrong"], data["rows"]) == (4, 2, 6)

    again = upload(thread, file_of(rows), of.register.slug)
    mapped(thread, again, **columns())
    states = sorted(again.came.values_list("number", "state"))
    assert states == [(1, "same"), (2, "same"), (3, "same"), (4, "wrong"), (5, "same"), (6, "wrong")]


def test_bodies_of_a_file_become_bureaus_by_their_name_or_by_what_a_person_says_and_the_filter_knows_them(
    thread, site_client
):
    bureau = thread.unit.slug
    rows = [
        row("A-1", "Counters"),
        [*row("A-2", "Cameras")[:2], "Libraries and Halls Unit", *row("A-2", "Cameras")[3:]],
        [*row("A-3", "Chat")[:2], "Another City", *row("A-3", "Chat")[3:]],
    ]
    of = upload(thread, file_of(rows))
    page = text_of(as_(thread.steward).get(f"{PROJECTS}imports/{of.pk}/columns/"))
    assert "Body or bureau: “Department of Examples” means" in page
    assert "“Libraries and Halls Unit” means" not in page, "the pack says which bureau that is"
    mapped(thread, of, **columns(), **{"word-0": bureau})
    confirmed(thread, of)

    found = dict(Listing.objects.values_list("row__facts__name", "unit"))
    assert found == {"Counters": bureau, "Cameras": bureau, "Chat": ""}
    told = json.loads(body(site_client.get(f"{PROJECTS}projects.json?unit={bureau}")))["projects"]
    assert sorted(one["name"] for one in told) == ["Cameras", "Counters"]
    assert [one["body"] for one in told if one["name"] == "Counters"] == ["Department of Examples"]
