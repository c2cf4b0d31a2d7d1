"""A program of 1, 10 and 100 times the demonstration, on SQLite and PostgreSQL: each page, an append, the tick, the verifier, a backup.

It grows on SQLite through `append`; PostgreSQL, where a server is installed, is given the same rows.

Usage: python -m bench.growth [TIMES ...]. Goals: no page above 1.5 times its time at 1x or over 100 ms, the tick at most 20
queries when nothing is new, verify at most 150 µs an entry.
"""

import contextlib
import copy
import gc
import io
import json
import os
import pickle
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.served import ROOT, temporary

SIZES = (1, 10, 100)
AGAIN = 5
#: The file in which the keys of the made-up leads are, beside the database that was played.
KEYRINGS = "keyrings"
#: A page that takes this long is asked once more and not again.
LONG = 1.0
DAY = datetime.now(tz=UTC).date()
AT = "/riverbend/en/"
#: By what a page is called here: who asks for it, and its address.
PAGES = {
    "home": ("", AT),
    "take part": ("", f"{AT}engagements/"),
    "one engagement": ("", f"{AT}engagements/library-computers/"),
    "what came of it": ("", f"{AT}follow/"),
    "answers due": ("", f"{AT}owed/"),
    "answers due, CSV": ("", f"{AT}owed/owed.csv"),
    "record": ("", f"{AT}record/"),
    "record, one kind": ("", f"{AT}record/?kind=ask.recommended"),
    "record, rare kind": ("", f"{AT}record/?kind=charter.adopted"),
    "record, CSV": ("", f"{AT}record/entries.csv"),
    "record, feed": ("", f"{AT}record/feed.xml"),
    "marks": ("", "/riverbend/record/marks"),
    "data.json": ("", "/riverbend/data.json"),
    "projects": ("", f"{AT}projects/"),
    "projects, CSV": ("", f"{AT}projects/projects.csv"),
    "search": ("", f"{AT}search/?q=library"),
    "search, mistyped": ("", f"{AT}search/?q=libary+computrs"),
    "questions": ("", f"{AT}questions/"),
    "year": ("", f"{AT}years/{DAY.year}/"),
    "cohort": ("", f"{AT}cohort/"),
    "handover": ("", f"{AT}cohort/first-cohort/handover/"),
    "workplans": ("", f"{AT}workplans/"),
    "consultations": ("", f"{AT}consultations/"),
    "invitations": ("", f"{AT}invitations/"),
    "calendar": ("", f"{AT}calendar.ics"),
    "health": ("", "/health"),
    "lead: week": ("first.lead", f"{AT}week/"),
    "lead: drafts": ("first.lead", f"{AT}drafts/"),
    "lead: checks": ("first.lead", f"{AT}commitments/checks/"),
    "lead: portfolio": ("first.lead", f"{AT}seat/portfolio/"),
    "unit: desk": ("manager.streets-and-signals", f"{AT}unit/"),
    "unit: answer many": ("manager.streets-and-signals", f"{AT}answers/questions/"),
    "steward: desk": ("steward", f"{AT}steward/"),
    "steward: translations": ("steward", f"{AT}translations/"),
    "steward: people": ("steward", f"{AT}steward/people/"),
}

#: What is sent in parts; of these the first one is measured, too.
IN_PARTS = ("answers due, CSV", "record, CSV", "projects, CSV")


def main() -> None:
    """Play the demonstration once, then grow and measure each size on each database, in a process of its own."""
    sizes = [int(one) for one in sys.argv[1:]] or SIZES
    source = temporary()
    played = ask("play", source)
    print(f"played the demonstration in {played['seconds']:.0f} s")
    grown = {times: temporary() for times in sizes}
    measure_all("SQLite", source, grown, "")
    from tests.support.postgres import NoServerError, start, stop

    try:
        server = start()
    except NoServerError as error:
        print(f"\nPostgreSQL was not measured. {error}")
        return
    try:
        for times in sizes:
            server.run(f"CREATE DATABASE grown_{times}")
        measure_all("PostgreSQL", source, grown, f"{server.user}@{server.host}:{server.port}")
    finally:
        stop(server)


def ask(*words: object) -> dict[str, Any]:
    """Let a process of its own do something and tell what came of it."""
    command = [sys.executable, "-m", "bench.growth", *map(str, words)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure_all(name: str, source: str, grown: Mapping[int, str], server: str) -> None:
    """Print one table: a line for each page and action, and for each size its time, queries and bytes."""
    found = [ask("one", source, times, folder, server) for times, folder in grown.items()]
    print(f"\n{name:24}" + "".join(f"{times:>13}x{'':17}" for times in grown) + "  against 1x")
    for told in ("entries", "texts", "seconds to build"):
        print(f"  {told:22}" + "".join(f"{one[told]:>14,.0f}{'':17}" for one in found))
    for line in found[0]["lines"]:
        each = [one["lines"][line] for one in found]
        columns = "".join(f"{ms:>10,.1f} ms {queries:>5} q {kb:>8,.1f} KB" for ms, queries, kb in each)
        print(f"  {line:22}{columns}  {each[-1][0] / max(each[0][0], 0.01):>6.1f}x")
    print(f"  {'verified':22}" + "".join(f"{one['verified'][:30]:>31}" for one in found), flush=True)


def play(data: str) -> dict[str, Any]:
    """Play the demonstration's scenes into an empty SQLite database."""
    start = time.perf_counter()
    set_up(data, "")
    from alongside.site.demo import programs
    from alongside.site.demo.packs import in_program_timezone

    story = programs.play(now=in_program_timezone(datetime.now(tz=UTC), "neutral"))
    (Path(data) / KEYRINGS).write_bytes(pickle.dumps(story.keyrings))
    return {"seconds": time.perf_counter() - start}


def one(source: str, times: str, folder: str, server: str) -> dict[str, Any]:
    """Grow the program in a folder, or bring what was grown there to a server, and measure it."""
    data = temporary() if server else folder
    if server:
        shutil.copytree(Path(folder) / "keys", Path(data) / "keys", dirs_exist_ok=True)
    set_up(data, server and f"{server}/grown_{times}", folder if server else source)
    from django.db import connection

    from alongside.ground.record.models import PublicText
    from bench.growing import copied, grow

    now, start = datetime.now(tz=UTC), time.perf_counter()
    keyrings = pickle.loads((Path(source) / KEYRINGS).read_bytes())
    log = copied("source") if server else grow("source", int(times), keyrings, now)
    built = time.perf_counter() - start
    ticking(now)()
    connection.close()  # as every connection does after a while, so that it knows what the tick saw of the tables
    lines = {name: best(page(who, address)) for name, (who, address) in PAGES.items()}
    lines |= {f"{name}, begun": best(page(*PAGES[name], is_whole=False)) for name in IN_PARTS}
    verified, lines["verify, an entry"] = verify(log)
    lines |= {"append": best(appending(log, now)), "tick": best(ticking(now))}
    lines |= {"tick, nothing new": best(ticking(now, [])), "backup": best(backing_up)}
    return {
        "entries": log.size,
        "texts": PublicText.objects.count(),
        "seconds to build": built,
        "lines": lines,
        "verified": verified,
    }


def set_up(data: str, server: str, source: str = "") -> None:
    """Make the tables in an empty database: a file in a folder, or `user@host:port/name` on a PostgreSQL server."""
    os.environ |= {"ALONGSIDE_DATA": data, "DJANGO_SETTINGS_MODULE": "alongside.site.settings"}
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from alongside.site.database import POSTGRES_OPTIONS
    from tests.support.databases import make_tables, point_at, with_name

    file = copy.deepcopy(connections.settings["default"])
    hurried = file["OPTIONS"]["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    file["OPTIONS"]["init_command"] = hurried
    if server:
        user, _, rest = server.partition("@")
        address, _, name = rest.partition("/")
        host, _, port = address.partition(":")
        of_server = {
            "USER": user,
            "HOST": host,
            "PORT": port,
            "PASSWORD": "",
            "NAME": name,
            "OPTIONS": dict(POSTGRES_OPTIONS),
        }
        point_at({**file, "ENGINE": "django.db.backends.postgresql", **of_server})
    else:
        point_at(file)
    if source:
        connections.settings["source"] = with_name(file, Path(source) / "alongside.sqlite3")
    make_tables()
    call_command("collectstatic", verbosity=0, interactive=False)
    gc.collect()
    gc.freeze()  # as what serves the pages does
    gc.set_threshold(10_000, 10, 10)


def best(act: Callable[[], int]) -> tuple[float, int, float]:
    """Give the milliseconds of the fastest of a few runs, the queries of one and the kilobytes that it gives."""
    from django.db import connection

    # SQLite works in this process, so that its own time says all, whatever else the machine does.
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    asked: list[str] = []

    def noted(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    act()
    with connection.execute_wrapper(noted):
        size = act()
    runs: list[float] = []
    while len(runs) < AGAIN and sum(runs) < LONG:
        start = clock()
        act()
        runs.append(clock() - start)
    return min(runs) * 1000, len(asked), size / 1000


def page(who: str, address: str, *, is_whole: bool = True) -> Callable[[], int]:
    """Give what asks for a page as somebody, past what is kept of it; of one that is sent in parts, all or the first."""
    from django.test import Client

    from alongside.ground.people.models import Person

    client = Client(HTTP_HOST="localhost")
    if who:
        person = Person.objects.get(email=f"{who}@riverbend.example")
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")

    def get() -> int:
        answer = client.get(f"{address}{'&' if '?' in address else '?'}not-kept={uuid.uuid4().hex}")
        parts = iter(answer.streaming_content if answer.streaming else [answer.content])
        body = b"".join(parts) if is_whole else next(parts)
        answer.close()  # as a server does: what was begun holds a cursor, and the lock of its connection while it goes
        if answer.status_code not in {200, 503}:  # the second is how /health says that nobody ticks here
            raise SystemExit(f"{address} answers {answer.status_code}")
        return len(body)

    return get


class Site:
    """Gives the verifier the files of the record as the site gives them."""

    address, is_mirror = "http://localhost/riverbend/record", False

    def __init__(self) -> None:
        self.took = 0.0

    def get(self, path: str) -> bytes:
        """Fetch one file, and note how long the site took."""
        start = time.process_time()
        try:
            return self._fetched(path)
        finally:
            self.took += time.process_time() - start

    @staticmethod
    def _fetched(path: str) -> bytes:
        from django.test import Client

        from alongside.check.source import MissingError

        answer = Client(HTTP_HOST="localhost").get(f"/riverbend/record/{path}")
        if answer.status_code != 200:
            raise MissingError(path)
        return b"".join(answer.streaming_content) if answer.streaming else answer.content


def verify(log: Any) -> tuple[str, tuple[float, int, float]]:
    """Check the whole record as anyone can; give what the verifier says, and its own time for an entry."""
    from alongside.check.record import verify_record
    from alongside.check.state import load

    start, site = time.process_time(), Site()
    checked = verify_record(site, state=load(Path(temporary()) / "seen"), today=DAY)
    took = time.process_time() - start - site.took
    return f"{checked.log.head.size:,} entries hold", (took * 1000 / log.size, 0, 0.0)


def appending(log: Any, now: datetime) -> Callable[[], int]:
    """Give what appends one entry with two texts."""
    from alongside.ground.programs.models import Office
    from alongside.ground.record.actions.entries import Draft, Text, append

    office = (
        Office.objects.filter(unit__program=log.program, signs=True).select_related("unit").order_by("pk")[0]
    )

    def act() -> int:
        slug = f"p-{uuid.uuid4().hex[:16]}"
        texts = {"title": Text("en", slug), "summary": Text("en", "How long records are kept.")}
        found = {"project": slug, "unit": office.unit.slug}
        draft = Draft(kind="project.registered", by=[office.public_id], data=found, texts=texts)
        append(program=log.program, drafts=[draft], now=now)
        return 0

    return act


def ticking(now: datetime, quiet: list | None = None) -> Callable[[], int]:
    """Give what ticks; whatever was due is told in the first run. With `quiet` the next runs know that nothing is new."""
    from alongside.site.ticking import tick

    def act() -> int:
        tick(now, quiet=quiet)
        return 0

    return act


def backing_up() -> int:
    """Write a backup and give its bytes."""
    from alongside.site.backups import backup

    file = Path(temporary()) / "backup.tar.gz"
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        backup(file)
    return file.stat().st_size


if __name__ == "__main__":
    steps = {"play": play, "one": one}
    if sys.argv[1:2] and sys.argv[1] in steps:
        print(json.dumps(steps[sys.argv[1]](*sys.argv[2:])))
    else:
        main()
