"""A register comes in from a file: nothing before a yes, every row accounted for, one entry with a root over the rows."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from alongside.core.registers.roots import leaf_of, root_of
from alongside.ground.record.models import LogEntry
from alongside.work.projects import actions as projects
from alongside.work.registers import actions, queries, tasks
from alongside.work.registers.actions import note_progress
from alongside.work.registers.models import Chunk, Import, Listing, Register, Row
from tests.core.registers.files import csv_bytes
from tests.work import cast
from tests.work.engagements.test_drafting import as_
from tests.work.projects.test_exports import body
from tests.work.projects.test_pages import text_of
from tests.work.registers.imports import (
    PROJECTS,
    ROWS,
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


def last(thread) -> dict:
    return json.loads(thread.entries()[-1])


def test_words_of_a_file_are_marked_with_their_language_on_a_page_in_another(thread, site_client):
    brought_in(thread, ROWS)
    spanish = PROJECTS.replace("/en/", "/es/")
    rows = site_client.get(spanish).content.decode()
    whole = site_client.get(f"{spanish}{Listing.objects.get(row__key='A-1').slug}/").content.decode()

    english = ' lang="en" dir="ltr">'
    for page, tag in ((rows, "span"), (whole, "strong")):
        assert f"<{tag}{english}Department of Examples</{tag}>\xa0· <span{english}Use cases</span>" in page


def test_nothing_is_written_before_somebody_says_yes(thread):
    before = thread.entries()
    of = upload(thread, file_of(ROWS))
    mapped(thread, of, **columns())

    assert (of.rows, of.encoding, of.trouble) == (4, "utf-8", "")
    assert thread.entries() == before
    assert Listing.objects.count() == 0
    assert Row.objects.filter(is_in_force=True).count() == 0


def test_a_yes_puts_one_entry_on_the_record_and_every_row_on_the_list(thread):
    of = brought_in(thread, ROWS)

    entry = last(thread)
    rows = Row.objects.filter(register=of.register, is_in_force=True)
    assert (entry["kind"], entry["by"], entry["data"]["register"]) == (
        "register.imported",
        ["steward"],
        "use-cases",
    )
    assert {name: entry["data"][name] for name in ("rows", "added", "changed", "same", "gone", "wrong", "listed")} == {
        "rows": 4, "added": 4, "changed": 0, "same": 0, "gone": 0, "wrong": 0, "listed": 4,
    }  # fmt: skip
    assert (
        entry["data"]["root"] == root_of(leaf_of(one.key, one.cells, bytes(one.salt)) for one in rows).hex()
    )
    assert entry["data"]["file"] == of.sha256
    assert Listing.objects.filter(is_imported=True).count() == 4
    assert Chunk.objects.count() == 0
    assert of.listed_at is not None


def test_every_cell_but_e_mail_is_kept_with_the_row_and_the_hash_of_its_file(thread, site_client):
    of = brought_in(thread, ROWS)
    listing = Listing.objects.get(row__facts__name="Signs")

    text = text_of(site_client.get(f"{PROJECTS}{listing.slug}/"))

    assert "Row 4 of register.csv" in text
    assert of.sha256 in text
    assert "note =1+1" in text
    assert "ann@city.example" not in text
    assert "In use" in text
    assert "This came in from a file. Nobody here has checked it." in text


def test_ids_that_are_missing_or_stand_twice_still_name_one_row_each(thread):
    brought_in(thread, ROWS)

    keys = {one.facts["name"]: one.key for one in Row.objects.all()}
    assert (keys["Counters"], keys["Cameras"]) == ("A-1", "A-2")
    assert keys["Chat"].startswith("~")
    assert keys["Signs"].startswith("A-2~")
    assert len(set(keys.values())) == 4


def test_a_second_file_shows_what_is_new_changed_gone_and_the_same(both_databases):
    thread = cast.program()
    first = brought_in(thread, ROWS)
    addresses = dict(Listing.objects.values_list("row__facts__name", "slug"))
    again = [row("A-1", "Counters", "Retired"), row("", "Chat"), row("A-3", "Kiosks"), row("A-9", "")]
    of = upload(thread, file_of(again), first.register.slug)
    mapped(thread, of, **columns())

    text = text_of(as_(thread.steward).get(f"{PROJECTS}imports/{of.pk}/?rows=changed"))
    assert "New: 1 Changed: 1 The same: 1 Gone: 2 Left out: 1" in text
    assert "development_stage Deployed Retired" in text
    wrong = text_of(as_(thread.steward).get(f"{PROJECTS}imports/{of.pk}/?rows=wrong"))
    assert "It has no name in the column you chose." in wrong
    assert "Cameras" in text_of(as_(thread.steward).get(f"{PROJECTS}imports/{of.pk}/?rows=gone"))

    confirmed(thread, of)
    assert {name: last(thread)["data"][name] for name in ("added", "changed", "same", "gone", "wrong", "listed")} == {
        "added": 1, "changed": 1, "same": 1, "gone": 2, "wrong": 1, "listed": 3,
    }  # fmt: skip
    assert last(thread)["cites"] == {"before": [first.entry]}
    after = dict(Listing.objects.values_list("row__facts__name", "slug"))
    assert set(after) == {"Counters", "Chat", "Kiosks"}
    assert after["Counters"] == addresses["Counters"]
    assert Listing.objects.get(slug=after["Counters"]).stage == "retired"


def test_a_file_with_the_same_rows_again_changes_nothing(thread):
    first = brought_in(thread, ROWS)
    root = last(thread)["data"]["root"]
    brought_in(thread, ROWS, first.register.slug)

    assert last(thread)["data"]["same"] == 4
    assert last(thread)["data"]["root"] == root


def test_a_row_that_is_wrong_in_a_new_file_keeps_what_stood(thread):
    first = brought_in(thread, ROWS)
    of = brought_in(thread, [row("A-1", ""), *ROWS[1:]], first.register.slug)

    assert (last(thread)["data"]["wrong"], last(thread)["data"]["gone"]) == (1, 0)
    assert Row.objects.get(key="A-1", is_in_force=True).came_with_id == first.pk != of.pk


def test_a_file_that_was_looked_at_before_another_came_in_is_looked_at_again(thread):
    first = brought_in(thread, ROWS)
    of = upload(thread, file_of([row("A-1", "Counters")]), first.register.slug)
    mapped(thread, of, **columns())
    brought_in(thread, [*ROWS, row("B-1", "Kiosks")], first.register.slug)
    entries = len(thread.entries())

    confirmed(thread, of)

    assert len(thread.entries()) == entries
    assert (of.confirmed_at, of.looked_at is None) == (None, False)
    text = text_of(as_(thread.steward).get(f"{PROJECTS}imports/{of.pk}/"))
    assert "Gone: 4" in text


def test_saying_yes_twice_brings_a_file_in_once(thread):
    of = brought_in(thread, ROWS)
    entries = thread.entries()

    confirmed(thread, of)
    tasks.begin_to_bring(of, thread.now)
    work_off()

    assert thread.entries() == entries
    assert Listing.objects.count() == 4


def test_a_yes_to_an_older_mapping_brings_nothing_in(thread):
    of = upload(thread, file_of(ROWS))
    mapped(thread, of, **columns())
    old, stale = of.revision, Import.objects.get(pk=of.pk)
    mapped(thread, of, **columns(**{"column-6": "purpose"}))
    assert actions.say_yes(of=stale, pen=stale.pen, now=thread.now) is False

    as_(thread.steward).post(f"{PROJECTS}imports/{of.pk}/yes/", {"revision": old})
    work_off()

    assert Row.objects.filter(is_in_force=True).count() == 0


def test_a_preview_shows_real_rows_and_reads_nothing_else(thread):
    of = upload(thread, file_of(ROWS))
    client = as_(thread.steward)
    client.post(f"{PROJECTS}imports/{of.pk}/columns/", columns(preview="1"))
    work_off()

    text = text_of(client.get(f"{PROJECTS}imports/{of.pk}/columns/"))

    assert "Counters Department of Examples What Counters is in two lines" in text
    assert Row.objects.count() == 0


def test_a_word_that_is_not_known_gets_a_meaning_which_the_next_file_remembers(thread):
    odd = [row("A-1", "Counters", "Mothballed")]
    of = upload(thread, file_of(odd))
    client = as_(thread.steward)
    client.post(f"{PROJECTS}imports/{of.pk}/columns/", columns(preview="1"))
    assert "Stage: “Mothballed” means" in text_of(client.get(f"{PROJECTS}imports/{of.pk}/columns/"))
    mapped(thread, of, **columns(**{"word-0": "retired"}))
    confirmed(thread, of)
    assert Listing.objects.get().stage == "retired"

    brought_in(thread, [row("A-2", "Cameras", "MOTHBALLED")], of.register.slug)
    assert Listing.objects.get().stage == "retired"


def test_a_mapping_without_a_name_is_refused_with_the_cure(thread):
    of = upload(thread, file_of(ROWS))
    response = as_(thread.steward).post(
        f"{PROJECTS}imports/{of.pk}/columns/", columns(**{"column-1": "summary"})
    )

    assert "Choose the column with the name of each project." in text_of(response)


def test_a_file_that_cannot_be_read_says_so_and_brings_nothing_in(thread):
    broken = file_of(ROWS)
    broken.seek(0, 2)
    broken.write(b'A-9,"never ends' + b"\nx" * 200_000)
    broken.seek(0)
    of = upload(thread, broken)
    mapped(thread, of, **columns())

    assert of.trouble.startswith("cell")
    text = text_of(as_(thread.steward).get(f"{PROJECTS}imports/{of.pk}/"))
    assert "This file cannot be read." in text
    confirmed(thread, of)
    assert Listing.objects.count() == 0


def test_only_the_units_own_people_and_the_steward_see_a_file(thread):
    of = upload(thread, file_of(ROWS))

    assert as_(thread.staff).get(f"{PROJECTS}imports/{of.pk}/").status_code == 404
    assert as_(thread.first_lead.person).get(f"{PROJECTS}imports/{of.pk}/").status_code == 403
    assert as_(thread.staff).post(f"{PROJECTS}imports/{of.pk}/yes/", {"drop": "1"}).status_code == 404


def test_a_file_that_nobody_confirmed_is_dropped_in_the_end(thread):
    upload(thread, file_of(ROWS))

    tasks.tick(program=thread.program, now=thread.now + timedelta(days=29))
    assert Import.objects.count() == 1
    tasks.tick(program=thread.program, now=thread.now + timedelta(days=31))
    assert (Import.objects.count(), Chunk.objects.count()) == (0, 0)


def test_the_lines_of_the_list_can_be_rebuilt_from_the_record(thread):
    cast.draft(thread)
    brought_in(thread, ROWS)
    projects.describe_project(
        project=thread.project,
        by=thread.manager.public_id,
        choices={"stage": "pilot", "communities": ["renters", "young"]},
        words={"en": {"purpose": "To count."}},
        now=thread.now,
    )
    names = (
        "slug",
        "entry",
        "row",
        "unit",
        "stage",
        "impact",
        "asked",
        "is_imported",
        "touches__community",
    )
    before = sorted(Listing.objects.values_list(*names), key=str)

    Listing.objects.filter(row=None).update(stage="", impact="high")
    call_command("record_rebuild")

    assert sorted(Listing.objects.values_list(*names), key=str) == before
    assert len(before) == 6


def test_a_column_can_say_whom_projects_touch_and_the_list_is_narrowed_by_it(thread, site_client):
    told = [
        row("A-1", "Counters", note="Tenants; Young people"),
        row("A-2", "Cameras", note="Jóvenes"),
        row("A-3", "Chat"),
    ]
    of = upload(thread, file_of(told))
    client = as_(thread.steward)
    whom = columns(**{"column-6": "communities"})
    client.post(f"{PROJECTS}imports/{of.pk}/columns/", whom | {"preview": "1"})
    page = text_of(client.get(f"{PROJECTS}imports/{of.pk}/columns/"))
    assert "Whom it touches: “Tenants” means" in page
    assert "“Young people” means" not in page
    mapped(thread, of, **whom, **{"word-0": "renters"})
    confirmed(thread, of)

    names = {
        one: [
            each["name"]
            for each in json.loads(body(site_client.get(f"{PROJECTS}projects.json?community={one}")))[
                "projects"
            ]
        ]
        for one in ("renters", "young", "older")
    }
    assert names == {"renters": ["Counters"], "young": ["Cameras", "Counters"], "older": []}
    slug = Listing.objects.get(row__facts__name="Counters").slug
    assert "Whom it touches Renters, Young people" in text_of(site_client.get(f"{PROJECTS}{slug}/"))

    brought_in(thread, [row("A-1", "Counters", "Pilot")], of.register.slug)
    assert Listing.objects.filter(touches__isnull=False).count() == 0


def test_a_page_without_javascript_says_how_far_it_is_and_asks_again_by_itself(thread):
    of = upload(thread, file_of(ROWS))
    client, page = as_(thread.steward), f"{PROJECTS}imports/{of.pk}/"
    again = '<noscript><meta http-equiv="refresh" content="5"></noscript>'
    actions.save_mapping(of=of, mapping={"columns": {"use_case_name": "name"}})
    of.refresh_from_db()
    note_progress(of=of, read_bytes=of.size // 2, rows=2)

    reading = client.get(page).content.decode()
    assert (again in reading, f'max="{of.size}" value="{of.size // 2}"' in reading) == (True, True)
    assert "2 rows are read." in text_of(client.get(page))
    assert "Being read" in text_of(client.get(f"{PROJECTS}imports/"))
    tasks.begin_to_look(of, thread.now)
    work_off()
    assert again not in client.get(page).content.decode()
    of.refresh_from_db()
    assert actions.say_yes(of=of, pen=of.pen, now=thread.now) is True
    coming = client.get(page)
    assert (again in coming.content.decode(), "0 of 4 rows are listed." in text_of(coming)) == (True, True)


def test_no_page_of_a_file_shows_a_hash_that_nobody_can_compare_with_it(thread):
    of = upload(thread, file_of(ROWS))
    mapped(thread, of, **columns())
    client, page = as_(thread.steward), f"{PROJECTS}imports/{of.pk}/"
    assert of.sha256 not in client.get(page).content.decode()
    confirmed(thread, of)
    assert of.sha256 not in client.get(page).content.decode()


def test_words_that_nobody_was_asked_about_are_shown_before_every_row_is_read(thread):
    of = upload(thread, file_of([row("A-1", "Counters", note="Mothballed")]))
    client, address = as_(thread.steward), f"{PROJECTS}imports/{of.pk}/columns/"
    told = columns(**{"column-4": "", "column-6": "stage"})

    shown = client.post(address, told)
    assert shown["Location"].endswith(f"{address}#words")
    assert "Stage: “Mothballed” means" in text_of(client.get(address))
    assert client.post(address, told)["Location"].endswith(f"imports/{of.pk}/")


def test_a_register_and_a_project_called_like_a_file_get_names_that_the_record_can_hold(thread):
    of = upload(thread, file_of([row("A-1", "bike_counters_v2")]), title="_us_federal_2023.csv")
    mapped(thread, of, **columns())
    confirmed(thread, of)
    listing = Listing.objects.get()
    assert (of.register.slug, listing.slug.startswith("us-federal-202-bike-counters-v2-")) == (
        "us-federal-2023csv",
        True,
    )
    typed = {"title": "bike_counters_v2", "summary": "They count.", "unit": thread.unit.slug}
    assert as_(thread.steward).post(f"{PROJECTS}{listing.slug}/register/", typed).status_code == 302
    assert as_(thread.steward).post(f"{PROJECTS}new/", typed)["Location"] == f"{PROJECTS}bike-counters-v2/"


#: What whoever has the database's password does to a file that waits, or was confirmed a moment ago.
OTHER_HANDS = ("a yes in another's name", "other facts after the yes")


@pytest.mark.parametrize("changed", OTHER_HANDS)
def test_a_file_that_nobody_confirmed_so_comes_in_only_once_it_is_read_and_confirmed_again(thread, changed):
    of = upload(thread, file_of(ROWS))
    mapped(thread, of, **columns())
    if changed == OTHER_HANDS[1]:
        assert actions.say_yes(of=of, pen="steward", now=thread.now)
        Row.objects.filter(came_with=of).update(facts={"name": "No cameras at all"})
    else:
        values = {"confirmed_at": thread.now, "pen": thread.manager.public_id}
        Import.objects.filter(pk=of.pk).update(**values)
    tasks.begin_to_bring(of, thread.now)
    work_off()

    of.refresh_from_db()
    assert (of.entry, of.confirmed_at, of.looked_at is None) == (None, None, False)
    confirmed(thread, of)
    (entry,) = [one.parsed for one in LogEntry.objects.filter(kind="register.imported")]
    assert entry.by == ("steward",)
    assert not Row.objects.filter(facts__name="No cameras at all").exists()


def test_a_file_that_fails_on_its_way_in_says_so_after_three_tries(thread, monkeypatch):
    of = upload(thread, file_of(ROWS))
    mapped(thread, of, **columns())
    with monkeypatch.context() as broken:
        broken.setattr(queries, "pen_of", lambda *_: "nobody")
        confirmed(thread, of)

    assert (of.confirmed_at, of.entry, Listing.objects.count()) == (None, None, 0)
    page = text_of(as_(thread.steward).get(f"{PROJECTS}imports/{of.pk}/"))
    assert "This file could not be brought in. Nothing has changed." in page
    mapped(thread, of, **columns())
    confirmed(thread, of)
    assert Listing.objects.count() == 4


def test_files_that_wait_for_a_yes_have_a_quota_and_the_cure_is_said(thread):
    of = upload(thread, file_of(ROWS))
    Import.objects.filter(pk=of.pk).update(size=512 * 1024 * 1024)
    sent = {"register": "", "title": "Another", "unit": "", "file": file_of(ROWS)}

    page = as_(thread.steward).post(f"{PROJECTS}import/", sent, headers={"origin": "http://testserver"})

    assert page.status_code == 200
    assert "Say yes to one, or throw one away." in text_of(page)
    assert (Import.objects.count(), Register.objects.count()) == (1, 1)
    actions.drop_file(of=of)
    assert upload(thread, file_of(ROWS)).sha256


def test_a_file_is_refused_where_the_disk_would_be_too_full_for_voices(thread, full_disk):
    sent = {"register": "", "title": "Another", "unit": "", "file": file_of(ROWS)}

    page = as_(thread.steward).post(f"{PROJECTS}import/", sent, headers={"origin": "http://testserver"})

    assert "There is no room for this file right now." in text_of(page)
    assert Import.objects.count() == 0


def test_a_file_that_never_came_whole_is_on_no_list_and_another_voice_waits_for_a_piece_of_it_alone(thread):
    register = upload(thread, file_of(ROWS)).register
    inside = []

    def pieces():
        for _ in range(3):
            inside.append(len(connection.savepoint_ids))
            yield b"x" * 2**20
        raise OSError("the line is gone")

    before = len(connection.savepoint_ids)
    with pytest.raises(OSError, match="the line is gone"):
        actions.take_in_file(
            register=register,
            file_name="a.csv",
            pieces=pieces(),
            by=thread.steward,
            pen="steward",
            now=thread.now,
        )

    assert set(inside) == {before}  # no transaction is open while the file comes
    assert Import.objects.filter(sha256="").count() == 1
    assert text_of(as_(thread.steward).get(f"{PROJECTS}imports/")).count("a.csv") == 0


def people_file():
    """Give a file with two columns about people beside those of the made-up register."""
    headings = ["id", "use_case_name", "agency", "Contact name", "Phone", "note"]
    made = io.BytesIO(
        csv_bytes(headings, [["A-1", "Counters", "Examples", "Ana Ruiz", "503-555-0142", "Old"]])
    )
    made.name = "people.csv"
    return made


def test_columns_about_people_that_are_kept_are_named_and_shown_before_the_yes(thread):
    of = upload(thread, people_file())
    client = as_(thread.steward)
    at = f"{PROJECTS}imports/{of.pk}/columns/"
    warns = "These columns look like they are about people: Contact name , Phone"
    what = {f"column-{place}": one for place, one in enumerate(["key", "name", "body", "", "", ""])}
    assert warns in text_of(client.get(at))

    client.post(at, what | {"preview": "1"})
    assert "Counters Examples Ana Ruiz 503-555-0142 Old" in text_of(client.get(at))
    mapped(thread, of, **what)
    check = text_of(client.get(f"{PROJECTS}imports/{of.pk}/"))
    assert warns in check
    assert "These columns come in as they are, for everyone to read: Contact name , Phone , note" in check
    assert "Ana Ruiz" in check.partition("Yes, bring it in")[0]


def test_columns_about_people_that_are_left_out_are_not_warned_of(thread):
    of = upload(thread, people_file())
    what = {f"column-{place}": one for place, one in enumerate(["key", "name", "body", "drop", "drop", ""])}
    mapped(thread, of, **what)

    check = text_of(as_(thread.steward).get(f"{PROJECTS}imports/{of.pk}/"))
    assert "look like they are about people" not in check
    assert "Ana Ruiz" not in check
    assert "These columns come in as they are, for everyone to read: note" in check
