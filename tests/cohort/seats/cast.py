"""The cohort's small cast by role: three leads, the steward, an office, and what they do to each other."""

from datetime import timedelta

from alongside.cohort.meetings import actions as meetings_actions
from alongside.cohort.meetings.models import Meeting
from alongside.cohort.seats import actions
from alongside.cohort.seats.models import Cohort
from alongside.cohort.seats.queries.charters import charter_now
from alongside.ground.record.models import LogEntry
from alongside.site.demo import acts
from tests.support.remembering import this_hour
from tests.support.thread import Thread

PARTS = {
    name: f"What we say of {name}." for name in ("purpose", "decisions", "meetings", "conduct", "changes")
}
OFFICE = "city-manager/manager"


def program(slug: str = "riverbend") -> Thread:
    """Open a program today, with three leads."""
    return Thread(now=this_hour()).open_program(slug=slug)


def cohort(thread: Thread) -> Cohort:
    """Give the cohort with its program."""
    return Cohort.objects.select_related("program").get(program=thread.program)


def circle(thread: Thread):
    """Seat somebody in a second cohort beside the one that sits; give that cohort."""
    today = thread.now.date()
    made = thread.seat_cohort("circle", today, today + timedelta(days=100))
    thread.seat("friend", made)
    return made


def adopt(thread: Thread, *, appeals_to: str = OFFICE, alarms_to: str = OFFICE, **parts: str):
    """Put a charter up; give it as it stands."""
    draft = actions.save_charter(
        cohort=cohort(thread),
        words={"en": {**PARTS, **parts}},
        appeals_to=appeals_to,
        alarms_to=alarms_to,
        now=thread.now,
    )
    actions.adopt_charter(draft=draft, now=thread.now)
    return charter_now(cohort(thread), "en")


def sign(thread: Thread, *by: str) -> None:
    """Let some sign the charter that stands."""
    acts.sign_charter(cohort=cohort(thread), by=by, now=thread.now)


def meet(thread: Thread, slug: str = "first", *, days: int = -1, place: str = "The hall") -> Meeting:
    """Plan a meeting of two hours so many days from now."""
    starts = thread.now + timedelta(days=days)
    return meetings_actions.plan_meeting(
        cohort=cohort(thread),
        slug=slug,
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        place=place,
        words={"en": {"title": f"About {slug}", "agenda": "One point."}},
        by="steward",
        now=thread.now,
    )


def write(thread: Thread, meeting: Meeting, **more):
    """Save minutes."""
    values = {
        "lang": "en",
        "minutes": "We spoke.",
        "decisions": ["We meet on Mondays."],
        "minority": ["Mondays are bad."],
        "people": 14,
        "by": "steward",
    }
    return meetings_actions.save_minutes(meeting=meeting, now=thread.now, **{**values, **more})


def kinds(thread: Thread) -> list[str]:
    """List the kinds of entries, oldest first."""
    return list(
        LogEntry.objects.filter(log__program=thread.program).order_by("index").values_list("kind", flat=True)
    )


def log_text(thread: Thread) -> str:
    """Give everything the log holds, as one text."""
    return "\n".join(raw.decode() for raw in thread.entries())
