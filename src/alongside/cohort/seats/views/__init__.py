"""Pages of cohorts and seats; one module a matter."""

from alongside.cohort.seats.views.people import code, people

__all__ = ["code", "people"]
