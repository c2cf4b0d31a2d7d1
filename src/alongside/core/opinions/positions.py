"""Where each person stands on the main axes, and how sure that is.

The model is probabilistic principal component analysis with missing votes (Tipping and Bishop, 1999; Ilin and Raiko,
2010): a person's answer, less the statement's mean, is the person's position times the statement's loading, and noise;
positions are normal around 0. The most probable position is a ridge estimate; the spread of what else is possible is its
standard error. The prior that is used is twice as wide as the one that fits best: a ridge pulls people with few answers to the middle by
the share r of noise in what is known of them, noise throws them out, and with half the penalty the mean square of positions, (1 + r) / (1 + r / 2)^2 of
the true one, is the same up to r^2 / 4 for all. So few answers make a person uncertain, and not a moderate.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from alongside.core.opinions.axes import Centered, leading
from alongside.core.opinions.votes import Floats

AXES: Final = 2
ROUNDS: Final = 12
LEAST_SPREAD: Final = 1e-6
WIDER: Final = 2.0


@dataclass(frozen=True, eq=False)
class Positions:
    """`at` (n x 2) and its covariance `spread` (n x 3: variance of the first, covariance, variance of the second)."""

    loadings: Floats
    at: Floats
    spread: Floats
    noise: float
    prior: Floats

    def error(self, direction: Floats) -> Floats:
        """Give each person's standard error along a direction (2, of length 1)."""
        x, y = direction
        variance = x * x * self.spread[:, 0] + 2 * x * y * self.spread[:, 1] + y * y * self.spread[:, 2]
        return np.asarray(np.sqrt(np.maximum(variance, 0.0)))


def place(centered: Centered, loadings: Floats) -> Positions:
    """Return everybody's position on given axes (m x 2), with the noise and the prior found by expectation and maximization."""
    both = np.stack([loadings[:, 0] ** 2, loadings[:, 0] * loadings[:, 1], loadings[:, 1] ** 2], axis=1)
    gram, pull = np.asarray(centered.seen @ both), np.asarray(centered.matrix @ loadings)
    total, votes = float((centered.matrix.data**2).sum()), max(1, centered.matrix.nnz)
    people = max(1, len(pull))
    noise, prior = max(total / votes, LEAST_SPREAD), np.maximum((pull**2).sum(axis=0) / people, LEAST_SPREAD)
    at, spread = _most_probable(gram, pull, noise, prior)
    for _ in range(ROUNDS):
        missed = (
            total - 2 * (pull * at).sum() + (gram * _products(at)).sum() + (gram * spread * (1, 2, 1)).sum()
        )
        noise = max(float(missed) / votes, LEAST_SPREAD)
        prior = np.maximum((at**2 + spread[:, (0, 2)]).sum(axis=0) / people, LEAST_SPREAD)
        at, spread = _most_probable(gram, pull, noise, prior)
    prior = WIDER * prior
    return Positions(loadings, *_most_probable(gram, pull, noise, prior), noise, prior)


def _products(at: Floats) -> Floats:
    """Give the products of the coordinates, the mixed one twice, as `gram` and its like hold them once."""
    return np.stack([at[:, 0] ** 2, 2 * at[:, 0] * at[:, 1], at[:, 1] ** 2], axis=1)


def _most_probable(gram: Floats, pull: Floats, noise: float, prior: Floats) -> tuple[Floats, Floats]:
    """Give the ridge estimates and their covariances, from each person's Gram matrix of loadings seen."""
    first, second = gram[:, 0] + noise / prior[0], gram[:, 2] + noise / prior[1]
    mixed = gram[:, 1]
    determinant = first * second - mixed**2
    at = np.stack([second * pull[:, 0] - mixed * pull[:, 1], first * pull[:, 1] - mixed * pull[:, 0]], axis=1)
    spread = np.stack([second, -mixed, first], axis=1) * noise
    return np.asarray(at / determinant[:, None]), np.asarray(spread / determinant[:, None])


def find(centered: Centered) -> Positions:
    """Return the positions on the two main axes of the votes themselves."""
    loadings, _ = leading(centered.matrix, AXES)
    return place(centered, loadings)
