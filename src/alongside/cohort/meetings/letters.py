"""Which letters about coming meetings are due, and to whom."""

from datetime import datetime, timedelta

from alongside.cohort.meetings.models import Meeting
from alongside.cohort.seats.letters import DAYS_BEFORE, DayDue
from alongside.cohort.seats.models import Reminded
from alongside.cohort.seats.queries.seats import leads_today
from alongside.core.clocks import local_date
from alongside.core.policy.pack import Pack
from alongside.ground.programs.models import Program


def about(meeting: Meeting) -> str:
    """Name a meeting as its letters do."""
    return f"meeting {meeting.pk}"


def meetings_to_tell(program: Program, pack: Pack, now: datetime) -> list[DayDue]:
    """List the letters about meetings of the next days; one that is moved, to another place too, is told anew, and one that was told and is cancelled.

    Four queries at most.
    """
    last = local_date(now, pack) + timedelta(days=DAYS_BEFORE)
    soon = now + timedelta(days=DAYS_BEFORE + 1)
    coming = Meeting.objects.filter(cohort__program=program, starts_at__gt=now, starts_at__lt=soon)
    rows = [one for one in coming.order_by("pk") if local_date(one.starts_at, pack) <= last]
    off = [about(one) for one in rows if one.cancelled_on]
    told = set(Reminded.objects.filter(about__in=off).values_list("about", flat=True)) if off else set()
    rows = [one for one in rows if one.cancelled_on is None or about(one) in told]
    seats = leads_today(program, local_date(now, pack)) if rows else []
    return [
        DayDue(
            about(one),
            f"{one.starts_at:%Y-%m-%d %H:%M} {one.moves}{' off' if one.cancelled_on else ''}",
            [seat.person for seat in seats if seat.cohort_id == one.cohort_id],
            begins=one.starts_at,
            is_off=one.cancelled_on is not None,
        )
        for one in rows
    ]
