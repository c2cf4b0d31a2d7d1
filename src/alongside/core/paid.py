"""What the public may know of pay: a total only where nobody's own pay can be read from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median_low

from alongside.core.money import Money

#: Fewer seats than this are never told together: one of two could subtract their own pay.
FEWEST_SEATS = 3
EDGES = (1, 2, 5)
MONTHS = 3
LAST_QUARTER = 4


@dataclass(frozen=True)
class TotalTold:
    """A total as the public may see it. Exact where `low` and `high` are the same sum, else a band."""

    low: Money
    high: Money

    @property
    def is_exact(self) -> bool:
        """Say whether the sum itself is told."""
        return self.low == self.high


def total_to_tell(by_seat: Mapping[str, Money], k: int) -> TotalTold | None:
    """Give the total of what seats were paid in one currency, as far as it may be told; None where it may not.

    What a seat gave back is below zero and lowers the total; that seat was not paid. With `k` seats or more that were paid, the
    sum. With three or more, a band whose upper edge is at least twice its lower one. Never where one seat got more than half
    of it, because the total would tell of that one seat.
    """
    paid = [one.minor for one in by_seat.values() if one.minor > 0]
    total = sum(one.minor for one in by_seat.values())
    if len(paid) < FEWEST_SEATS or 2 * max(paid) > total:
        return None
    currency = next(iter(by_seat.values())).currency
    if len(paid) >= k:
        return TotalTold(Money(total, currency), Money(total, currency))
    low, high = band_of(total)
    return TotalTold(Money(low, currency), Money(high, currency))


def band_of(total: int) -> tuple[int, int]:
    """Give the two steps of 1, 2, 5, 10, 20, 50 ... between which a whole number of coins lies: low <= total < high."""
    size = 10 ** (len(str(total)) - 1)
    steps = [*(edge * size for edge in EDGES), 10 * size]
    place = max(at for at, step in enumerate(steps[:-1]) if step <= total)
    return steps[place], steps[place + 1]


def days_to_tell(days: Sequence[int], seats: int, k: int) -> int | None:
    """Give the median of days from logging to payment, or None for fewer than `k` payments or three seats."""
    return median_low(days) if len(days) >= k and seats >= FEWEST_SEATS else None


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months of a year; number 1 to 4."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """Give the quarter a day lies in."""
        return cls(day.year, (day.month - 1) // MONTHS + 1)

    @classmethod
    def read(cls, told: str) -> "Quarter":
        """Give the quarter that is written as in the record: 2026-Q3."""
        year, _, number = told.partition("-Q")
        return cls(int(year), int(number))

    @property
    def next(self) -> "Quarter":
        """Give the quarter after this one."""
        is_last = self.number == LAST_QUARTER
        return Quarter(self.year + is_last, 1 if is_last else self.number + 1)

    @property
    def first_day(self) -> date:
        """Give its first day."""
        return date(self.year, MONTHS * (self.number - 1) + 1, 1)

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"
