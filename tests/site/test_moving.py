"""A site, or one program of it, moves to another host as rows: each comes to the other kind of database as it was, and the log goes on there."""

import contextlib
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db import connection

from alongside.cohort.training.models import Part
from alongside.ground.people.actions import make_person
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Post, Program
from alongside.ground.record.actions.folded import differing
from alongside.ground.record.models import Log, LogEntry
from alongside.site.backups import backup, restore
from alongside.site.portable import TABLES, load_rows, write_rows
from tests.site.test_backups import folder, lose_everything, open_one, slugs, with_tools  # noqa: F401 -- fixtures that these tests ask for
from tests.support.databases import pointed_at, postgres_copy, sqlite_copy


@pytest.fixture
def another(request) -> Iterator[contextlib.AbstractContextManager[None]]:
    """Give a function that goes to an empty database of a kind."""

    @contextlib.contextmanager
    def go(kind: str) -> Iterator[None]:
        template = request.getfixturevalue(f"{kind}_template")
        fresh = (
            sqlite_copy(template, Path(template["NAME"]).parent)
            if kind == "sqlite"
            else postgres_copy(template, request.getfixturevalue("postgres_server"))
        )
        with fresh as settings, pointed_at(settings):
            yield

    return go


def rows(file: Path) -> dict[str, list[bytes]]:
    """Give the lines of each table."""
    with zipfile.ZipFile(file) as held:
        return {name: held.read(name).splitlines() for name in held.namelist() if name != TABLES}


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", id="postgres")])
def test_each_row_of_the_demonstration_comes_to_another_database_as_it_was(
    demonstration, another, tmp_path, kind
):
    write_rows(tmp_path / "here.zip")
    before = rows(tmp_path / "here.zip")
    assert len(before["record.LogEntry.jsonl"]) > 400
    with another(kind):
        load_rows(tmp_path / "here.zip")
        write_rows(tmp_path / "there.zip")
        assert rows(tmp_path / "there.zip") == before
        for log in Log.objects.all():
            assert differing(log=log)[0] == []
        last = Person.objects.order_by("-pk").values_list("pk", flat=True)[0]
        assert make_person(email="new@example.org").pk == last + 1


def test_one_program_comes_alone_with_the_people_it_names(demonstration, another, tmp_path):
    mine = Program.objects.get(slug="portland")
    assert Program.objects.count() > 1
    write_rows(tmp_path / "one.zip", mine)
    entries = LogEntry.objects.filter(log__program=mine).count()
    everyone = Person.objects.count()
    with another("sqlite"):
        load_rows(tmp_path / "one.zip")
        assert slugs() == ["portland"]
        assert LogEntry.objects.count() == entries > 40
        assert Person.objects.count() < everyone
        assert b"riverbend" not in b"".join(b"".join(found) for found in rows(tmp_path / "one.zip").values())


def test_what_somebody_learned_in_another_program_stays_there(demonstration, another, tmp_path):
    learned = Part.objects.count()
    both = Part.objects.values_list("person", flat=True)[0]
    elsewhere = Program.objects.get(slug="portland")
    Post.objects.create(program=elsewhere, person_id=both, from_date=date(2026, 11, 2))
    for slug, parts in (("portland", 0), ("riverbend", learned)):
        write_rows(tmp_path / f"{slug}.zip", Program.objects.get(slug=slug))
        with another("sqlite"):
            load_rows(tmp_path / f"{slug}.zip")
            assert (slugs(), Part.objects.count()) == ([slug], parts)
            assert Person.objects.filter(pk=both).exists()


def test_a_backup_as_rows_is_restored_like_any_other(both_databases, folder, monkeypatch):
    with_tools(monkeypatch)
    open_one()
    backup(folder / "one.tar.gz", is_portable=True)
    lose_everything()
    restore(folder / "one.tar.gz")
    assert slugs() == ["delta"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        assert cursor.fetchone()[0] > 20


def test_a_program_that_is_not_there_is_named(db, folder):
    with pytest.raises(CommandError, match="There is no program nowhere here"):
        backup(folder / "one.tar.gz", program="nowhere")


def test_rows_of_a_release_with_other_tables_are_refused_before_any_is_taken_in(db, tmp_path, another):
    open_one()
    write_rows(tmp_path / "here.zip")
    with zipfile.ZipFile(tmp_path / "here.zip") as old, zipfile.ZipFile(tmp_path / "other.zip", "w") as new:
        for name in old.namelist():
            told = old.read(name)
            if name == TABLES:
                changed = json.loads(told)
                changed["programs.Program"]["columns"]["motto"] = "TextField"
                told = json.dumps(changed).encode()
            new.writestr(name, told)
    with another("sqlite"):
        with pytest.raises(CommandError, match=r"other tables \(programs.Program\)"):
            load_rows(tmp_path / "other.zip")
        assert slugs() == []


def test_each_table_is_told_with_its_columns(db, tmp_path):
    write_rows(tmp_path / "here.zip")
    with zipfile.ZipFile(tmp_path / "here.zip") as held:
        told = json.loads(held.read(TABLES))
        assert {f"{name}.jsonl" for name in told} == set(held.namelist()) - {TABLES}
    assert told["programs.Program"]["columns"]["slug"] == "SlugField"
    assert all(one["columns"] for one in told.values())
