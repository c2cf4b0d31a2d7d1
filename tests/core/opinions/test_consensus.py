"""What all share is what the least agreeing group shares, and only where enough of each have answered."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from alongside.core.opinions.consensus import VOTES, lower, shared, telling

cells = st.lists(st.integers(0, 60), min_size=3, max_size=3)
groups = st.lists(cells, min_size=1, max_size=5)


def judged(counts):
    array = np.array(counts)[:, None, :]
    return shared(array, array.sum(axis=0))


@given(st.integers(0, 200), st.integers(0, 200))
def test_the_bound_is_the_tenth_part_of_the_posterior_below_it(successes, misses):
    (bound,) = lower(np.array([successes]), np.array([successes + misses]))
    expected = beta.ppf(0.1, successes + 0.5, misses + 0.5) if successes + misses else 0.0
    assert abs(bound - expected) < 1e-9


@given(groups)
def test_with_fewer_than_ten_answers_in_a_group_nothing_is_known(counts):
    assert judged(counts).known[0] == (min(sum(group) for group in counts) >= VOTES)


@given(groups, st.integers(0, 4))
def test_one_more_who_agrees_never_takes_a_consensus_away(counts, at):
    more = [list(group) for group in counts]
    more[at % len(more)][0] += 1
    if judged(counts).holds()[0] == 1:
        assert judged(more).holds()[0] == 1


@given(groups, st.integers(0, 4))
def test_a_group_that_agrees_less_than_half_blocks_a_consensus_however_small_it_is(counts, at):
    against = [list(group) for group in counts]
    against[at % len(against)] = [5, 6, 0]
    assert judged(against).holds()[0] != 1


@given(groups)
def test_a_group_counted_twice_changes_nothing_while_a_product_would_fall(counts):
    array = np.array(counts)[:, None, :]
    once = shared(array, array.sum(axis=0))
    twice = shared(np.concatenate([array, array]), array.sum(axis=0))
    assert (once.agreed == twice.agreed).all()


@given(groups)
def test_nothing_is_agreed_and_disagreed_at_once_and_passing_is_neither(counts):
    found = judged(counts)
    assert not (found.agreed[0] > 0.5 and found.disagreed[0] > 0.5)
    passes = [[0, 0, sum(group)] for group in counts]
    assert judged(passes).holds()[0] == 0


@given(groups)
def test_what_sets_a_group_apart_sets_no_other_apart_in_the_same_way(counts):
    apart = telling(np.array(counts)[:, None, :])[:, 0]
    assert (apart == 1).sum() <= 1
    assert (apart == -1).sum() <= 1


def test_a_split_sets_both_sides_apart():
    counts = np.array([[[40, 2, 0]], [[3, 50, 1]]])
    assert telling(counts)[:, 0].tolist() == [1, -1]
    assert shared(counts, counts.sum(axis=0)).holds().tolist() == [0]
