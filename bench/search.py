"""Search in 100 to 100,000 projects, findings and answers, on SQLite and PostgreSQL (goal: under 100 ms at every size)."""

import itertools
import os
import random
import time
from datetime import UTC, datetime
from typing import Any

from bench.served import temporary

SIZES = (100, 1_000, 10_000, 100_000)
VOCABULARY = 30_000
LENGTH = 60
AGAIN = 9
#: Sizes above this are reached by copying, row by row in the database, what is there.
COPIED_FROM = 1_000
GROUPS = ("project", "finding", "answer", "ask")


def made_up(dice: random.Random) -> list[str]:
    """Make up words, the frequent ones first."""
    parts = ["".join(pair) for pair in itertools.product("bcdfglmnprst", "aeiou")]
    words = {"".join(dice.choices(parts, k=dice.randint(2, 5))) for _ in range(VOCABULARY * 2)}
    return sorted(words)[:VOCABULARY]


def fill(log: Any, dice: random.Random, words: list[str], first: int, last: int) -> None:
    """Put things into the index as an import does."""
    from django.db import transaction

    from alongside.ground.record.indexing import Thing, index_things

    weights = list(itertools.accumulate(1 / place for place in range(1, len(words) + 1)))
    for start in range(first, last, 500):
        things = []
        for about in range(start, min(start + 500, last)):
            said = dice.choices(words, cum_weights=weights, k=LENGTH)
            things.append(
                Thing(about, GROUPS[about % 4], f"unit-{about % 12}", [" ".join(said[:8])], [" ".join(said)])
            )
        with transaction.atomic():
            index_things(log, "bench", things)


def asked(words: list[str]) -> dict[str, str]:
    """Give the searches that are timed, each by what is hard about it."""
    return {
        "one rare word": words[9_000],
        "the most frequent word": words[0],
        "three words": f"{words[40]} {words[300]} {words[90]}",
        "a mistyped word": mistyped(words, 500),
        "no word fits": "qqqqqqqq zzzzzzzz",
        "one word fits of three": f"{words[2_000]} qqqqqqqq {words[3]}",
    }


def mistyped(words: list[str], place: int) -> str:
    """Swap two letters of a long word."""
    word = next(one for one in words[place:] if len(one) >= 8)
    return word[:3] + word[4] + word[3] + word[5:]


def measure(log: Any, words: list[str]) -> dict[str, tuple[float, float]]:
    """Time each search, by the clock and by this process's own work, in milliseconds: the fastest of a few runs, because other work on the machine only adds."""
    from alongside.ground.search.queries import Narrowed, search

    found = {}
    for name, typed in asked(words).items():
        for narrowed in (Narrowed(), Narrowed(group="finding", unit="unit-1")):
            search(log, typed, narrowed)
            runs = []
            for _ in range(AGAIN):
                start, own = time.perf_counter(), time.thread_time()
                search(log, typed, narrowed)
                runs.append(((time.perf_counter() - start) * 1000, (time.thread_time() - own) * 1000))
            found[f"{name}{', narrowed' if narrowed.group else ''}"] = min(runs)
    return found


def copy(log: Any, times: int) -> None:
    """Make so many times as many things of those that are there; the database keeps its index as for any other."""
    from django.db import connection, transaction
    from django.db.models import F

    from alongside.ground.record.models import SearchDoc, SearchWord

    count = SearchDoc.objects.filter(source="bench").count()
    names = '"group", unit, heading, words, marks'
    with transaction.atomic(), connection.cursor() as cursor:
        for turn in range(1, times):
            cursor.execute(
                f"INSERT INTO record_searchdoc (log_id, source, about, {names})"
                f" SELECT log_id, source, about + %s, {names} FROM record_searchdoc"
                f" WHERE source = 'bench' AND about < %s",
                [turn * count, count],
            )
        SearchWord.objects.filter(log=log).update(docs=F("docs") * times)


def analyze() -> None:
    """Let the database look at what is there, as it does by itself after a while."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def run(name: str) -> None:
    """Fill one database step by step and print what every search takes at each size."""
    from alongside.ground.record.models import Log

    dice = random.Random(20261124)
    words = made_up(dice)
    dice.shuffle(words)
    log, first, table = Log.objects.get(), 0, {}
    for size in SIZES:
        start = time.perf_counter()
        if size > COPIED_FROM:
            copy(log, size // first)
        else:
            fill(log, dice, words, first, size)
        analyze()
        each = (time.perf_counter() - start) / (size - first) * 1000
        first, table[size] = size, measure(log, words)
        print(f"{name}: filled to {size:,} things, {each:.2f} ms a thing", flush=True)
    print(f"{name}, ms" + "".join(f"{size:>12,}" for size in SIZES) + "   100,000 against 100")
    for row in table[SIZES[0]]:
        times = [table[size][row][0] for size in SIZES]
        print(f"  {row:38}" + "".join(f"{one:12.1f}" for one in times) + f"   {times[-1] / times[0]:.1f}x")
    worst, own = (max(one[place] for found in table.values() for one in found.values()) for place in (0, 1))
    print(f"{name}: the slowest search took {worst:.1f} ms, {worst / 100:.0%} of the 100 ms it may take")
    print(
        f"{name}: its own work, without what waits for other programs on this machine, was {own:.1f} ms at most"
    )


def main() -> None:
    """Measure on SQLite, and on PostgreSQL where there is a server to start."""
    os.environ["ALONGSIDE_DATA"] = str(temporary())
    os.environ["DJANGO_SETTINGS_MODULE"] = "alongside.site.settings"
    import django

    django.setup()
    opened()
    run("SQLite")
    if os.environ.get("ALONGSIDE_TEST_POSTGRES"):
        on_postgres()


def opened() -> None:
    """Make the tables and open one program."""
    from alongside.site.demo.acts import open_with_record
    from tests.support.databases import make_tables

    make_tables()
    open_with_record(slug="bench", is_demonstration=False, now=datetime.now(tz=UTC))


def on_postgres() -> None:
    """Measure the same on a PostgreSQL server of this run alone."""
    from django.db import connections

    from alongside.site.database import POSTGRES_OPTIONS
    from tests.support.databases import pointed_at
    from tests.support.postgres import start, stop

    server = start()
    try:
        server.run("CREATE DATABASE alongside_bench")
        mine = {**connections.settings["default"], "ENGINE": "django.db.backends.postgresql"}
        mine |= {
            "OPTIONS": dict(POSTGRES_OPTIONS),
            "NAME": "alongside_bench",
            "USER": server.user,
            "HOST": server.host,
            "PORT": str(server.port),
        }
        with pointed_at({**mine, "PASSWORD": ""}):
            opened()
            run("PostgreSQL")
    finally:
        stop(server)


if __name__ == "__main__":
    main()
