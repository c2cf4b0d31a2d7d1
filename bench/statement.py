"""The Public Involvement Statement of a project with 1 to 100 asks: seconds for page, PDF, DOCX and proofs, queries, bytes.

Usage: python -m bench.statement
"""

import statistics
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.served import set_up, temporary

SIZES = (1, 10, 100)
FORMS = ("", "statement.pdf", "statement.docx", "statement.zip")
AGAIN = 3
OTHERS = 2_000  # entries of other things in the same log


def prepare() -> None:
    """Set up an empty place with its database."""
    set_up(temporary())
    from django.test.utils import setup_test_environment

    setup_test_environment()


def main() -> None:
    """Print the figures."""
    prepare()
    from alongside.ground.record.actions.entries import Text
    from tests.support.thread import Thread

    thread = Thread(now=datetime.now(tz=UTC) - timedelta(days=1)).to_open_engagement()
    finding, asked = thread.find(), 0
    for size in SIZES:
        for more in range(asked, size):
            asked_for = thread.recommend(finding, f"Keep for {more} days")
            thread.answer(asked_for, "declined", reasons="We have no money for it this year. " * 10)
        asked = size
        told(thread, size)
    for _more in range(OTHERS):
        ground = {"ground": Text("en", "another thing in the same log")}
        thread.enter("hold.placed", ["steward"], texts=ground)
    told(thread, SIZES[-1])


def told(thread: Any, size: int) -> None:
    """Time the four of them under a new head."""
    from alongside.ground.record.actions.heads import sign_head

    head = sign_head(program=thread.program, now=datetime.now(tz=UTC))
    entries = head.size if head else 0
    here = f"/riverbend/en/projects/library-computers-project/statement/{entries}/"
    parts = "; ".join(timed(form.rpartition(".")[2] or "page", here + form) for form in FORMS)
    print(f"{size} asks in a log of {entries} entries: {parts}", flush=True)


def timed(name: str, here: str) -> str:
    """Fetch an address a few times, never from what was kept, and say how long it takes."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    times = []
    for _again in range(AGAIN):
        start = time.perf_counter()
        Client().get(f"{here}?fresh")  # what has a query is never kept
        times.append(time.perf_counter() - start)
    with CaptureQueriesContext(connection) as queries:
        reply = Client().get(f"{here}?fresh")
    kilobytes = len(reply.content) / 1024
    return f"{name} {statistics.median(times):.2f} s, {len(queries)} queries, {kilobytes:.0f} KB"


if __name__ == "__main__":
    main()
