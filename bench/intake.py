"""Intake against a bare Django form POST and against raw SQLite inserts on the same machine (goal: 60% of bare).

Both servers run all the while and are asked in turn, so that what else the machine does befalls both.
"""

import base64
import json
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.served import PROGRAM, server, set_up, temporary

ROUNDS, VOICES = 20, 400  # rounds, and requests in each
MANY = 100_000
THREADS = 4


def load(
    port: int, path: str, headers: dict[str, str], bodies: list[str], *, threads: int = THREADS
) -> dict[str, Any]:
    """Send from a process of its own."""
    job = {"port": port, "path": path, "headers": headers, "bodies": bodies, "threads": threads}
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


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


def prepare(data: str) -> str:
    """Build the demonstration in a folder; give the recipient of its open engagement."""
    set_up(data)

    from alongside.site.demo.programs import build

    build(now=datetime.now(tz=UTC))
    from alongside.chain.voices.models import EngagementKey

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
    """Send voices to the open engagement, whose count begins anew, for it takes in no more than its cap."""
    from alongside.chain.voices.models import Intake

    Intake.objects.filter(engagement="library-computers").update(taken=0)
    path = "/riverbend/en/engagements/library-computers/voices/"
    host = f"localhost:{port}"
    headers = {"Content-Type": "application/json", "Origin": f"http://{host}", "Host": host}
    return load(port, path, headers, voices(recipient, VOICES))


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
    """What rounds of the bare server and of ours told: both rates, ours by the bare one, the sizes of our replies."""

    bare: float
    ours: float
    ratio: float
    sizes: frozenset[int]


def in_turn(bare: Callable[[], dict[str, Any]], ours: Callable[[], dict[str, Any]]) -> Rounds:
    """Let both send, round after round; take the middle of each figure."""
    told = [(bare(), ours()) for _ in range(ROUNDS + 1)][1:]  # the first round warms up
    return Rounds(
        bare=statistics.median(one["rate"] for one, _ in told),
        ours=statistics.median(one["rate"] for _, one in told),
        ratio=statistics.median(one["rate"] / plain["rate"] for plain, one in told),
        sizes=frozenset(size for _, one in told for size in one["sizes"]),
    )


def main() -> None:
    """Print the ratios."""
    data = temporary()
    recipient = prepare(data)
    form = [urlencode({"words": "x" * 1500})] * VOICES
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    with ExitStack() as both:
        plain = both.enter_context(server("bench.bare:application", {"BENCH_DB": f"{data}/bare.sqlite3"}))
        ours = both.enter_context(server(PROGRAM, {"ALONGSIDE_DATA": data}))
        pair = (lambda: load(plain, "/said", kind, form), lambda: speak(ours, recipient))
        few = in_turn(*pair)
        grow(recipient, MANY)
        many = in_turn(*pair)
    rows = raw(data, 2000)
    print(f"bare Django form POST {few.bare:,.0f}/s; raw SQLite inserts {rows:,.0f}/s")
    print(f"intake {few.ours:,.0f}/s: {few.ratio:.0%} of bare (goal 60%), {few.ours / rows:.1%} of raw")
    print(
        f"with {MANY:,} voices there: {many.ours:,.0f}/s, {many.ratio:.0%} of bare, {many.ratio / few.ratio:.0%} of before"
    )
    print(f"bytes of every reply: {sorted(few.sizes | many.sizes)}")


if __name__ == "__main__":
    main()
