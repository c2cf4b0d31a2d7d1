"""Where people stand: exactly what the votes say, and no nearer to the middle for having answered less."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from alongside.core.opinions.axes import center, leading
from alongside.core.opinions.groups import Rules, placed
from alongside.core.opinions.positions import find, place
from alongside.core.opinions.votes import cast
from tests.core.opinions.conversations import REAL, planted, real

ACTIVITY_BIAS = 0.30


def live(name):
    votes = real(name)
    return votes.only(statements=votes.live)


@pytest.mark.parametrize("name", REAL)
def test_how_far_out_people_stand_has_little_to_do_with_how_much_they_answered(name):
    votes = live(name)
    who = placed(votes, Rules())
    far = np.sqrt((find(center(votes)).at ** 2).sum(axis=1))

    assert abs(spearmanr(far[who], votes.given()[who]).statistic) <= ACTIVITY_BIAS


@pytest.mark.parametrize("seed", range(3))
def test_the_same_holds_for_made_conversations(seed):
    votes = planted(seed).votes
    who = placed(votes, Rules())
    far = np.sqrt((find(center(votes)).at ** 2).sum(axis=1))

    assert abs(spearmanr(far[who], votes.given()[who]).statistic) <= ACTIVITY_BIAS


def filled(votes):
    """Give the matrix with each statement's mean in place of missing votes, less that mean, as a textbook would."""
    full = np.full((len(votes.people), len(votes.statements)), np.nan)
    full[votes.row, votes.column] = votes.answer
    means = np.nan_to_num(np.nanmean(np.vstack([full, np.zeros(full.shape[1])])[:-1], axis=0))
    return np.where(np.isnan(full), 0.0, full - means)


@given(st.integers(0, 10_000))
@settings(max_examples=15)
def test_sparse_centering_loses_nothing(seed):
    votes = planted(seed, people=60, statements=12, answers=8).votes
    assert np.abs(center(votes).matrix.toarray() - filled(votes)).max() < 1e-14


@pytest.mark.parametrize("name", REAL)
def test_the_axes_are_those_of_the_full_matrix(name):
    votes = live(name)
    full = filled(votes)
    exact = np.linalg.eigh(full.T @ full)[1][:, -2:]
    found, _ = leading(center(votes).matrix, 2)

    assert 1 - np.linalg.svd(exact.T @ found)[1].min() <= 1e-9


@given(st.integers(0, 10_000))
@settings(max_examples=15)
def test_a_position_is_the_ridge_estimate_and_its_error_that_of_the_ridge(seed):
    votes = planted(seed, people=60, statements=12, answers=8).votes
    centered = center(votes)
    positions = find(centered)
    full, seen = centered.matrix.toarray(), centered.seen.toarray() > 0
    for person in range(0, 60, 7):
        loadings = positions.loadings[seen[person]]
        precision = loadings.T @ loadings + np.diag(positions.noise / positions.prior)
        assert positions.at[person] == pytest.approx(
            np.linalg.solve(precision, loadings.T @ full[person][seen[person]]), abs=1e-9
        )
        covariance = positions.noise * np.linalg.inv(precision)
        direction = np.array([0.6, 0.8])
        assert positions.error(direction)[person] == pytest.approx(
            np.sqrt(direction @ covariance @ direction), abs=1e-9
        )


def test_whoever_answered_less_is_less_sure_and_nobody_without_answers_is_surer_than_the_prior():
    votes = planted(1).votes
    positions = find(center(votes))
    error = positions.error(np.array([1.0, 0.0]))

    assert spearmanr(error, votes.given()).statistic < -0.9
    assert error.max() <= np.sqrt(positions.prior[0]) + 1e-9


@given(st.integers(0, 10_000), st.integers(0, 11))
@settings(max_examples=15)
def test_one_more_answer_never_makes_a_person_less_sure(seed, extra):
    votes = planted(seed, people=60, statements=12, answers=4).votes
    centered = center(votes)
    loadings, _ = leading(centered.matrix, 2)
    who = int(np.flatnonzero(~(centered.seen.toarray()[:, extra] > 0))[0])
    more = cast(
        [*votes.people[votes.row], votes.people[who]],
        [*votes.statements[votes.column], extra],
        [*votes.answer, 1],
        of=range(12),
    )
    before, after = place(centered, loadings), place(center(more), loadings)
    for direction in ((1.0, 0.0), (0.0, 1.0), (0.6, 0.8)):
        way = np.array(direction)
        scale = np.sqrt(after.noise / before.noise)
        assert after.error(way)[who] <= before.error(way)[who] * max(1.0, scale) * 1.02


def test_a_conversation_with_hardly_any_votes_is_no_error():
    for arrays in (([0], [0], [1]), ([0, 1], [0, 1], [1, -1])):
        assert np.isfinite(find(center(cast(*arrays))).at).all()
