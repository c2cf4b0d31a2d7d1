"""Read meetings with their words, and how long it is kept who came."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Q

from alongside.cohort.meetings.models import Attendance, Meeting, MinutesDraft
from alongside.cohort.seats.models import Cohort, Seat
from alongside.cohort.seats.queries.seats import sitting
from alongside.core.clocks import plus_months
from alongside.core.disclosure import Band, Fewer, band_of_data
from alongside.core.entries import Entry
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.policy.shapes import Retention
from alongside.ground.programs.models import Program
from alongside.ground.record.queries import EntryView, TextView, entries_at, entry_views, indexes_citing
from alongside.ground.ui.addresses import free_slug, short_name

ATTENDANCE = "attendance"


def attendance_rule(pack: Pack) -> Retention | None:
    """Give the rule by which names of those who came are kept; None where the pack has none, or none that was checked."""
    return next((one for one in pack.retention if one.id == ATTENDANCE and one.years and one.verified), None)


def erase_by(on: date, rule: Retention) -> date:
    """Give the day on which names kept under a rule go."""
    return plus_months(on, 12 * (rule.years or 0))


@dataclass(frozen=True)
class MeetingShown:
    """A meeting with its public words. `dissents` are what leads said beside the minutes, `confirmed` who confirmed them."""

    row: Meeting
    planned: EntryView
    held: EntryView | None = None
    dissents: list[EntryView] = field(default_factory=list)
    confirmed: list[EntryView] = field(default_factory=list)
    changes: int = 0

    @property
    def is_cancelled(self) -> bool:
        """Say whether it was cancelled."""
        return self.row.cancelled_on is not None

    @property
    def decisions(self) -> list[TextView]:
        """List what was decided, in order."""
        return _numbered(self.held, "decision")

    @property
    def minority(self) -> list[TextView]:
        """List the minority positions in the minutes, in order."""
        return _numbered(self.held, "minority")

    @property
    def people(self) -> Band | Fewer | None:
        """Give how many people came, as a range."""
        return band_of_data(self.held.entry.data["people"]) if self.held else None

    def may_be_confirmed_by(self, seat: str | None) -> bool:
        """Say whether a lead may confirm the minutes: whoever did not sign them yet."""
        told = [one for one in (self.held, *self.confirmed) if one]
        return bool(seat and told) and all(seat not in one.entry.by for one in told)


def _numbered(one: EntryView | None, name: str) -> list[TextView]:
    found = {} if one is None else one.texts
    keys = [key for key in found if key.startswith(f"{name}-")]
    return [found[key] for key in sorted(keys, key=lambda key: int(key.split("-")[1]))]


def every_meeting(program: Program, cohort: Cohort | None = None) -> list[Meeting]:
    """List meetings, the latest first, without their words. One query."""
    rows = Meeting.objects.filter(cohort__program=program, **({"cohort": cohort} if cohort else {}))
    return list(rows.select_related("cohort").order_by("-starts_at", "-pk"))


def with_words(program: Program, found: Sequence[Meeting], lang: str) -> list[MeetingShown]:
    """Give meetings with their words, in the order given. Three queries."""
    heard = [one.minutes for one in found if one.minutes is not None]
    about = [*(one.entry for one in found), *heard]
    of_minutes = [EntryKind.MEETING_DISSENTED, EntryKind.MEETING_CONFIRMED]
    beside = indexes_citing(program, about, [EntryKind.MEETING_CHANGED, *of_minutes])
    changed = Counter(cited for _citing, kind, cited in beside if kind == EntryKind.MEETING_CHANGED)
    entries = entry_views(program, [*about, *(one for one, kind, _ in beside if kind in of_minutes)], lang)
    shown = []
    for one in found:
        dissents, confirmed = (
            [entries[citing] for citing, kind, cited in beside if kind == wanted and cited == one.minutes]
            for wanted in of_minutes
        )
        held = None if one.minutes is None else entries[one.minutes]
        shown.append(MeetingShown(one, entries[one.entry], held, dissents, confirmed, changed[one.entry]))
    return shown


def looked_at(program: Program, cohort: str, since: datetime) -> list[Meeting]:
    """List the meetings that nobody cancelled and that have no public minutes, and those from a moment on of a cohort that have, the latest first. One query."""
    held = Q(cohort__slug=cohort, minutes__isnull=False, starts_at__gte=since)
    rows = Meeting.objects.filter(Q(cancelled_on=None, minutes=None) | held, cohort__program=program)
    return list(rows.order_by("-starts_at", "-pk"))


def unconfirmed(program: Program, told: Sequence[int | None]) -> dict[int, Entry]:
    """Give those of these minutes that no lead confirmed, by their entries. Two queries."""
    minutes = [one for one in told if one is not None]
    rows = indexes_citing(program, minutes, [EntryKind.MEETING_CONFIRMED])
    confirmed = {cited for _one, _kind, cited in rows}
    return entries_at(program, set(minutes) - confirmed)


def by_others(held: Iterable[Meeting], entries: Mapping[int, Entry], seat: str) -> list[Meeting]:
    """Of these meetings, list those whose minutes are among these entries and another lead published."""
    there = ((one, entries.get(one.minutes or 0)) for one in held)
    return [one for one, told in there if told and seat not in told.by]


def to_confirm(program: Program, seat: str, since: datetime) -> list[Meeting]:
    """List the meetings from a moment on of a lead's cohort whose minutes another lead published, and none confirmed. Three queries at most."""
    rows = Meeting.objects.filter(cohort__seats__public_id=seat, minutes__isnull=False, starts_at__gte=since)
    held = list(rows.order_by("-starts_at", "-pk"))
    return by_others(held, unconfirmed(program, [one.minutes for one in held]), seat) if held else []


def meeting_for(program: Program, slug: str, lang: str) -> MeetingShown | None:
    """Give one meeting by its name, or None. Four queries."""
    found = Meeting.objects.filter(cohort__program=program, slug=slug).select_related("cohort")
    return next(iter(with_words(program, list(found), lang)), None)


def draft_of(meeting: Meeting) -> MinutesDraft | None:
    """Give the minutes that are being written, or None."""
    found = MinutesDraft.objects.filter(meeting=meeting)
    return found.select_related("meeting__cohort__program").first()


def left_of(meeting: Meeting, pack: Pack) -> date | None:
    """Give until when minutes can be read that were being written when their meeting was cancelled, or None. One query at most."""
    if meeting.cancelled_on is None or draft_of(meeting) is None:
        return None
    return meeting.cancelled_on + timedelta(days=pack.charter.message_kept_days - 1)


def came_to(meeting: Meeting) -> list[int]:
    """List the seats that were there, where that is kept."""
    return list(Attendance.objects.filter(meeting=meeting).values_list("seat", flat=True))


def could_come(meeting: Meeting, on: date) -> list[Seat]:
    """List the seats of a meeting's cohort that were taken on its day, with their people."""
    seats = Seat.objects.filter(sitting(on), cohort=meeting.cohort_id)
    return list(seats.select_related("person").order_by("pk"))


def slug_for(program: Program, title: str, on: date) -> str:
    """Find a name for a meeting's address that is not taken: its day and its title."""
    taken = Meeting.objects.filter(cohort__program=program).values_list("slug", flat=True)
    return free_slug(taken, f"{on.isoformat()}-{short_name(title, 40) or 'meeting'}", "meeting", longest=51)
