"""Which letters about coming sessions are due, and to whom."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from alongside.cohort.seats.letters import DAYS_BEFORE, DayDue
from alongside.cohort.seats.queries.seats import leads_today
from alongside.cohort.training.models import Session
from alongside.core.clocks import local_date
from alongside.core.policy.pack import Pack
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import posts_today


def sessions_to_tell(program: Program, pack: Pack, now: datetime) -> list[DayDue]:
    """List the sessions of the next days with their beginning, for those whose track it is. Three queries at most."""
    today, zone = local_date(now, pack), ZoneInfo(pack.time_zone)
    last = today + timedelta(days=DAYS_BEFORE)
    found = Session.objects.filter(course__track__program=program, on__gte=today, on__lte=last)
    begins = [
        (one, datetime.combine(one.on, one.starts, zone))
        for one in found.select_related("course__track").order_by("pk")
    ]
    coming = [(one, moment) for one, moment in begins if moment > now]
    leads = [seat.person for seat in leads_today(program, today)] if coming else []
    staff = [post.person for post in posts_today(program, today)] if coming else []
    told = []
    for one, moment in coming:
        audience = one.course.track.audience
        people = [*leads * (audience != "staff"), *staff * (audience != "leads")]
        each = list({person.pk: person for person in people}.values())
        told.append(DayDue(f"session {one.pk}", f"{moment:%Y-%m-%d %H:%M}", each, begins=moment))
    return told
