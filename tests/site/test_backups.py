"""Backup, restore and upgrade, on both databases."""

import dataclasses
import hashlib
import json
import os
import sqlite3
import tarfile
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management import CommandError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from alongside.chain.reader.actions import spend_challenge
from alongside.core.refusals import Refused
from alongside.ground.people.actions import make_person, print_code, use_code
from alongside.ground.people.models import PrintedCode, Session
from alongside.ground.programs.actions import appoint
from alongside.ground.programs.models import STEWARD, Program
from alongside.ground.record.actions.folded import differing
from alongside.ground.record.models import Log, SearchDoc, Standing
from alongside.ground.texts.actions import erase_text
from alongside.ground.ui.models import Press
from alongside.site import backups
from alongside.site.backups import backup, restore, restore_as_copy, upgrade
from alongside.site.config import Config
from alongside.site.starting import prepare
from tests.cohort.reviews.choosing import closed, with_readers
from tests.support.thread import Thread


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    """Give a data folder of the test's own, with a key beside it."""
    settings.DATA = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    settings.ALONGSIDE = Config(data=tmp_path, keys=tmp_path / "keys")
    (tmp_path / "keys").mkdir(exist_ok=True)
    (tmp_path / "keys" / "other.key").write_text("PRIVATE+KEY+delta")
    (tmp_path / "keys" / "other.high").write_text('{"size": 9}')
    return tmp_path


def open_one(slug: str = "delta") -> None:
    """Keep one program, so that there is something to lose."""
    Program.objects.create(slug=slug, origin=f"example.org/{slug}", opened_on=date(2026, 3, 2))


def lose_everything() -> None:
    """Start over with an empty database of the same name."""
    if connection.vendor == "sqlite":
        connection.close()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{connection.settings_dict['NAME']}{suffix}").unlink(missing_ok=True)
    else:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def slugs() -> list[str]:
    """List the programs that are there."""
    return list(Program.objects.order_by("slug").values_list("slug", flat=True))


def with_tools(monkeypatch) -> None:
    """Find PostgreSQL's tools where its server is."""
    tools = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if connection.vendor == "postgresql" and tools:
        monkeypatch.setenv("PATH", f"{tools[-1]}{os.pathsep}{os.environ['PATH']}")


def test_what_was_backed_up_comes_back(both_databases, folder, monkeypatch):
    with_tools(monkeypatch)
    open_one()
    backup(folder / "one.tar.gz")
    lose_everything()
    restore(folder / "one.tar.gz")
    assert slugs() == ["delta"]


def test_a_restored_database_guards_its_record(db, folder):
    from alongside.ground.record.triggers import missing

    backup(folder / "one.tar.gz")
    lose_everything()
    restore(folder / "one.tar.gz")
    assert list(missing()) == []


def test_neither_keys_nor_the_high_water_mark_are_in_a_backup(db, folder):
    backup(folder / "one.tar.gz")
    with tarfile.open(folder / "one.tar.gz") as archive:
        names = archive.getnames()
        whole = b"".join(archive.extractfile(name).read() for name in names)
    assert names == ["about.json", "alongside.sqlite3"]
    assert b"PRIVATE" not in whole
    assert (folder / "one.tar.gz").stat().st_mode & 0o777 == 0o600


def test_a_backup_is_one_moment_while_others_write(db, folder):
    open_one()
    other = sqlite3.connect(connection.settings_dict["NAME"])
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE programs_program SET slug = 'half'")
    backup(folder / "one.tar.gz")
    other.rollback()
    other.close()
    lose_everything()
    restore(folder / "one.tar.gz")
    assert slugs() == ["delta"]


def test_a_backup_is_never_written_over_a_file(db, folder):
    (folder / "one.tar.gz").write_text("last year's")
    with pytest.raises(CommandError, match="is there already. Name a file that is not"):
        backup(folder / "one.tar.gz")
    assert (folder / "one.tar.gz").read_text() == "last year's"


def test_a_database_in_use_is_never_restored_over(db, folder):
    backup(folder / "empty.tar.gz")
    open_one()
    with pytest.raises(CommandError, match="nothing is ever overwritten"):
        restore(folder / "empty.tar.gz")
    assert slugs() == ["delta"]


@pytest.mark.parametrize(
    "harm", [lambda raw: raw[: len(raw) // 2], lambda raw: b"not a backup", lambda raw: b""]
)
def test_a_damaged_backup_is_refused_before_anything_is_touched(db, folder, harm):
    backup(folder / "one.tar.gz")
    broken = folder / "broken.tar.gz"
    broken.write_bytes(harm((folder / "one.tar.gz").read_bytes()))
    lose_everything()
    with pytest.raises(CommandError, match="Use another one"):
        restore(broken)
    assert not Path(connection.settings_dict["NAME"]).exists()


def repacked(folder, change, *, label=lambda about: about):
    """Alter the database of a backup, and write what hash it has now on its label."""
    with tarfile.open(folder / "one.tar.gz") as archive:
        archive.extractall(folder, filter="data")
    dump = folder / "alongside.sqlite3"
    with closing(sqlite3.connect(dump)) as copy:
        copy.executescript(change)
    about = json.loads((folder / "about.json").read_text()) | {
        "sha256": hashlib.sha256(dump.read_bytes()).hexdigest()
    }
    (folder / "about.json").write_text(json.dumps(label(about)))
    with tarfile.open(folder / "altered.tar.gz", "w:gz") as archive:
        archive.add(folder / "about.json", "about.json")
        archive.add(dump, dump.name)
    return folder / "altered.tar.gz"


THIEF = "UPDATE people_person SET email = 'thief@evil.example' WHERE email = 'steward@example.org'"


def without_the_mark(about):
    """Label a backup as a release did that made no mark."""
    return {name: value for name, value in about.items() if name != "mark"}


@pytest.mark.parametrize("label", [lambda about: about, without_the_mark])
def test_an_altered_backup_is_refused_before_anything_is_touched(db, folder, label):
    open_one()
    make_person(email="steward@example.org")
    backup(folder / "one.tar.gz")
    altered = repacked(folder, THIEF, label=label)
    lose_everything()
    with pytest.raises(CommandError, match="The secret of this server did not make the mark"):
        restore(altered)
    assert not Path(connection.settings_dict["NAME"]).exists()


def test_a_backup_with_another_day_on_its_label_is_refused(db, folder):
    backup(folder / "one.tar.gz")
    older = repacked(folder, "", label=lambda about: about | {"made_on": "2026-01-01"})
    lose_everything()
    with pytest.raises(CommandError, match="The secret of this server did not make the mark"):
        restore(older)


def test_where_the_secret_is_lost_a_restore_says_who_signs_in_and_as_what(db, folder, settings, capsys):
    thread = Thread().to_open_engagement()
    lead = thread.first_lead
    make_person(email="steward@example.org")
    appoint(program=thread.program, email="steward@example.org", post=STEWARD, from_date=thread.now.date())
    Authenticator.objects.create(user=lead.person, type="webauthn", data={})
    Authenticator.objects.create(user=lead.person, type="recovery_codes", data={})
    EmailAddress.objects.create(user=lead.person, email="a.second@evil.example", verified=True)
    backup(folder / "one.tar.gz")
    altered = repacked(folder, THIEF)
    lose_everything()
    settings.SECRET_KEY = "another secret"
    with pytest.raises(CommandError, match="or the secret is another"):
        restore(folder / "one.tar.gz")
    restore(altered, without_mark=True)
    said = capsys.readouterr().err.splitlines()
    assert "thief@evil.example; passkeys: 0; riverbend steward" in said
    assert f"a.second@evil.example, {lead.person.email}; passkeys: 1; riverbend {lead.public_id}" in said


def test_who_reads_applications_is_named_as_that_where_a_backup_has_no_mark(db, folder, capsys):
    made = with_readers(closed(count=2), 2)
    backup(folder / "one.tar.gz")
    lose_everything()

    restore(repacked(folder, ""), without_mark=True)

    said = capsys.readouterr().err
    assert f"passkeys: 0; riverbend {made.call.slug} reader" in said
    assert "alongside manage check --database default" in said


def test_an_upgrade_begins_with_a_backup_and_ends_with_triggers(db, folder):
    from alongside.ground.record.triggers import missing

    open_one()
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')
    upgrade()
    made = list((folder / "backups").iterdir())
    assert (len(made), list(missing())) == (1, [])
    lose_everything()
    restore(made[0])
    assert slugs() == ["delta"]


def test_an_upgrade_folds_anew_what_an_earlier_release_folded_otherwise(db, folder):
    thread = Thread().to_open_engagement()
    ask = thread.recommend(thread.find()).index
    log = Log.objects.get(program=thread.program)
    Standing.objects.filter(log=log, ask=ask).update(silences=3)
    assert differing(log=log)[0]
    upgrade()
    log.refresh_from_db()
    log.looked_to = 0
    assert differing(log=log)[0] == []


def test_a_backup_signs_nobody_in(both_databases, folder, monkeypatch, client):
    with_tools(monkeypatch)
    program = Program.objects.create(slug="delta", origin="example.org/delta", opened_on=date(2026, 3, 2))
    person = make_person(email="steward@example.org")
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    code = print_code(person=person, now=datetime.now(tz=UTC), by_operator=True)
    assert spend_challenge(challenge="once", now=datetime.now(tz=UTC))
    kept = Session.objects.get().session_data

    backup(folder / "one.tar.gz")

    assert Session.objects.count() == PrintedCode.objects.count() == 1, "whoever works goes on working"
    with tarfile.open(folder / "one.tar.gz") as archive:
        whole = b"".join(archive.extractfile(name).read() for name in archive.getnames())
    assert kept.encode() not in whole
    lose_everything()
    restore(folder / "one.tar.gz")
    assert Program.objects.get() == program
    assert [one.objects.count() for one in (Session, PrintedCode, Press)] == [0, 0, 0]
    with pytest.raises(Refused, match="This code does not fit"):
        use_code(code=code, now=datetime.now(tz=UTC))


@pytest.mark.postgres
def test_what_signs_in_is_never_written_to_the_log_of_postgresql(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relpersistence = 'u' AND relkind = 'r' ORDER BY relname"
        )
        assert [name for (name,) in cursor.fetchall()] == [
            "people_printedcode",
            "people_session",
            "socialaccount_socialtoken",
            "ui_press",
        ]


def test_no_backup_made_after_a_take_down_holds_a_word_of_it(db, folder):
    thread = Thread().to_open_engagement()
    ask = thread.recommend(thread.find(), "Quuxperson lives at Zyxwstreet")
    erase_text(
        program=thread.program,
        entry=ask.index,
        sha256=ask.texts["title"]["sha256"],
        ground="Order 12",
        by=["steward", thread.first_lead.public_id],
        now=thread.now,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT block FROM record_search_data")
        kept = b"".join(bytes(block) for (block,) in cursor.fetchall())
    backup(folder / "one.tar.gz")
    with tarfile.open(folder / "one.tar.gz") as archive:
        copy = archive.extractfile("alongside.sqlite3").read()
    # the index leaves out the first letters that a word shares with the one before
    for word in (b"uuxperson", b"yxwstreet"):
        assert word not in kept.lower()
        assert word not in copy.lower()
    assert b"riverbend" in copy


def test_the_index_of_an_older_release_loses_what_was_taken_down_with_the_next_backup(db, folder):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO record_search(record_search, rank) VALUES ('secure-delete', 0)")
    thread = Thread().to_open_engagement()
    ask = thread.recommend(thread.find(), "Quuxperson lives at Zyxwstreet")
    SearchDoc.objects.filter(about=ask.index).delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT block FROM record_search_data")
        assert b"yxwstreet" in b"".join(bytes(block) for (block,) in cursor.fetchall())
    restored = folder / "one.tar.gz"
    backup(restored)
    with tarfile.open(restored) as archive:
        (folder / "copy.sqlite3").write_bytes(archive.extractfile("alongside.sqlite3").read())
    copy = sqlite3.connect(folder / "copy.sqlite3")
    blocks = b"".join(block for (block,) in copy.execute("SELECT block FROM record_search_data"))
    found = copy.execute(
        "SELECT count(*) FROM record_search WHERE record_search MATCH 'computers'"
    ).fetchone()
    copy.close()
    assert b"yxwstreet" not in blocks
    assert found[0] > 0


@pytest.mark.parametrize("step", [upgrade, prepare])
def test_a_database_made_by_0_1_is_refused_with_the_cure_and_nothing_changes(folder, both_databases, step):
    MigrationRecorder(connection).record_applied("record", "0001_initial")
    with pytest.raises(CommandError, match="This database was made by 0.1"):
        step()
    assert list((folder / "backups").glob("*")) == []
    MigrationRecorder(connection).record_unapplied("record", "0001_initial")


def test_a_backup_made_by_0_1_is_refused_before_anything_is_put_in_place(folder, both_databases, monkeypatch):
    with_tools(monkeypatch)
    open_one()
    monkeypatch.setattr(backups, "version", lambda _name: "0.1.0")
    backup(folder / "old.tar.gz")
    lose_everything()
    with pytest.raises(CommandError, match="This database was made by 0.1"):
        restore(folder / "old.tar.gz")
    assert connection.introspection.table_names() == []


def as_copy(settings, folder: Path, **changed: str) -> None:
    """Make this the configuration of a copy, with a secret of its own."""
    given = {"copy_of": settings.ALONGSIDE.address, "address": "http://copy.example.org"} | changed
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, **given)
    settings.SECRET_KEY = "another secret, of the machine on which things are tried out"


def test_a_copy_is_made_of_the_site_it_names_and_of_no_other(db, folder, settings):
    open_one()
    backup(folder / "one.tar.gz")
    lose_everything()
    with pytest.raises(CommandError, match="This is no copy"):
        restore_as_copy(folder / "one.tar.gz")
    as_copy(settings, folder, copy_of="https://elsewhere.example.org")
    with pytest.raises(CommandError, match="Correct copy_of"):
        restore_as_copy(folder / "one.tar.gz")
    as_copy(settings, folder, copy_of="http://localhost:8000")
    with pytest.raises(CommandError, match="Run alongside restore --as-copy"):
        restore(folder / "one.tar.gz")
    restore_as_copy(folder / "one.tar.gz")
    assert list(Program.objects.values_list("slug", flat=True)) == ["delta"]


def test_a_copy_says_so_on_each_page_and_is_not_to_be_found(db, settings, client):
    real = "https://alongside.example.org"
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, copy_of=real)
    assert (
        f'The real site is <a href="{real}">{real}</a>'
        in client.get("/en/accounts/sign-in/").content.decode()
    )
    assert f'The real site is <a href="{real}">{real}</a>' in client.get("/r/en").content.decode()
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, mode="production")
    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"
