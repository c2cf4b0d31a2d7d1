"""What everybody shares: statements that each group, the least agreeing one too, agrees or disagrees with.

Judged by the lower end of what is credible for the group where it is lowest: the 10% quantile of the share under
Jeffreys' prior (Brown, Cai and DasGupta, "Interval estimation for a binomial proportion", 2001). A pass counts as an answer that is not
agreement. A product over groups, as Polis has it, falls with each group more and does not tell few votes from many.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special

from alongside.core.opinions.votes import Flags, Floats, Ints

PRIOR: Final = 0.5
QUANTILE: Final = 0.1
VOTES: Final = 10
MORE_THAN: Final = 0.5


@dataclass(frozen=True, eq=False)
class Consensus:
    """For each statement (m): `known` where each group gave 10 votes; `agreed` and `disagreed`, the bounds of the lowest group."""

    known: Flags
    agreed: Floats
    disagreed: Floats

    def holds(self, more_than: float = MORE_THAN) -> Ints:
        """Give 1 where everybody agrees, -1 where everybody disagrees, 0 elsewhere."""
        agree, refuse = self.agreed > more_than, self.disagreed > more_than
        return np.where(self.known & agree, 1, np.where(self.known & refuse, -1, 0))


def lower(successes: Ints | Floats, trials: Ints | Floats) -> Floats:
    """Give the lower credible bound of a share; 0 where there are no trials."""
    bound = special.betaincinv(successes + PRIOR, trials - successes + PRIOR, QUANTILE)
    return np.where(trials > 0, bound, 0.0)


def shared(counts: Ints, everybody: Ints) -> Consensus:
    """Return the consensus of groups with `counts` (groups, m, 3), and of `everybody` (m, 3), who may stand in none."""
    judges = np.concatenate((counts, everybody[None]))
    trials = judges.sum(axis=2)
    return Consensus(
        (trials >= VOTES).all(axis=0),
        lower(judges[:, :, 0], trials).min(axis=0),
        lower(judges[:, :, 1], trials).min(axis=0),
    )


def telling(counts: Ints) -> Ints:
    """Return what sets a group apart, as (groups, m): 1 or -1 where it agrees or disagrees and all other groups do so less, else 0.

    It does so where the lower bound of its share lies above one half and above the upper bounds of all others.
    """
    trials = counts.sum(axis=2)
    found = np.zeros(trials.shape, np.int64)
    for way, sign in ((0, 1), (1, -1)):
        low = lower(counts[:, :, way], trials)
        might = (trials >= VOTES).all(axis=0) & (low > MORE_THAN).any(axis=0)
        low, seen = low[:, might], trials[:, might]
        high = 1 - lower(seen - counts[:, might, way], seen)
        for group in range(len(counts)):
            others = np.delete(high, group, axis=0).max(axis=0, initial=0.0)
            found[group, might] += sign * ((low[group] > MORE_THAN) & (low[group] > others))
    return found
