"""A PostgreSQL server of the test run's own: a free port, a temporary folder, never root."""

import dataclasses
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import NoReturn

import pytest

FAST = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "max_connections=60",
    "max_wal_size=64MB",
]

#: What the databases of a run need at most, in bytes.
ROOM = 2 * 1024**3


class NoServerError(Exception):
    """There is no PostgreSQL here; the message says how to get one."""

    def skip_or_fail(self) -> NoReturn:
        """Fail where PostgreSQL is required, else skip and say so."""
        if os.environ.get("ALONGSIDE_REQUIRE_POSTGRES") == "1":
            pytest.fail(f"{self} (ALONGSIDE_REQUIRE_POSTGRES=1 forbids skipping.)")
        pytest.skip(str(self))


@dataclasses.dataclass(frozen=True)
class Server:
    """A running server; `run` speaks SQL to it as its owner."""

    programs: Path
    folder: Path
    port: int
    as_owner: list[str]
    host: str = "127.0.0.1"
    user: str = "alongside"

    def run(self, sql: str) -> None:
        """Run one statement in the database `postgres`, outside a transaction."""
        import psycopg

        where = f"host={self.host} port={self.port} user={self.user} dbname=postgres"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(sql)


def programs() -> Path:
    """Find the folder that holds initdb and pg_ctl."""
    named = os.environ.get("ALONGSIDE_TEST_POSTGRES")
    found = (
        [Path(named)]
        if named
        else sorted(
            Path("/usr/lib/postgresql").glob("*/bin"),
            key=lambda p: [int(n) for n in p.parent.name.split(".") if n.isdigit()],
        )
    )
    for folder in reversed(found):
        if (folder / "initdb").exists():
            return folder
    raise NoServerError(
        "There is no PostgreSQL server here; install the package postgresql or set ALONGSIDE_TEST_POSTGRES to its bin folder."
    )


def owner(folder: Path) -> list[str]:
    """Return the words that run a command as somebody who is not root, and give that person the folder."""
    if os.geteuid() != 0:
        return []
    name = next((n for n in ("postgres", "nobody") if _exists(n)), None)
    if name is None or not shutil.which("runuser"):
        raise NoServerError(
            "PostgreSQL refuses to run as root and there is no user postgres; run the tests as a person."
        )
    for one in (folder, *folder.rglob("*")):
        shutil.chown(one, name)
    return ["runuser", "-u", name, "--"]


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def memory() -> str | None:
    """Give a folder that is kept in memory, where there is one with room; None stands for the usual one, on the disk.

    A database is a thousand files: on a disk, copying one for a test takes a second, and in memory a tenth of it.
    """
    shared = Path("/dev/shm")
    if not os.access(shared, os.W_OK) or shutil.disk_usage(shared).free < ROOM:
        return None
    return str(shared)


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(kept: Path | None = None, *, on_disk: bool = False) -> Server:
    """Make an empty cluster, or copy one that was kept, and start it; NoServerError where that cannot be.

    `on_disk` has it as an operator has it, for measurements: a commit waits until the disk has it.
    """
    where = programs()
    # Not in pytest's own folder: every pytest that starts makes that one private again.
    folder = Path(tempfile.mkdtemp(prefix="alongside-postgres-", dir=None if on_disk else memory()))
    if kept:
        shutil.copytree(kept, folder / "data")
    server = Server(programs=where, folder=folder, port=free_port(), as_owner=owner(folder))
    data = str(folder / "data")
    init = [
        str(where / "initdb"),
        "-D",
        data,
        "-U",
        server.user,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "-N",
    ]
    options = (
        f"-p {server.port} -c listen_addresses={server.host} -c unix_socket_directories={folder} "
        + " ".join(f"-c {option}" for option in ([] if on_disk else FAST))
    )
    run = [str(where / "pg_ctl"), "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start"]
    for command in [run] if kept else [init, run]:
        done = subprocess.run(
            [*server.as_owner, *command], capture_output=True, text=True, cwd="/", check=False
        )
        if done.returncode:
            raise NoServerError(f"PostgreSQL in {where} did not start: {done.stderr or done.stdout}")
    return server


def stop(server: Server, keep: Path | None = None) -> None:
    """Stop the server at once, or in good order where its cluster is kept, and remove its files."""
    data, how = server.folder / "data", "fast" if keep else "immediate"
    command = [str(server.programs / "pg_ctl"), "-D", str(data), "-m", how, "stop"]
    subprocess.run([*server.as_owner, *command], capture_output=True, cwd="/", check=False)
    if keep:
        shutil.move(data, keep)
    shutil.rmtree(server.folder, ignore_errors=True)
