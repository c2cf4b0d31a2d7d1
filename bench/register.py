"""Registers of 100 to 100,000 projects: read, brought in, listed, narrowed, exported; what one row and one page cost.

Usage: python -m bench.register [ROWS ...]. With `stream MEGABYTES` it only reads a file of that size by its mapping, and
says how much memory that took and how often progress was told.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from bench.served import set_up, temporary

SIZES = (100, 1000, 10_000, 100_000)
WORDS = "It sorts what people send and chooses the desk that answers, day by day. "
HEAD = "id,use_case_name,agency,summary,development_stage,is_high_impact,contact_email\r\n"
COLUMNS = ("key", "name", "body", "summary", "stage", "impact", "drop")
STAGES = ("Deployed", "Pilot", "Retired", "Pre-deployment")


def lines(rows: int, long: int = 3) -> Iterator[bytes]:
    """Make a register of so many rows, in pieces of about a thousand rows."""
    yield HEAD.encode()
    for first in range(0, rows, 1000):
        yield "".join(
            f'A-{n},Use case {n},Agency {n % 40},"{WORDS * long}\n{n}",{STAGES[n % 4]},'
            f"{'High-impact' if n % 9 == 0 else 'Not High-impact'},who{n}@city.example\r\n"
            for n in range(first, min(rows, first + 1000))
        ).encode()


def opened(data: str) -> Any:
    """Migrate an empty database and open a program."""
    set_up(data)

    from tests.support.thread import Thread

    return Thread(now=datetime.now(tz=UTC)).open_program()


def taken_in(thread: Any, slug: str, pieces: Iterator[bytes]) -> Any:
    """Take a file in and map it."""
    from alongside.site.demo.acts import take_in_list

    plan = dict(zip(HEAD.strip().split(","), COLUMNS, strict=True))
    return take_in_list(
        program=thread.program,
        slug=slug,
        title=slug,
        plan=plan,
        file_name=f"{slug}.csv",
        pieces=pieces,
        by=thread.steward,
        now=thread.now,
    )


def timed(what: Callable[[], Any]) -> tuple[float, Any]:
    """Give seconds of this process, which others on the machine do not change, and what came out."""
    start = time.process_time()
    found = what()
    return time.process_time() - start, found


def measure(thread: Any, rows: int) -> None:
    """Bring a register of this size in, then list, narrow and export it."""
    from django.test import Client

    from alongside.work.registers import actions
    from alongside.work.registers.models import Import

    uploaded, made = timed(lambda: taken_in(thread, f"r{rows}", lines(rows)))
    read, _ = timed(lambda: actions.look_at_file(of=made, now=thread.now))
    again = Import.objects.select_related("register").get(pk=made.pk)
    assert actions.say_yes(of=again, pen=again.pen, now=thread.now)
    entered, held = timed(lambda: actions.apply_import(of=again, now=thread.now))
    listed, _ = timed(lambda: actions.list_rows(of=held, now=thread.now))
    print(
        f"{rows:>7,} rows: upload {uploaded * 1e6 / rows:,.0f}, read {read * 1e6 / rows:,.0f}, "
        f"in force {entered * 1e6 / rows:,.0f}, listed {listed * 1e6 / rows:,.0f} µs a row"
    )
    client, at = Client(), "/riverbend/en/projects/"
    pages = {
        "list": at,
        "stage": f"{at}?stage=pilot",
        "unasked": f"{at}?unasked=on",
        "page 3": f"{at}?page=3",
    }
    for name, address in pages.items():
        client.get(address)
        best = min(timed(lambda address=address: client.get(address))[0] for _ in range(5))
        print(f"         {name:8} {best * 1000:6.1f} ms")
    for name in ("projects.csv", "projects.json"):
        took, size = timed(lambda name=name: sum(map(len, client.get(f"{at}{name}").streaming_content)))
        print(f"         {name:13} {took * 1e6 / rows:6.0f} µs a row, {size / 1e6:.1f} MB")


def held() -> int:
    """Give the bytes that this process holds for itself (Linux); what SQLite maps of its file is the system's to take back."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("RssAnon"))


def stream(thread: Any, megabytes: int) -> None:
    """Read a large file row by row and tell what it took, as JSON."""
    from alongside.work.registers import actions
    from alongside.work.registers import actions as projects_actions
    from alongside.work.registers.models import Import

    one = sum(len(part) for part in lines(1000, long=26)) / 1000
    rows = int(megabytes * 1e6 / one)
    made = taken_in(thread, "large", lines(rows, long=26))
    before, most = held(), 0
    told: list[int] = []
    keep = projects_actions.note_progress

    def noted(**given: Any) -> bool:
        nonlocal most
        most = max(most, held())
        told.append(given["read_bytes"])
        return keep(**given)

    projects_actions.note_progress = noted
    took, _ = timed(lambda: actions.look_at_file(of=made, now=thread.now))
    found = Import.objects.get(pk=made.pk)
    print(
        json.dumps(
            {
                "megabytes": round(found.size / 1e6),
                "rows": found.rows,
                "expected": rows,
                "trouble": found.trouble,
                "seconds": round(took, 1),
                "grew_megabytes": round((most - before) / 1e6),
                "progress": len(told),
                "rises": told == sorted(told),
            }
        )
    )


def main() -> None:
    """Print what each size costs; flat is what it should be a row, and for a page whatever the size."""
    sys.path.insert(0, ".")
    thread = opened(temporary())
    if sys.argv[1:2] == ["stream"]:
        stream(thread, int(sys.argv[2]))
        return
    for rows in map(int, sys.argv[1:]) if sys.argv[1:] else SIZES:
        measure(thread, rows)


if __name__ == "__main__":
    main()
