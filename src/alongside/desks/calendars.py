"""The two calendars, as iCalendar feeds (RFC 5545): one for everyone with its words, one for each person with none that could hurt.

The personal one stands at an address that only its person has and can end.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache, partial
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from alongside.chain.answers.queries import to_contest
from alongside.chain.asks.queries import LeftToOthers, lists_of
from alongside.chain.commitments.queries import unchecked, unchecked_by
from alongside.cohort.meetings.models import Meeting
from alongside.cohort.meetings.queries import MeetingShown, every_meeting, with_words
from alongside.cohort.seats.actions import hash_token
from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.cohorts import vacancies
from alongside.cohort.seats.queries.seats import calendar_owner, last_seat, viewer_for
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.sessions import Session, Told
from alongside.core.workflow.asks import OWED
from alongside.core.workflow.engagements import CHANGES, EngagementState
from alongside.ground.gate.roles import Role, Viewer, ViewerRequest, from_the_record, open_to, or_404
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record.queries import EntryView
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.addresses import ground_of, lang_of, to_from
from alongside.ground.ui.languages import in_readers_words, listed
from alongside.work.engagements.queries.sessions import OFFERS, sessions_by_slug
from alongside.work.engagements.steps import under_way
from alongside.work.projects.models import DecisionPoint
from alongside.work.projects.queries import courses_of

KIND = "text/calendar; charset=utf-8"
#: What is over stays so long in a calendar; the record keeps it for ever.
OVER = timedelta(days=90)

type Address = Callable[..., str]
#: What cites what: an entry, its kind, and the entry that it cites.
type Citing = Sequence[tuple[int, str, int]]


@dataclass(frozen=True)
class Dated:
    """Something with a date: `starts` and `ends` are aware times, or `starts` alone a whole day. `key` names it for ever."""

    key: str
    summary: str
    starts: datetime | date
    entered: date
    ends: datetime | None = None
    description: str = ""
    place: str = ""
    href: str = ""
    changes: int = 0
    is_cancelled: bool = False


def write_calendar(*, name: str, product: str, origin: str, lang: str, dates: Iterable[Dated]) -> bytes:
    """Give the feed as bytes. The same dates give the same bytes, so that a calendar sees what really changed."""
    made = Calendar()
    made.add("prodid", product)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("refresh-interval", timedelta(hours=12), parameters={"value": "DURATION"})
    found = sorted(dates, key=lambda each: (_day(each.starts), each.key))
    before, end, rest = bytes(made.to_ical()).rpartition(b"END:VCALENDAR")
    return b"".join([before, *(_event(one, origin, lang) for one in found), end, rest])


def lately(dates: Iterable[Dated], today: date) -> list[Dated]:
    """List the dates that are to come or were over lately."""
    return [one for one in dates if _day(one.ends or one.starts) >= today - OVER]


def _day(when: datetime | date) -> date:
    return when.date() if isinstance(when, datetime) else when


@lru_cache(maxsize=4096)
def _event(one: Dated, origin: str, lang: str) -> bytes:
    """Give the lines of one event; most are as they were when the feed was asked for last."""
    event = Event()
    event.add("uid", str(uuid5(NAMESPACE_URL, f"{origin}/{one.key}")))
    event.add("dtstamp", datetime.combine(one.entered, time(), UTC))
    event.add("summary", one.summary, parameters={"language": lang})
    if isinstance(one.starts, datetime):
        event.add("dtstart", one.starts.astimezone(UTC))
        event.add("dtend", (one.ends or one.starts).astimezone(UTC))
    else:
        event.add("dtstart", one.starts)
        event.add("dtend", one.starts + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    for prop, words in (("description", one.description), ("location", one.place), ("url", one.href)):
        if words:
            event.add(prop, words)
    event.add("sequence", one.changes)
    event.add("status", "CANCELLED" if one.is_cancelled else "CONFIRMED")
    return bytes(event.to_ical())


#: What the public calendar shows, by which of its texts, and what moves it.
SHOWN = (EntryKind.MEETING_PLANNED, EntryKind.DECISION_SCHEDULED, EntryKind.ENGAGEMENT_PROMISED)
WORDS = ("title", "agenda", "decision", "open")
MOVES = (EntryKind.MEETING_CHANGED, *CHANGES)


class Days(NamedTuple):
    """The last day of what an entry tells, and what gives its dates with the words of the entry."""

    last: date
    tell: Callable[[EntryView], list[Dated]]


def public_dates(program: Program, lang: str, today: date, address: Address) -> list[Dated]:
    """List meetings, decisions, and the days that engagements promised, without what is over for long.

    `address` turns a page's name into a link. Seven queries.
    """
    told = {one.index: one for one in record.without_words(program, kinds=SHOWN)}
    citing = record.indexes_citing(program, told, MOVES)
    found = _meetings(program, citing, address) | _decisions(program, told.values())
    found |= _engagements(program, told.values(), citing, today, address)
    near = {index: one for index, one in found.items() if one.last >= today - OVER}
    texts = record.texts_of(program, near, lang, names=WORDS)
    return [
        each
        for index, one in near.items()
        for each in one.tell(EntryView(told[index].entry, texts.get(index, {})))
    ]


def _meetings(program: Program, citing: Citing, address: Address) -> dict[int, Days]:
    changes = Counter(cited for _citing, kind, cited in citing if kind == EntryKind.MEETING_CHANGED)
    return {
        one.entry: Days(_day(one.ends_at), partial(_meeting, one, changes[one.entry], address))
        for one in every_meeting(program)
    }


def _decisions(program: Program, told: Iterable[EntryView]) -> dict[int, Days]:
    moved = dict(DecisionPoint.objects.filter(project__program=program).values_list("entry", "on"))
    days = {
        one.index: moved.get(one.index) or date.fromisoformat(one.entry.data["on"])
        for one in told
        if one.entry.kind == EntryKind.DECISION_SCHEDULED
    }
    return {index: Days(on, partial(_decision, on)) for index, on in days.items()}


def _engagements(
    program: Program, told: Iterable[EntryView], citing: Citing, today: date, address: Address
) -> dict[int, Days]:
    promises = [one for one in told if one.entry.kind == EntryKind.ENGAGEMENT_PROMISED]
    sessions, found = sessions_by_slug(program), {}
    for one in courses_of(program, promises, today, citing):
        public = [each for each in sessions.get(one.slug, ()) if each.is_public]
        last = max(one.course.closes, one.course.report_back, *(_day(each.ends) for each in public))
        href = address("engagements:engagement", slug=one.slug)
        found[one.told.index] = Days(last, partial(_engagement, one.course, public, href))
    return found


def _meeting(one: Meeting, changes: int, address: Address, told: EntryView) -> list[Dated]:
    dated = Dated(
        key=f"meeting/{one.slug}",
        summary=told.say("title") or _("Meeting"),
        starts=one.starts_at,
        ends=one.ends_at,
        entered=told.entry.date,
        description=told.say("agenda"),
        place=one.place,
        href=address("meetings:meeting", meeting=one.slug),
        changes=changes,
        is_cancelled=one.cancelled_on is not None,
    )
    return [dated]


def _decision(on: date, told: EntryView) -> list[Dated]:
    what = _("Decision: %(what)s") % {"what": told.say("decision")}
    return [Dated(f"decision/{told.index}", what, on, told.entry.date, description=told.say("open"))]


def _engagement(
    course: EngagementState, sessions: Sequence[Session], href: str, told: EntryView
) -> list[Dated]:
    said, entered, key = {"what": told.say("title")}, told.entry.date, f"engagement/{told.index}"
    closes, back = _("Last day to speak: %(what)s") % said, _("People hear back: %(what)s") % said
    return [
        Dated(f"{key}/closes", closes, course.closes, entered, href=href),
        Dated(f"{key}/report-back", back, course.report_back, entered, href=href),
        *(_session(each, told, f"{key}/{each.id}", href) for each in sessions),
    ]


def _session(one: Session, told: EntryView, key: str, href: str) -> Dated:
    where = _("Call to hear where: the number is on the page.") if one.told is Told.PHONE else ""
    languages = listed(in_readers_words(code) for code in one.languages)
    speaks = _("Somebody interprets: %(languages)s") % {"languages": languages} if languages else ""
    parts = [where, speaks, *(str(OFFERS[each]) for each in one.has)]
    return Dated(
        key=key,
        summary=_("Come and say it: %(what)s") % {"what": told.say("title")},
        starts=one.starts,
        ends=one.ends,
        entered=told.entry.date,
        description="\n".join(filter(None, parts)),
        place=one.place,
        href=href,
        changes=one.changes,
        is_cancelled=one.cancelled is not None,
    )


def _plain_meeting(one: MeetingShown) -> Dated:
    return Dated(
        key=f"own/meeting/{one.row.slug}",
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
        found += [_plain_meeting(one) for one in with_words(program, every_meeting(program, cohort), lang)]
    if seat is not None:
        found.append(Dated(f"own/term/{seat.public_id}", _("Last day"), seat.until_date, seat.from_date))
        found += _due_of_lead(program, pack, today, viewer)
    if viewer.has(Role.STEWARD):
        for empty in vacancies(program, pack, today):
            since = empty.vacancy.from_date
            found.append(Dated(f"own/vacancy/{empty.vacancy.entry}", _("Due"), empty.due, since))
    return [*found, *_due_of_staff(program, viewer)]


def _due_of_lead(program: Program, pack: Pack, today: date, viewer: Viewer) -> list[Dated]:
    """List the days by which a lead checks, contests or reports back."""
    own = unchecked_by(program, pack, last_seat(program, viewer, today), list(unchecked(program)))
    due = [(f"check/{one.claim}", one.verify_due) for one in own.to_check]
    log = RowsLog.of(program)
    left, answers = LeftToOthers(log, viewer, today), to_contest(program, log, today)
    contests = [one for one in answers if not left.ask(one.standing.ask)]
    open_ones = [one for one in under_way(program, today) if one.course.report_owed]
    reports = [one for one in open_ones if not left.report(one.promise)]
    due += [(f"contest/{one.answer}", one.until) for one in contests]
    due += [(f"report/{one.promise}", one.course.report_back) for one in reports]
    return [Dated(f"own/{key}", _("Due"), on, on) for key, on in due if on is not None]


def _due_of_staff(program: Program, viewer: Viewer) -> list[Dated]:
    """List the days by which the viewer's offices answer or reply, and those of units that were merged away into theirs."""
    owed = record.standings(program, state__in=OWED, office__in=viewer.offices) if viewer.offices else []
    if viewer.merged:
        owed += record.standings(program, state__in=OWED, unit__in=sorted(viewer.merged))
    lists = lists_of(program, owed)
    days = {(lists.get(one.ask, one.ask), one.due): one for one in reversed(owed)}
    return [
        Dated(f"own/ask/{one.ask}", _("Due"), one.due, one.asked)
        for one in reversed(days.values())
        if one.due
    ]


@from_the_record
@open_to(Role.EVERYONE)
def calendar(request: ViewerRequest) -> HttpResponseBase:
    """Give meetings, decisions and promised days of the program as an iCalendar feed."""
    lang, ground, site = lang_of(request), ground_of(request), request.build_absolute_uri("/").rstrip("/")

    def address(name: str, **kwargs: object) -> str:
        return site + to_from(ground, name, **kwargs)

    dates = lately(public_dates(request.program, lang, request.today, address), request.today)
    feed = write_calendar(
        name=request.pack.words("name", lang),
        product="-//Alongside//Public calendar//EN",
        origin=request.program.origin,
        lang=lang,
        dates=dates,
    )
    return HttpResponse(feed, content_type=KIND)


@open_to(Role.EVERYONE)
def private_calendar(request: ViewerRequest, token: str) -> HttpResponseBase:
    """Give one person's dates to whoever holds the address, in plain words; 404 as soon as it is ended."""
    lang, today = lang_of(request), request.today
    person = or_404(calendar_owner(request.program, hash_token(token)))
    viewer = viewer_for(person, request.program, today)
    feed = write_calendar(
        name=_("Dates"),
        product="-//dates//dates//EN",
        origin=f"{request.program.origin}/{person.pk}",
        lang=lang,
        dates=own_dates(request.program, request.pack, lang, today, viewer),
    )
    reply = HttpResponse(feed, content_type=KIND)
    reply["Cache-Control"] = "private, no-store"
    reply["Referrer-Policy"] = "no-referrer"
    return reply
