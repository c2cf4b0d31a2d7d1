"""What somebody owes by a day, and whether the record tells that nothing came: the one rule of silence, for all that has a clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from alongside.core.grammar.shape import Entry, malformed

#: The clock tells a silence in the night after; an entry of that same day may come before it. A day is over here
#: before it is over in the west.
GRACE = timedelta(days=1)


class Due(StrEnum):
    """What is owed, as the verifier calls it."""

    ANSWER = "answer"
    REPLY = "reply"
    REPLY_ABOVE = "reply of the office above"
    DELIVERY = "delivery"


@dataclass(frozen=True)
class Owed:
    """What is owed now: what, the entry that asked or promised it, its day, and whether an entry tells that nothing came.

    `quiet` is the last day on which no silence need be told: the day it is due, or the end of its unit's learning period.
    """

    index: int
    due: date
    is_told: bool
    quiet: date
    what: Due = Due.ANSWER
    milestone: str = ""

    def is_late(self, on: date) -> bool:
        """Say whether a silence about it is due on this day."""
        return self.quiet + GRACE < on

    def is_hidden(self, on: date) -> bool:
        """Say whether it is late on this day, and the record keeps silent about that."""
        return not self.is_told and self.is_late(on)

    @property
    def place(self) -> str:
        """Name the entry, and which of its milestones it is about."""
        return (
            f"milestone {self.milestone} of entry {self.index}" if self.milestone else f"entry {self.index}"
        )


def is_told_after(told: Iterable[Entry], due: date) -> bool:
    """Say whether one of these silences was told of this day; one told before the day was moved tells nothing of the new one."""
    return any(one.date > due for one in told)


def refuse_hidden(owed: Iterable[Owed], entry: Entry) -> None:
    """Refuse to end or move a clock that has run out while the record keeps silent about it (promise 4)."""
    for one in owed:
        if one.is_hidden(entry.date):
            malformed(
                f"the {one.what} {'of' if one.milestone else 'to'} {one.place} was due on {one.due}, and no entry before "
                "this one says that none came; the clock tells that first."
            )
