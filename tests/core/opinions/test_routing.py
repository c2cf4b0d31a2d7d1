"""Statements are asked evenly: a late one, an unloved one and one that a group has not seen yet are asked more."""

from collections.abc import Sequence
from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.core.opinions.routing import weights

WORST = 0.60


def exposure(seen: Sequence[int]) -> float:
    """Return the votes of the worst-served statement as a share of the median's; 1 where there are none."""
    middle = float(median(seen)) if len(seen) else 0.0
    return min(seen) / middle if middle else 1.0


def simulated(seed, *, people=600, statements=80, first=20, answers=15):
    """Let people come one by one while statements still come in; give the votes of each, and what each group gave."""
    chance = np.random.default_rng(seed)
    arrives = np.concatenate([np.zeros(first), np.linspace(0, 0.7 * people, statements - first)])
    group = (chance.random(people) < 0.1).astype(int)
    seen, by_group, meta = (
        np.zeros(statements, int),
        np.zeros((2, statements), int),
        np.zeros(statements, bool),
    )
    for person in range(people):
        left = arrives <= person
        for _ in range(int(chance.geometric(1 / answers))):
            if not left.any():
                break
            drawn = weights(seen, meta, left, by_group[group[person]], 2)
            at = int(chance.choice(statements, p=drawn))
            seen[at] += 1
            by_group[group[person], at] += 1
            left[at] = False
    return seen, by_group


@pytest.mark.parametrize("seed", range(3))
def test_the_worst_served_statement_gets_six_in_ten_of_the_votes_of_the_median(seed):
    seen, _ = simulated(seed)
    assert exposure(seen) >= WORST


@given(st.lists(st.integers(0, 300), min_size=2, max_size=30), st.data())
def test_less_known_is_asked_more_and_only_what_is_open(seen, data):
    open_to = np.array(data.draw(st.lists(st.booleans(), min_size=len(seen), max_size=len(seen))))
    found = np.array(weights(seen, np.zeros(len(seen), bool), open_to))

    assert found.sum() == pytest.approx(1.0 if open_to.any() else 0.0)
    assert (found[~open_to] == 0).all()
    for one in np.flatnonzero(open_to):
        for other in np.flatnonzero(open_to):
            if seen[one] < seen[other]:
                assert found[one] > found[other]


def test_what_a_small_group_has_not_seen_is_asked_of_it_though_all_others_have():
    seen, group_seen = np.array([200, 200]), np.array([40, 1])
    nobody = np.zeros(2, bool)
    found = weights(seen, nobody, ~nobody, group_seen, 2)

    assert found[1] > 0.99
    assert weights(seen, nobody, ~nobody) == [0.5, 0.5]


def test_beyond_the_floor_a_group_is_asked_what_all_are_asked():
    nobody = np.zeros(2, bool)
    assert weights(np.array([50, 20]), nobody, ~nobody, np.array([10, 10]), 4) == pytest.approx(
        weights(np.array([50, 20]), nobody, ~nobody)
    )


def test_a_statement_about_the_conversation_itself_is_asked_as_soon_as_the_least_known():
    meta = np.array([True, False, False])
    found = weights(np.array([500, 3, 90]), meta, np.ones(3, bool))

    assert found[0] == found[1] > found[2]
