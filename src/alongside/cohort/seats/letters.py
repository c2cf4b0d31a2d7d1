"""What a letter is that is due, and which about seats are: to who was removed, whose appeal was decided, who was called up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from alongside.cohort.seats.models import Removal
from alongside.cohort.seats.queries.cohorts import STAGE, about, called_up
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program

#: A letter about a coming day goes so many days before it.
DAYS_BEFORE = 2
WEEK = 7


@dataclass(frozen=True)
class Due:
    """A letter that is due: about what, which of its letters, and to whom."""

    about: str
    stage: str
    people: Sequence[Person]


@dataclass(frozen=True)
class DayDue(Due):
    """A letter about something that begins at an hour, or will not be held."""

    begins: datetime
    is_off: bool = False


def removals_to_tell(program: Program, today: date) -> list[Due]:
    """List the removals that can still be appealed, and for a week the appeals that were decided, each for the lead. Two queries."""
    rows = Removal.objects.filter(seat__cohort__program=program).select_related("seat__person").order_by("pk")
    removed = rows.filter(appealed_on=None, appeal_by__gte=today)
    decided = rows.filter(decided_on__gte=today - timedelta(days=WEEK))
    return [
        Due(f"removal {one.pk}", stage, (one.seat.person,))
        for stage, found in (("removed", removed), ("decided", decided))
        for one in found
    ]


def called_up_to_tell(program: Program, today: date) -> list[Due]:
    """List the alternates who were called up in the last week, each for the new lead. One query."""
    rows = called_up(program, today - timedelta(days=WEEK))
    return [Due(about(one.seat_id or 0), STAGE, (one.person,)) for one in rows]
