"""The whole thing as an operator runs it: real processes, a real port, one configuration file."""

import dataclasses
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.site.test_supervision import is_running, wait_until
from tests.support.postgres import free_port

#: How long a start may take, in seconds: four processes load everything at once, on a machine that has other work.
PATIENCE = 180
CANARY = "my-brother-was-stopped-on-82nd"


def alongside(folder: Path, *words: str) -> list[str]:
    """Give the command line that runs a command of ours on a configuration file."""
    return [sys.executable, "-m", "alongside.site.cli", "--config", str(folder / "alongside.toml"), *words]


def environment() -> dict[str, str]:
    """Give an environment in which nothing says that this is a test."""
    ours = ("ALONGSIDE_", "PYTEST_", "DJANGO_", "COV_")
    return {key: value for key, value in os.environ.items() if not key.startswith(ours)}


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of ours to its end."""
    return subprocess.run(
        alongside(folder, *words), env=environment(), capture_output=True, text=True, check=False
    )


def configured(folder: Path) -> Path:
    """Write a configuration file into a folder, on a port of its own; give the folder."""
    port = free_port()
    (folder / "alongside.toml").write_text(
        f'address = "http://localhost:{port}"\n[serve]\nport = {port}\nprocesses = 1\n'
    )
    (folder / "port").write_text(str(port))
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with a configuration file."""
    return configured(tmp_path)


@dataclasses.dataclass
class Served:
    """A folder that was upgraded, and the process that serves it; one for all tests here that do not end it."""

    folder: Path
    process: subprocess.Popen[str] | None = None

    def is_up(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Serve until the site answers."""
        with (self.folder / "log").open("w") as log:
            self.process = subprocess.Popen(
                alongside(self.folder, "serve"), env=environment(), stdout=log, stderr=log, text=True
            )
        try:
            wait_until(lambda: health(self.folder) is not None, PATIENCE)
        except AssertionError:
            self.stop()  # the next test that asks starts anew
            raise

    def stop(self) -> None:
        """Stop serving."""
        if self.process:
            self.process.terminate()
            self.process.wait(PATIENCE)


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory, sqlite_template: dict[str, Any]) -> Iterator[Served]:
    """Upgrade once. The tables are there: all migrations are walked on PostgreSQL, below."""
    folder = configured(tmp_path_factory.mktemp("served"))
    (folder / "data").mkdir()
    shutil.copyfile(sqlite_template["NAME"], folder / "data/alongside.sqlite3")
    assert run(folder, "upgrade").returncode == 0
    made = Served(folder)
    yield made
    made.stop()


@pytest.fixture
def served(upgraded: Served) -> Served:
    """Give what was upgraded, served."""
    if not upgraded.is_up():
        upgraded.start()
    return upgraded


def fetch(folder: Path, path: str, **headers: str) -> int:
    """Give the status with which an address answers."""
    request = urllib.request.Request(
        f"http://localhost:{(folder / 'port').read_text()}{path}", headers=headers
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as reply:
            return reply.status
    except urllib.error.HTTPError as error:
        return error.code


def health(folder: Path) -> dict | None:
    """Give what the health page says; None while nothing answers or the first tick has not run."""
    try:
        with urllib.request.urlopen(
            f"http://localhost:{(folder / 'port').read_text()}/health", timeout=10
        ) as reply:
            return json.load(reply)
    except OSError:
        return None


def unwell(folder: Path) -> dict:
    """Give what the health page says where something is not well."""
    try:
        urllib.request.urlopen(f"http://localhost:{(folder / 'port').read_text()}/health", timeout=30).close()
    except urllib.error.HTTPError as error:
        return json.load(error)
    return {}


def descendants(pid: int) -> list[int]:
    """List the processes below one."""
    below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid for child in map(int, below) for pid in [child, *descendants(child)]]


def slow_post(folder: Path, sent: bytes = b"12345678") -> socket.socket:
    """Begin to send a body of 90,000 bytes, and stop. Its cookie makes Django look for a form token in it."""
    link = socket.create_connection(("localhost", int((folder / "port").read_text())), timeout=20)
    head = [
        "POST /r HTTP/1.1",
        "Host: localhost",
        f"Cookie: csrftoken={'a' * 32}",
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Length: 90000",
    ]
    link.sendall("\r\n".join([*head, "", ""]).encode() + sent)
    return link


def test_those_who_send_slowly_keep_nobody_waiting(served):
    folder = served.folder
    with ExitStack() as links:
        for _ in range(32):  # there are four threads
            links.enter_context(slow_post(folder))

        assert [fetch(folder, path) for path in ("/", "/health", "/r")] == [200, 200, 200]


def test_a_body_that_comes_in_parts_is_taken_in_whole_and_a_long_answer_goes_out_whole(served):
    folder = served.folder
    with slow_post(folder) as link:
        link.sendall(b"9" * 89_992)

        assert link.recv(12) == b"HTTP/1.1 403"  # there is no form token in it, so it was read to its end
    with socket.create_connection(("localhost", int((folder / "port").read_text())), timeout=20) as link:
        link.sendall(b"HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        head, _, body = b"".join(iter(lambda: link.recv(65536), b"")).partition(b"\r\n\r\n")
    assert (head.splitlines()[0], body) == (b"HTTP/1.1 200 OK", b"")


def test_what_the_web_and_the_worker_count_is_told_in_one_place(served):
    folder = served.folder
    assert [fetch(folder, path) for path in ("/", "/", "/wp-login.php", "/live")] == [200, 200, 404, 200]
    with urllib.request.urlopen(f"http://localhost:{(folder / 'port').read_text()}/metrics") as reply:
        told = dict(line.rsplit(" ", 1) for line in reply.read().decode().splitlines())
    assert int(told['alongside_requests_total{kind="page",status="200"}']) >= 2
    assert told['alongside_requests_total{kind="other",status="404"}'] >= "1"
    assert told['alongside_request_seconds_count{kind="watch"}'] >= "1"
    assert int(told["alongside_tick_age_seconds"]) < 300


def test_workers_end_with_the_web_process_that_was_killed_and_another_takes_the_port(served):
    folder = served.folder

    def web() -> int:
        words = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in descendants(served.process.pid)}
        return next(pid for pid, one in words.items() if one.endswith(b"child\0web\0"))

    killed = web()
    workers = descendants(killed)
    assert workers
    os.kill(killed, signal.SIGKILL)

    wait_until(lambda: not any(map(is_running, workers)), 30)
    wait_until(lambda: health(folder) is not None, PATIENCE)
    assert descendants(web())


def test_what_upgrade_set_up_serve_serves_writes_nothing_of_a_visit_and_term_stops_all(served):
    folder, process = served.folder, served.process
    before = (folder / "log").read_text()
    agent = {"User-Agent": CANARY, "Cookie": f"c={CANARY}", "Referer": f"http://{CANARY}.example.org/"}
    assert [fetch(folder, path, **agent) for path in ("/", f"/{CANARY}/", f"/?q={CANARY}")] == [200, 404, 200]
    assert (folder / "log").read_text() == before
    below = descendants(process.pid)
    process.terminate()
    assert (process.wait(30), [pid for pid in below if is_running(pid)]) == (0, [])
    assert len(below) >= 4  # web with a worker, work, tick


def test_a_damaged_backup_is_told_in_one_line(folder):
    (folder / "bad.tar.gz").write_text("not a backup")
    done = run(folder, "restore", str(folder / "bad.tar.gz"))
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert done.stderr.endswith("is not a backup of ours, or is cut short. Use another one.\n")


def test_an_unsafe_production_file_stops_every_command_with_the_cure(folder):
    (folder / "alongside.toml").write_text('mode = "production"\naddress = "https://alongside.example.org"\n')
    for command in ("up", "serve", "upgrade", "check"):
        done = run(folder, command)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("alongside: secret: production needs its own")
    assert not (folder / "data").exists()


def test_behind_a_proxy_limits_on_letters_with_codes_count_who_knocks_and_not_the_proxy(folder):
    with (folder / "alongside.toml").open("a") as file:
        file.write("behind_proxy = true\n")
    ask = (
        "from allauth.core.internal.httpkit import get_client_ip; from django.test import RequestFactory; "
        "print(get_client_ip(RequestFactory().get('/', headers={'X-Forwarded-For': '198.51.100.1, 203.0.113.7'})))"
    )
    assert run(folder, "manage", "shell", "--no-imports", "-c", ask).stdout == "203.0.113.7\n"


@pytest.mark.postgres
def test_the_same_on_postgresql(folder, postgres_server):
    postgres_server.run("CREATE DATABASE served")
    with (folder / "alongside.toml").open("a") as file:
        file.write(
            f'[database]\nkind = "postgresql"\nname = "served"\nhost = "{postgres_server.host}"\n'
            f'port = {postgres_server.port}\nuser = "{postgres_server.user}"\n'
        )
    done = run(folder, "upgrade")
    assert done.returncode == 0, done.stderr
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(alongside(folder, "serve"), env=environment(), stdout=log, stderr=log)
        wait_until(lambda: (health(folder) or {}).get("well") is True, PATIENCE)
        assert (fetch(folder, "/"), health(folder)["database_room"]["value"]) == (200, 1)

        # A database that goes away is told with the cure, and comes back by itself.
        postgres_server.run("ALTER DATABASE served WITH ALLOW_CONNECTIONS false")
        postgres_server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'served'")
        wait_until(lambda: fetch(folder, "/") == 503, PATIENCE)
        assert fetch(folder, "/") == 503
        assert (unwell(folder)["database"]["well"], fetch(folder, "/health")) == (False, 503)
        assert [fetch(folder, path) for path in ("/live", "/ready")] == [200, 503]
        assert "See that PostgreSQL runs" in unwell(folder)["database"]["cure"]
        assert "The database does not answer." in (folder / "log").read_text()
        assert "Traceback" not in (folder / "log").read_text()
        failed = run(folder, "serve")
        assert (failed.returncode, "Traceback" in failed.stderr) == (1, False), failed.stderr
        assert failed.stderr.splitlines()[-1].startswith("alongside: The database does not answer.")
        postgres_server.run("ALTER DATABASE served WITH ALLOW_CONNECTIONS true")
        wait_until(lambda: fetch(folder, "/") == 200, PATIENCE)
        process.terminate()
        assert process.wait(30) == 0
    postgres_server.run("DROP DATABASE served WITH (FORCE)")


def test_mail_is_caught_and_goes_no_further(folder):
    port = free_port()
    with (folder / "alongside.toml").open("a") as file:
        file.write(f'[mail]\nkind = "smtp"\nport = {port}\n')
    process = subprocess.Popen(
        alongside(folder, "mail-catcher"), env=environment(), stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline().startswith(f"Mail to 127.0.0.1:{port} is kept in ")
    done = run(folder, "sendtestemail", "sam@example.org")
    process.terminate()
    process.communicate(timeout=20)
    letters = [path.read_text() for path in (folder / "data" / "mail").glob("*.eml")]
    assert (done.returncode, len(letters), "To: sam@example.org" in letters[0]) == (0, 1, True)
