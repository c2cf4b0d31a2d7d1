"""The main axes of disagreement: leading right singular vectors of the votes, centered where there is a vote and nothing elsewhere.

Putting a statement's mean in place of missing votes and then subtracting the mean leaves exactly 0 there, so nothing is
lost by never storing it. The vectors come from a block Krylov method (Golub and Van Loan, "Matrix Computations", 10.3.6; Musco and
Musco, "Randomized block Krylov methods", 2015). Sums run in a fixed order, without BLAS, so threads change no bit.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from alongside.core.opinions.answers import ANSWERS
from alongside.core.opinions.votes import Floats, Ints, Votes, tally

BLOCK: Final = 4
MOST_PASSES: Final = 20
CLOSE: Final = 1e-7  # of the length of the residual, relative to the first eigenvalue
FULL: Final = 40  # the most of a basis; LAPACK works on larger ones with as many threads as there are


@dataclass(frozen=True, eq=False)
class Centered:
    """`matrix` (n x m, sparse) holds each answer less the statement's mean; `means` (m)."""

    matrix: sparse.csr_array
    means: Floats

    @property
    def seen(self) -> sparse.csr_array:
        """Give 1 for each answer (n x m, sparse); made anew each time, as nobody needs it for long and it is as large as `matrix`."""
        ones = np.ones(self.matrix.nnz)
        return sparse.csr_array((ones, self.matrix.indices, self.matrix.indptr), shape=self.matrix.shape)

    @property
    def given(self) -> Ints:
        """Count each person's answers."""
        return np.asarray(np.diff(self.matrix.indptr), np.int64)


def center(votes: Votes) -> Centered:
    """Return the votes less each statement's mean; a statement without votes has mean 0."""
    # whole numbers are counted faster than values are added, and give the same sums
    found = tally(votes, np.zeros(len(votes.people), np.int64), 1)[0]
    return _less(votes, votes.answer, found @ np.array(ANSWERS) / np.maximum(found.sum(axis=1), 1))


def centered(votes: Votes, values: Floats) -> Centered:
    """Return values in the order of the votes' answers, less each statement's mean."""
    width = len(votes.statements)
    count = np.bincount(votes.column, minlength=width)
    return _less(votes, values, np.bincount(votes.column, values, minlength=width) / np.maximum(count, 1))


def _less(votes: Votes, values: NDArray[Any], means: Floats) -> Centered:
    """Return values less the means of their statements."""
    rest = means.take(votes.column)
    np.subtract(values, rest, out=rest)
    del values  # before room is made for more: there can be tens of millions
    return Centered(votes.matrix(rest), means)


def times(one: Floats, other: Floats) -> Floats:
    """Multiply one's transpose by other, summing in a fixed order."""
    return np.asarray(np.einsum("ij,ik->jk", one, other, optimize=False))


def leading(matrix: sparse.csr_array, axes: int) -> tuple[Floats, Floats]:
    """Return the leading right singular vectors (m x axes) and the squares of their singular values, largest first.

    The largest loading of each vector is positive. Where there are fewer statements than axes, the rest is 0.
    """
    width, back = matrix.shape[1], matrix.T
    values, vectors = largest(lambda block: np.asarray(back @ (matrix @ block)), width, axes)
    found, sizes = np.zeros((width, axes)), np.zeros(axes)
    found[:, : vectors.shape[1]], sizes[: len(values)] = vectors, np.maximum(values, 0.0)
    if width:
        sign = np.sign(found[np.abs(found).argmax(axis=0), np.arange(axes)])
        found = found * np.where(sign == 0, 1.0, sign)
    return np.asarray(found), np.asarray(sizes)


def largest(apply: Callable[[Floats], Floats], width: int, count: int) -> tuple[Floats, Floats]:
    """Return the largest eigenvalues of a symmetric matrix, and their vectors (width x count); `apply` multiplies it by a block.

    A basis is widened by one block a pass, until the vectors within it no longer move, and begun anew from them where it is full.
    """
    if width <= FULL:
        values, vectors = np.linalg.eigh(apply(np.eye(width)))
        return values[::-1][:count], vectors[:, ::-1][:, :count]
    size = max(BLOCK, count)
    block = _orthonormal(np.random.default_rng(0).standard_normal((width, size)), np.zeros((width, 0)))
    basis, images = block, np.zeros((width, 0))
    values, vectors = np.zeros(count), np.zeros((width, count))
    for _ in range(MOST_PASSES):
        images = np.concatenate((images, apply(block)), axis=1)
        inner = times(basis, images)
        found, turned = np.linalg.eigh((inner + inner.T) / 2)
        values, turned = found[::-1][:count], turned[:, ::-1]
        ritz = np.einsum("ij,jk->ik", basis, turned[:, :size], optimize=False)
        vectors = ritz[:, :count]
        rest = np.einsum("ij,jk->ik", images, turned[:, :count], optimize=False) - vectors * values
        if (rest**2).sum() <= CLOSE**2 * max(float(np.abs(values).max()), 1e-300) ** 2:
            break
        fresh = images[:, -size:]
        if basis.shape[1] + size > FULL:
            basis, images = ritz, np.einsum("ij,jk->ik", images, turned[:, :size], optimize=False)
        block = _orthonormal(fresh, basis)
        basis = np.concatenate((basis, block), axis=1)
    return values, vectors


def _orthonormal(block: Floats, basis: Floats) -> Floats:
    """Make the columns of a block orthonormal, to the basis too; twice, as once leaves rounding (Giraud et al., 2005)."""
    for _ in range(2):
        block = block - np.einsum("ij,jk->ik", basis, times(basis, block), optimize=False)
        for at in range(block.shape[1]):
            one = block[:, at] - np.einsum(
                "ij,j->i", block[:, :at], np.einsum("ij,i->j", block[:, :at], block[:, at])
            )
            block[:, at] = one / max(float(np.sqrt((one**2).sum())), 1e-300)
    return block
