"""Read who was called up from the list of alternates, and whether a letter has told them that something waits."""

from dataclasses import dataclass
from datetime import date, timedelta

from alongside.cohort.seats.models import Cohort, Reminded, Seat, StoodDown
from alongside.ground.gate import Asker
from alongside.ground.programs.models import Program

STAGE = "called up"
#: So long a new seat is told of, to the lead and to the steward.
NEW = timedelta(days=30)


@dataclass(frozen=True)
class CalledUp:
    """A call: the seat, since when, whether a letter can go to its lead, and the day on which it went."""

    seat: Seat
    on: date
    is_reached: bool
    told: date | None


def about(seat: int) -> str:
    """Name the letter about one seat that was given, without a word of it."""
    return f"seat {seat}"


def called_up(program: Program, since: date) -> list[StoodDown]:
    """List the calls since a day whose seat nobody has left, the oldest first. One query."""
    rows = StoodDown.objects.filter(
        seat__cohort__program=program, seat__end=None, on__gte=since
    ).select_related("seat", "alternate__person")
    return list(rows.order_by("pk"))


def called_up_in(cohort: Cohort, today: date) -> dict[str, CalledUp]:
    """Give the new calls of a cohort by the public id of the seat. Two queries."""
    found = [one for one in called_up(cohort.program, today - NEW) if one.seat is not None]
    letters = Reminded.objects.filter(
        program=cohort.program, stage=STAGE, about__in=[about(one.seat_id or 0) for one in found]
    )
    told = dict(letters.values_list("about", "on"))
    return {
        one.seat.public_id: CalledUp(
            one.seat, one.on, bool(one.alternate.person.email), told.get(about(one.seat.pk))
        )
        for one in found
        if one.seat is not None and one.seat.cohort_id == cohort.pk
    }


def new_seat_of(program: Program, asker: Asker, today: date) -> Seat | None:
    """Give the seat to which the asker was called up lately, or None. One query."""
    rows = called_up(program, today - NEW)
    return next((one.seat for one in rows if one.alternate.person_id == asker.person_id), None)
