"""An upgrade from an earlier release keeps every row, and what that release wrote verifies.

Beside each release's populated database (`tests/site/releases`, written by `./dev release`) this house upgrades to one that is
made up: itself with one more column.
"""

import lzma
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

import alongside
from alongside.check.record import verify_record
from alongside.check.source import MissingError
from alongside.check.state import load
from alongside.ground.record.actions.folded import differing
from alongside.ground.record.models import Log
from alongside.site.fleeting import NOT_BACKED_UP
from tests.site.test_serving import configured, environment
from tests.support.databases import pointed_at, with_name

RELEASES = Path(__file__).parent / "releases"
NEXT = """
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programs", "0001_house")]
    operations = [migrations.AddField("Program", "motto", models.CharField(default="", max_length=9, null=True))]
"""
#: Django's own, what holds nothing for long, and what is folded from the log anew, which `differing` looks at below.
FOLDED = ("record_search", "record_citation", "record_standing", "record_milestonestanding")
NOT_KEPT = ("django_", "sqlite_", *FOLDED, *NOT_BACKED_UP)
#: Moves on so that no page from before is shown.
MOVES = "text_revision"


def house(folder: Path, *, is_next: bool = False) -> Path:
    """Copy this house into a folder; the next one has one more column."""
    source = Path(alongside.__file__).parent
    shutil.copytree(source, folder / "alongside", ignore=shutil.ignore_patterns("__pycache__"))
    if is_next:
        migrations = folder / "alongside/ground/programs/migrations"
        (migrations / "0002_motto.py").write_text(NEXT, encoding="utf-8")
        (migrations / "max_migration.txt").write_text("0002_motto\n", encoding="utf-8")
    return folder


def columns(file: Path) -> dict[str, str]:
    """Give the columns of each table that is kept, as a query names them."""
    with closing(sqlite3.connect(file)) as link:
        tables = [one for (one,) in link.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = [one for one in tables if not one.startswith(NOT_KEPT)]
        named = {one: link.execute(f'PRAGMA table_info("{one}")').fetchall() for one in kept}
        return {one: ", ".join(f'"{each[1]}"' for each in named[one] if each[1] != MOVES) for one in kept}


def rows(file: Path, wanted: dict[str, str]) -> dict[str, Counter]:
    """Count the rows of each table, by what stands in these columns."""
    with closing(sqlite3.connect(file)) as link:
        return {one: Counter(link.execute(f'SELECT {wanted[one]} FROM "{one}"')) for one in wanted}


class Site:
    """What a program of a site answers to whoever checks its record."""

    is_mirror = False

    def __init__(self, slug: str) -> None:
        self.address = f"http://testserver/{slug}/record"

    def get(self, path: str) -> bytes:
        """Fetch one file of the record."""
        answer = Client().get(f"{self.address}/{path}")
        if answer.status_code != 200:
            raise MissingError(path)
        return b"".join(answer.streaming_content) if answer.streaming else answer.content


def upgraded(folder: Path, code: Path) -> None:
    """Run the upgrade of a release in a folder."""
    command = [sys.executable, "-m", "alongside.site.cli", "--config", str(folder / "alongside.toml")]
    done = subprocess.run(
        [*command, "upgrade"],
        env={**environment(), "PYTHONPATH": str(code)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.fixture(params=["this", *sorted(one.name for one in RELEASES.glob("*.xz"))])
def older(request, tmp_path: Path) -> tuple[Path, Path]:
    """Give a folder with the populated database of a release, and the code to upgrade it with."""
    folder = configured(tmp_path)
    (folder / "data").mkdir()
    file = folder / "data/alongside.sqlite3"
    if request.param == "this":
        shutil.copyfile(request.getfixturevalue("demonstration_template").file, file)
        return folder, house(tmp_path / "next", is_next=True)
    with lzma.open(RELEASES / request.param) as packed, file.open("wb") as out:
        shutil.copyfileobj(packed, out)
    return folder, house(tmp_path / "next")


def test_an_upgrade_keeps_every_row_and_the_record_verifies(db, settings, older, tmp_path):
    folder, code = older
    file = folder / "data/alongside.sqlite3"
    wanted = columns(file)
    before = rows(file, wanted)
    assert sum(one.total() for one in before.values()) > 3_000

    upgraded(folder, code)

    after = rows(file, wanted)
    assert {
        one: (before[one] - after[one], after[one] - before[one])
        for one in wanted
        if before[one] != after[one]
    } == {}
    with pointed_at(with_name(settings.DATABASES["default"], file)):
        for log in Log.objects.select_related("program"):
            assert differing(log=log)[0] == []
            checked = verify_record(
                Site(log.program.slug),
                state=load(tmp_path / log.program.slug),
                today=datetime.now(tz=UTC).date(),
            )
            assert checked.log.head.size == log.size > 40
