"""Intake against a bare Django form POST on each database, and against raw SQLite inserts on the same machine.

Goals: 75% of bare on SQLite, 60% on PostgreSQL. There are two bars (`bench.bare`): a view with no middleware at all, and one
with the middleware of a new Django project. All servers run all the while and are asked in turn, so that what else the machine
does befalls all, and a commit waits for the disk on each. The load is made by wrk, a C program, where it is installed, else by
Python, which takes from all.
"""

import base64
import itertools
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.served import PROGRAM, server, set_up, temporary

SCRIPT = Path(__file__).with_name("wrk.lua")
ROUNDS, VOICES = 10, 400  # rounds, and requests in each; more of them for wrk, which sends for a time
SECONDS, ENOUGH = 2, 6000
MANY = 100_000
THREADS = 4
GOALS = {"sqlite": 75, "postgresql": 60}
BARS = {"none": "no middleware", "startproject": "the middleware of startproject"}
TOKEN = "t" * 32  # what a browser sends in the cookie and the form, where form tokens are checked
#: So many addresses were used; each round has its own.
USED = itertools.count(0, 40)


def load(
    port: int, path: str, headers: dict[str, str], bodies: list[str], *, threads: int = THREADS
) -> dict[str, Any]:
    """Send from a process of its own; what there is to post, by wrk if it is here."""
    if bodies[0] and shutil.which("wrk"):
        return by_wrk(port, path, headers, bodies, threads)
    job = {"port": port, "path": path, "headers": headers, "bodies": bodies, "threads": threads}
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def by_wrk(
    port: int, path: str, headers: dict[str, str], bodies: list[str], connections: int
) -> dict[str, Any]:
    """Post for a while over so many connections; a server that runs behind a proxy takes them for many people."""
    with tempfile.NamedTemporaryFile("w", suffix=".bodies") as file:
        file.write("\n".join(bodies) + "\n")
        file.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--timeout", "30s", "-s", str(SCRIPT)]
        command += [word for pair in headers.items() for word in ("-H", ": ".join(pair))]
        command += [f"http://127.0.0.1:{port}{path}", "--", file.name, str(next(USED))]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    if found["wrong"]:
        raise SystemExit(f"{path}: {found['wrong']} of {found['sent']} were refused")
    if found["sent"] > len(bodies) > bodies.count(bodies[0]):
        raise SystemExit(f"{path}: some of {len(bodies)} were sent twice; prepare more than {ENOUGH}")
    return found


def voices(recipient: str, count: int) -> list[str]:
    """Prepare bodies as the sealing page sends them."""
    from alongside.core.sealing import receipt
    from alongside.core.sealing.envelope import seal
    from alongside.core.sealing.voice import pad

    made = []
    for _ in range(count):
        secret = receipt.make()
        made.append(
            json.dumps(
                {
                    "mark": receipt.seal_mark(receipt.read_secret(secret)).hex(),
                    "act": receipt.act_hash(receipt.act_secret(secret)).hex(),
                    "sealed": base64.b64encode(seal(pad(b"{}"), recipient)).decode(),
                    "website": "",
                }
            )
        )
    return made


def configured(data: str, database: str = "") -> dict[str, str]:
    """Say in a file of the folder that a proxy stands before the server, and which database it has; name both."""
    file = Path(data) / "alongside.toml"
    file.write_text(f"[serve]\nbehind_proxy = true\n{database}")
    return {"ALONGSIDE_DATA": data, "ALONGSIDE_CONFIG": str(file)}


def prepare(data: str, database: str = "") -> str:
    """Build the demonstration in a folder; give the recipient of its open engagement."""
    os.environ |= configured(data, database)
    set_up(data)

    from alongside.site.demo.programs import build

    build(now=datetime.now(tz=UTC))
    from alongside.chain.keys.models import EngagementKey

    return EngagementKey.objects.get(engagement="library-computers").recipient


def grow(recipient: str, count: int) -> None:
    """Put many voices in at once, as rows."""
    from alongside.chain.voices.models import Voice
    from alongside.ground.programs.models import Program

    program = Program.objects.get(slug="riverbend")
    first = Voice.objects.filter(engagement="library-computers")[0]
    Voice.objects.bulk_create(
        [
            Voice(
                program=program,
                engagement=first.engagement,
                promise=first.promise,
                sealed=first.sealed,
                mark=f"{n:064x}",
                act_hash=f"{n + 10**9:064x}",
                bucket=first.bucket,
                date=first.date,
            )
            for n in range(count)
        ],
        batch_size=2000,
    )


def speak(port: int, recipient: str) -> dict[str, Any]:
    """Send voices to the open engagement."""
    path = "/riverbend/en/engagements/library-computers/voices/"
    host = f"localhost:{port}"
    headers = {"Content-Type": "application/json", "Origin": f"http://{host}", "Host": host}
    return load(port, path, headers, voices(recipient, ENOUGH if shutil.which("wrk") else VOICES))


def raw(folder: str, count: int) -> float:
    """Insert rows one transaction each, with nothing around them; rows a second."""
    link = sqlite3.connect(Path(folder) / "raw.sqlite3", isolation_level=None)
    link.executescript(
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;CREATE TABLE said (id integer PRIMARY KEY, words text)"
    )
    start = time.perf_counter()
    for _ in range(count):
        link.execute("BEGIN IMMEDIATE")
        link.execute("INSERT INTO said (words) VALUES (?)", ("x" * 1500,))
        link.execute("COMMIT")
    return count / (time.perf_counter() - start)


@dataclass(frozen=True)
class Rounds:
    """What rounds told: our rate, the rate of each bar and ours by it, and the sizes of our replies."""

    ours: float
    bars: dict[str, float]
    ratios: dict[str, float]
    sizes: frozenset[int]


def in_turn(bars: dict[str, Callable[[], dict[str, Any]]], ours: Callable[[], dict[str, Any]]) -> Rounds:
    """Let all send, round after round; take the middle of each figure."""
    rounds = [({bar: send()["rate"] for bar, send in bars.items()}, ours()) for _ in range(ROUNDS + 1)]
    told = rounds[1:]  # the first warms up
    return Rounds(
        ours=statistics.median(one["rate"] for _, one in told),
        bars={bar: statistics.median(plain[bar] for plain, _ in told) for bar in bars},
        ratios={bar: statistics.median(one["rate"] / plain[bar] for plain, one in told) for bar in bars},
        sizes=frozenset(size for _, one in told for size in one["sizes"]),
    )


def main() -> None:
    """Print the ratios on each database, each measured in a process of its own."""
    if sys.argv[1:]:
        return measure(*sys.argv[1:])
    subprocess.run([sys.executable, "-m", "bench.intake", "sqlite"], check=True)
    from tests.support.postgres import NoServerError, start, stop

    try:
        postgres = start(on_disk=True)
    except NoServerError as error:
        return print(f"PostgreSQL was not measured. {error}")
    try:
        for name in ("bare", "alongside"):
            postgres.run(f"CREATE DATABASE {name}")
        there = [postgres.host, str(postgres.port), postgres.user]
        subprocess.run([sys.executable, "-m", "bench.intake", "postgresql", *there], check=True)
    finally:
        stop(postgres)


def measure(kind: str, host: str = "", port: str = "", user: str = "") -> None:
    """Print the ratios on one database."""
    data = temporary()
    database = f'[database]\nkind = "{kind}"\n'
    if host:
        database += f'host = "{host}"\nport = {port}\nuser = "{user}"\nname = "alongside"\n'
    recipient = prepare(data, database)
    rows = raw(data, 2000)
    with ExitStack() as all_of_them:
        bars = {}
        for bar in BARS:
            env = {"BENCH_DB": f"{data}/{bar}.sqlite3", "BENCH_SERVER": " ".join([host, port, user])}
            at = all_of_them.enter_context(server("bench.bare:application", env | {"BENCH_MIDDLEWARE": bar}))
            bars[bar] = partial(post_form, at)
        ours = all_of_them.enter_context(server(PROGRAM, configured(data, database)))
        few = in_turn(bars, lambda: speak(ours, recipient))
        grow(recipient, MANY)
        many = in_turn(bars, lambda: speak(ours, recipient))
    print(f"{kind}: intake {few.ours:,.0f}/s; with {MANY:,} voices there {many.ours:,.0f}/s")
    for bar, words in BARS.items():
        print(
            f"a Django form POST with {words} {few.bars[bar]:,.0f}/s:"
            f" intake is {few.ratios[bar]:.0%} of it, {many.ratios[bar]:.0%} with many there (goal {GOALS[kind]}%)"
        )
    print(f"raw SQLite inserts {rows:,.0f}/s: intake is {few.ours / rows:.1%} of them")
    print(f"bytes of every reply: {sorted(few.sizes | many.sizes)}", flush=True)


def post_form(port: int) -> dict[str, Any]:
    """Send forms to a bar, with the cookie and the field by which form tokens are checked."""
    form = [urlencode({"words": "x" * 1500, "csrfmiddlewaretoken": TOKEN})] * VOICES
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={TOKEN}"}
    return load(port, "/said", kind, form)


if __name__ == "__main__":
    main()
