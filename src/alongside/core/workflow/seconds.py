"""What waits for a second lead, and from when it is also for former leads who agreed to step in."""

from datetime import date, timedelta
from enum import StrEnum

#: So many days a step waits for a second lead of today.
WAIT_DAYS = 10


class Proposed(StrEnum):
    """What one lead proposes about what a person sealed: to give it to an office, or what becomes of a statement that they offered."""

    OFFICE = "office"
    OFFER = "offer"


def opens_on(asked_on: date, *, has_leads: bool) -> date:
    """Give the day from which former leads can take a step: ten days after it was asked for, at once where no lead of today can."""
    return asked_on + timedelta(days=WAIT_DAYS) if has_leads else asked_on
