"""The opinion map: where people stand, in which groups if any, what all share, and who sees it differently.

Everything follows from the votes and the parameters alone: chance is drawn from a hash of the votes, so that nobody can
try seeds until a result pleases.
"""

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

import numpy as np
import scipy

from alongside.core.opinions import copies, minority
from alongside.core.opinions.axes import center
from alongside.core.opinions.consensus import Consensus, shared, telling
from alongside.core.opinions.groups import Groups, Rules, look, placed
from alongside.core.opinions.minority import Minority, Scan
from alongside.core.opinions.positions import Positions, find
from alongside.core.opinions.readings import Compared, Reading, compare
from alongside.core.opinions.votes import Flags, Ints, Votes, tally

METHOD: Final = "alongside/opinions/v3"
#: The method before languages were compared: the same in all else, so a map of then is still computed to the last byte.
WITHOUT_LANGUAGES: Final = "alongside/opinions/v2"
#: Begins what chance is drawn from. It stays as it was, so that another method alone makes no other chance.
SEED: Final = b"alongside/opinions/v1/seed"


@dataclass(frozen=True)
class Parameters:
    """What can be chosen. Every choice is in the hash of the parameters."""

    rules: Rules = field(default_factory=Rules)
    scan: Scan = field(default_factory=Scan)
    #: None where nobody knows in which language a statement was read.
    reading: Reading | None = field(default_factory=Reading)

    def as_data(self) -> dict[str, Any]:
        """Give the parameters as canonical JSON can hold them: fractions are written out."""
        return {
            name: {key: repr(value) if isinstance(value, float) else value for key, value in one.items()}
            for name, one in asdict(self).items()
            if one is not None
        }


@dataclass(frozen=True, eq=False)
class Map:
    """The map of `votes`. Arrays by statement (m) hold all statements; only the live ones shape the map.

    `counts` is (groups, m, 3) and `everybody` (m, 3), in the order of ANSWERS; `way` is 1 or -1 where everybody agrees or
    disagrees; `contested` marks what a block of `minorities` rejects of it; `telling` is (groups, m). No part of it but
    what `published` gives may leave whoever keeps the votes: it holds what each person answered.
    """

    votes: Votes
    positions: Positions
    groups: Groups
    counts: Ints
    everybody: Ints
    consensus: Consensus
    way: Ints
    telling: Ints
    minorities: tuple[Minority, ...]
    contested: Flags
    compared: tuple[Compared, ...] = ()


@dataclass(frozen=True, eq=False)
class Pair:
    """The map with everybody, and, where some answers are suspiciously equal, the map without those people (`copied`, n).

    That one has no smaller groups, and does not say whether there is a gap.
    """

    everybody: Map
    copied: Flags
    without: Map | None
    parameters: Parameters

    @property
    def moved(self) -> Flags:
        """Mark the statements whose consensus is another one without those people."""
        if self.without is None:
            return np.zeros(len(self.everybody.way), bool)
        return np.asarray(self.everybody.way != self.without.way)


def seed_of(votes: Votes) -> int:
    """Return the seed of all chance: a hash of the votes, which stays with whoever keeps them."""
    return int(votes.unread().digest(SEED)[:15], 16)


def drawn(votes: Votes, rules: Rules, scan: Scan | None, reading: Reading | None = None) -> Map:
    """Return the map of votes with everybody in them; without a scan nobody looks for smaller groups, and without a reading nobody compares languages."""
    live = votes.only(statements=votes.live)
    seed = seed_of(votes)
    positions = find(center(live))
    groups = look(live, positions, rules, seed)
    every = tally(votes, groups.side + 1, groups.count + 1)  # the first are those in no group
    counts, everybody = every[1:], every.sum(axis=0)
    agreed = shared(counts, everybody)
    way = np.where(votes.live, agreed.holds(), 0)
    blocks = minority.scanned(live, scan, seed) if scan else ()
    contested = np.zeros(len(votes.statements), bool)
    for one in blocks:
        contested[votes.live] |= minority.rejected(one, live, way[votes.live], scan or Scan())
    apart = np.where(votes.live, telling(counts), 0)
    compared = compare(live, placed(live, rules), reading, seed) if reading else ()
    return Map(votes, positions, groups, counts, everybody, agreed, way, apart, blocks, contested, compared)


def draw(votes: Votes, parameters: Parameters | None = None) -> Pair:
    """Return the map, and the map without those whose answers are suspiciously equal, where there are any.

    Of the second no more is told than what all share in how many groups, so no more of it is computed.
    """
    chosen = parameters or Parameters()
    copied = copies.block(votes.only(statements=votes.live))
    some, rules = votes.only(people=~copied), replace(chosen.rules, clouds=0)
    without = drawn(some, rules, None) if copied.any() else None
    return Pair(drawn(votes, chosen.rules, chosen.scan, chosen.reading), copied, without, chosen)


def versions(votes: Votes) -> dict[str, str]:
    """Return what computed it: the method, and the libraries, whose arithmetic the last digits depend on."""
    return {
        "method": METHOD if votes.langs else WITHOUT_LANGUAGES,
        "numpy": np.__version__,
        "scipy": scipy.__version__,
    }
