"""From when a step that waits for a second lead is also for former leads who agreed to step in."""

from datetime import date, timedelta

#: So many days a step waits for a second lead of today.
WAIT_DAYS = 10


def opens_on(asked_on: date, *, has_leads: bool) -> date:
    """Give the day from which former leads can take a step: ten days after it was asked for, at once where no lead of today can."""
    return asked_on + timedelta(days=WAIT_DAYS) if has_leads else asked_on
