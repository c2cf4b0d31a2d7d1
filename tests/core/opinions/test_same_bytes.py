"""The same votes give the same bytes: in any order, and with one thread or two."""

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest

from alongside.core.canonical import canonical
from alongside.core.opinions.groups import Rules
from alongside.core.opinions.maps import Parameters, draw
from alongside.core.opinions.minority import Scan
from alongside.core.opinions.published import result
from alongside.core.opinions.votes import cast
from tests.core.opinions.conversations import planted
from tests.core.packs import pack


def fingerprint(one):
    """Return a hash of all that was computed, to compare two computations."""
    found = hashlib.sha256()
    for part in (
        one.positions.loadings,
        one.positions.at,
        one.positions.spread,
        one.groups.side,
        one.groups.centers,
        np.array(
            [
                *one.groups.similarity,
                *one.groups.dissolved,
                one.groups.clearness,
                one.groups.by_chance,
                one.groups.in_one_cloud,
            ]
        ),
        one.counts,
        one.everybody,
        one.consensus.agreed,
        one.consensus.disagreed,
        one.way,
        one.telling,
        one.contested,
        *(block.member for block in one.minorities),
        *(each.counts for each in one.compared),
        np.array([(each.stands_out, each.is_one_of_many) for each in one.compared]),
    ):
        found.update(np.ascontiguousarray(part).tobytes())
    return found.hexdigest()


QUICK = Parameters(Rules(resamples=10, shuffles=19, clouds=2), Scan(draws=19))
THREADED = """
from tests.core.opinions.test_same_bytes import QUICK, fingerprint
from tests.core.opinions.conversations import planted
from alongside.core.opinions.maps import draw
for statements in (60, 160):
    print(fingerprint(draw(planted(7, people=300, statements=statements, answers=30).votes, QUICK).everybody))
"""


@pytest.mark.parametrize("seed", range(2))
def test_the_order_of_votes_changes_no_byte(seed):
    made = planted(seed, people=300).votes
    order = np.random.default_rng(seed).permutation(len(made.answer))
    parts = made.people[made.row], made.statements[made.column], made.answer
    pairs = [draw(cast(*(part[at] for part in parts), of=range(80)), QUICK) for at in (slice(None), order)]

    assert fingerprint(pairs[0].everybody) == fingerprint(pairs[1].everybody)
    assert canonical(result(pairs[0], pack("neutral"))) == canonical(result(pairs[1], pack("neutral")))


def test_one_thread_and_two_give_the_same_bytes():
    printed = [
        subprocess.run(
            [sys.executable, "-c", THREADED],
            env={**os.environ, "OPENBLAS_NUM_THREADS": threads, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads in ("1", "2")
    ]
    assert len(printed[0].split()) == 2
    assert printed[0] == printed[1]


def test_another_vote_gives_other_bytes():
    made = planted(0, people=300).votes
    before = fingerprint(draw(made, QUICK).everybody)
    made.answer[5] = 1 if made.answer[5] < 1 else -1
    assert fingerprint(draw(made, QUICK).everybody) != before
