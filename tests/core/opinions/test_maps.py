"""Any votes at all make a map that may be published: none, one, all the same, all taken out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.core.canonical import canonical
from alongside.core.opinions.groups import Rules
from alongside.core.opinions.maps import Parameters, draw, seed_of
from alongside.core.opinions.minority import Scan
from alongside.core.opinions.published import result
from alongside.core.opinions.votes import cast
from tests.core.opinions import as_polis_draws
from tests.core.opinions.conversations import planted
from tests.core.packs import pack

PACK = pack("neutral")
SMALLEST = Parameters(
    Rules(resamples=3, shuffles=19, clouds=2), Scan(draws=19, votes=2, people=2, statements=2)
)


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9), st.sampled_from((-1, 0, 1))), max_size=120),
    st.sets(st.integers(0, 9), max_size=10),
    st.sets(st.integers(0, 9), max_size=3),
)
@settings(max_examples=40)
def test_any_votes_make_a_map_that_may_be_published(votes, out, meta):
    people, statements, answers = ([one[at] for one in votes] for at in range(3))
    made = cast(people, statements, answers, moments=range(len(votes)), of=range(10), out=out, meta=meta)
    told = result(draw(made, SMALLEST), PACK)

    canonical(told)
    assert [one["id"] for one in told["statements"]] == [one for one in range(10) if one not in out]
    assert {one["shared"] for one in told["statements"] if one["meta"]} <= {"not known yet"}


def test_no_votes_at_all_make_an_empty_map():
    told = result(draw(cast([], [], []), SMALLEST), PACK)
    assert (told["people"], told["groups"]["count"], told["statements"]) == ("fewer", 0, [])


def test_what_was_taken_out_and_what_is_about_the_conversation_shapes_nothing():
    made = planted(0, people=200).votes
    parts = made.people[made.row], made.statements[made.column], made.answer
    odd = np.isin(parts[1], [3, 4])
    with_them = draw(cast(*parts, of=range(80), out=[3], meta=[4]), SMALLEST).everybody
    turned = draw(
        cast(parts[0], parts[1], np.where(odd, -parts[2], parts[2]), of=range(80), out=[3], meta=[4]),
        SMALLEST,
    ).everybody

    assert np.array_equal(with_them.positions.at, turned.positions.at)
    assert with_them.way[[3, 4]].tolist() == [0, 0]


def test_chance_comes_from_the_votes_and_nothing_else():
    made = planted(0, people=50).votes
    before = seed_of(made)
    assert before == seed_of(planted(0, people=50).votes)
    made.answer[0] = 1 if made.answer[0] < 1 else -1
    assert seed_of(made) != before


@pytest.mark.parametrize("votes", [([0], [0], [1]), ([0, 1], [0, 0], [1, -1])])
def test_what_draws_as_polis_does_draws_the_smallest_conversations_too(votes):
    assert np.isfinite(as_polis_draws.draw(cast(*votes, of=range(3))).points).all()
