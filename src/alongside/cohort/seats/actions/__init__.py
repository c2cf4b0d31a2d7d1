"""Seat a cohort and look after its seats; one module a matter."""

from alongside.cohort.seats.actions.seats import (
    NotInTheTerm,
    end_cohort,
    give_seat,
    leave_seat,
    restore_seat,
    seat_cohort,
    suspend_seat,
)

__all__ = [
    "NotInTheTerm",
    "end_cohort",
    "give_seat",
    "leave_seat",
    "restore_seat",
    "seat_cohort",
    "suspend_seat",
]
