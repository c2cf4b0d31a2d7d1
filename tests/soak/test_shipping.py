"""What ships beside the code (deploy/) run by what it is for: nginx, Caddy, restic, PostgreSQL's archive, and the image's steps."""

import contextlib
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.soak.bare import PATHS, bare, chroot, mount, needs, prepare_network, wait_for
from tests.soak.conftest import ROOT, Instance, kill, on_postgres
from tests.support.postgres import NoServerError, Server, free_port, owner, start, stop

pytestmark = pytest.mark.soak
DEPLOY = ROOT / "deploy"
CANARY = "my-brother-was-stopped-on-82nd"
MINUTE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\dZ?")
HEADERS = {"User-Agent": CANARY, "Referer": f"http://{CANARY}.example.org/", "Cookie": f"c={CANARY}"}


@pytest.fixture
def site(sqlite_instance: Instance) -> Iterator[Instance]:
    """Serve a prepared instance behind a proxy."""
    file = sqlite_instance.folder / "alongside.toml"
    file.write_text(file.read_text().replace("[serve]", "[serve]\nbehind_proxy = true"))
    served = sqlite_instance.start("alongside.site.cli", "serve")
    try:
        sqlite_instance.wait(served)
        yield sqlite_instance
    finally:
        kill(served)


def walk(address: str) -> list[int]:
    """Ask for an address of each kind, each time with what nobody may write down."""
    trust = ssl._create_unverified_context()
    found = []
    for path in (
        "/riverbend/en/",
        "/riverbend/record/checkpoint",
        "/en/accounts/sign-in/",
        "/static/x.css",
        f"/{CANARY}/",
    ):
        request = urllib.request.Request(f"{address}{path}?q={CANARY}", headers=HEADERS)
        try:
            with urllib.request.urlopen(request, timeout=30, context=trust) as reply:
                found.append(reply.status)
        except urllib.error.HTTPError as error:
            found.append(error.code)
    return found


def slow(port: int, wrap: bool) -> None:
    """Begin to send a body, and go away."""
    link: socket.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
    if wrap:
        link = ssl._create_unverified_context().wrap_socket(link, server_hostname="localhost")
    with link:
        link.sendall(
            f"POST /r?{CANARY} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000\r\n\r\n{CANARY}".encode()
        )


def said(*files: Path) -> str:
    return "".join(one.read_text() for one in files if one.exists())


def test_nginx_keeps_of_a_visit_its_minute_its_status_and_its_kind(site, tmp_path):
    nginx, port = needs("nginx"), free_port()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost",
         "-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "cert.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    text = (DEPLOY / "nginx.conf").read_text()
    text = re.sub(r"server \{\n    listen 80;.*?\n\}\n", "", text, count=1, flags=re.DOTALL)
    for old, new in (
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        ("    listen [::]:443 ssl;\n", ""),
        ("server_name alongside.example.org", "server_name localhost"),
        ("/etc/letsencrypt/live/alongside.example.org/fullchain.pem", str(tmp_path / "cert.pem")),
        ("/etc/letsencrypt/live/alongside.example.org/privkey.pem", str(tmp_path / "key.pem")),
        ("/var/log/nginx/alongside.log", str(tmp_path / "access.log")),
        ("/var/log/nginx/alongside-error.log", str(tmp_path / "error.log")),
        ("127.0.0.1:8000", f"127.0.0.1:{site.port}"),
    ):
        assert old in text
        text = text.replace(old, new)
    user = "user root;" if os.geteuid() == 0 else ""
    (tmp_path / "nginx.conf").write_text(
        f"{user}daemon off; pid {tmp_path}/pid; events {{}}\nhttp {{\n{text}\n}}\n"
    )
    line = [nginx, "-e", str(tmp_path / "start.log"), "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
    assert subprocess.run([*line, "-t"]).returncode == 0
    running = subprocess.Popen(line)
    try:
        wait_for(port)
        assert walk(f"https://localhost:{port}") == [200, 200, 200, 404, 404]
        slow(port, wrap=True)
    finally:
        running.terminate()
        running.wait(30)
    lines = [json.loads(one) for one in said(tmp_path / "access.log").splitlines()]
    assert [(one["status"], one["kind"]) for one in lines[:5]] == [
        (200, "page"), (200, "record"), (200, "account"), (404, "file"), (404, "page"),
    ]  # fmt: skip
    assert {*map(tuple, lines)} == {("at", "status", "kind")}
    assert [one["at"] for one in lines if not MINUTE.fullmatch(one["at"])] == []
    written = said(tmp_path / "access.log", tmp_path / "error.log", tmp_path / "start.log")
    assert [one for one in (CANARY, "127.0.0.1") if one in written] == []


def test_caddy_keeps_of_a_visit_its_minute_its_status_and_its_kind(site, tmp_path):
    caddy, port = needs("caddy"), free_port()
    text = (DEPLOY / "Caddyfile").read_text()
    version = subprocess.run([caddy, "version"], capture_output=True, text=True).stdout.lstrip("v")
    if tuple(map(int, version.split()[0].split(".")[:2])) < (2, 7):
        text = text.replace("request_buffers 16MB", "buffer_requests")
    (tmp_path / "Caddyfile").write_text(text)
    given = {
        "ALONGSIDE_HOST": f"http://localhost:{port}",
        "ALONGSIDE_UPSTREAM": f"127.0.0.1:{site.port}",
        "ALONGSIDE_ACCESS_LOG": str(tmp_path / "access.log"),
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
    }
    line = [caddy, "run", "--adapter", "caddyfile", "--config", str(tmp_path / "Caddyfile")]
    with (tmp_path / "caddy.log").open("w") as log:
        running = subprocess.Popen(line, env=given, stdout=log, stderr=log)
        try:
            wait_for(port)
            assert walk(f"http://localhost:{port}") == [200, 200, 200, 404, 404]
            slow(port, wrap=False)
            time.sleep(1)  # a log is written a moment after its answer
        finally:
            running.terminate()
            running.wait(30)
    lines = [json.loads(one) for one in said(tmp_path / "access.log").splitlines()]
    assert [(one["status"], one["request"]["uri"]) for one in lines[:5]] == [
        (200, ""), (200, "record"), (200, "accounts"), (404, "static"), (404, ""),
    ]  # fmt: skip
    assert {*map(tuple, lines)} == {("level", "ts", "logger", "msg", "request", "status")}
    assert {tuple(one["request"]) for one in lines} == {("uri",)}
    assert [one["ts"] for one in lines if not MINUTE.fullmatch(one["ts"])] == []
    written = said(tmp_path / "access.log", tmp_path / "caddy.log")
    assert [one for one in (CANARY, "127.0.0.1:" + str(port)) if one in written] == []
    assert "remote_ip" not in written


def test_nothing_that_serves_needs_memory_that_is_written_and_run(sqlite_instance):
    """As the unit's MemoryDenyWriteExecute has it, which the kernel does since 6.3."""
    ask = (
        "import ctypes, os, sys; PR_SET_MDWE = 65; done = ctypes.CDLL(None).prctl(PR_SET_MDWE, 1, 0, 0, 0); "
        "done and sys.exit('no such thing'); os.execv(sys.executable, [sys.executable, '-m', 'alongside.site.cli', 'serve'])"
    )
    served = subprocess.Popen(
        [sys.executable, "-c", ask],
        env=sqlite_instance.environment,
        cwd=ROOT,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        with contextlib.suppress(subprocess.TimeoutExpired):
            served.wait(3)
            if b"no such thing" in served.stderr.read():
                pytest.skip("This kernel cannot deny it.")
        sqlite_instance.wait(served)
        with urllib.request.urlopen(f"http://localhost:{sqlite_instance.port}/riverbend/en/") as reply:
            assert reply.status == 200
    finally:
        kill(served)
        served.stderr.close()


def test_a_night_s_copy_goes_away_encrypted_and_comes_back_whole(sqlite_instance, tmp_path):
    needs("restic")
    away = tmp_path / "away"
    (tmp_path / "password").write_text("a long line that nobody knows")
    command = tmp_path / "alongside"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m alongside.site.cli "$@"\n')
    command.chmod(0o755)
    given = sqlite_instance.environment | {
        "RESTIC_REPOSITORY": str(away),
        "RESTIC_PASSWORD_FILE": str(tmp_path / "password"),
        "RESTIC_CACHE_DIR": str(tmp_path / "cache"),
        "TMPDIR": str(tmp_path),
        "ALONGSIDE": str(command),
    }
    for _night in range(2):
        subprocess.run([DEPLOY / "backup"], env=given, check=True)
    kept = json.loads(
        subprocess.run(["restic", "snapshots", "--json"], env=given, capture_output=True, check=True).stdout
    )
    assert [one["hostname"] for one in kept] == ["alongside", "alongside"]
    assert not list(tmp_path.glob("**/*.tar.gz"))  # nothing in the clear is left behind
    assert not any(b"SQLite format 3" in one.read_bytes() for one in away.rglob("*") if one.is_file())

    back = tmp_path / "alongside.tar.gz"
    with back.open("wb") as file:
        subprocess.run(["restic", "dump", "latest", "alongside.tar.gz"], env=given, stdout=file, check=True)
    count = "SELECT count(*) FROM record_logentry"
    before = sqlite_instance.query(count)
    for one in sqlite_instance.folder.glob("alongside.sqlite3*"):
        one.unlink()
    sqlite_instance.run("alongside.site.cli", "restore", str(back))
    assert sqlite_instance.query(count) == before


@pytest.fixture
def archived(tmp_path_factory) -> Iterator[tuple[Server, Path]]:
    """Start a PostgreSQL that keeps its changes as deploy/postgresql-archive.conf says; give it and the folder of its archive."""
    try:
        server = start()
    except NoServerError as error:
        error.skip_or_fail()
    archive = server.folder / "wal"
    archive.mkdir(mode=0o700)
    owner(server.folder)
    text = (DEPLOY / "postgresql-archive.conf").read_text()
    assert "/var/lib/alongside-wal" in text
    (server.folder / "data/conf").write_text(text.replace("/var/lib/alongside-wal", str(archive)))
    with (server.folder / "data/postgresql.conf").open("a") as file:
        file.write("include = 'conf'\n")
    owner(server.folder)
    control(server, "-D", str(server.folder / "data"), "-m", "fast", "restart")
    yield server, archive
    stop(server)


def control(server: Server, *words: str) -> None:
    """Run pg_ctl as the server's owner."""
    line = [*server.as_owner, str(server.programs / "pg_ctl"), "-w", "-l", str(server.folder / "log"), *words]
    done = subprocess.run(line, cwd="/", capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr + (server.folder / "log").read_text()[-2000:]


@pytest.mark.postgres
def test_a_minute_is_restored_from_the_archive_and_the_mark_beside_the_key_notices(archived, tmp_path):
    server, archive = archived
    with on_postgres(tmp_path, server) as made:
        base, minute = server.folder / "base", server.folder / "minute"
        line = [
            str(server.programs / "pg_basebackup"),
            "-h",
            server.host,
            "-p",
            str(server.port),
            "-U",
            server.user,
        ]
        subprocess.run(
            [*server.as_owner, *line, f"--pgdata={base}", "--checkpoint=fast"], check=True, cwd="/"
        )
        made.run("alongside.site.cli", "record", "sign")
        made.run("alongside.site.cli", "program", "steward", "riverbend", "before@example.org")
        time.sleep(1)
        (at,) = made.query("SELECT clock_timestamp()::text")[0]
        time.sleep(1)
        made.run("alongside.site.cli", "program", "steward", "riverbend", "after@example.org")
        made.run("alongside.site.cli", "text", "hold", "riverbend", "court-order")
        made.run("alongside.site.cli", "record", "sign")
        server.run("SELECT pg_switch_wal()")
        end = time.monotonic() + 60
        while not any(archive.iterdir()) or b"t" not in settled(server):
            assert time.monotonic() < end, "The archive did not get what changed."
            time.sleep(0.2)

        # What the page for operators says, with another way to start a second server
        shutil.copytree(base, minute)
        port = free_port()
        with (minute / "postgresql.auto.conf").open("a") as file:
            file.write(
                f"restore_command = 'cp {archive}/%f %p'\nrecovery_target_time = '{at}'\n"
                "recovery_target_action = 'promote'\narchive_mode = off\n"
            )
        (minute / "recovery.signal").touch()
        minute.chmod(0o700)
        owner(server.folder)
        options = f"-p {port} -c listen_addresses={server.host} -c unix_socket_directories={server.folder}"
        control(server, "-D", str(minute), "-o", options, "start")
        try:
            file = tmp_path / "alongside.toml"
            before = file.read_text()
            file.write_text(before.replace(f"port = {server.port}", f"port = {port}"))
            made.run("alongside.site.cli", "backup", str(tmp_path / "minute.tar.gz"))
            file.write_text(before)
        finally:
            control(server, "-D", str(minute), "-m", "immediate", "stop")
        name = re.search(r'name = "(\w+)"', before)[1]
        server.run(f"ALTER DATABASE {name} RENAME TO damaged")
        server.run(f"CREATE DATABASE {name}")
        made.run("alongside.site.cli", "restore", str(tmp_path / "minute.tar.gz"))
        people = made.query("SELECT email FROM people_person WHERE email LIKE '%@example.org'")
        assert ({"before@example.org"} & {one for (one,) in people}, ("after@example.org",) in people) == (
            {"before@example.org"},
            False,
        )
        refused = made.start("alongside.site.cli", "record", "sign")
        refused.communicate(timeout=120)
        assert (refused.returncode, "it was restored from an old backup" in made.said()) == (1, True)


def settled(server: Server) -> bytes:
    """Say whether the archive has all that it waits for: t or f."""
    import psycopg

    with psycopg.connect(f"host={server.host} port={server.port} user={server.user} dbname=postgres") as link:
        row = link.execute(
            "SELECT last_archived_wal >= pg_walfile_name(pg_current_wal_lsn() - 1) FROM pg_stat_archiver"
        ).fetchone()
    return b"t" if row and row[0] else b"f"


def steps(text: str) -> list[tuple[str, str]]:
    """Give the steps of a Containerfile, each with what it says."""
    return [tuple(line.split(" ", 1)) for line in text.splitlines() if line and not line.startswith("#")]


def test_the_steps_of_the_image_make_a_program_that_serves_in_a_bare_system(tmp_path):
    """Where no builder of images is: each RUN and COPY by chroot, in a system of its own for each stage."""
    base = bare(tmp_path / "base")
    stages, here, environment, user = {}, base, {}, ""
    for word, rest in steps((DEPLOY / "Containerfile").read_text()):
        if word == "FROM":
            here, environment = tmp_path / f"stage{len(stages)}", {}
            shutil.copytree(
                base,
                here,
                symlinks=True,
                ignore_dangling_symlinks=True,
                ignore=lambda folder, _: ["dev"] if folder == str(base) else [],
            )
            prepare_network(here)
            stages[rest.partition(" AS ")[2] or "last"] = here
        elif word == "RUN":
            chroot(here, ["sh", "-ec", rest], environment)
        elif word == "COPY":
            copy(stages, here, rest.split())
        elif word == "ENV":
            environment |= dict(one.split("=", 1) for one in rest.split())
        elif word == "USER":
            user = rest
    (here / "etc/alongside").mkdir()
    port = free_port()
    (here / "etc/alongside/alongside.toml").write_text(
        f'data = "/var/lib/alongside"\nkeys = "/var/lib/alongside-keys"\naddress = "http://localhost:{port}"\n[serve]\nport = {port}\n'
    )
    command = ["/srv/alongside/bin/alongside"]
    chroot(here, [*command, "upgrade"], environment, user)
    mount(here)
    served = subprocess.Popen(
        ["chroot", f"--userspec={user}:{user}", str(here), *command, "serve"],
        env=PATHS | environment,
        start_new_session=True,
    )
    try:
        wait_for(port)
        with urllib.request.urlopen(f"http://localhost:{port}/ready", timeout=30) as reply:
            assert reply.read() == b"ready\n"
    finally:
        kill(served)
        subprocess.run(["umount", str(here / "proc")], check=False)


def copy(stages: dict[str, Path], here: Path, words: list[str]) -> None:
    """Copy as COPY does."""
    source = ROOT
    if words[0].startswith("--from="):
        source = stages[words.pop(0).removeprefix("--from=")]
    *names, target = words
    for name in names:
        found, to = source / name.lstrip("/"), here / target.lstrip("/")
        if found.is_dir():
            ignored = shutil.ignore_patterns("node_modules", "__pycache__", "dist")
            shutil.copytree(
                found,
                to,
                symlinks=True,
                dirs_exist_ok=True,
                ignore=None if "--from" in str(stages) or source != ROOT else ignored,
            )
        else:
            to.mkdir(parents=True, exist_ok=True)
            shutil.copy(found, to)
