"""Clusters are those of plain k-means to the last bit, however few points are looked at, and as good as the best of many starts."""

import numpy as np
import pytest

from alongside.core.opinions.k_means import MANY, STARTS, moved, nearest, split, splits


def plain(points, centers):
    """Move centers as a textbook does: each point is looked at each time."""
    side = np.zeros(len(points), np.int64)
    for _ in range(60):
        found = ((points[:, None] - centers) ** 2).sum(axis=2).argmin(axis=1)
        if (found == side).all():
            break
        side, sums = found, [np.bincount(found, axis, minlength=len(centers)) for axis in points.T]
        mass = np.bincount(found, minlength=len(centers))[:, None]
        centers = np.where(mass > 0, np.stack(sums, axis=1) / np.maximum(mass, 1), centers)
    return centers


def cloud(seed, count):
    """Make points without any clusters, where k-means takes long to settle, some of them twice."""
    made = np.random.default_rng(seed).normal(0, 1, (count, 2)) * (3, 1)
    made[count // 2 :: 3] = made[: len(made[count // 2 :: 3])]
    return made


@pytest.mark.parametrize("count", [2, 9, 400])
@pytest.mark.parametrize("k", [2, 3, 5])
def test_what_is_not_looked_at_again_would_not_have_changed_sides(count, k):
    points = cloud(k, count)
    for seed in range(5):
        starts = points[np.random.default_rng(seed).integers(0, count, (STARTS, k))]
        assert np.array_equal(
            moved(points, np.ones(count), starts.copy()), [plain(points, one) for one in starts]
        )


def test_points_that_are_all_one_are_one_cluster():
    found = split(np.ones((30, 2)), 3, np.random.default_rng(0))
    assert np.bincount(found.side, minlength=3).tolist() == [30, 0, 0]


def test_to_look_for_several_counts_at_once_finds_what_one_after_the_other_does():
    points, chances = cloud(7, 300), [np.random.default_rng(1) for _ in range(2)]
    at_once = splits(points, [2, 3, 5], chances[0])
    in_turn = [split(points, k, chances[1]) for k in (2, 3, 5)]

    assert [one.centers.tobytes() for one in at_once] == [one.centers.tobytes() for one in in_turn]
    assert [one.side.tobytes() for one in at_once] == [one.side.tobytes() for one in in_turn]


@pytest.mark.parametrize("k", [2, 3])
def test_a_grid_of_very_many_points_costs_nothing_of_how_close_they_lie(k):
    points = cloud(3, 4 * MANY)
    best = min(
        nearest(
            points, plain(points, points[np.random.default_rng(seed).integers(0, len(points), k)])
        ).first.sum()
        for seed in range(50)
    )
    found = split(points, k, np.random.default_rng(0))
    assert nearest(points, found.centers).first.sum() <= 1.001 * best
