"""Read cohorts and seats; one module a matter."""

from alongside.cohort.seats.queries.seats import (
    Someone,
    asker_for,
    checkers_for,
    cohorts_of,
    known_of,
    people_today,
    persons_behind,
    post_title,
    seat_of,
    seated_today,
)

__all__ = [
    "Someone",
    "asker_for",
    "checkers_for",
    "cohorts_of",
    "known_of",
    "people_today",
    "persons_behind",
    "post_title",
    "seat_of",
    "seated_today",
]
