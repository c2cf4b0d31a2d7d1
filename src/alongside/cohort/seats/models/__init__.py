"""What is kept of cohorts: seats and their ends."""

from alongside.cohort.seats.models.seats import Cohort, Seat, SeatEnd

__all__ = ["Cohort", "Seat", "SeatEnd"]
