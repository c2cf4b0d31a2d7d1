"""PostgreSQL's disk is full in the middle of a day: what was acknowledged is there, the rest was refused."""

import contextlib
import json
import os
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.soak.conftest import Instance, kill, on_postgres
from tests.soak.crashing import Crowd
from tests.soak.test_killing import nothing_is_lost

pytestmark = [pytest.mark.soak, pytest.mark.postgres]
DISK = "64m"
ROOM = 384 * 1024  # bytes that the database may still grow by: some dozens of voices
ERROR, NO_ROOM = "500", "507"
CURE = "The disk of PostgreSQL is full. Make room there, or move its data to a larger disk."


@pytest.fixture
def small_disk(postgres_server: Any) -> Iterator[Path]:
    """Give a small disk in memory that belongs to the server's own person; needs to be root, else skip and say so."""
    if os.geteuid() != 0:
        pytest.skip(
            "Only root can mount a small disk, so a full disk of PostgreSQL was NOT tried; run it as root."
        )
    folder = postgres_server.folder / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "none", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"A small disk cannot be mounted here, so a full one was NOT tried: {mounted.stderr!r}")
    try:
        (folder / "rows").mkdir()
        shutil.chown(folder / "rows", postgres_server.as_owner[2])
        postgres_server.run(f"CREATE TABLESPACE small LOCATION '{folder / 'rows'}'")
        yield folder
        postgres_server.run("DROP TABLESPACE small")
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(disk: Path, room: int) -> Path:
    """Fill a disk but for some room; give the file that takes the space."""
    ballast = disk / "ballast"
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while shutil.disk_usage(disk).free > room:
            file.write(bytes(min(4096 * 16, shutil.disk_usage(disk).free - room)))
    return ballast


def _unwell(instance: Instance) -> dict[str, Any]:
    """Give what the health page says where something is not well."""
    with pytest.raises(urllib.error.HTTPError) as told:
        urllib.request.urlopen(f"http://localhost:{instance.port}/health", timeout=30)
    return json.load(told.value)


def test_what_does_not_fit_is_refused_and_all_goes_on_when_there_is_room(
    tmp_path, postgres_server, small_disk
):
    with on_postgres(tmp_path, postgres_server, "TABLESPACE small") as instance:
        crowd = Crowd(instance)
        web = instance.start("alongside.site.cli", "child", "web")
        try:
            instance.wait(web)
            ballast = fill(small_disk, ROOM)
            for thread in crowd.speak(2):
                thread.join(120)
            assert [one.split()[0] in {ERROR, NO_ROOM} for one in crowd.wrong] == [True, True], crowd.wrong
            assert shutil.disk_usage(small_disk).free < ROOM, "the disk did not fill"
            said = (postgres_server.folder / "log").read_text()
            assert "No space left on device" in said, "the database never met the full disk"
            assert _unwell(instance)["database_room"] == {
                "value": 0,
                "unit": "MB",
                "well": False,
                "cure": CURE,
            }
            before = len(crowd.taken)
            assert before, "nothing was taken in before the disk was full; give it more room"
            nothing_is_lost(instance, crowd)

            ballast.unlink()
            crowd.first.clear()
            threads = crowd.speak(1)
            assert crowd.first.wait(60), crowd.wrong
        finally:
            kill(web)
        threads[0].join(60)
        assert len(crowd.taken) > before
        nothing_is_lost(instance, crowd)
