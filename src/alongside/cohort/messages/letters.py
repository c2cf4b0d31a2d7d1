"""Which letters are due, when, and to whom: about a coming meeting, an alarm, a removal, a seat that somebody was called up to."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from alongside.cohort.meetings.models import Meeting
from alongside.cohort.messages.models import Alarm
from alongside.cohort.messages.queries import listening_outside
from alongside.cohort.seats.models import Removal
from alongside.cohort.seats.queries.cohorts import STAGE, about, called_up
from alongside.cohort.seats.queries.seats import seated_today
from alongside.core.clocks import local_date
from alongside.core.policy.pack import Pack
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
    people: tuple[Person, ...]


def meetings_to_tell(program: Program, pack: Pack, now: datetime) -> list[tuple[Due, datetime]]:
    """List the meetings of the next days with their beginning; a moved meeting is told anew. Three queries at most."""
    last = local_date(now, pack) + timedelta(days=DAYS_BEFORE)
    soon = now + timedelta(days=DAYS_BEFORE + 1)
    coming = Meeting.objects.filter(
        cohort__program=program, starts_at__gt=now, starts_at__lt=soon, cancelled_on=None
    )
    rows = [one for one in coming.order_by("pk") if local_date(one.starts_at, pack) <= last]
    seats = seated_today(program, local_date(now, pack)) if rows else []
    return [
        (
            Due(
                f"meeting {one.pk}",
                one.starts_at.strftime("%Y-%m-%d %H:%M"),
                tuple(seat.person for seat in seats if seat.cohort_id == one.cohort_id),
            ),
            one.starts_at,
        )
        for one in rows
    ]


def alarms_to_tell(program: Program, pack: Pack, today: date) -> list[Due]:
    """List the alarms that nobody has read by half of their days, and each week those past their day and not closed."""
    waiting = Alarm.objects.filter(seat__cohort__program=program, closed_on=None)
    found = []
    for one in waiting.select_related("seat").order_by("pk"):
        stage = _stage(one, today)
        if stage:
            found.append(Due(f"alarm {one.key}", stage, listening_outside(one, program, pack, today)))
    return found


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


def _stage(alarm: Alarm, today: date) -> str:
    if today > alarm.due_on:
        return f"late {(today - alarm.due_on).days // WEEK}"
    half = alarm.raised_on + (alarm.due_on - alarm.raised_on) / 2
    return "half" if today >= half and alarm.taken_on is None else ""
