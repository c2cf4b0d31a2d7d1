"""Clusters of points in the plane: k-means from many starts at once (Arthur and Vassilvitskii, "k-means++", 2007)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from alongside.core.opinions.votes import Floats, Ints

STARTS: Final = 8
ROUNDS: Final = 60
CELLS: Final = 24  # a side of the grid that stands for very many points
MANY: Final = 512  # points up to which no grid stands for them
FAR: Final = 1e150  # a center that stands for none
ROUNDING: Final = 1e-9  # of the width of all points: far more than distances are rounded by


@dataclass(frozen=True, eq=False)
class Clusters:
    """`side` (n) of each point, `centers` (k x 2), and how clearly points lie nearer to their own center than to the next."""

    side: Ints
    centers: Floats
    clearness: float


@dataclass(frozen=True, eq=False)
class Nearest:
    """The place of the nearest center of each point, the first of those that are as near, and the squared distances to it and to the next."""

    side: Ints
    first: Floats
    second: Floats


def nearest(points: Floats, centers: Floats) -> Nearest:
    """Find the nearest of k centers (... x k x 2) of points (... x 2); a center at a time, as rows of k are too short to be fast."""
    shape = np.broadcast_shapes(points.shape[:-1], centers.shape[:-2])
    x, y = (np.ascontiguousarray(points[..., axis]) for axis in (0, 1))
    side, first, second = np.zeros(shape, np.int64), np.full(shape, np.inf), np.full(shape, np.inf)
    for at in range(centers.shape[-2]):
        across, up = x - centers[..., at, 0], y - centers[..., at, 1]
        away = across * across + up * up
        side[away < first] = at
        second = np.minimum(second, np.maximum(first, away))
        first = np.minimum(first, away)
    return Nearest(side, first, second)


def thinned(points: Floats) -> tuple[Floats, Floats]:
    """Give the points with weights of 1, or, where there are very many, the mean of each cell of a grid with its count."""
    if len(points) <= MANY:
        return points, np.ones(len(points))
    low, high = points.min(axis=0), points.max(axis=0)
    place = np.minimum(((points - low) / np.maximum(high - low, 1e-12) * CELLS).astype(np.int64), CELLS - 1)
    cell = place[:, 0] * CELLS + place[:, 1]
    count = np.bincount(cell, minlength=CELLS * CELLS)
    full = count > 0
    sums = [np.bincount(cell, points[:, axis], minlength=CELLS * CELLS)[full] for axis in (0, 1)]
    return np.stack(sums, axis=1) / count[full, None], count[full].astype(np.float64)


def split(points: Floats, k: int, chance: np.random.Generator) -> Clusters:
    """Return the best of several clusterings of points (n x 2) into k; clusters are numbered from the largest to the smallest."""
    return splits(points, [k], chance)[0]


def splits(points: Floats, counts: Sequence[int], chance: np.random.Generator) -> list[Clusters]:
    """Return the best of several clusterings into each of some counts; all starts of all counts move at once.

    Very many points are first stood for by a grid; the best start of each count then moves among the points themselves.
    """
    few, weights = thinned(points)
    centers = np.full((len(counts) * STARTS, max(counts), 2), FAR)
    for place, k in enumerate(counts):
        centers[place * STARTS : (place + 1) * STARTS, :k] = _spread_out(few, weights, k, chance)
    centers = moved(few, weights, centers)
    inertia = (nearest(few, centers[:, None]).first * weights).sum(axis=1).reshape(-1, STARTS)
    best = inertia.argmin(axis=1) + np.arange(len(counts)) * STARTS
    if len(few) < len(points):
        centers[best] = moved(points, None, centers[best])
    return [settled(points, centers[at, :k]) for at, k in zip(best, counts, strict=True)]


def _spread_out(points: Floats, weights: Floats, k: int, chance: np.random.Generator) -> Floats:
    """Pick k centers for each start, each far from those before it with a chance that grows with the square of the distance."""
    centers = np.empty((STARTS, k, 2))
    away = np.ones((STARTS, len(points)))
    for at in range(k):
        ladder = np.cumsum(away * weights, axis=1)
        drawn = chance.random(STARTS) * ladder[:, -1]
        picked = np.minimum((ladder <= drawn[:, None]).sum(axis=1), len(points) - 1)
        centers[:, at] = points[picked]
        fresh = nearest(points, centers[:, None, at : at + 1]).first
        away = fresh if at == 0 else np.minimum(away, fresh)
    return centers


def moved(points: Floats, weights: Floats | None, centers: Floats) -> Floats:
    """Move the centers of each start (starts x k x 2) to the middles of their points, until no point changes sides. Without weights all weigh 1.

    A start that stands still is left alone, and a point is looked at again only when centers have moved far enough to change
    its side since it last was, by the triangle inequality (Hamerly, "Making k-means even faster", 2010). So it is what it would be
    if each point were looked at each time, to the last bit.
    """
    found = nearest(points, centers[:, None])
    side, margin = found.side, np.sqrt(found.second) - np.sqrt(found.first)
    masses = _masses(points, weights, len(centers))
    drift, moving = np.zeros(len(centers)), np.flatnonzero(side.any(axis=1))
    rounding = ROUNDING * float(np.ptp(points, axis=0).max())
    for left in reversed(range(ROUNDS)):
        before = centers[moving]
        held = [one if one is None else one[: len(moving) * len(points)] for one in masses]
        centers[moving] = _middles(held, side[moving], before)
        moves = np.sqrt(((centers[moving] - before) ** 2).sum(axis=2))
        drift[moving] += np.sort(moves, axis=1)[:, -2:].sum(axis=1) + rounding
        row, at = np.nonzero(margin[moving] <= drift[moving, None])
        start = moving[row]
        found = nearest(points[at], centers[start])
        changed = found.side != side[start, at]
        side[start, at] = found.side
        margin[start, at] = np.sqrt(found.second) - np.sqrt(found.first) + drift[start]
        moving = np.flatnonzero(np.bincount(start[changed], minlength=len(centers)))
        if not left or not len(moving):
            break
    return centers


def _masses(points: Floats, weights: Floats | None, starts: int) -> list[Floats | None]:
    """Give the weights of all points of each start, None where each weighs 1, and those times x and y."""
    x, y = points.T if weights is None else points.T * weights
    return [weights if weights is None else np.tile(weights, starts), np.tile(x, starts), np.tile(y, starts)]


def _middles(masses: Sequence[Floats | None], side: Ints, before: Floats) -> Floats:
    """Move each center to the mean of its points; one without points stays."""
    starts, k = before.shape[:2]
    flat = (side + np.arange(starts)[:, None] * k).ravel()
    sums = np.stack([np.bincount(flat, one, minlength=starts * k) for one in masses], axis=1)
    moved = sums[:, 1:] / np.maximum(sums[:, :1], 1e-300)
    return np.where(sums[:, :1] > 0, moved, before.reshape(-1, 2)).reshape(before.shape)


def settled(points: Floats, centers: Floats) -> Clusters:
    """Give each point to its nearest center, move the centers once more, and number clusters by size.

    Clearness is the simplified silhouette (Vendramin, Campello and Hruschka, 2010): the mean of one less the distance to
    the own center over the distance to the next.
    """
    k = len(centers)
    side = nearest(points, centers).side
    centers = _middles(_masses(points, None, 1), side[None], centers[None])[0]
    found = nearest(points, centers)
    order = np.argsort(-np.bincount(found.side, minlength=k), kind="stable")
    clearness = 1 - np.sqrt(found.first) / np.maximum(np.sqrt(found.second), 1e-300)
    return Clusters(np.argsort(order)[found.side], centers[order], float(clearness.mean()))
