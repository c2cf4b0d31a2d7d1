"""Anyone can check one imported row against the record; two roles can take its words down, and nothing brings them back."""

import json
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import Error, connection, transaction

from alongside.check.cli import main
from alongside.core.entries import GrammarError
from alongside.core.ledger.hashing import LedgerError
from alongside.core.registers.proving import RowProof
from alongside.core.registers.roots import leaf_of
from alongside.core.salted import salted_hash
from alongside.ground.record.actions import entries as record_entries
from alongside.ground.record.actions import folded, heads
from alongside.ground.record.models import SearchDoc, SearchWord
from alongside.ground.record.signing import vkey
from alongside.ground.texts import actions as texts_actions
from alongside.site.health import findings
from alongside.work.projects import actions as projects
from alongside.work.registers import actions
from alongside.work.registers.models import Listing, Row, Tile
from alongside.work.registers.queries import way
from tests.ground.record.test_an_entry_checks_its_words import tamper
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
)

GROUND = "Order 12 of the court"
CAMERAS = re.compile(r"(?<!q=)(?<!value=.)\bcameras\b(?!-)", re.IGNORECASE)


@pytest.fixture
def thread(db):
    return cast.program()


def line(name: str) -> Listing:
    return Listing.objects.get(row__facts__name=name)


def signed(thread) -> None:
    heads.sign_head(program=thread.program, now=thread.now)


def verified(thread, content: bytes, tmp_path, capsys) -> tuple[int, str]:
    """Check a downloaded file as anyone does, offline."""
    file = tmp_path / "row-proof.json"
    file.write_bytes(content)
    capsys.readouterr()
    code = main(["proof", str(file), "--vkey", vkey(thread.program)])
    said = capsys.readouterr()
    return code, (said.out or said.err).strip()


def take_down(thread, name: str):
    both = ["steward", thread.first_lead.public_id]
    return actions.erase_row(row=line(name).row, ground=GROUND, by=both, now=thread.now)


# One row, checked by anyone


def test_one_row_is_checked_against_the_record_offline(both_databases, site_client, tmp_path, capsys):
    thread = cast.program()
    many = [row(f"A-{n}", f"Counter {n}") for n in range(300)]
    of = brought_in(thread, many)
    signed(thread)
    slug = line("Counter 7").slug
    page = site_client.get(f"{PROJECTS}{slug}/").content.decode()
    assert f"alongside-verify.pyz proof {slug}.row-proof.json --vkey {vkey(thread.program)}" in page

    reply = site_client.get(f"{PROJECTS}{slug}/row.json")
    code, said = verified(thread, reply.content, tmp_path, capsys)

    assert reply["Content-Disposition"] == f'attachment; filename="{slug}.row-proof.json"'
    assert (code, said[:80]) == (
        0,
        "This row ('A-7') is one of the 300 rows of the register use-cases under the root",
    )
    assert f"in entry {of.entry} of the public log {thread.program.origin}" in said
    assert json.loads(reply.content)["cells"]["use_case_name"] == "Counter 7"
    assert Tile.objects.filter(of=of).count() == 3


def test_a_changed_word_a_changed_place_or_another_key_is_found(thread, site_client, tmp_path, capsys):
    brought_in(thread, ROWS)
    signed(thread)
    proof = json.loads(site_client.get(f"{PROJECTS}{line('Counters').slug}/row.json").content)
    changes = [
        {"cells": {**proof["cells"], "development_stage": "Retired"}},
        {"place": (proof["place"] + 1) % 4},
        {"key": "A-9"},
        {"salt": "00" * 16},
        {"salt": proof["salt"][:30]},
    ]

    codes = [verified(thread, json.dumps({**proof, **one}).encode(), tmp_path, capsys)[0] for one in changes]
    assert codes == [1] * 5
    broken = [
        b"{",
        b"{}",
        json.dumps({**proof, "path": "x"}).encode(),
        json.dumps({**proof, "place": "0"}).encode(),
    ]
    assert [verified(thread, one, tmp_path, capsys) for one in broken] == [
        (1, "This does not hold. This is not the proof of a row; download it again from its page.")
    ] * 4


def test_a_proof_is_under_the_last_signed_root_that_stands_over_the_row(
    thread, site_client, tmp_path, capsys
):
    first = brought_in(thread, ROWS)
    slug = line("Counters").slug
    assert site_client.get(f"{PROJECTS}{slug}/row.json").status_code == 404
    assert "Download the proof of this row" not in text_of(site_client.get(f"{PROJECTS}{slug}/"))
    signed(thread)
    second = brought_in(thread, [*ROWS, row("B-1", "Kiosks")], first.register.slug)

    before = site_client.get(f"{PROJECTS}{slug}/row.json").content
    signed(thread)
    after = site_client.get(f"{PROJECTS}{slug}/row.json").content

    roots = [f"in entry {one.entry} of" in verified(thread, content, tmp_path, capsys)[1]
             for one, content in ((first, before), (second, after))]  # fmt: skip
    assert roots == [True, True]


def test_every_row_of_a_file_has_its_own_place_below_the_root(thread):
    first = brought_in(thread, [row(f"A-{n}", f"Counter {n}") for n in range(270)])
    brought_in(thread, [row("A-1", "Counter 1")], first.register.slug)
    leaves = [bytes(one.leaf) for one in Row.objects.filter(came_with=first)]

    assert sorted(way(first, one)[0] for one in leaves) == list(range(270))


# Nobody changes a row


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE registers_row SET cells = '{}'",
        "UPDATE registers_row SET facts = '{}'",
        "UPDATE registers_row SET key = 'A-9'",
        "UPDATE registers_row SET leaf = salt",
        "UPDATE registers_row SET state = 'wrong'",
        "UPDATE registers_row SET erased = 3, cells = '{}', facts = '{}', salt = ''",
        "DELETE FROM registers_row",
    ],
)
def test_the_database_refuses_to_change_a_row_that_is_on_the_record(both_databases, sql):
    thread = cast.program()
    brought_in(thread, ROWS)
    Listing.objects.all().delete()
    with pytest.raises(Error, match="a row that is on the record stays"), transaction.atomic():
        connection.cursor().execute(f"{sql} WHERE id = {Row.objects.earliest('pk').pk}")


CHANGES = {
    "its cells": {"cells": {"use_case_name": "Cameras", "note": "Nobody is watched"}},
    "its facts": {"facts": {"name": "Cameras", "asked": "asked"}},
    "its cells with a hash that fits": {"cells": {"use_case_name": "Cameras"}, "salt": bytes(16)},
}


def changed(row: Row, change: dict[str, object]) -> None:
    """Change a row in the database, past the site; its hash too where its salt is changed."""
    given = {name: one if isinstance(one, bytes) else json.dumps(one) for name, one in change.items()}
    if "salt" in given:
        given["leaf"] = leaf_of(row.key, change["cells"], change["salt"])
    sets = ", ".join(f"{name} = %s" for name in given)
    tamper("registers_row", f"UPDATE registers_row SET {sets} WHERE id = {row.pk}", list(given.values()))


@pytest.mark.parametrize("what", CHANGES)
def test_a_row_that_was_changed_is_told_on_its_page_and_the_next_night(thread, site_client, what):
    of = brought_in(thread, ROWS)
    page, row, day = f"{PROJECTS}{line('Cameras').slug}/", line("Cameras").row, thread.now.date()
    said = "Somebody changed this after it came in. It is not what the public log holds."
    assert said not in text_of(site_client.get(page))
    assert folded.look_again(program=thread.program, today=day) == []

    changed(row, CHANGES[what])

    assert said in text_of(site_client.get(page))
    assert folded.look_again(program=thread.program, today=day + timedelta(days=1)) == [of.entry]
    health = {one.name: one for one in findings(thread.now)}["changed_rows"]
    assert (health.value, health.well) == (1, False)


def test_a_line_of_the_list_that_says_something_else_than_its_row_is_told_the_next_night(thread):
    of = brought_in(thread, ROWS)
    assert folded.look_again(program=thread.program, today=thread.now.date()) == []
    Listing.objects.filter(pk=line("Cameras").pk).update(stage="retired")
    later = thread.now.date() + timedelta(days=1)
    assert folded.look_again(program=thread.program, today=later) == [of.entry]


def test_a_row_in_force_that_is_gone_or_another_is_told_the_next_night(thread):
    first = brought_in(thread, ROWS)
    second = brought_in(thread, [*ROWS[1:], row("A-1", "Counters", "Retired")], first.register.slug)
    day = thread.now.date()
    take_down(thread, "Signs")
    assert folded.look_again(program=thread.program, today=day) == []
    Row.objects.filter(register=first.register, is_in_force=True, state="changed").update(is_in_force=False)
    later = day + timedelta(days=1)
    assert folded.look_again(program=thread.program, today=later) == [second.entry]


# The words of a row, taken down


def test_words_that_were_taken_down_are_nowhere_and_the_record_says_why(both_databases, site_client):
    thread = cast.program()
    brought_in(thread, ROWS)
    slug = line("Cameras").slug
    pages = [PROJECTS, f"{PROJECTS}?stage=pilot", f"{PROJECTS}projects.csv", f"{PROJECTS}projects.json"]
    pages += ["/riverbend/en/search/?q=cameras", f"{PROJECTS}{slug}/", f"{PROJECTS}{slug}/feed.xml"]
    assert ["Cameras" in body(site_client.get(one)) for one in pages] == [True] * 7

    (entry,) = take_down(thread, "Cameras")

    assert [CAMERAS.search(body(site_client.get(one))) for one in pages] == [None] * 7
    gone = site_client.get(f"{PROJECTS}{slug}/")
    assert (gone.status_code, "This row was taken down" in text_of(gone)) == (410, True)
    assert f"/record/{entry.index}/" in gone.content.decode()
    assert f"On what ground {GROUND}" in text_of(site_client.get(f"/riverbend/en/record/{entry.index}/"))
    assert [site_client.get(f"{PROJECTS}{slug}/{one}").status_code for one in ("row.json", "feed.xml")] == [
        404,
        404,
    ]
    assert site_client.get(f"{PROJECTS}{slug[:-1]}0/").status_code == 404
    assert (entry.kind, entry.by) == (
        "row.erased",
        ("steward", thread.first_lead.public_id),
    )
    kept = Row.objects.get(erased=entry.index)
    assert (kept.cells, kept.facts, bytes(kept.salt), bytes(kept.leaf).hex()) == (
        {},
        {},
        b"",
        entry.data["leaf"],
    )
    assert "A-2" not in kept.key
    assert SearchDoc.objects.filter(source="listing", heading__contains="cameras").count() == 0
    assert SearchWord.objects.filter(word="cameras").count() == 0


def test_the_hash_of_a_file_has_a_salt_that_goes_with_the_first_row_that_is_taken_down(thread):
    of = brought_in(thread, ROWS)
    file = file_of(ROWS).getvalue()
    assert of.sha256 == salted_hash(bytes(of.salt), file)
    take_down(thread, "Counters")
    of.refresh_from_db()
    assert bytes(of.salt) == b"", "what was taken down is guessed from the hash of the whole"
    again = brought_in(thread, [*ROWS, row("A-9", "Lamps")], register="use-cases")
    assert (again.entry is not None, bytes(again.salt)) == (True, b""), "the next file holds it too"


def test_the_rows_that_stay_are_checked_as_before(thread, site_client, tmp_path, capsys):
    of = brought_in(thread, ROWS)
    take_down(thread, "Cameras")
    signed(thread)

    code, said = verified(
        thread, site_client.get(f"{PROJECTS}{line('Counters').slug}/row.json").content, tmp_path, capsys
    )

    assert (code, "one of the 4 rows" in said, f"in entry {of.entry} of" in said) == (0, True, True)


def test_a_row_goes_as_it_was_in_every_file(thread):
    first = brought_in(thread, ROWS)
    second = brought_in(thread, [row("A-1", "Counters", "Retired"), *ROWS[1:]], first.register.slug)
    waiting = upload(thread, file_of([row("A-1", "Counters", "Pilot")]), first.register.slug)
    mapped(thread, waiting, **columns())

    entries = take_down(thread, "Counters")

    assert [one.cites["of"] for one in entries] == [(first.entry,), (second.entry,)]
    assert [(one.cells, one.facts) for one in Row.objects.filter(register=first.register, state__in=("wrong", "changed"))] == [({}, {})] * 2  # fmt: skip
    assert "Counters" not in str(list(Row.objects.values("cells", "facts", "key")))
    confirmed(thread, waiting)
    assert waiting.entry is None
    text = text_of(as_(thread.steward).get(f"{PROJECTS}imports/{waiting.pk}/?rows=wrong"))
    assert "A row that was taken down" in text


def test_the_next_file_does_not_bring_the_words_back(thread):
    twice = [*ROWS, row("A-1", "Counters", "Retired")]
    first = brought_in(thread, twice)
    take_down(thread, "Cameras")

    of = brought_in(thread, twice, first.register.slug)

    data = json.loads(thread.entries()[-1])["data"]
    assert {name: data[name] for name in ("added", "changed", "same", "gone", "wrong", "listed")} == {
        "added": 0, "changed": 0, "same": 4, "gone": 0, "wrong": 1, "listed": 5,
    }  # fmt: skip
    assert not Listing.objects.filter(row__facts__name="Cameras").exists()
    assert Row.objects.get(came_with=of, state="wrong").cells == {}
    assert text_of(as_(thread.steward).get(PROJECTS)).count("Cameras") == 0


def test_a_row_that_was_taken_down_and_is_in_no_new_file_ends(thread):
    first = brought_in(thread, ROWS)
    (entry,) = take_down(thread, "Cameras")
    brought_in(thread, [ROWS[0]], first.register.slug)

    assert Row.objects.get(erased=entry.index).is_in_force is False
    assert json.loads(thread.entries()[-1])["data"]["gone"] == 3


def test_a_project_that_also_stands_by_itself_keeps_its_own_words(thread, site_client):
    brought_in(thread, ROWS)
    listing = line("Cameras")
    own = {"title": "Bridge eyes", "summary": "They count."}
    projects.register_project(
        program=thread.program,
        slug=listing.slug,
        unit=thread.unit,
        by="steward",
        words={"en": own},
        now=thread.now,
        listing=listing,
    )
    take_down(thread, "Cameras")

    text = text_of(site_client.get(f"{PROJECTS}{listing.slug}/"))
    assert ("Bridge eyes" in text, "What Cameras is" in text) == (True, False)
    assert "What the file says of it was taken down on a legal ground." in text
    (own_line,) = [
        one
        for one in json.loads(body(site_client.get(f"{PROJECTS}projects.json")))["projects"]
        if one["name"] == "Bridge eyes"
    ]
    assert "as_imported" not in own_line


def test_no_other_bureau_puts_a_project_of_a_bureaus_file_on_the_record(thread):
    owner = "streets-and-signals"
    of = upload(thread, file_of(ROWS), unit=owner)
    mapped(thread, of, **columns())
    confirmed(thread, of)
    listing = line("Cameras")
    page = f"{PROJECTS}{listing.slug}/"
    own = {"title": "Cameras that count books", "summary": "Nothing to see here.", "unit": thread.unit.slug}
    other = as_(thread.staff)
    assert "register/" not in other.get(page).content.decode()
    assert other.post(f"{page}register/", own).status_code == 404
    assert as_(thread.steward).post(f"{page}register/", own).status_code == 200, "not on this bureau's name"
    with pytest.raises(GrammarError, match="this came in with the file of"):
        projects.register_project(
            program=thread.program,
            slug=listing.slug,
            unit=thread.unit,
            by=thread.office.public_id,
            words={"en": {name: own[name] for name in ("title", "summary")}},
            now=thread.now,
            listing=listing,
        )
    assert as_(thread.steward).post(f"{page}register/", own | {"unit": owner}).status_code == 302


def test_one_role_alone_takes_no_row_down_and_a_hold_pauses_it(thread):
    brought_in(thread, ROWS)
    lead, other = thread.first_lead.public_id, thread.second_lead.public_id
    found = line("Cameras").row
    for by in (["steward"], [lead], [lead, other], [thread.manager.public_id]):
        with pytest.raises(GrammarError, match="two roles take a text down together"):
            actions.erase_row(row=found, ground=GROUND, by=by, now=thread.now)
    texts_actions.place_hold(program=thread.program, ground="Case 7", by="steward", now=thread.now)
    with pytest.raises(GrammarError, match="a legal hold stands"):
        take_down(thread, "Cameras")
    assert line("Cameras").row.cells["use_case_name"] == "Cameras"


def test_an_entry_cannot_take_down_a_row_that_its_root_does_not_stand_over(thread):
    of = brought_in(thread, ROWS)
    place, path = way(of, bytes(line("Cameras").row.leaf))
    right = {"register": "use-cases", "place": place, "path": [one.hex() for one in path]}
    other = leaf_of("A-2", {}, bytes(16)).hex()
    draft = record_entries.Draft(
        kind="row.erased",
        by=["steward", thread.first_lead.public_id],
        data=right | {"leaf": other},
        cites={"of": [of.entry]},
        texts={"ground": record_entries.Text("en", GROUND)},
    )
    with pytest.raises(GrammarError, match="root does not stand over this row"):
        record_entries.append(program=thread.program, drafts=[draft], now=thread.now)


def test_the_steward_takes_a_row_down_with_the_code_that_a_lead_made_on_its_page(thread, new_site_client):
    brought_in(thread, ROWS)
    slug = line("Cameras").slug
    page, typed = f"{PROJECTS}{slug}/agree/", {"ground": GROUND}
    clients = [new_site_client() for _ in range(4)]
    for client, person in zip(
        clients, (None, thread.staff, thread.steward, thread.first_lead.person), strict=True
    ):
        if person:
            client.force_login(person)
    assert [one.post(page, typed).status_code for one in clients[:3]] == [403, 403, 403]
    assert page in body(clients[3].get(f"{PROJECTS}{slug}/"))
    told = clients[3].post(page, typed).content.decode()
    code = re.search(r"seat-[\w:-]+", told).group()

    for wrong, ground in (
        (thread.first_lead.public_id, GROUND),
        (code, "Another order"),
        (code[:-1], GROUND),
    ):
        with pytest.raises(CommandError, match="This code does not stand for"):
            call_command("text", "take-down-row", "riverbend", slug, ground, wrong)
    call_command("text", "take-down-row", "riverbend", slug, GROUND, code)

    assert not Listing.objects.filter(slug=slug).exists()
    with pytest.raises(CommandError, match="No row from a file stands at"):
        call_command("text", "take-down-row", "riverbend", slug, GROUND, code)
    assert clients[3].get(page).status_code == 404


def test_a_proof_is_read_back_as_it_was_written():
    one = RowProof("A-1", {"name": "Señal\n"}, b"s" * 16, 3, [b"p" * 32], "proof")
    assert RowProof.read(one.text.encode()) == one
    twice = one.text.replace('"cells": {', '"cells": {}, "cells": {', 1)
    more = one.text.replace('"place":', '"seen": 1, "place":', 1)
    for text in (twice, more):
        with pytest.raises(LedgerError, match="This is not the proof of a row"):
            RowProof.read(text.encode())
