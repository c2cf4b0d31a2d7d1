"""A smaller group that rejects what all others accept is found, named rightly, and not imagined."""

import numpy as np
import pytest

from alongside.core.opinions.consensus import shared
from alongside.core.opinions.minority import Scan, rejected, scanned
from alongside.core.opinions.votes import tally
from tests.core.opinions.conversations import planted

QUICK = Scan(draws=39)


def blocks_of(votes, scan=QUICK, seed=1):
    return scanned(votes, scan, seed)


@pytest.mark.parametrize("camps", [1, 2])
def test_it_is_found_too_where_it_is_a_main_axis_itself(camps):
    made = planted(5001, camps=camps)
    (block,) = blocks_of(made.votes)
    assert {int(made.votes.statements[place]) for place in block.statements} <= made.rejected
    assert blocks_of(planted(5001, camps=camps, share=0).votes) == ()


@pytest.mark.parametrize("seed", range(3))
def test_a_twentieth_of_the_people_is_found_and_what_it_rejects_is_named(seed):
    made = planted(seed)
    (block,) = blocks_of(made.votes)
    named = {int(made.votes.statements[place]) for place in block.statements}

    assert named <= made.rejected
    assert len(named) >= 6
    assert made.block[made.votes.people][block.member >= 0.5].mean() > 0.6


@pytest.mark.parametrize("seed", range(3))
def test_where_there_is_no_such_group_none_is_found(seed):
    assert blocks_of(planted(seed, share=0).votes) == ()


@pytest.mark.soak
@pytest.mark.parametrize("camps", [1, 2, 3])
def test_of_200_conversations_it_is_found_in_95_of_100_and_imagined_in_5_at_most(camps):
    found, right, named, imagined = 0, 0, 0, 0
    for seed in range(200):
        made = planted(1000 + seed, camps=camps)
        blocks = blocks_of(made.votes, Scan(), seed)
        told = [int(made.votes.statements[place]) for block in blocks for place in block.statements]
        found, right, named = found + bool(blocks), right + len({*told} & made.rejected), named + len(told)
        imagined += bool(blocks_of(planted(1000 + seed, share=0, camps=camps).votes, Scan(), seed))

    assert (found >= 190, right >= 0.95 * named, imagined <= 10) == (True, True, True), (
        found,
        right,
        named,
        imagined,
    )


@pytest.mark.parametrize("seed", range(3))
def test_every_consensus_that_the_block_rejects_is_marked(seed):
    made = planted(seed)
    votes = made.votes
    everybody = tally(votes, np.zeros(len(votes.people), np.int64), 1)
    way = shared(everybody, everybody[0]).holds()
    (block,) = blocks_of(votes)
    marked = {int(one) for one in votes.statements[rejected(block, votes, way, QUICK)]}
    agreed = {int(one) for one in votes.statements[way != 0]}

    assert made.rejected <= agreed  # the others are so many that all of it looks shared
    assert marked == made.rejected


@pytest.mark.parametrize("share", [0.5, 0.8, 0.95])
def test_only_what_most_of_the_block_rejects_is_named(share):
    found = [
        rate
        for seed in range(2)
        for block in blocks_of(planted(seed).votes, Scan(draws=19, chance=0.1, rejected=share))
        for rate in block.rejecting
    ]
    assert [rate for rate in found if rate < share] == []


def test_a_block_smaller_than_is_looked_for_is_not_told():
    made = planted(2, share=0.05)
    assert blocks_of(made.votes, Scan(draws=39, people=200)) == ()
    assert blocks_of(made.votes, Scan(draws=39, most=0.01)) == ()
