"""What the desks show: home, owed, a lead's week, a unit's desk, the steward's desk. Each in a fixed number of queries."""

from alongside.desks.queries.leads import (
    Answered,
    Course,
    ToCheck,
    paid_by_of,
    to_check,
    to_clarify,
    to_contest,
    under_way,
)
from alongside.desks.queries.owing import (
    OWING,
    Owed,
    Rates,
    UnitTally,
    due_of,
    owed,
    rates,
    tallies,
    unit_name,
)
from alongside.desks.queries.public import LATEST_KINDS, RECONSTRUCTED, Open, Past, open_now, past_threads
from alongside.desks.queries.units import Drafted, Duty, drafts_of_leads, drafts_of_unit, duties, signed_by

__all__ = [
    "LATEST_KINDS",
    "OWING",
    "RECONSTRUCTED",
    "Answered",
    "Course",
    "Drafted",
    "Duty",
    "Open",
    "Owed",
    "Past",
    "Rates",
    "ToCheck",
    "UnitTally",
    "drafts_of_leads",
    "drafts_of_unit",
    "due_of",
    "duties",
    "open_now",
    "owed",
    "paid_by_of",
    "past_threads",
    "rates",
    "signed_by",
    "tallies",
    "to_check",
    "to_clarify",
    "to_contest",
    "under_way",
    "unit_name",
]
