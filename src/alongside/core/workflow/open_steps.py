"""A step that is open: what is to be done, who takes it, and by when."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

#: Any leads, where no seat and no office takes a step alone.
LEADS = "pool:leads"
#: The leads who hold the key of an engagement; and whoever signs for its unit.
KEYHOLDERS = "pool:keyholders"
SIGNERS = "pool:signers"
STEWARD = "steward"


class OpenStep(NamedTuple):
    """One step, and its one holder: an office, the steward, or a pool of people of whom any take it."""

    what: StrEnum
    who: str
    #: By when; None where its day is over and it is owed at once.
    due: date | None
    #: The first day on which it can be taken, where it waits.
    opens: date | None = None

    def waits_until(self, today: date) -> date | None:
        """Give the day until which it waits, where that is to come."""
        return self.opens if self.opens and today < self.opens else None
