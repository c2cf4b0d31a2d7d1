"""A smaller group that rejects what the others accept, beyond what the camps of many people explain.

Each person's chance to reject a statement is first predicted from where the person stands and from how often they reject
anything. Where many of the same people reject several statements against that prediction, a latent class of two (Lazarsfeld and Henry,
"Latent structure analysis", 1968) is fitted: those who reject these statements, and everybody else. How much better it must explain the votes than the
prediction alone is read from votes drawn from the prediction (a parametric bootstrap: Efron and Tibshirani, 1993, chapter 16),
placed and scanned in the same way, so that chance is reported as often as `Scan.chance` says, and no more.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from alongside.core.opinions.answers import AGREE, DISAGREE
from alongside.core.opinions.axes import center, largest
from alongside.core.opinions.consensus import lower
from alongside.core.opinions.positions import Positions, find, place
from alongside.core.opinions.predictions import FLOOR, fitted, model
from alongside.core.opinions.votes import Flags, Floats, Ints, Votes

ANSWERS_TO_JUDGE: Final = 7  # fewer say too little of where a person stands
ANGLES: Final = 36
FEW: Final = 2.75  # a normal spread has 3, people in camps have less


@dataclass(frozen=True)
class Scan:
    """What is looked for: at least `people` who reject at least `statements` of those that others accept."""

    chance: float = 0.05
    draws: int = 60
    people: int = 10
    most: float = 0.25
    statements: int = 3
    accepted: float = 0.6
    rejected: float = 0.5
    votes: int = 20
    directions: int = 8
    rounds: int = 30


@dataclass(frozen=True, eq=False)
class Minority:
    """Statements (places, the clearest first), with the share of the block that rejects each; `member` (n) is each person's chance to be in it.

    `score` is how far the statements stand out together, in standard errors; `needed` is what chance reaches in 1 of 20.
    """

    statements: tuple[int, ...]
    rejecting: tuple[float, ...]
    member: Floats
    score: float
    needed: float

    @property
    def people(self) -> float:
        """Give how many people are in it, as the sum of chances."""
        return float(self.member.sum())


@dataclass(frozen=True, eq=False)
class Rejections:
    """`said` (sparse, 1 where a person rejects what most accept) and `expected` (sparse, the chance of it), over statements `at`."""

    said: sparse.csr_array
    expected: sparse.csr_array
    at: Ints


def _rejections(votes: Votes, positions: Positions, scan: Scan) -> Rejections:
    """Give who rejects which of the statements that most accept, and the chance of it."""
    width = len(votes.statements)
    seen = np.bincount(votes.column, minlength=width)
    agreed = np.bincount(votes.column[votes.answer == AGREE], minlength=width)
    refused = np.bincount(votes.column[votes.answer == DISAGREE], minlength=width)
    way = np.where(agreed >= refused, AGREE, DISAGREE)
    fit = (seen >= scan.votes) & (np.maximum(agreed, refused) >= scan.accepted * seen)
    said = (votes.answer == -way[votes.column]).astype(np.float64)
    chance = fitted(votes, positions, said).chances(votes, positions.at)
    row, given = votes.row, votes.given()
    habit = np.bincount(row, said - chance, minlength=len(given)) / (given + 10)
    chance = np.clip(chance + habit[row], FLOOR, 1 - FLOOR)
    at = np.flatnonzero(fit)
    return Rejections(votes.matrix(said)[:, at].tocsr(), votes.matrix(chance)[:, at].tocsr(), at)


def _together(found: Rejections) -> Floats:
    """Give how many standard errors more often two statements are rejected by the same people than is expected.

    Whoever departs from the prediction more than expected counts as if they departed as much as expected, so that no one
    person can outweigh a group.
    """
    seen = found.expected.copy()
    rest, spread = seen.copy(), seen.copy()
    dense = np.asarray(found.said[_rows(seen), seen.indices]).ravel() if seen.nnz else np.zeros(0)
    rest.data = dense - seen.data
    spread.data = seen.data * (1 - seen.data)
    rows, people = _rows(seen), seen.shape[0]
    expected = np.bincount(rows, spread.data, minlength=people)
    shown = np.bincount(rows, rest.data**2, minlength=people)
    rest.data *= np.sqrt(expected / np.maximum(np.maximum(shown, expected), 1e-12))[rows]
    sums, variance = (rest.T @ rest).toarray(), (spread.T @ spread).toarray()
    together = np.where(variance > 0, sums / np.sqrt(np.maximum(variance, 1e-12)), 0.0)
    np.fill_diagonal(together, 0.0)
    return np.asarray(together)


def _rows(matrix: sparse.csr_array) -> Ints:
    """Give the row of each kept value."""
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))


def _sets(together: Floats, scan: Scan) -> list[tuple[Ints, float]]:
    """Give sets of statements that are rejected together, and how far each stands out.

    Along each leading direction statements are taken in order of their weight, as long as the sum over pairs grows faster
    than its standard error, the root of the number of pairs.
    """
    if len(together) < scan.statements:
        return []
    _, vectors = largest(
        lambda block: np.einsum("ij,jk->ik", together, block, optimize=False), len(together), scan.directions
    )
    found = []
    for vector in vectors.T:
        one = vector * (1 if (vector**3).sum() >= 0 else -1)
        order = np.argsort(-one, kind="stable")[: int((one > 0).sum())]
        nested = np.cumsum(np.triu(together[np.ix_(order, order)], 1).sum(axis=0))
        pairs = np.arange(len(order)) * (np.arange(len(order)) + 1) / 2
        score = nested / np.sqrt(np.maximum(pairs, 1))
        if len(order) >= scan.statements:
            size = scan.statements + int(score[scan.statements - 1 :].argmax())
            found.append((order[:size], float(score[size - 1])))
    return found


def _fitted(found: Rejections, chosen: Ints, scan: Scan) -> tuple[Floats, Floats]:
    """Fit the class to a set of statements by expectation and maximization; give its rates there, and each person's chance."""
    seen, said = found.expected[:, chosen].tocsr(), found.said[:, chosen].tocsr()
    rows, column = _rows(seen), seen.indices
    hit, expected = np.asarray(said[rows, column]).ravel(), seen.data
    rate, share = np.full(len(chosen), 0.8), 0.05
    member = np.zeros(found.said.shape[0])
    for _ in range(scan.rounds):
        inside = rate[column]
        gain = np.where(hit > 0, np.log(inside / expected), np.log((1 - inside) / (1 - expected)))
        total = np.bincount(rows, gain, minlength=len(member)) + np.log(share / (1 - share))
        member = 1 / (1 + np.exp(-np.clip(total, -50, 50)))
        weight = np.bincount(column, member[rows], minlength=len(chosen))
        rate = np.bincount(column, member[rows] * hit, minlength=len(chosen)) / np.maximum(weight, 1e-9)
        rate, share = np.clip(rate, FLOOR, 1 - FLOOR), float(np.clip(member.mean(), 1e-4, 0.5))
    return rate, member


def _score(found: Rejections, scan: Scan) -> float:
    """Give how far the clearest set of statements stands out."""
    return max((score for _, score in _sets(_together(found), scan)), default=0.0)


def _main(votes: Votes) -> Positions:
    """Give the positions on the main axes that many people spread along.

    A direction along which a few stand far from all others may be the block itself, and is not taken away. It shows in the
    kurtosis of positions, which independent component analysis looks for (Hyvarinen and Oja, 2000).
    """
    centered = center(votes)
    positions = find(centered)
    who = votes.given() >= ANSWERS_TO_JUDGE
    if not who.any():
        return positions
    width = np.sqrt(positions.prior)
    at, turn = positions.at[who] / width, np.arange(ANGLES) * np.pi / ANGLES
    heavy = np.array([_kurtosis(at[:, 0] * np.cos(one) + at[:, 1] * np.sin(one)) for one in turn])
    if heavy.max() <= FEW:
        return positions
    angle = turn[int(heavy.argmax())] + np.pi / 2
    across = np.array([np.cos(angle), np.sin(angle)])
    loadings = np.zeros_like(positions.loadings)
    if _kurtosis((at * across).sum(axis=1)) <= FEW:
        loadings[:, 0] = (positions.loadings * width * across).sum(axis=1)
    return place(centered, loadings)


def _kurtosis(values: Floats) -> float:
    """Give the fourth moment over the square of the second: 3 for a normal spread, 1 over the share where a few stand far off."""
    second = float(((values - values.mean()) ** 2).mean())
    return float(((values - values.mean()) ** 4).mean()) / max(second**2, 1e-300)


def scanned(votes: Votes, scan: Scan, seed: int) -> tuple[Minority, ...]:
    """Return the blocks of people who reject what the others accept, the clearest first; none that chance alone would show as clearly.

    A block that shares half its statements with a clearer one is not told again.
    """
    positions = _main(votes)
    found = _rejections(votes, positions, scan)
    chance, predicted = np.random.default_rng([seed, 4]), model(votes, positions)
    scores = []
    for _ in range(scan.draws):
        drawn = predicted.draw(chance)
        scores.append(_score(_rejections(drawn, _main(drawn), scan), scan))
    needed = float(np.sort(scores)[int(np.ceil((1 - scan.chance) * (scan.draws + 1))) - 1])
    told: list[Minority] = []
    for chosen, score in sorted(_sets(_together(found), scan), key=lambda one: -one[1]):
        one = _block(found, chosen, scan, score, needed) if score > needed else None
        if one is not None and not any(
            2 * len({*one.statements} & {*other.statements}) >= len(one.statements) for other in told
        ):
            told.append(one)
    return tuple(told)


def _block(found: Rejections, chosen: Ints, scan: Scan, score: float, needed: float) -> Minority | None:
    """Give the block that rejects a set of statements, or None where it is too small, too large or rejects too few."""
    rate, member = _fitted(found, chosen, scan)
    order = [at for at in np.argsort(-rate, kind="stable") if rate[at] >= scan.rejected]
    if len(order) < scan.statements or not scan.people <= member.sum() <= scan.most * len(member):
        return None
    places = tuple(int(found.at[chosen[at]]) for at in order)
    return Minority(places, tuple(float(rate[at]) for at in order), member, score, needed)


def rejected(minority: Minority, votes: Votes, way: Ints, scan: Scan) -> Flags:
    """Mark the statements (m) of which `way` says what everybody shares, and which the block rejects.

    It rejects what it was found by, and whatever more than half of it reject, by the lower bound of `consensus`.
    """
    width = len(votes.statements)
    weight = minority.member[votes.row]
    against = votes.answer == -way[votes.column]
    total = np.bincount(votes.column, weight, minlength=width)
    marked = lower(np.bincount(votes.column, weight * against, minlength=width), total) > scan.rejected
    marked[list(minority.statements)] = True
    return np.asarray(marked & (way != 0))
