"""Conversations to try the opinion map on: real ones from ../shared, and made ones whose truth is known."""

import csv
import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
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


@dataclass(frozen=True)
class Planted:
    """A made conversation: `camp` of each person, who is in the smaller group (`block`), and the ids of what it rejects."""

    votes: Votes
    camp: np.ndarray
    block: np.ndarray
    rejected: frozenset[int]


def planted(
    seed: int,
    *,
    share: float = 0.05,
    people: int = 800,
    statements: int = 80,
    camps: int = 3,
    answers: int = 25,
) -> Planted:
    """Make a conversation of camps, with a smaller group across them that rejects 8 statements which all others accept."""
    chance = np.random.default_rng(seed)
    camp = chance.integers(0, camps, people)
    leaning, base = chance.normal(0, 1, (camps, statements)), chance.normal(0.4, 0.6, statements)
    special = chance.permutation(statements)[:8]
    block = np.zeros(people, bool)
    block[chance.permutation(people)[: round(share * people)]] = True
    given = np.clip(chance.geometric(1 / answers, people), 1, statements)
    who = np.repeat(np.arange(people), given)
    what = np.concatenate([chance.permutation(statements)[:count] for count in given])
    opinion = base[what] + leaning[camp[who], what]
    opinion[np.isin(what, special)] = 1.4
    opinion[np.isin(what, special) & block[who]] = -1.4
    opinion = opinion + chance.normal(0, 1, len(who))
    said = np.where(opinion > 0.3, 1, np.where(opinion < -0.3, -1, 0))
    return Planted(cast(who, what, said, of=range(statements)), camp, block, frozenset(special.tolist()))


def shuffled(votes: Votes, seed: int) -> Votes:
    """Give the same people's votes with the answers shuffled within each statement."""
    chance = np.random.default_rng(seed)
    answer = votes.answer.copy()
    for place in range(len(votes.statements)):
        mine = votes.column == place
        answer[mine] = chance.permutation(answer[mine])
    return replace(votes, answer=answer)


def with_copies(votes: Votes, share: float, seed: int, answers: int = 40) -> Votes:
    """Give the votes, and those of so many more people who all answer by one pattern, but for one answer in fifty."""
    chance = np.random.default_rng(seed)
    live = votes.statements[votes.live]
    pattern = dict(zip(live.tolist(), chance.choice([-1, 0, 1], len(live)).tolist(), strict=True))
    who, what, said = (
        votes.people[votes.row].tolist(),
        votes.statements[votes.column].tolist(),
        votes.answer.tolist(),
    )
    for extra in range(max(5, round(share * len(votes.people)))):
        for one in chance.permutation(live)[:answers].tolist():
            who.append(int(votes.people.max()) + 1 + extra)
            what.append(one)
            said.append(pattern[one] if chance.random() < 0.98 else 0)
    out, meta = votes.statements[votes.out].tolist(), votes.statements[votes.meta].tolist()
    return cast(who, what, said, of=votes.statements.tolist(), out=out, meta=meta)
