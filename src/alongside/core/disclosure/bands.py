"""Counts of people as the public may see them: a range, or that they are fewer than k."""

from dataclasses import dataclass
from typing import Any, Final

from alongside.core.policy import Pack


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
