"""Read cohorts as pages show them: their names, seats, empty seats, alternates and the founding of their keys."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from alongside.cohort.seats.models import Alternate, Cohort, Reminded, Removal, RoleHeld, Seat, Vacancy
from alongside.cohort.seats.queries.seats import may_still_fall, seated_today, sits, sitting
from alongside.core.clocks import vacancy_due
from alongside.core.entries import Entry
from alongside.core.grammar.keys import first_key, founding, public_keys
from alongside.core.grammar.recovery import READS, checks_of, recovery_of, unchecked
from alongside.core.grammar.seats import would_wait_until
from alongside.core.grammar.ties import NOBODY as NO_PAYER
from alongside.core.grammar.ties import OUTSIDE
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.sealing.leads import fingerprint
from alongside.core.workflow.calls import as_corrected
from alongside.ground.gate.roles import Viewer
from alongside.ground.people.models import Profile
from alongside.ground.programs.models import Program
from alongside.ground.record.models import LogEntry
from alongside.ground.record.queries import (
    EntryView,
    entries_at,
    entries_in,
    entry_views,
    indexes_citing,
    is_cited,
)
from alongside.ground.record.rows import RowsLog

STAGE = "called up"


#: So long a new seat is told of, to the lead and to the steward.
NEW = timedelta(days=30)


def about(seat: int) -> str:
    """Name the letter about one seat that was given, without a word of it."""
    return f"seat {seat}"


def called_up(program: Program, since: date) -> QuerySet[Alternate]:
    """Give who was called up since a day to a seat that nobody has left, the oldest call first."""
    found = Alternate.objects.filter(
        seat__cohort__program=program, seat__left_on=None, stood_down_on__gte=since
    )
    return found.select_related("seat", "person").order_by("seat")


def called_up_in(program: Program, today: date) -> dict[str, tuple[Alternate, date | None]]:
    """Give the new calls of a program by the public id of the seat, each with the day on which a letter went. Two queries."""
    names = {about(one.seat_id or 0): one for one in called_up(program, today - NEW)}
    letters = Reminded.objects.filter(program=program, stage=STAGE, about__in=names)
    told = dict(letters.values_list("about", "on"))
    return {one.seat.public_id: (one, told.get(name)) for name, one in names.items() if one.seat}


def new_seat_of(program: Program, viewer: Viewer, today: date) -> Seat | None:
    """Give the seat to which the viewer was called up lately, or None. One query."""
    own = called_up(program, today - NEW).filter(person=viewer.person_id or 0)
    return next((one.seat for one in own), None)


def empty_seats(program: Program, today: date) -> list[Vacancy]:
    """List the seats that are empty today, in terms that are not over, the longest first. Two queries at most."""
    found = Vacancy.objects.filter(
        cohort__program=program, filled_on=None, from_date__lte=today, cohort__until_date__gte=today
    )
    near = found.select_related("cohort", "seat__person").prefetch_related("seat__removals")
    return list(near.order_by("from_date", "pk"))


def place_to_fill(cohort: Cohort, before: int, today: date) -> Vacancy | None:
    """Give the place of a cohort that is empty the longest, was so before an entry, and is not kept free for an appeal.

    Two queries at most.
    """
    empty = empty_seats(cohort.program, today)
    found = (one for one in empty if one.cohort_id == cohort.pk and one.entry < before)
    return next((one for one in found if kept_free(one, today) is None), None)


@dataclass(frozen=True)
class RunningCall:
    """A published call that is not decided: its name, how many places it brings, its term, and the day by which it decides."""

    entry: int
    slug: str
    seats: int
    begins: date
    ends: date
    decides: date

    def is_for(self, vacancy: Vacancy) -> bool:
        """Say whether it fills an empty place: published since, for a term within that of the cohort."""
        cohort = vacancy.cohort
        return (
            vacancy.entry < self.entry and cohort.from_date <= self.begins <= self.ends <= cohort.until_date
        )


@dataclass(frozen=True)
class Empty:
    """An empty seat with its clock. `told` is the entry of the clock's last alarm, if it rang."""

    vacancy: Vacancy
    due: date
    days: int
    told: int | None
    #: The removal for whose appeal the seat is kept free: one can still come, or waits for its decision.
    free: Removal | None
    #: The call that is running to fill it, where a page asked for it.
    call: RunningCall | None = None
    #: How many alternates of its cohort wait to step in, where a page asked for it.
    waits: int = 0
    #: Until when somebody who was asked can take it, where a page asked for it.
    asked: date | None = None

    @property
    def is_late(self) -> bool:
        """Say whether the alarm's day has passed."""
        return self.days < 0


def vacancies(program: Program, pack: Pack, today: date, cohort: Cohort | None = None) -> list[Empty]:
    """List empty seats with how long they may stay so. Three queries at most."""
    found = [one for one in empty_seats(program, today) if cohort is None or one.cohort_id == cohort.pk]
    rows = indexes_citing(program, [one.entry for one in found], [EntryKind.VACANCY_LATE])
    alarms = {cited: citing for citing, _kind, cited in rows}
    return [
        Empty(
            one,
            due := vacancy_due(one.from_date, pack),
            (due - today).days,
            alarms.get(one.entry),
            kept_free(one, today),
        )
        for one in found
    ]


def running_calls(program: Program) -> list[RunningCall]:
    """List the calls that are published and not decided, as corrected, oldest first. Three queries at most."""
    lines = LogEntry.objects.filter(log__program=program, kind=EntryKind.CALL_PUBLISHED)
    lines = lines.exclude(is_cited(program, "index", EntryKind.SELECTION_CLOSED))
    calls = list(entries_in(lines.order_by("index")))
    rows = indexes_citing(program, [one.index for one in calls], [EntryKind.CALL_CORRECTED]) if calls else []
    said = entries_at(program, [citing for citing, _kind, _cited in rows]) if rows else {}
    found = []
    for one in calls:
        now = as_corrected(one, (said[citing] for citing, _kind, cited in rows if cited == one.index))
        term, decides = now["term"], date.fromisoformat(now["decides"])
        days = (date.fromisoformat(term["from"]), date.fromisoformat(term["until"]))
        found.append(RunningCall(one.index, now["call"], now["seats"], *days, decides))
    return found


def with_calls(empty: Sequence[Empty], running: Callable[[], Sequence[RunningCall]]) -> list[Empty]:
    """Give empty seats each with the call that is running for it, how many wait to step in, and until when one of them is asked.

    A call brings as many places as it says. Two queries at most, and those of the calls; none where no seat is empty.
    """
    if not empty:
        return []
    asked, calls = asked_for([one.vacancy.pk for one in empty]), running()
    rows = Alternate.objects.filter(cohort__in={one.vacancy.cohort_id for one in empty}, stood_down_on=None)
    waits = Counter(rows.values_list("cohort", flat=True))
    left = {one.entry: one.seats for one in calls}
    found = []
    for one in empty:
        fits = (each for each in calls if left[each.entry] and each.is_for(one.vacancy))
        call = None if one.free else next(fits, None)
        if call:
            left[call.entry] -= 1
        count = 0 if one.free else waits[one.vacancy.cohort_id]
        found.append(replace(one, call=call, waits=count, asked=asked.get(one.vacancy.pk)))
    return found


def kept_free(vacancy: Vacancy, today: date) -> Removal | None:
    """Give the removal for whose appeal a seat is kept free: one is still possible, or waits for its decision."""
    removals = vacancy.seat.removals.all() if vacancy.seat else ()
    removal = next((one for one in removals if one.entry == vacancy.entry), None)
    return removal if removal and may_still_fall(removal, today) else None


def alternates_of(cohort: Cohort) -> list[Alternate]:
    """List who still waits to step in, by their places. One query."""
    return list(
        Alternate.objects.filter(cohort=cohort, stood_down_on=None).select_related("person").order_by("place")
    )


@dataclass(frozen=True)
class Line:
    """Who waits to step in, first to last, and who of them comes next.

    `chosen` are those whom a selection put there: they answer on the page of their application. Of those who are asked just
    now, `asked` says until when they can answer. By the rows of the alternates.
    """

    waiting: Sequence[Alternate]
    next: Alternate | None
    chosen: frozenset[int] = frozenset()
    asked: Mapping[int, date] = field(default_factory=dict)

    @property
    def asks(self) -> bool:
        """Say whether whoever comes next answers by themselves, on the page of their application."""
        return self.next is not None and self.next.pk in self.chosen


type Lines = Callable[[Sequence[Alternate]], Line]
type Asked = Callable[[Collection[int]], Mapping[int, date]]
_lines: list[tuple[Lines, Asked]] = []


def lines_are_told_by(lines: Lines, asked: Asked) -> None:
    """Let the app that chooses people say in which order they step in, and until when they can take which empty seat."""
    _lines.append((lines, asked))


def line_of(cohort: Cohort) -> Line:
    """Give who waits to step into an empty seat of a cohort, and whose turn it is. Nine queries at most."""
    waiting = alternates_of(cohort)
    return next((lines(waiting) for lines, _asked in _lines), Line(waiting, next(iter(waiting), None)))


def asked_for(rows: Collection[int]) -> dict[int, date]:
    """Give until when somebody can take an empty seat that they were asked for, by its row. One query at most."""
    return {row: day for _line, asked in _lines if rows for row, day in asked(rows).items()}


def still_holds(today: date) -> Q:
    """Say which roles are held on a day: those of a lead who gave notice end on its day."""
    return Q(until_date=None) | Q(until_date__gt=today)


def roles_of(seats: Iterable[int], today: date) -> dict[int, list[RoleHeld]]:
    """Give the roles that seats hold today, by seat. One query."""
    found: dict[int, list[RoleHeld]] = defaultdict(list)
    rows = RoleHeld.objects.filter(still_holds(today), seat__in=list(seats), from_date__lte=today)
    for one in rows.order_by("from_date", "pk"):
        found[one.seat_id].append(one)
    return found


def cohorts_of(program: Program) -> list[Cohort]:
    """List the cohorts of a program, newest first."""
    return list(Cohort.objects.filter(program=program).order_by("-from_date", "-pk"))


def payers_said_by_leads(program: Program) -> dict[str, str]:
    """Give who pays, as the leads themselves say, by seat. One query."""
    lines = LogEntry.objects.filter(log__program=program, kind=EntryKind.SEAT_DECLARED).order_by("index")
    told = [line.parsed for line in lines]
    return {one.seats[0]: str(one.data["paid_by"]) for one in told if one.seats and "paid_by" in one.data}


@dataclass(frozen=True)
class SeatShown:
    """A seat as everyone sees it: its row, its roles of today, and a profile if its owner shows one."""

    row: Seat
    sits: bool
    paid_by: str
    works_for: str
    #: Who pays as the lead says, where that is not what the steward says; and its name, if it is a unit.
    said: str
    said_unit: str
    roles: Sequence[RoleHeld]
    profile: Profile | None


@dataclass(frozen=True)
class CohortShown:
    """A cohort with its seats and empty seats."""

    row: Cohort
    told: EntryView
    seats: list[SeatShown] = field(default_factory=list)
    empty: list[Empty] = field(default_factory=list)

    @property
    def sitting(self) -> list[SeatShown]:
        """List the seats that are taken today."""
        return [one for one in self.seats if one.sits]

    @property
    def over(self) -> list[SeatShown]:
        """List the seats that were left."""
        return [one for one in self.seats if not one.sits]


def cohort_now(program: Program, today: date) -> Cohort | None:
    """Give the first of `cohorts_now`, or None."""
    return next(iter(cohorts_now(program, today)), None)


def cohorts_now(program: Program, today: date) -> list[Cohort]:
    """List the cohorts whose term runs today: those in which leads sit, then others; of each the one that began first.

    Where none runs, the one that comes next, else the last. One query.
    """
    sits = Exists(Seat.objects.filter(sitting(today), cohort=OuterRef("pk")))
    loaded = Cohort.objects.filter(program=program).select_related("program").annotate(sits=sits)
    found: list[Cohort] = [*loaded.order_by("-sits", "from_date", "pk")]
    running = [one for one in found if one.runs_on(today)]
    ahead = [one for one in found if one.from_date > today]
    return running or ahead[:1] or found[-1:]


def cohort_by_slug(program: Program, slug: str) -> Cohort | None:
    """Give a cohort by its name in an address, or None."""
    return Cohort.objects.filter(program=program, slug=slug).select_related("program").first()


def cohort_names(program: Program, lang: str) -> list[tuple[Cohort, tuple[str, str]]]:
    """List every cohort, newest first, with what it is called and the language of the words; its short name where the record has none.

    Three queries.
    """
    found = cohorts_of(program)
    told = entry_views(program, [one.entry for one in found], lang)
    shown = [(one, told[one.entry].texts.get("name") if one.entry in told else None) for one in found]
    return [(one, (text.words, text.lang) if text else (one.slug, lang)) for one, text in shown]


def names_in(program: Program, lang: str) -> dict[int, tuple[str, str]]:
    """Give what every cohort of a program is called, by its row, as `cohort_names` does. Three queries."""
    return {one.pk: name for one, name in cohort_names(program, lang)}


def beside_whom(
    program: Program, lang: str, first: date, today: date
) -> tuple[list[tuple[str, int, date]], date]:
    """Give the cohorts of which leads sit already, each with its name, how many and its last day, before a cohort is seated.

    Then the day from which the leads of a term that begins on `first` count beside them. Five queries, and those of the record.
    """
    names, seats = names_in(program, lang), seated_today(program, today)
    count = Counter(one.cohort for one in seats)
    cohorts = [(names[one.pk][0], many, one.until_date) for one, many in count.items()]
    return cohorts, would_wait_until(RowsLog.of(program), first, today)


def show_cohort(cohort: Cohort, pack: Pack, lang: str, today: date) -> CohortShown:
    """Give a cohort with everything its page shows. Nine queries at most."""
    rows = Seat.objects.filter(cohort=cohort).select_related("paid_by", "works_for", "person__profile")
    return CohortShown(
        row=cohort,
        told=entry_views(cohort.program, [cohort.entry], lang)[cohort.entry],
        seats=seats_shown(cohort.program, rows.order_by("pk"), pack, lang, today),
        empty=vacancies(cohort.program, pack, today, cohort),
    )


def seats_shown(
    program: Program, rows: Iterable[Seat], pack: Pack, lang: str, today: date
) -> list[SeatShown]:
    """Give seats as everyone sees them, their payers and profiles loaded. Two queries, and that of the rows."""
    seats = list(rows)
    roles = roles_of([one.pk for one in seats], today)
    own = payers_said_by_leads(program)

    def shown(seat: Seat) -> SeatShown:
        said = own.get(seat.public_id, "")
        said = said if said != seat.payer else ""
        profile = getattr(seat.person, "profile", None)
        is_taken = sits(seat, today)
        return SeatShown(
            row=seat,
            sits=is_taken,
            paid_by=pack.unit_name(seat.paid_by.slug, lang) if seat.paid_by else "",
            works_for=pack.unit_name(seat.works_for.slug, lang) if seat.works_for else "",
            said=said,
            said_unit=pack.unit_name(said, lang) if said not in {"", OUTSIDE, NO_PAYER} else "",
            roles=roles.get(seat.pk, ()) if is_taken else (),
            profile=profile if profile and profile.is_public and is_taken else None,
        )

    return [shown(one) for one in seats]


@dataclass(frozen=True)
class Founding:
    """Where the founding of the leads' keys stands: since when it is in force, and whether both keys are signed by the other.

    Of each of the two keys, or of the first before that, the seat, the digits by which people compare it, and its entry.
    """

    keys: list[tuple[str, str, int]]
    on: date | None
    is_signed: bool
    #: The recovery papers in force, and the numbers of those that nobody checked.
    papers: Entry | None = None
    unchecked: Sequence[int] = ()


def founding_of(program: Program, today: date) -> Founding:
    """Say where the founding of the leads' keys stands, and that of their recovery papers. One query."""
    rows = RowsLog.of(program).read(*READS)
    first = first_key(rows)
    two = () if first else founding(rows)
    keys = [
        (one.data["seat"], fingerprint(origin=program.origin, **public_keys(one)), one.index)
        for one in (first, *two)
        if one
    ]
    papers = recovery_of(rows, today)
    return Founding(
        keys,
        on=two[-1].date if two else None,
        is_signed=bool(two) and "certs" in two[-1].data,
        papers=papers,
        unchecked=unchecked(papers, checks_of(papers, rows)) if papers else (),
    )
