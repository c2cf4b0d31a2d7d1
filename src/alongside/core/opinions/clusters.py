"""Clusters of points in the plane: k-means from many starts at once (Arthur and Vassilvitskii, "k-means++", 2007)."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from alongside.core.opinions.votes import Floats, Ints

STARTS: Final = 8
ROUNDS: Final = 60
CELLS: Final = 24  # a side of the grid that stands for very many points
MANY: Final = 2048


@dataclass(frozen=True, eq=False)
class Clusters:
    """`side` (n) of each point, `centers` (k x 2), and how clearly points lie nearer to their own center than to the next."""

    side: Ints
    centers: Floats
    clearness: float


def squares(points: Floats, centers: Floats) -> Floats:
    """Give the squared distances of points (n x 2) to centers (... x k x 2), as (... x n x k)."""
    x = points[:, 0, None] - centers[..., None, :, 0]
    y = points[:, 1, None] - centers[..., None, :, 1]
    return np.asarray(x * x + y * y)


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
    few, weights = thinned(points)
    centers = _spread_out(few, weights, k, chance)
    side = np.zeros((STARTS, len(few)), np.int64)
    for _ in range(ROUNDS):
        nearest = squares(few, centers).argmin(axis=2)
        if (nearest == side).all():
            break
        side, centers = nearest, _middles(few, weights, nearest, centers)
    inertia = (squares(few, centers).min(axis=2) * weights).sum(axis=1)
    return settled(points, centers[int(inertia.argmin())])


def _spread_out(points: Floats, weights: Floats, k: int, chance: np.random.Generator) -> Floats:
    """Pick k centers for each start, each far from those before it with a chance that grows with the square of the distance."""
    every = np.arange(STARTS)
    centers = np.empty((STARTS, k, 2))
    away = np.ones((STARTS, len(points)))
    for at in range(k):
        ladder = np.cumsum(away * weights, axis=1)
        drawn = chance.random(STARTS) * ladder[:, -1]
        picked = np.minimum((ladder <= drawn[:, None]).sum(axis=1), len(points) - 1)
        centers[:, at] = points[picked]
        fresh = squares(points, centers[:, at : at + 1])[every, :, 0]
        away = fresh if at == 0 else np.minimum(away, fresh)
    return centers


def _middles(points: Floats, weights: Floats, side: Ints, before: Floats) -> Floats:
    """Move each center to the mean of its points; one without points stays."""
    starts, k = before.shape[:2]
    flat = (side + np.arange(starts)[:, None] * k).ravel()
    mass = np.bincount(flat, np.tile(weights, starts), minlength=starts * k).reshape(starts, k)
    sums = [
        np.bincount(flat, np.tile(weights * points[:, axis], starts), minlength=starts * k) for axis in (0, 1)
    ]
    moved = np.stack(sums, axis=1).reshape(starts, k, 2) / np.maximum(mass, 1e-300)[..., None]
    return np.where((mass > 0)[..., None], moved, before)


def settled(points: Floats, centers: Floats) -> Clusters:
    """Give each point to its nearest center, move the centers once more, and number clusters by size.

    Clearness is the simplified silhouette (Vendramin, Campello and Hruschka, 2010): the mean of one less the distance to
    the own center over the distance to the next.
    """
    k = len(centers)
    side = squares(points, centers).argmin(axis=1)
    centers = _middles(points, np.ones(len(points)), side[None], centers[None])[0]
    side = squares(points, centers).argmin(axis=1)
    order = np.argsort(-np.bincount(side, minlength=k), kind="stable")
    away = np.sqrt(squares(points, centers))
    nearest = np.partition(away, 1, axis=1)
    clearness = 1 - nearest[:, 0] / np.maximum(nearest[:, 1], 1e-300)
    return Clusters(np.argsort(order)[side], centers[order], float(clearness.mean()))
