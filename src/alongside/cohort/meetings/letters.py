"""Which letters about coming meetings are due, and to whom."""

from datetime import datetime, timedelta

from alongside.cohort.meetings.models import Meeting
from alongside.cohort.seats.letters import DAYS_BEFORE, Due
from alongside.cohort.seats.queries.seats import leads_today
from alongside.core.clocks import local_date
from alongside.core.policy.pack import Pack
from alongside.ground.programs.models import Program


def meetings_to_tell(program: Program, pack: Pack, now: datetime) -> list[tuple[Due, datetime]]:
    """List the meetings of the next days with their beginning; a moved meeting is told anew. Three queries at most."""
    last = local_date(now, pack) + timedelta(days=DAYS_BEFORE)
    soon = now + timedelta(days=DAYS_BEFORE + 1)
    coming = Meeting.objects.filter(
        cohort__program=program, starts_at__gt=now, starts_at__lt=soon, cancelled_on=None
    )
    rows = [one for one in coming.order_by("pk") if local_date(one.starts_at, pack) <= last]
    seats = leads_today(program, local_date(now, pack)) if rows else []
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
