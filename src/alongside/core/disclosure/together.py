"""Which public numbers of one engagement may stand beside one another, so that none can be subtracted from another."""

from alongside.core.disclosure.bands import FEWER, Band, Fewer


def is_hidden(low: int, high: int, k: int, of: int | None = None) -> bool:
    """Say whether a range tells no small count, neither of its own people nor of the others.

    `of` is how many there are in all, where the record lets anyone count that. A range begins at k or above, ends at
    `of` or below, and holds at least k numbers; then the others, `of` less the count, are never known more exactly than
    "fewer than k". Where so few are in all that no such range exists, the whole of what is at least k is one.
    """
    top = of is not None and high > of
    if not k <= low <= high or top:
        return False
    return high - low + 1 >= k or (low, high) == (k, of)


def counted(public: int) -> Band | Fewer:
    """Give what anyone can count as what it is; where nothing is public, there were fewer than k, or none."""
    return Band(public, public) if public else FEWER


def beside(told: Band | Fewer, k: int, of: int) -> Band | Fewer:
    """Give a range as it may stand beside a number that anyone can count: cut at `of`, and widened down to k numbers.

    A range that lies above `of` is given as it is, and refused by the record: it would tell of what is not public yet.
    """
    if isinstance(told, Fewer) or told.low > of:
        return told
    high = min(told.high, of)
    return Band(max(k, min(told.low, high - k + 1)), high)
