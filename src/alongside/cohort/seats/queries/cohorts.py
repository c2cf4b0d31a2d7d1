"""Read a cohort as everyone sees it: seats without names, their terms, roles, and the profiles their owners show."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef

from alongside.cohort.seats.models import CalendarKey, Cohort, RoleHeld, Seat
from alongside.cohort.seats.queries.moves import Empty, roles_of, vacancies
from alongside.cohort.seats.queries.seats import payers_said_by_leads, seated_today, sitting
from alongside.core.grammar import Entry
from alongside.core.grammar.v1.cohort import NOBODY, OUTSIDE, first_key, founding, would_wait_until
from alongside.core.policy import Pack
from alongside.core.sealing.leads import fingerprint
from alongside.ground.gate import Asker
from alongside.ground.people.models import Person, Profile
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Log
from alongside.ground.record.queries import Told, is_under_hold, told
from alongside.ground.record.rows import RowsLog


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
    told: Told
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


def cohort_for(asker: Asker, program: Program, today: date) -> Cohort | None:
    """Give a lead's own cohort; to anyone else the one of today. One query."""
    if asker.seat_id is None:
        return cohort_now(program, today)
    return Cohort.objects.filter(seats=asker.seat_id).select_related("program").first()


def cohort_by_slug(program: Program, slug: str) -> Cohort | None:
    """Give a cohort by its name in an address, or None."""
    return Cohort.objects.filter(program=program, slug=slug).select_related("program").first()


def cohort_names(program: Program, lang: str) -> list[tuple[Cohort, Told]]:
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


def _name(found: Told | None, cohort: Cohort, lang: str) -> tuple[str, str]:
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
    rows = Seat.objects.filter(cohort=cohort).select_related("paid_by", "works_for", "end", "person__profile")
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
    end = getattr(seat, "end", None)
    profile = getattr(seat.person, "profile", None)
    sits = seat.from_date <= today <= seat.until_date and (end is None or end.left_on > today)
    return SeatShown(
        public_id=seat.public_id,
        from_date=seat.from_date,
        until_date=seat.until_date,
        left_on=end.left_on if end else None,
        paid_by=names.get(seat.paid_by.slug, seat.paid_by.slug) if seat.paid_by else "",
        payer=seat.payer,
        said=said,
        said_unit=names.get(said, said) if said not in ("", OUTSIDE, NOBODY) else "",
        works_for=names.get(seat.works_for.slug, seat.works_for.slug) if seat.works_for else "",
        sits=sits,
        roles=roles if sits else (),
        profile=profile if profile and profile.is_public and sits else None,
    )


def profile_of(person_id: int) -> Profile | None:
    """Give what a person wrote of themselves, shown or not; only for the person."""
    return Profile.objects.filter(person=person_id).first()


def is_profile_held(person_id: int) -> bool:
    """Say whether a legal hold stands in a program in which a person sits or sat."""
    found = Program.objects.filter(cohorts__seats__person=person_id).distinct()
    return any(is_under_hold(one) for one in found)


def calendar_key_of(person_id: int, program: Program) -> CalendarKey | None:
    """Give the row that says a person has a calendar address, or None; the address itself is nowhere."""
    return CalendarKey.objects.filter(person=person_id, program=program).first()


def calendar_owner(program: Program, token_hash: str) -> Person | None:
    """Give the person whose calendar a token opens, or None where it was ended."""
    found = CalendarKey.objects.filter(program=program, token_hash=token_hash)
    key = found.select_related("person").first()
    return None if key is None else key.person


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
