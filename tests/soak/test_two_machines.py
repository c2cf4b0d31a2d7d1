"""Two app servers, a PostgreSQL and its replica: one server is killed, then the primary, and the replica takes over, all under load.

Nothing that was acknowledged is lost, the record does not fork, and how long people waited is told in seconds.
"""

import contextlib
import http.client
import itertools
import os
import re
import shutil
import signal
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.soak.conftest import ROOT, Instance, kill
from tests.soak.crashing import PATH, SEALED, Observer, voice
from tests.soak.test_killing import nothing_is_lost, nothing_is_missing
from tests.soak.test_shipping import control
from tests.support.postgres import NoServerError, Server, owner, start, stop

pytestmark = [pytest.mark.soak, pytest.mark.postgres]
FIRST, SECOND = "127.0.0.1", "127.0.0.2"
PEOPLE, EACH_SECOND = 8, 8
#: Seconds of load before and after each blow.
CALM = float(os.environ.get("ALONGSIDE_SOAK_CALM", "6"))
#: More than this and something waits that nobody told it to.
LONGEST_OUTAGE = 30
INDEX = re.compile(rb"/record/(\d+)/")


@dataclass
class Pair:
    """A primary and its replica, on the same port of two addresses of this machine."""

    server: Server

    @property
    def primary(self) -> Path:
        """Give the folder of the primary's data."""
        return self.server.folder / "data"

    @property
    def replica(self) -> Path:
        """Give the folder of the replica's data."""
        return self.server.folder / "db2"

    def query(self, sql: str, host: str = f"{FIRST},{SECOND}") -> list[tuple[Any, ...]]:
        """Ask the one of both that takes writes, or the one that is named."""
        import psycopg

        which = "read-write" if "," in host else "any"
        with psycopg.connect(
            host=host,
            port=self.server.port,
            user=self.server.user,
            dbname="alongside",
            target_session_attrs=which,
        ) as link:
            return link.execute(sql).fetchall()

    def begin(self) -> None:
        """Do what the page for operators says: the primary's lines, a copy that follows, its name."""
        shutil.copy(ROOT / "deploy/postgresql-primary.conf", self.primary)
        with (self.primary / "pg_hba.conf").open("a") as file:
            file.write("host all,replication all 127.0.0.0/8 trust\n")
        owner(self.server.folder)
        control(self.server, "-D", str(self.primary), "-m", "fast", "restart")
        self.server.run("CREATE DATABASE alongside")
        port, user = self.server.port, self.server.user
        where = f"host={FIRST} port={port} user={user} application_name=db2"
        line = [str(self.server.programs / "pg_basebackup"), "--dbname", where, "--pgdata", str(self.replica)]
        line += ["--write-recovery-conf", "--create-slot", "--slot=db2", "--checkpoint=fast"]
        subprocess.run([*self.server.as_owner, *line], check=True, cwd="/")
        with (self.primary / "postgresql.conf").open("a") as file:
            file.write("include = 'postgresql-primary.conf'\n")
        control(self.server, "-D", str(self.primary), "-m", "fast", "restart")
        shutil.copy(ROOT / "deploy/postgresql-replica.conf", self.replica)
        with (self.replica / "postgresql.conf").open("a") as file:
            file.write("include = 'postgresql-replica.conf'\n")
        owner(self.server.folder)
        options = f"-p {port} -c listen_addresses={SECOND} -c unix_socket_directories={self.replica}"
        control(self.server, "-D", str(self.replica), "-o", options, "start")

    def lose_the_primary(self) -> None:
        """End every process of the primary at once, as a machine without power does."""
        first = int((self.primary / "postmaster.pid").read_text().split()[0])
        for one in [first, *children_of(first)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)

    def promote(self) -> None:
        """Let the replica take over."""
        control(self.server, "-D", str(self.replica), "promote")

    def end(self) -> None:
        """Stop both and take their files away."""
        line = [str(self.server.programs / "pg_ctl"), "-D", str(self.replica), "-m", "immediate", "stop"]
        subprocess.run([*self.server.as_owner, *line], capture_output=True, cwd="/", check=False)
        stop(self.server)


def children_of(parent: int) -> list[int]:
    """Give the processes that one started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(stat.parent.name))
    return found


@pytest.fixture
def pair() -> Iterator[Pair]:
    """Give a primary and its replica."""
    try:
        made = Pair(start(on_disk=True))
    except NoServerError as error:
        error.skip_or_fail()
    try:
        made.begin()
        yield made
    finally:
        made.end()


@pytest.fixture
def machines(pair: Pair, tmp_path: Path) -> tuple[Instance, Instance]:
    """Give two app servers with the same configuration, each with a folder of its own; only the first has the keys."""
    both = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "alongside.toml").write_text(
            f'data = "{folder}"\nsecret = "{"two machines share it " * 3}"\n'
            "[serve]\nprocesses = 1\nthreads = 4\ntick_seconds = 2\n[health]\ndisk_free_mb = 1\n"
            f'[database]\nkind = "postgresql"\nhost = "{FIRST},{SECOND}"\nreplica = "{SECOND}"\n'
            f'port = {pair.server.port}\nuser = "{pair.server.user}"\n'
        )
        both.append(Instance(folder, pair.query))
    both[0].run("tests.soak.prepare")
    return both[0], both[1]


@dataclass
class Crowd:
    """People who speak at one of several servers, and at the next one where that does not take it, until one does."""

    ports: list[int]
    sent: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    #: When each voice was acknowledged, and how long its person tried.
    acknowledged: list[tuple[float, float]] = field(default_factory=list)

    def one(self, place: int, stop: threading.Event) -> None:
        """Speak again and again, and never go on before a voice was taken."""
        servers = itertools.cycle(self.ports[place % 2 :] + self.ports[: place % 2])
        link, at = connected(next(servers), place)
        for count in itertools.count():
            if stop.wait(1 / EACH_SECOND):
                return link.close()
            mark, body = voice(SEALED[count % len(SEALED)])
            self.sent.add(mark)
            began = time.monotonic()
            while (status := send(link, at, body)) != 200:
                if 0 < status < 500:
                    self.wrong.append(f"{status}")
                if time.monotonic() - began > 2 * LONGEST_OUTAGE:
                    return self.wrong.append("A voice was never taken.")
                time.sleep(0.05)
                link, at = connected(next(servers), place)
            self.taken.add(mark)
            self.acknowledged.append((time.monotonic(), time.monotonic() - began))

    def outage(self, since: float) -> tuple[float, float]:
        """Give the longest time in which nothing was acknowledged, and that for which one person tried, since a moment."""
        after = sorted(one for one in self.acknowledged if one[0] >= since)
        gaps = [b - a for a, b in itertools.pairwise([since, *(at for at, _ in after)])]
        return max(gaps), max(tried for _, tried in after)


def connected(port: int, place: int) -> tuple[http.client.HTTPConnection, int]:
    """Connect as somebody else than all others."""
    source = (f"127.3.{place}.1", 0)
    return http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=source), port


def send(link: http.client.HTTPConnection, port: int, body: str) -> int:
    """Send one voice; give the status, or 0 where the line broke."""
    host = f"localhost:{port}"
    headers = {"Content-Type": "application/json", "Host": host, "Origin": f"http://{host}"}
    try:
        link.request("POST", PATH, body, headers)
        reply = link.getresponse()
        reply.read()
    except (OSError, http.client.HTTPException):
        link.close()
        return 0
    if reply.status != 200:
        link.close()
    return reply.status


@dataclass
class Readers:
    """Somebody who reads a signed head, and then at each server what is newest on the log."""

    machines: tuple[Instance, Instance]
    #: When a page came, and how many entries the last head held and the page showed.
    read: list[tuple[float, int, int]] = field(default_factory=list)

    def go_on(self, stop: threading.Event) -> None:
        """Read until told to stop."""
        held = 0
        for count in itertools.count():
            if stop.wait(0.02):
                return
            here, there = self.machines[count % 2], self.machines[(count // 2) % 2]
            with contextlib.suppress(OSError, http.client.HTTPException):
                held = int(fetched(f"{there.record}/checkpoint").split(b"\n")[1])
            with contextlib.suppress(OSError, http.client.HTTPException):
                page = fetched(f"http://localhost:{here.port}/riverbend/en/record/feed.xml?anew={count}")
                self.read.append((time.monotonic(), held, max(map(int, INDEX.findall(page))) + 1))

    def outage(self, since: float) -> float:
        """Give the longest time without a page since a moment."""
        return max(
            b - a for a, b in itertools.pairwise([since, *(at for at, _, _ in self.read if at >= since)])
        )


def fetched(address: str) -> bytes:
    """Read an address."""
    with urllib.request.urlopen(address, timeout=20) as reply:
        return bytes(reply.read())


@contextlib.contextmanager
def under_load(crowd: Crowd, readers: Readers, observer: Observer) -> Iterator[None]:
    """Let people speak, read and watch the heads meanwhile."""
    stop = threading.Event()
    work: list[Callable[[], None]] = [lambda place=place: crowd.one(place, stop) for place in range(PEOPLE)]
    threads = [threading.Thread(target=one) for one in (*work, lambda: readers.go_on(stop))]
    for thread in threads:
        thread.start()
    threads.append(observer.watch(stop))
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(90)


def test_a_server_is_killed_and_the_replica_takes_over_under_load(pair, machines):
    one, two = machines
    processes = {name: at.start("alongside.site.cli", "serve") for name, at in (("one", one), ("two", two))}
    crowd, readers, observer = Crowd([one.port, two.port]), Readers(machines), Observer(two)
    try:
        for machine, process in zip(machines, processes.values(), strict=True):
            machine.wait(process)
        processes["busy"] = one.start("tests.soak.busy")
        with under_load(crowd, readers, observer):
            time.sleep(CALM)
            made = pair.query(
                "SELECT sum(idx_scan) FROM pg_stat_user_tables WHERE relname = 'record_logentry'", SECOND
            )
            pair.query("SELECT pg_wal_replay_pause()", SECOND)  # from here on the replica falls behind
            time.sleep(CALM)
            pair.query("SELECT pg_wal_replay_resume()", SECOND)
            killed = time.monotonic()
            kill(processes["one"])
            kill(processes["busy"])
            time.sleep(CALM)
            processes["one"] = one.start("alongside.site.cli", "serve")
            one.wait(processes["one"])
            processes["busy"] = one.start("tests.soak.busy")
            server_was_away = crowd.outage(killed)
            time.sleep(CALM)

            lost = time.monotonic()
            pair.lose_the_primary()
            pair.promote()
            promoted = time.monotonic() - lost
            time.sleep(CALM)
            kill(processes["busy"])
            processes["busy"] = one.start("tests.soak.busy")
            time.sleep(CALM)
            primary_was_away, read_again = crowd.outage(lost), readers.outage(lost)
        kill(processes["busy"])

        nothing_is_lost(one, crowd)
        nothing_is_missing(one)
        one.run("alongside.site.cli", "record", "sign")
        heads = [
            Observer.check(observer),
            Observer(one, heads=observer.heads, entries=observer.entries).check(),
        ]
        one.run("alongside.site.cli", "verify", "record", one.record)
        one.run("alongside.site.cli", "backup", str(one.folder / "backup.tar.gz"))
    finally:
        for process in processes.values():
            kill(process)
    assert crowd.wrong == []
    assert [line for line in readers.read if line[2] < line[1]] == [], "a page was older than a signed head"
    assert made > [(0,)], "no page was made from the replica"
    assert max(*server_was_away, *primary_was_away) < LONGEST_OUTAGE
    print(
        f"\n{len(crowd.taken)} voices acknowledged and there, {len(observer.entries)} entries, {heads[-1]} heads agree,"
        f" {len(readers.read)} pages none older than a head. A server killed: nothing acknowledged for"
        f" {server_was_away[0]:.1f} s, nobody tried longer than {server_was_away[1]:.1f} s. The primary killed, its replica"
        f" promoted after {promoted:.1f} s: nothing acknowledged for {primary_was_away[0]:.1f} s, nobody tried longer than"
        f" {primary_was_away[1]:.1f} s, no page for {read_again:.1f} s."
    )
