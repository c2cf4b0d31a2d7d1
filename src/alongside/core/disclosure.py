"""Which counts of people may be published, and when a batch of voices may."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from alongside.core.policy.pack import Pack


@dataclass(frozen=True)
class Band:
    """A range that a count lies in, both ends included."""

    low: int
    high: int

    def as_data(self) -> dict[str, int]:
        """Give the band as an entry of the record holds it."""
        return {"low": self.low, "high": self.high}

    def label(self, _k: int = 0) -> str:
        """Say the band in English, "between 151 and 200"; pages translate their own words around `low` and `high`."""
        return f"between {self.low} and {self.high}"


@dataclass(frozen=True)
class Fewer:
    """A count below k: zero is treated like any small count."""

    def as_data(self) -> str:
        """Give the count as an entry of the record holds it."""
        return "fewer"

    def label(self, k: int) -> str:
        """Say the count in English, "fewer than 10"."""
        return f"fewer than {k}"


FEWER: Final = Fewer()


def band(count: int, pack: Pack) -> Band | Fewer:
    """Give the range in which a count of people is told; FEWER below the pack's k.

    Ranges run from k to the first edge, then from edge to edge, past edges that would make one narrower than k; above
    the last edge each is as wide as the last edge is high. Raises ValueError for a count below 0.
    """
    if count < 0:
        raise ValueError(f"{count} is no count of people; pass 0 or more.")
    if count < pack.k:
        return FEWER
    low = pack.k
    for high in pack.bands:
        if high - low + 1 < pack.k:
            continue
        if count <= high:
            return Band(low, high)
        low = high + 1
    wide = pack.bands[-1]
    first = (low + pack.k - 2) // wide * wide + wide
    if count <= first:
        return Band(low, first)
    step = (count - 1) // wide
    return Band(step * wide + 1, (step + 1) * wide)


def is_counted(data: Any) -> bool:
    """Say whether the data of an entry holds a number that anyone can count, and no range."""
    return isinstance(data, dict) and data["low"] == data["high"]


def band_of_data(data: Any) -> Band | Fewer:
    """Read a band from the data of an entry, as `as_data` wrote it."""
    return FEWER if data == FEWER.as_data() else Band(int(data["low"]), int(data["high"]))


@dataclass(frozen=True)
class Batches[Mark]:
    """Where the marks of one engagement stand: `pending` just came, `held` qualified, `published` is out."""

    pending: tuple[Mark, ...] = ()
    held: tuple[Mark, ...] = ()
    published: tuple[tuple[Mark, ...], ...] = ()


def may_publish_batch(pending: int, held: int, pack: Pack) -> bool:
    """Say whether the held batch may go out now: both it and what came since have at least k."""
    return pending >= pack.k and held >= pack.k


def plan_batches[Mark](state: Batches[Mark], pack: Pack) -> Batches[Mark]:
    """Take one step, as the clock does once a day: publish the held batch where it may go, then hold the pending one.

    Gives the same state where nothing may move; so a second run on one day does no harm.
    """
    if len(state.pending) < pack.k:
        return state
    out = (state.held,) if may_publish_batch(len(state.pending), len(state.held), pack) else ()
    return Batches((), state.pending, (*state.published, *out))


def closed_batch[Mark](pending: Sequence[Mark], held: Sequence[Mark], pack: Pack) -> tuple[Mark, ...]:
    """Give the one batch that goes out at closing: all that is left, or nothing where that is below k."""
    rest = (*held, *pending)
    return rest if len(rest) >= pack.k else ()


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
