"""Gather what has a date: for everyone with its words, for one person with none that could hurt."""

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _

from alongside.cohort.meetings.queries import MeetingShown, meetings_of
from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries import vacancies
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.workflow.asks import OWED
from alongside.desks.feeds import Dated
from alongside.desks.queries.leads import LeftToOthers, seat_of, to_check, to_contest, under_way
from alongside.desks.queries.owing import lists_of
from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.work.projects.models import DecisionPoint
from alongside.work.projects.queries import courses_of

type Address = Callable[..., str]


def public_dates(program: Program, lang: str, today: date, address: Address) -> list[Dated]:
    """List meetings, decisions, and the days that engagements promised. `address` turns a page's name into a link."""
    found = [_meeting(one, address) for one in meetings_of(program, lang)]
    moved = dict(DecisionPoint.objects.filter(project__program=program).values_list("entry", "on"))
    for told in record.told_where(program, lang, kinds=[EntryKind.DECISION_SCHEDULED]):
        on = moved.get(told.index) or date.fromisoformat(told.entry.data["on"])
        what = _("Decision: %(what)s") % {"what": told.say("decision")}
        found.append(Dated(f"decision/{told.index}", what, on, told.entry.date, description=told.say("open")))
    promises = record.told_where(program, lang, kinds=[EntryKind.ENGAGEMENT_PROMISED])
    for one in courses_of(program, promises, today):
        href = address("engagements:engagement", slug=one.slug)
        said = {"what": one.told.say("title")}
        entered, key = one.told.entry.date, f"engagement/{one.told.index}"
        closes, back = _("Last day to speak: %(what)s") % said, _("People hear back: %(what)s") % said
        found.append(Dated(f"{key}/closes", closes, one.course.closes, entered, href=href))
        found.append(Dated(f"{key}/report-back", back, one.course.report_back, entered, href=href))
    return found


def _meeting(one: MeetingShown, address: Address) -> Dated:
    return Dated(
        key=f"meeting/{one.slug}",
        summary=one.planned.say("title") or _("Meeting"),
        starts=one.row.starts_at,
        ends=one.row.ends_at,
        entered=one.planned.entry.date,
        description=one.planned.say("agenda"),
        place=one.row.place,
        href=address("meetings:meeting", meeting=one.slug),
        changes=one.changes,
        is_cancelled=one.is_cancelled,
    )


def _plain_meeting(one: MeetingShown) -> Dated:
    return Dated(
        key=f"own/meeting/{one.slug}",
        summary=_("Meeting"),
        starts=one.row.starts_at,
        ends=one.row.ends_at,
        entered=one.planned.entry.date,
        changes=one.changes,
        is_cancelled=one.is_cancelled,
    )


def own_dates(program: Program, pack: Pack, lang: str, today: date, viewer: Viewer) -> list[Dated]:
    """List one person's dates. Each is a plain word: no topic, no place, no name, no address of a page."""
    seat = Seat.objects.filter(pk=viewer.seat_id or 0).select_related("cohort").first()
    cohort = None if seat is None else seat.cohort
    found = []
    if viewer.has(Role.LEAD, Role.STEWARD):
        found += [_plain_meeting(one) for one in meetings_of(program, lang, cohort)]
    if seat is not None:
        found.append(Dated(f"own/term/{seat.public_id}", _("Last day"), seat.until_date, seat.from_date))
        found += _due_of_lead(program, pack, lang, today, viewer)
    if viewer.has(Role.STEWARD):
        for empty in vacancies(program, pack, today):
            since = empty.vacancy.from_date
            found.append(Dated(f"own/vacancy/{empty.vacancy.entry}", _("Due"), empty.due, since))
    return [*found, *_due_of_staff(program, viewer)]


def _due_of_lead(program: Program, pack: Pack, lang: str, today: date, viewer: Viewer) -> list[Dated]:
    """List the days by which a lead checks, contests or reports back."""
    checks = to_check(program, pack, lang, seat_of(viewer))
    due = [(f"check/{one.claim}", one.verify_due) for one in checks]
    left = LeftToOthers(program, viewer.seat, today)
    contests = [one for one in to_contest(program, lang, today) if not left.ask(one.ask)]
    reports = [one for one in under_way(program, lang, today) if not left.report(one.promise)]
    due += [(f"contest/{one.answer}", one.until) for one in contests]
    due += [(f"report/{one.promise}", one.report_back) for one in reports]
    return [Dated(f"own/{key}", _("Due"), on, on) for key, on in due if on is not None]


def _due_of_staff(program: Program, viewer: Viewer) -> list[Dated]:
    """List the days by which the viewer's offices answer, and those of units that were merged away into theirs."""
    owed = record.standings(program, state__in=OWED, office__in=viewer.offices) if viewer.offices else []
    if viewer.merged:
        owed += record.standings(program, state__in=OWED, unit__in=sorted(viewer.merged))
    lists = lists_of(program, owed)
    days = {(lists.get(one.ask, one.ask), one.answer_due): one for one in reversed(owed)}
    return [
        Dated(f"own/ask/{one.ask}", _("Due"), one.answer_due, one.asked) for one in reversed(days.values())
    ]
