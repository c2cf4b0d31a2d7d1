"""Which cells of a table may stand beside which ranges, so that none of them tells a small count.

For each statement there are counts by group and answer. Published are the range of each, the ranges of everybody's, and the ranges of how many people
there are. A count below k is told as "fewer than k", and must still be any number from 0 to k - 1 for somebody who puts all
of it together. Whether it is follows from a flow: groups send people to answers, within the ranges of the cells, the sizes of groups, and
the ranges of everybody's; by the theorem of Gale and Hoffman (Hoffman, 1960) there is one if and only if no set of answers asks for more
than can reach it.
"""

from itertools import product

import numpy as np

from alongside.core.opinions.votes import Flags, Ints

KINDS = 3


def is_possible(low: Ints, high: Ints, least: Ints, most: Ints, room: Ints, people: int) -> bool:
    """Say whether counts (rows, 3) exist between `low` and `high`, with answers in all between `least` and `most` (3).

    `room` (rows) is how many people a row can have at most, `people` how many all have.
    """
    if (low > high).any() or (low.sum(axis=0) > most).any() or (low.sum(axis=1) > room).any():
        return False
    asked = np.maximum(least - low.sum(axis=0), 0)
    spare, left = high - low, room - low.sum(axis=1)
    if low.sum() + asked.sum() > people:
        return False
    for chosen in product((False, True), repeat=KINDS):
        some = np.array(chosen)
        if asked[some].sum() > np.minimum(left, spare[:, some].sum(axis=1)).sum():
            return False
    return True


def keeps_small_counts(
    low: Ints, high: Ints, small: Flags, least: Ints, most: Ints, room: Ints, people: int, k: int
) -> bool:
    """Say whether each `small` cell (rows, 3) may still be 0 and may still be k - 1, beside all that is published."""
    none = np.where(small, 0, high)
    if not is_possible(np.where(small, 0, low), none, least, most, room, people):
        return False
    for row, kind in zip(*np.nonzero(small), strict=True):
        below, above = np.where(small, 0, low), none.copy()
        below[row, kind] = above[row, kind] = k - 1
        if not is_possible(below, above, least, most, room, people):
            return False
    for kind in np.flatnonzero(most < k):
        for count in (0, k - 1):
            exact = (
                np.where(np.arange(KINDS) == kind, count, least),
                np.where(np.arange(KINDS) == kind, count, most),
            )
            if not is_possible(np.where(small, 0, low), high, *exact, room, people):
                return False
    return True
