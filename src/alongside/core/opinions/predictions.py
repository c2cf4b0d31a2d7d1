"""What a person would be expected to answer from where they stand, and votes drawn from that."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy import special

from alongside.core.opinions.answers import AGREE, DISAGREE, PASS
from alongside.core.opinions.axes import centered
from alongside.core.opinions.positions import WIDER, Positions
from alongside.core.opinions.votes import Floats, Votes

CLOSEST: Final = 0.95  # a correlation with the axes is never taken to be nearer to 1
FLOOR: Final = 0.01  # a chance is never taken to be nearer to 0 or 1


@dataclass(frozen=True, eq=False)
class Line:
    """For each statement the mean (m) of a yes-or-no, and how it changes with position (m x 2)."""

    means: Floats
    slopes: Floats

    def chances(self, votes: Votes, at: Floats) -> Floats:
        """Give the chance of a yes for each vote, for people who stand at `at` (n x 2)."""
        row, column = votes.row, votes.column
        found = self.means[column] + (
            at[row, 0] * self.slopes[column, 0] + at[row, 1] * self.slopes[column, 1]
        )
        return np.asarray(np.clip(found, FLOOR, 1 - FLOOR))


def fitted(votes: Votes, positions: Positions, said: Floats) -> Line:
    """Return the line of a yes-or-no of each vote (1 or 0), by ridge regression on position, a statement at a time."""
    hit = centered(votes, said)
    at = positions.at
    both = np.stack([at[:, 0] ** 2, at[:, 0] * at[:, 1], at[:, 1] ** 2], axis=1)
    gram, pull = np.asarray(hit.seen.T @ both), np.asarray(hit.matrix.T @ at)
    ridge = 2 * positions.prior
    first, second, mixed = gram[:, 0] + ridge[0], gram[:, 2] + ridge[1], gram[:, 1]
    slopes = np.stack(
        [second * pull[:, 0] - mixed * pull[:, 1], first * pull[:, 1] - mixed * pull[:, 0]], axis=1
    )
    return Line(hit.means, np.asarray(slopes / (first * second - mixed**2)[:, None]))


@dataclass(frozen=True, eq=False)
class Model:
    """The lines of agreeing and of disagreeing, and the votes and positions they are of."""

    votes: Votes
    positions: Positions
    agree: Line
    refuse: Line

    def draw(self, chance: np.random.Generator) -> Votes:
        """Draw answers of the same people, who stand where they do, to the same statements."""
        agree = self.agree.chances(self.votes, self.positions.at)
        refuse = np.minimum(self.refuse.chances(self.votes, self.positions.at), 1 - agree)
        drawn = chance.random(len(agree))
        answer = np.where(drawn < agree, AGREE, np.where(drawn < agree + refuse, DISAGREE, PASS))
        return replace(self.votes, answer=answer.astype(np.int8))


def from_one_cloud(votes: Votes, positions: Positions, chance: np.random.Generator) -> Votes:
    """Draw answers of as many people who stand anywhere in one normal cloud, to the same statements.

    An opinion is normal, and is given as agreement or disagreement beyond a threshold, so that each answer is as frequent as it is. Its correlation with
    the axes is the polyserial one (Olsson, Drasgow and Dorans, 1982): the covariance of answers with the axes over the
    density at the thresholds.
    """
    width = len(votes.statements)
    seen = np.bincount(votes.column, minlength=width) + 1
    agree, refuse = (
        (np.bincount(votes.column[votes.answer == answer], minlength=width) + 0.5) / seen
        for answer in (AGREE, DISAGREE)
    )
    high, low = special.ndtri(1 - agree), special.ndtri(np.minimum(refuse, 1 - agree))
    density = (np.exp(-(high**2) / 2) + np.exp(-(low**2) / 2)) / np.sqrt(2 * np.pi)
    along = positions.loadings * np.sqrt(positions.prior / WIDER) / density[:, None]
    length = np.sqrt((along**2).sum(axis=1))
    along *= (np.minimum(length, CLOSEST) / np.maximum(length, 1e-300))[:, None]
    rest = np.sqrt(1 - (along**2).sum(axis=1))
    stands = chance.standard_normal(positions.at.shape)
    opinion = (stands[votes.row] * along[votes.column]).sum(axis=1)
    opinion += rest[votes.column] * chance.standard_normal(len(votes.column))
    answer = np.where(
        opinion > high[votes.column], AGREE, np.where(opinion < low[votes.column], DISAGREE, PASS)
    )
    return replace(votes, answer=answer.astype(np.int8))


def model(votes: Votes, positions: Positions) -> Model:
    """Return the model of votes by people who stand at `positions`."""
    agree, refuse = ((votes.answer == answer).astype(np.float64) for answer in (AGREE, DISAGREE))
    return Model(votes, positions, fitted(votes, positions, agree), fitted(votes, positions, refuse))
