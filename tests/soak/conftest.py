"""An instance of its own in a folder: configuration, database, and processes that can be killed."""

import contextlib
import dataclasses
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@dataclasses.dataclass
class Instance:
    """A folder with its configuration; `query` runs SQL against its database from outside Django."""

    folder: Path
    query: Callable[[str], list[tuple[Any, ...]]]

    def __post_init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    @property
    def record(self) -> str:
        """Give the address of the program's record."""
        return f"http://localhost:{self.port}/riverbend/record"

    @property
    def environment(self) -> dict[str, str]:
        """Give the variables with which its processes run; nothing of the test run's own leaks in."""
        mine = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTEST", "DJANGO", "ALONGSIDE"))
        }
        paths = f"{ROOT / 'src'}:{ROOT}"
        return mine | {
            "ALONGSIDE_CONFIG": str(self.folder / "alongside.toml"),
            "ALONGSIDE_PORT": str(self.port),
            "PYTHONPATH": paths,
        }

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start one process in a group of its own; what it says goes to a file in the folder."""
        with (self.folder / "said.txt").open("ab") as said:
            return subprocess.Popen(
                [sys.executable, "-m", *words],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def run(self, *words: str) -> None:
        """Run one process to its end."""
        process = self.start(*words)
        process.communicate(timeout=1800)
        assert process.returncode == 0, self.said()

    def said(self) -> str:
        """Give the end of what its processes said."""
        return (self.folder / "said.txt").read_text()[-4000:]

    def wait(self, web: subprocess.Popen[bytes]) -> None:
        """Wait until the web answers."""
        end = time.monotonic() + 90
        while time.monotonic() < end:
            assert web.poll() is None, f"The web did not start: {self.said()}"
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.record}/vkey", timeout=5):
                return
            time.sleep(0.02)
        raise AssertionError(f"The web did not answer: {self.said()}")


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and all it started, at once, with no word of warning."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()


def _write(folder: Path, database: str, more: str = "") -> None:
    text = f'{more}data = "{folder}"\n[serve]\nprocesses = 1\nthreads = 4\n[health]\ndisk_free_mb = 1\n{database}'
    (folder / "alongside.toml").write_text(text)


@pytest.fixture
def sqlite_instance(tmp_path: Path) -> Instance:
    """Give a prepared instance on SQLite."""
    import sqlite3

    _write(tmp_path, "")

    def query(sql: str) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(tmp_path / "alongside.sqlite3")) as link:
            return link.execute(sql).fetchall()

    made = Instance(tmp_path, query)
    made.run("tests.soak.prepare")
    return made


@contextlib.contextmanager
def on_postgres(folder: Path, server: Any, where: str = "") -> Iterator[Instance]:
    """Give a prepared instance on PostgreSQL; `where` says more of its database, as a tablespace."""
    import psycopg

    name = f"soak_{os.getpid()}_{time.monotonic_ns()}"
    server.run(f"CREATE DATABASE {name} {where}")
    host, port, user = server.host, server.port, server.user
    _write(
        folder,
        f'[database]\nkind = "postgresql"\nname = "{name}"\nhost = "{host}"\nport = {port}\nuser = "{user}"\n',
    )

    def query(sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(host=host, port=port, user=user, dbname=name) as link:
            return link.execute(sql).fetchall()

    try:
        made = Instance(folder, query)
        made.run("tests.soak.prepare")
        yield made
    finally:
        server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres_instance(tmp_path: Path, postgres_server: Any) -> Iterator[Instance]:
    """Give a prepared instance on PostgreSQL."""
    with on_postgres(tmp_path, postgres_server) as made:
        yield made


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def instance(request: pytest.FixtureRequest) -> Instance:
    """Run the test once on each database."""
    return request.getfixturevalue(f"{request.param}_instance")
