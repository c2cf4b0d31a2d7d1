"""Read cohorts as pages show them: their names, seats, empty seats, alternates and the founding of their keys."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from alongside.cohort.seats.models import Alternate, Cohort, Reminded, Removal, RoleHeld, Seat, Vacancy
from alongside.cohort.seats.queries.seats import may_still_fall, seated_today, sits, sitting
from alongside.core.clocks import vacancy_due
from alongside.core.entries import Entry
from alongside.core.grammar.check import parse
from alongside.core.grammar.cohort import NOBODY as NO_PAYER
from alongside.core.grammar.cohort import OUTSIDE, first_key, founding, would_wait_until
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.sealing.leads import fingerprint
from alongside.ground.gate.roles import Viewer
from alongside.ground.people.models import Profile
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Log, LogEntry
from alongside.ground.record.queries import EntryView, indexes_citing, told
from alongside.ground.record.rows import RowsLog

STAGE = "called up"


#: So long a new seat is told of, to the lead and to the steward.
NEW = timedelta(days=30)


@dataclass(frozen=True)
class CalledUp:
    """A call: the seat, since when, whether a letter can go to its lead, and the day on which it went."""

    seat: Seat
    on: date
    is_reached: bool
    told: date | None


def about(seat: int) -> str:
    """Name the letter about one seat that was given, without a word of it."""
    return f"seat {seat}"


def called_up(program: Program, since: date) -> list[Alternate]:
    """List the calls since a day whose seat nobody has left, the oldest first. One query."""
    rows = Alternate.objects.filter(
        seat__cohort__program=program, seat__left_on=None, stood_down_on__gte=since
    ).select_related("seat", "person")
    return list(rows.order_by("seat"))


def called_up_in(cohort: Cohort, today: date) -> dict[str, CalledUp]:
    """Give the new calls of a cohort by the public id of the seat. Two queries."""
    found = called_up(cohort.program, today - NEW)
    letters = Reminded.objects.filter(
        program=cohort.program, stage=STAGE, about__in=[about(one.seat_id or 0) for one in found]
    )
    told = dict(letters.values_list("about", "on"))
    return {
        one.seat.public_id: CalledUp(
            one.seat, one.stood_down_on, bool(one.person.email), told.get(about(one.seat.pk))
        )
        for one in found
        if one.seat and one.stood_down_on and one.seat.cohort_id == cohort.pk
    }


def new_seat_of(program: Program, viewer: Viewer, today: date) -> Seat | None:
    """Give the seat to which the viewer was called up lately, or None. One query."""
    rows = called_up(program, today - NEW)
    return next((one.seat for one in rows if one.person_id == viewer.person_id), None)


def empty_seats(program: Program, today: date) -> list[Vacancy]:
    """List the seats that are empty today, in terms that are not over, the longest first. Two queries at most."""
    found = Vacancy.objects.filter(
        cohort__program=program, filled_on=None, from_date__lte=today, cohort__until_date__gte=today
    )
    near = found.select_related("cohort", "seat").prefetch_related("seat__removals")
    return list(near.order_by("from_date", "pk"))


@dataclass(frozen=True)
class Empty:
    """An empty seat with its clock. `told` is the entry of the clock's last alarm, if it rang."""

    vacancy: Vacancy
    due: date
    days: int
    told: int | None
    #: The seat waits for an appeal: until this day one can come, or (without a day) one waits for its decision.
    is_kept_free: bool = False
    appeal_by: date | None = None

    @property
    def left(self) -> int:
        """Count the days until the alarm; below zero past it."""
        return self.days

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
            vacancy=one,
            due=(day := vacancy_due(one.from_date, pack)),
            days=(day - today).days,
            told=alarms.get(one.entry),
            is_kept_free=(free := kept_free(one, today)) is not None,
            appeal_by=free.appeal_by if free and free.appealed_on is None else None,
        )
        for one in found
    ]


def kept_free(vacancy: Vacancy, today: date) -> Removal | None:
    """Give the removal for whose appeal a seat is kept free: one is still possible, or waits for its decision."""
    removals = vacancy.seat.removals.all() if vacancy.seat else ()
    removal = next((one for one in removals if one.entry == vacancy.entry), None)
    return removal if removal and may_still_fall(removal, today) else None


def vacancy_for(program: Program, pk: int, today: date) -> Vacancy | None:
    """Give an empty seat by its row, or None."""
    return next((one for one in empty_seats(program, today) if one.pk == pk), None)


def alternates_of(cohort: Cohort) -> list[Alternate]:
    """List who still waits to step in, first to last. One query."""
    return list(
        Alternate.objects.filter(cohort=cohort, stood_down_on=None).select_related("person").order_by("place")
    )


def roles_of(seats: Iterable[int], today: date) -> dict[int, list[RoleHeld]]:
    """Give the roles that seats hold today, by seat. One query."""
    live = Q(until_date=None) | Q(until_date__gt=today)
    found: dict[int, list[RoleHeld]] = {}
    rows = RoleHeld.objects.filter(live, seat__in=list(seats), from_date__lte=today).order_by(
        "from_date", "pk"
    )
    for one in rows:
        found.setdefault(one.seat_id, []).append(one)
    return found


def names_of(cohort: Cohort) -> dict[str, str]:
    """Give what the leads of a cohort are called, by their seats, for the steward alone. One query."""
    return dict(Seat.objects.filter(cohort=cohort).values_list("public_id", "person__called"))


def cohorts_of(program: Program) -> list[Cohort]:
    """List the cohorts of a program, newest first."""
    return list(Cohort.objects.filter(program=program).order_by("-from_date", "-pk"))


def payers_said_by_leads(program: Program) -> dict[str, str]:
    """Give who pays, as the leads themselves say, by seat. One query."""
    lines = LogEntry.objects.filter(log__program=program, kind=EntryKind.SEAT_DECLARED).order_by("index")
    told = [parse(line.index, bytes(line.raw)) for line in lines]
    return {one.seats[0]: str(one.data["paid_by"]) for one in told if one.seats and "paid_by" in one.data}


@dataclass(frozen=True)
class SeatShown:
    """A seat as everyone sees it: its id, its term, its roles, and a profile if its owner shows one."""

    public_id: str
    from_date: date
    until_date: date
    left_on: date | None
    paid_by: str
    payer: str
    works_for: str
    #: Who pays as the lead says, where that is not what the steward says; and its name, if it is a unit.
    said: str
    said_unit: str
    sits: bool
    roles: Sequence[RoleHeld] = ()
    profile: Profile | None = None


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
    running = [one for one in found if one.from_date <= today <= one.until_date]
    ahead = [one for one in found if one.from_date > today]
    return running or ahead[:1] or found[-1:]


def cohort_for(viewer: Viewer, program: Program, today: date) -> Cohort | None:
    """Give a lead's own cohort; to anyone else the one of today. One query."""
    if viewer.seat_id is None:
        return cohort_now(program, today)
    return Cohort.objects.filter(seats=viewer.seat_id).select_related("program").first()


def cohort_by_slug(program: Program, slug: str) -> Cohort | None:
    """Give a cohort by its name in an address, or None."""
    return Cohort.objects.filter(program=program, slug=slug).select_related("program").first()


def cohort_names(program: Program, lang: str) -> list[tuple[Cohort, EntryView]]:
    """List every cohort with its name, newest first. Three queries."""
    found = list(Cohort.objects.filter(program=program).order_by("-from_date", "-pk"))
    entries = told(program, [one.entry for one in found], lang)
    return [(one, entries[one.entry]) for one in found]


def name_in(cohort: Cohort, lang: str) -> tuple[str, str]:
    """Give what a cohort is called and the language of the words; its short name where the record has none. Two queries."""
    return _name(told(cohort.program, [cohort.entry], lang).get(cohort.entry), cohort, lang)


def names_in(program: Program, lang: str) -> dict[int, tuple[str, str]]:
    """Give what every cohort of a program is called, by its row, as `name_in` does. Three queries."""
    return {one.pk: _name(found, one, lang) for one, found in cohort_names(program, lang)}


def _name(found: EntryView | None, cohort: Cohort, lang: str) -> tuple[str, str]:
    shown = found.texts.get("name") if found else None
    return (shown.words, shown.lang) if shown else (cohort.slug, lang)


@dataclass(frozen=True)
class Sitting:
    """A cohort of which leads sit: its name, how many, and the last day of its term."""

    name: str
    count: int
    until: date


@dataclass(frozen=True)
class Beside:
    """Beside whom a new cohort would sit, and from when on its leads would count."""

    cohorts: list[Sitting]
    weigh_from: date


def beside_whom(program: Program, lang: str, first: date, today: date) -> Beside:
    """Give who sits already, before a cohort is seated whose term begins on `first`. Five queries, and those of the record."""
    names, seats = names_in(program, lang), seated_today(program, today)
    count = Counter(one.cohort for one in seats)
    cohorts = [Sitting(names[one.pk][0], many, one.until_date) for one, many in count.items()]
    rows = RowsLog(Log.objects.get(program=program))
    return Beside(cohorts, would_wait_until(rows, first, today))


def seats_in(cohort: Cohort, today: date) -> list[str]:
    """List the public ids of the seats taken in a cohort today."""
    seats = Seat.objects.filter(sitting(today), cohort=cohort).order_by("pk")
    return list(seats.values_list("public_id", flat=True))


def show_cohort(cohort: Cohort, pack: Pack, lang: str, today: date) -> CohortShown:
    """Give a cohort with everything its page shows. Nine queries at most."""
    rows = Seat.objects.filter(cohort=cohort).select_related("paid_by", "works_for", "person__profile")
    seats = list(rows.order_by("pk"))
    roles = roles_of([one.pk for one in seats], today)
    names = {unit.slug: unit.name.say(lang) for unit in pack.units}
    own = payers_said_by_leads(cohort.program)
    return CohortShown(
        row=cohort,
        told=told(cohort.program, [cohort.entry], lang)[cohort.entry],
        seats=[_shown(one, roles.get(one.pk, []), names, own.get(one.public_id, ""), today) for one in seats],
        empty=vacancies(cohort.program, pack, today, cohort),
    )


def _shown(seat: Seat, roles: Sequence[RoleHeld], names: dict[str, str], own: str, today: date) -> SeatShown:
    said = own if own != seat.payer else ""
    profile = getattr(seat.person, "profile", None)
    is_taken = sits(seat, today)
    return SeatShown(
        public_id=seat.public_id,
        from_date=seat.from_date,
        until_date=seat.until_date,
        left_on=seat.left_on,
        paid_by=names.get(seat.paid_by.slug, seat.paid_by.slug) if seat.paid_by else "",
        payer=seat.payer,
        said=said,
        said_unit=names.get(said, said) if said not in ("", OUTSIDE, NO_PAYER) else "",
        works_for=names.get(seat.works_for.slug, seat.works_for.slug) if seat.works_for else "",
        sits=is_taken,
        roles=roles if is_taken else (),
        profile=profile if profile and profile.is_public and is_taken else None,
    )


@dataclass(frozen=True)
class FoundingKey:
    """One of the first two keys of the leads: whose, and by which digits people compare it."""

    seat: str
    fingerprint: str
    entry: int


@dataclass(frozen=True)
class Founding:
    """Where the founding of the leads' keys stands: the two keys once it is in force, before that the first, if there is one."""

    two: list[FoundingKey]
    first: FoundingKey | None
    on: date | None
    is_signed: bool


def founding_of(program: Program) -> Founding:
    """Say where the founding of the leads' keys stands. Three queries."""
    rows = RowsLog(Log.objects.get(program=program))
    first = first_key(rows)
    two = () if first else founding(rows)
    return Founding(
        two=[_founding_key(one) for one in two],
        first=_founding_key(first) if first else None,
        on=two[-1].date if two else None,
        is_signed=bool(two) and "certs" in two[-1].data,
    )


def _founding_key(key: Entry) -> FoundingKey:
    told = key.data
    return FoundingKey(told["seat"], fingerprint(told["recipient"], told["sign_key"]), key.index)
