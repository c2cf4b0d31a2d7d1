"""What comes on the steward's desk, by day: each with who has to act and what they do next. What is late of it comes first."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from alongside.cohort.meetings import queries as meetings_queries
from alongside.cohort.seats import queries as seats_queries
from alongside.cohort.training.queries import sessions_ahead
from alongside.desks import choosing, queries, saying
from alongside.desks.queries import Course
from alongside.desks.queries.coming import Coming
from alongside.desks.waiting import Item
from alongside.ground.gate.roles import ViewerRequest
from alongside.ground.record import queries as record
from alongside.ground.record.models import MilestoneStanding
from alongside.ground.ui.addresses import lang_of, to

#: So far the desk looks ahead; to the end of a term twice as far, because a call takes its time.
AHEAD = timedelta(days=60)


def coming_dates(
    request: ViewerRequest, courses: Sequence[Course], decisions: Sequence[Coming], today: date
) -> list[Item]:
    """List the dates of the next weeks, by day; steps that are late come first. Twelve queries at most."""
    found = [
        *_meetings(request, today),
        *_sessions(request, today),
        *_decisions(request, decisions, today),
        *(item for one in courses for item in _course(request, one, today)),
        *_steps(request, today),
        *_term(request, today),
        *choosing.coming(request, today, today + AHEAD),
    ]
    return sorted(found, key=lambda one: (one.state != "late", one.due or today))


def _is_near(day: date | None, today: date) -> bool:
    return day is not None and today <= day <= today + AHEAD


def _meetings(request: ViewerRequest, today: date) -> list[Item]:
    zone = ZoneInfo(request.pack.time_zone)
    planned = meetings_queries.meetings_of(request.program, lang_of(request))
    dated = [(one, one.row.starts_at.astimezone(zone).date()) for one in planned if not one.is_cancelled]
    return [
        Item(
            _("Meeting: %(what)s") % {"what": one.planned.say("title")},
            one.row.place,
            to(request, "meetings:meeting", meeting=one.slug),
            owner=saying.leads(),
            step=_("Read the agenda, and come."),
            due=on,
        )
        for one, on in dated
        if _is_near(on, today)
    ]


def _sessions(request: ViewerRequest, today: date) -> list[Item]:
    return [
        Item(
            _("Training: %(what)s") % {"what": text.title},
            one.where,
            to(request, "training:course", course=one.course_id),
            "city",
            owner=saying.steward(),
            step=_("Hold it, and note who came."),
            due=one.on,
        )
        for one, text in sessions_ahead(request.program, lang_of(request), today, today + AHEAD)
    ]


def _decisions(request: ViewerRequest, decisions: Sequence[Coming], today: date) -> list[Item]:
    return [
        Item(
            _("Decision: %(what)s") % {"what": one.title},
            "",
            to(request, "projects:project", slug=one.slug),
            "city",
            owner=queries.unit_name(request.pack, one.unit, lang_of(request)),
            step=_("Take the Public Involvement Statement along."),
            due=one.on,
        )
        for one in decisions
        if _is_near(one.on, today)
    ]


def _course(request: ViewerRequest, one: Course, today: date) -> list[Item]:
    href, said = to(request, "desks:thread", promise=one.promise), {"what": one.title}
    back = Item(
        _("People hear back: %(what)s") % said,
        "",
        href,
        owner=saying.leads(),
        step=_("Write the report-back, in every language that was promised."),
        due=one.report_back,
    )
    closes = Item(
        _("Last day to speak: %(what)s") % said,
        "",
        href,
        owner=saying.leads(),
        step=_("Invite people until then; then open the voices."),
        due=one.closes,
    )
    open_ones = [closes] * one.is_taking + [back] * (not one.is_reported)
    return [item for item in open_ones if _is_near(item.due, today)]


def _steps(request: ViewerRequest, today: date) -> list[Item]:
    """List the steps of commitments: near or late ones for their office, claimed ones for two leads who look. Three queries."""
    found = [one for one in record.milestones(request.program) if one.verdict != "verified"]
    shown = [one for one in found if one.is_claimed or one.due <= today + AHEAD]
    told = record.told(request.program, {one.commitment for one in shown}, lang_of(request))
    return [_step(request, one, told[one.commitment].say(one.milestone), today) for one in shown]


def _step(request: ViewerRequest, one: MilestoneStanding, what: str, today: date) -> Item:
    is_claimed = one.is_claimed
    due = (one.verify_due if is_claimed else one.due) or one.due
    is_late = due < today
    heading = _("Check what was delivered: %(what)s") if is_claimed else _("Promised: %(what)s")
    return Item(
        heading % {"what": what},
        saying.late((today - due).days) if is_late else "",
        to(request, "record:entry", index=one.commitment),
        "community" if is_claimed else "city",
        "late" if is_late else "owed",
        owner=_("Two leads") if is_claimed else request.pack.office_title(one.office, lang_of(request)),
        step=_("Go and look.") if is_claimed else _("Do it, and say so with what shows it."),
        due=due,
    )


def _term(request: ViewerRequest, today: date) -> list[Item]:
    cohort = seats_queries.cohort_now(request.program, today)
    if cohort is None or not today <= cohort.until_date <= today + 2 * AHEAD:
        return []
    text = _("The term ends on %(day)s.") % {"day": saying.day(cohort.until_date)}
    href, step = to(request, "calls:steward_calls"), _("Open the next call, and ask leads for last words.")
    by = max(today, cohort.until_date - AHEAD)
    return [Item(_("The end of the term"), text, href, "city", owner=saying.steward(), step=step, due=by)]
