"""Conversations to try the opinion map on: real ones from ../shared, and made ones whose truth is known."""

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from alongside.core.opinions.votes import Votes, cast

DATA = Path(__file__).parents[3] / "../shared/data"
REAL = {
    "brexit-consensus": "polis",
    "scoop-hivemind.biodiversity": "polis",
    "vtaiwan.uberx": "polis",
    "15-per-hour-seattle": "polis-exports",
    "bg2050-volunteers": "polis-exports",
    "london.youth.policing": "polis-exports",
}


def rows(name: str, file: str) -> list[dict[str, str]]:
    """Read a file of a real conversation, or skip the test."""
    path = DATA / REAL[name] / name / f"{file}.csv"
    if not path.exists():
        pytest.skip("The real conversations are not here: ../shared is not here.")
    with path.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def reference(path: str) -> Any:
    """Read an output of another engine, or skip the test."""
    if not (DATA / path).exists():
        pytest.skip("The outputs of other engines are not here: ../shared is not here.")
    return json.loads((DATA / path).read_text())


@cache
def real(name: str) -> Votes:
    """Read a real conversation: the last vote of each person on each statement."""
    votes = rows(name, "votes")
    return cast(
        [int(row["voter-id"]) for row in votes],
        [int(row["comment-id"]) for row in votes],
        [int(row["vote"]) for row in votes],
        moments=[int(row["timestamp"]) for row in votes],
        out=[int(row["comment-id"]) for row in rows(name, "comments") if row["moderated"] == "-1"],
    )
