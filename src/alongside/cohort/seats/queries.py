"""Read cohorts: who sits, who may act and check, what is empty, who left, who hears what, and what waits for a second."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from alongside.cohort.seats.models import (
    Alternate,
    CalendarKey,
    CharterDraft,
    Cohort,
    InReach,
    LastWords,
    Proposal,
    Reminded,
    Removal,
    RoleHeld,
    Seat,
    SecondAsked,
    Vacancy,
)
from alongside.core.clocks import vacancy_due
from alongside.core.entries import OFFICE, SEAT, Entry
from alongside.core.grammar import moves
from alongside.core.grammar.bureaus import bureaus_in
from alongside.core.grammar.charter import CHARTER_TEXTS, entry_hash
from alongside.core.grammar.check import parse
from alongside.core.grammar.cohort import NOBODY as NO_PAYER
from alongside.core.grammar.cohort import (
    OUTSIDE,
    first_key,
    founding,
    is_in_force,
    is_payer_told,
    is_removed,
    is_suspended,
    left_on,
    majority_lacks,
    said,
    signs_rules_from,
    stake_since,
    standing,
    told_of,
    waits_until,
    would_wait_until,
)
from alongside.core.grammar.commitments import CHECKERS, nobody_could_check
from alongside.core.grammar.engagements import DESTROYERS
from alongside.core.grammar.engagements import holders_of as engagements_holders_of
from alongside.core.grammar.program import clocks_told, needs_the_leads, policy
from alongside.core.grammar.suspensions import suspended_until
from alongside.core.kinds import EntryKind
from alongside.core.policy.load import load_pack
from alongside.core.policy.pack import Pack
from alongside.core.sealing.leads import fingerprint
from alongside.core.words import has_words
from alongside.core.workflow.commitments import Verdict
from alongside.core.workflow.removals import Ruling
from alongside.ground.gate.roles import NOBODY, Role, Viewer
from alongside.ground.people.models import Person, Profile
from alongside.ground.people.queries import person_at
from alongside.ground.programs.models import STEWARD, Post, Program, Unit
from alongside.ground.programs.queries import (
    answers_today,
    appointed,
    body_of,
    held_ever,
    holders_of,
    is_steward,
    merged_into,
    pack_of,
    posts_from,
    serving,
    stewards_on,
)
from alongside.ground.programs.queries import held_by as queries_held_by
from alongside.ground.record.actions import terms_of
from alongside.ground.record.models import Log, LogEntry, MilestoneStanding
from alongside.ground.record.queries import (
    EntryView,
    TextView,
    indexes_citing,
    is_under_hold,
    told,
    told_where,
)
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.languages import in_readers_words, listed

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


@dataclass(frozen=True)
class CharterShown:
    """The charter that stands. `signed` maps who signed (a seat, or steward) to the day; both who and when are public."""

    told: EntryView
    signed: Mapping[str, tuple[int, date]]
    #: The language in which it was asked for.
    asked: str = ""

    @property
    def foreign(self) -> list[TextView]:
        """List the parts that are not there in the language that was asked for."""
        return [one for _name, one in self.parts if one is not None and one.lang != self.asked]

    @property
    def is_all_foreign(self) -> bool:
        """Say whether no part is there in the language that was asked for."""
        return len(self.foreign) == len([one for _name, one in self.parts if one is not None])

    @property
    def index(self) -> int:
        """Give the number of its entry."""
        return self.told.index

    @property
    def hash(self) -> str:
        """Give the hash that a signature is made over."""
        return entry_hash(self.told.entry)

    @property
    def parts(self) -> list[tuple[str, TextView | None]]:
        """List its parts in order; None where a part was taken down."""
        return [(name, self.told.texts.get(name)) for name in CHARTER_TEXTS]

    def is_in_force(self, seats: list[str]) -> bool:
        """Say whether every one of these seats, and the program, have signed."""
        return bool(seats) and {*seats, "steward"} <= set(self.signed)


def charter_now(cohort: Cohort, lang: str) -> CharterShown | None:
    """Give the charter of a cohort that stands, signed by all or not yet, or None. Five queries at most."""
    found = told_where(cohort.program, lang, kinds=[EntryKind.CHARTER_ADOPTED], subject=cohort.slug)
    if not found:
        return None
    charter = found[-1]
    rows = indexes_citing(cohort.program, [charter.index], [EntryKind.CHARTER_SIGNED])
    signed = told(cohort.program, [citing for citing, _kind, _cited in rows], lang).values()
    return CharterShown(charter, {one.entry.by[0]: (one.index, one.entry.date) for one in signed}, lang)


def charter_of_the_leads(cohort: Cohort, today: date) -> Entry | None:
    """Give the last charter that most of the leads signed; whom it names hears appeals and alarms."""
    return moves.charter_of_leads(RowsLog(Log.objects.get(program=cohort.program)), cohort.slug, today)


def hears_appeal(seat: Seat, today: date) -> tuple[str, bool]:
    """Name the office or seat that hears the appeal of a seat by the charter of its leads, and say whether it stands in for whom that names; nothing where there is none."""
    rows = RowsLog(Log.objects.get(program=seat.cohort.program))
    hears = moves.hears_appeal(rows, seat.public_id, today)
    charter = moves.charter_of_leads(rows, seat.cohort.slug, today) if hears else None
    return hears, charter is not None and charter.data["appeals_to"] != hears


def languages_without(draft: CharterDraft | None, languages: Iterable[str], lang: str) -> list[str]:
    """List the languages in which a draft lacks words, apart from the one that is being written."""
    words = draft.words if draft else {}
    return [
        one
        for one in languages
        if one != lang and not all(has_words(words.get(one, {}).get(name, "")) for name in CHARTER_TEXTS)
    ]


def charter_draft(cohort: Cohort) -> CharterDraft | None:
    """Give the charter that is being written, or None."""
    return CharterDraft.objects.filter(cohort=cohort).select_related("cohort__program").first()


def to_begin_with(draft: CharterDraft | None, standing: CharterShown | None, lang: str) -> dict[str, str]:
    """Give what the form of a language begins with: what was saved, else the charter that stands."""
    if draft is not None:
        return {
            **draft.words.get(lang, {}),
            "appeals_to": draft.appeals_to,
            "alarms_to": draft.alarms_to,
        }
    if standing is None:
        return {}
    data = standing.told.entry.data
    words = {name: one.words for name, one in standing.parts if one is not None}
    return {**words, "appeals_to": data["appeals_to"], "alarms_to": data["alarms_to"]}


#: How long a lead who has their seat back reads that, and why.
FELL_IS_TOLD = timedelta(days=30)


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


def may_still_fall(removal: Removal, today: date) -> bool:
    """Say whether the appeal against a removal is still possible, or waits for its decision."""
    return today <= removal.appeal_by if removal.appealed_on is None else not removal.decision


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


def seat_for(program: Program, public_id: str) -> Seat | None:
    """Give a seat of a program by its public id, with its person and cohort."""
    seats = Seat.objects.filter(cohort__program=program, public_id=public_id)
    return seats.select_related("person", "cohort__program").first()


def names_of(cohort: Cohort) -> dict[str, str]:
    """Give what the leads of a cohort are called, by their seats, for the steward alone. One query."""
    return dict(Seat.objects.filter(cohort=cohort).values_list("public_id", "person__called"))


def has_sat(program: Program, viewer: Viewer) -> bool:
    """Say whether the viewer sits or once sat in any cohort of a program. One query."""
    return Seat.objects.filter(person=viewer.person_id or 0, cohort__program=program).exists()


def removal_of(program: Program, viewer: Viewer, today: date) -> Removal | None:
    """Give the removal of the viewer's own seat that can be or was appealed, or None; one that fell, for some days after."""
    found = Removal.objects.filter(
        ~Q(decision=Ruling.LIFTED) | Q(decided_on__gte=today - FELL_IS_TOLD),
        seat__person=viewer.person_id or 0,
        seat__cohort__program=program,
    )
    return found.select_related("seat__cohort__program").order_by("-pk").first()


def has_fallen(removal: Removal) -> bool:
    """Say whether a removal was lifted, so that its lead has the seat back."""
    return removal.decision == Ruling.LIFTED


def appeals_for(program: Program, viewer: Viewer) -> list[Removal]:
    """List the removals whose appeal waits for this viewer: their office or seat is named, and they did not remove. One query."""
    named = [*viewer.offices, *([viewer.seat] if viewer.seat else [])]
    found = Removal.objects.filter(
        seat__cohort__program=program, appeal_to__in=named, appealed_on__isnull=False, decision=""
    ).exclude(removed_by=viewer.person_id or 0)
    return list(found.select_related("seat__cohort__program").order_by("appeal_entry"))


def units_of(program: Program) -> dict[str, Unit]:
    """Give the units of a program by their slugs. One query."""
    return {one.slug: one for one in Unit.objects.filter(program=program)}


def sitting(today: date) -> Q:
    """Say which seats are taken on a day: within their term, and not ended before it."""
    return Q(from_date__lte=today, until_date__gte=today) & (Q(left_on=None) | Q(left_on__gt=today))


def removed() -> Exists:
    """Say which seats were removed by what no appeal lifted."""
    told = Removal.objects.filter(seat=OuterRef("pk"))
    return Exists(told.exclude(decision=Ruling.LIFTED))


def not_removed() -> Q:
    """Say which seats a lead who sits again still opens by: all but those that were removed."""
    return ~(Q(removed()) & Q(left_on__isnull=False))


def seat_of_viewer(viewer: Viewer) -> Seat:
    """Give the viewer's seat. One query. Raises Seat.DoesNotExist for someone who is no lead."""
    return Seat.objects.get(pk=viewer.seat_id or 0)


def seat_of(person_id: int, program: Program, today: date) -> Seat | None:
    """Give the seat a person holds in a program today, or None."""
    seats = Seat.objects.filter(sitting(today), person=person_id, cohort__program=program)
    return seats.select_related("cohort").order_by("-pk").first()


def seat_within(program: Program, person: int, first: date, last: date = date.max) -> Seat | None:
    """Give a seat of a person on any of these days, the one that lasts longest; a removed one until its appeal is over.

    Two queries.
    """
    seats = Seat.objects.filter(
        person=person, cohort__program=program, from_date__lte=last, until_date__gte=first
    )
    loaded = seats.prefetch_related("removals").order_by("-until_date", "-pk")
    return next((one for one in loaded if _lasts(one, first)), None)


def _lasts(seat: Seat, day: date) -> bool:
    return (
        seat.left_on is None
        or seat.left_on > day
        or any(may_still_fall(one, day) for one in seat.removals.all())
    )


def second_seat(program: Program, person: Person, first: date, last: date) -> str:
    """Say why a person cannot be seated on these days, and what to do; nothing where they have no seat then. Two queries."""
    held = seat_within(program, person.pk, first, last)
    if held is None:
        return ""
    who = person.called or person.email or held.public_id
    if any(may_still_fall(one, first) for one in held.removals.all()):
        words = gettext(
            "%(who)s was removed from a place and can still come back to it. Wait until the appeal is over; then seat them."
        )
        return words % {"who": who}
    words = gettext(
        "%(who)s has a place until %(last)s already, and one person has one place at a time. Begin the new one on a later day."
    )
    return words % {"who": who, "last": day_in_words(held.until_date)}


def known_of(program: Program, pack: Pack, lang: str, email: str, first: date, last: date) -> tuple[str, str]:
    """Say of an address why its person cannot be seated on these days, and which offices they hold or held. Three queries."""
    person = person_at(email)
    if person is None:
        return "", ""
    held = offices_held(person.pk, program, pack, lang)
    words = gettext(
        "This person holds or held an office: %(offices)s. They never sign or check beside it as a lead, and nothing while they hold one."
    )
    return second_seat(program, person, first, last), words % {"offices": held} if held else ""


def offices_held(person: int, program: Program, pack: Pack, lang: str) -> str:
    """Say which offices a person holds or held, or that they run or ran the program, in one line. One query."""
    return listed(dict.fromkeys(post_title(one, pack, lang) for one in queries_held_by(person, program)))


def suspended(program: Program, seats: Collection[str], today: date) -> set[str]:
    """Give those of these seats that are suspended today, as the record tells it. One query where none ever was."""
    told = LogEntry.objects.filter(
        log__program=program, kind=EntryKind.SEAT_SUSPENDED, subject__in=list(seats)
    )
    ever = set(told.values_list("subject", flat=True)) if seats else set()
    rows = RowsLog(Log.objects.get(program=program)) if ever else None
    return {one for one in ever if rows and is_suspended(rows, one, today)}


@dataclass(frozen=True)
class Suspension:
    """A seat that is suspended today: the first day on which it can act again by itself, and why, as the record tells it."""

    seat: Seat
    until: date | None
    entry: int
    ground: str
    lang: str


def suspension_of(program: Program, person: int | None, today: date, lang: str) -> Suspension | None:
    """Give the suspension of the seat that a person has today, or None. Two queries where they have none."""
    seat = seat_of(person, program, today) if person else None
    if seat is None or not suspended(program, [seat.public_id], today):
        return None
    rows = RowsLog(Log.objects.get(program=program))
    entry = rows.about(EntryKind.SEAT_SUSPENDED, seat.public_id)[-1]
    words = told(program, [entry.index], lang)[entry.index]
    return Suspension(
        seat=seat,
        until=suspended_until(rows, seat.public_id, today),
        entry=entry.index,
        ground=str(entry.data["ground"]) if "ground" in entry.data else words.say("ground"),
        lang=words.lang("ground") if "ground" in words.texts else "",
    )


def has_seat_from(program: Program, person: int, day: date) -> bool:
    """Say whether a person has a seat of a program on a day, or will have one after it. One query."""
    return seat_within(program, person, day) is not None


def is_for_leads(program: Program, person: int, day: date) -> bool:
    """Say whether a person has a seat on a day or later, waits for one as an alternate, or agreed to step in for leads. Three queries."""
    waits = Alternate.objects.filter(
        person=person, cohort__program=program, cohort__until_date__gte=day, stood_down_on=None
    )
    agreed = InReach.objects.filter(
        person=person, program=program, list__in=("checks", "seconds"), until__gte=day
    )
    return has_seat_from(program, person, day) or waits.exists() or agreed.exists()


def viewer_for(person: Person | None, program: Program, today: date, pack: Pack | None = None) -> Viewer:
    """Say who asks: roles come from the seat and the posts a person holds today. Who is suspended is no lead meanwhile.

    `pack` is the one in force, where it was read already.
    """
    if person is None or not person.is_active:
        return NOBODY
    roles = {Role.EVERYONE, Role.PERSON}
    seat = seat_of(person.pk, program, today)
    if seat and suspended(program, [seat.public_id], today):
        seat = None
    given = appointed(person.pk, program, today)
    held = [post for post in given if post.taken_on and post.taken_on <= today]
    posts = [post.office for post in held if post.office]
    offices = [office for office in posts if not office.unit.outside]
    if seat:
        roles.add(Role.LEAD)
    if offices:
        roles.add(Role.STAFF)
    units = frozenset(office.unit.slug for office in offices)
    manages = frozenset(office.unit.slug for office in offices if office.signs)
    if manages:
        roles.add(Role.MANAGER)
    if is_steward(person.pk, program, today):
        roles |= {Role.STEWARD, Role.OPERATOR}
    return Viewer(
        person_id=person.pk,
        roles=frozenset(roles),
        seat_id=seat.pk if seat else None,
        seat=seat.public_id if seat else None,
        offices=tuple(office.public_id for office in offices),
        units=units,
        manages=manages,
        merged=merged_into(program, pack or pack_of(program), units) if units else {},
        is_appointed=len(given) > len(held),
        body=next((office.public_id for office in posts if office.unit.outside), ""),
    )


def sitters(seats: Collection[str]) -> dict[str, int]:
    """Give who sits, or sat, in seats named by their public ids: seat id to person id. One query."""
    found = Seat.objects.filter(public_id__in=list(seats))
    return dict(found.values_list("public_id", "person_id"))


def acting(
    program: Program,
    seats: Collection[str],
    today: date,
    *,
    against: Collection[str] = (),
    after_term: bool = False,
) -> list[str]:
    """Of seats named by their public ids, list in their order those that can sign today, one a person.

    Left out are seats that are not in force or are suspended, or whose person serves the City or the program today, or was
    ever in an office of `against`, which signs for the other side. `after_term` lets in who served the term, or left.
    Five queries, and one for each office.
    """
    taken = Q(from_date__lte=today) & (Q(left_on=None) | ~removed()) if after_term else sitting(today)
    found = Seat.objects.filter(taken, public_id__in=list(seats), cohort__program=program)
    people = dict(found.values_list("public_id", "person_id"))
    stopped = suspended(program, seats, today)
    people = {seat: person for seat, person in people.items() if seat not in stopped}
    away = serving(program, set(people.values()), today)
    away |= {one for office in against for one in held_ever(program, office, today)}
    first: dict[int, str] = {}
    for seat in seats:
        if seat in people and people[seat] not in away:
            first.setdefault(people[seat], seat)
    return list(first.values())


def cohorts_of(program: Program) -> list[Cohort]:
    """List the cohorts of a program, newest first."""
    return list(Cohort.objects.filter(program=program).order_by("-from_date", "-pk"))


def seated_today(program: Program, today: date) -> list[Seat]:
    """List the seats that are taken today."""
    seats = Seat.objects.filter(sitting(today), cohort__program=program)
    return list(seats.select_related("person", "cohort", "paid_by", "works_for").order_by("pk"))


def new_until(program: Program, seat: str, today: date) -> date | None:
    """Give the day from which a seat does what needs a lead's weight, where it cannot today; None where it can."""
    return waits_until(RowsLog(Log.objects.get(program=program)), seat, today)


def agrees_from(program: Program, seat: str, today: date) -> date | None:
    """Give the day from which a seat agrees to milder rules, where it cannot today; None where it can."""
    return signs_rules_from(RowsLog(Log.objects.get(program=program)), seat, today)


def with_standing(program: Program, today: date) -> set[str]:
    """Name the seats that have a lead's weight today."""
    return set(standing(RowsLog(Log.objects.get(program=program)), today))


def leads_since(program: Program, seats: Collection[str]) -> dict[str, date]:
    """Give the day since which each of some seats sits: its first day, or the day on which the record heard of it. One query."""
    lines = LogEntry.objects.filter(
        log__program=program, kind=EntryKind.SEAT_TAKEN, subject__in=sorted(seats)
    )
    told = [parse(one.index, bytes(one.raw)) for one in lines]
    return {one.data["seat"]: max(one.date, date.fromisoformat(one.data["from"])) for one in told}


@dataclass(frozen=True)
class Said:
    """What the lead of a seat, and the steward beside, last said of who pays and employs the lead; nothing where they did not say."""

    payer: str
    employer: str
    steward: str


def said_of(seat: Seat) -> Said:
    """Give what the record tells that was said of a seat. Three queries."""
    told = told_of(RowsLog(Log.objects.get(program=seat.cohort.program_id)), seat.public_id)
    return Said(
        payer=said(told, "paid_by", by_lead=True),
        employer=said(told, "works_for", by_lead=True),
        steward=said(told, "paid_by", by_lead=False),
    )


def payers_said_by_leads(program: Program) -> dict[str, str]:
    """Give who pays, as the leads themselves say, by seat. One query."""
    lines = LogEntry.objects.filter(log__program=program, kind=EntryKind.SEAT_DECLARED).order_by("index")
    told = [parse(line.index, bytes(line.raw)) for line in lines]
    return {one.seats[0]: str(one.data["paid_by"]) for one in told if one.seats and "paid_by" in one.data}


@dataclass(frozen=True)
class Ties:
    """What the record tells of who pays and employs each person who ever had a seat, and which units are of one bureau.

    `told` maps a person to what is told of each of their seats; `pack` is the one in force, `rules` are all adopted.
    """

    told: Mapping[int, Sequence[Sequence[Entry]]]
    pack: Pack
    rules: Sequence[Entry]

    def has_stake(
        self, seat: Seat, one: MilestoneStanding, *, firm: bool = False, bound: bool = False
    ) -> bool:
        """Say whether a bureau with a stake in a promise paid or employed the person of a seat at any time since.

        `firm` leaves out what the steward alone said, `bound` the units through which its ask only went.
        """
        told, pack = self.told.get(seat.person_id, ()), self.pack
        behind = one.bound if bound else one.units
        units = {*behind, *(answers_today(pack, unit) for unit in behind)}
        return any(stake_since(entries, one.commitment, units, self.rules, firm=firm) for entries in told)

    def keeps(self, seat: Seat, one: MilestoneStanding) -> str:
        """Say what keeps a lead from saying that it was kept: they are "tied", the steward "said" so, or it "passed" through; else nothing."""
        if not self.has_stake(seat, one):
            return ""
        if self.has_stake(seat, one, firm=True, bound=True):
            return "tied"
        return "said" if self.has_stake(seat, one, bound=True) else "passed"

    def is_payer_told(self, seat: Seat) -> bool:
        """Say whether anybody said who pays a seat."""
        told = self.told.get(seat.person_id, ())
        return any(is_payer_told(entries) for entries in told if entries[0].data["seat"] == seat.public_id)

    def may_check(self, seat: Seat, one: MilestoneStanding, *, verdict: str = Verdict.VERIFIED) -> bool:
        """Say whether a lead may give a verdict on what was promised: it is said who pays, and no bureau with a stake did since.

        What the steward alone said keeps nobody from saying that it was not kept, nor does a unit through which its ask went.
        """
        not_kept = verdict == Verdict.DISPUTED
        return self.is_payer_told(seat) and not self.has_stake(seat, one, firm=not_kept, bound=not_kept)

    def may_look(self, seat: Seat, one: MilestoneStanding) -> bool:
        """Say whether a lead may give any verdict on what was promised."""
        return self.may_check(seat, one, verdict=Verdict.DISPUTED)


def ties_in(program: Program, pack: Pack) -> Ties:
    """Read who pays and employs whom, and did before. Two queries."""
    by_seat: dict[str, list[Entry]] = {}
    rules: list[Entry] = []
    kinds = (EntryKind.SEAT_TAKEN, EntryKind.SEAT_DECLARED, EntryKind.POLICY_ADOPTED)
    for line in LogEntry.objects.filter(log__program=program, kind__in=kinds).order_by("index"):
        entry = parse(line.index, bytes(line.raw))
        if entry.kind == EntryKind.POLICY_ADOPTED:
            rules.append(entry)
        else:
            by_seat.setdefault(entry.data["seat"], []).append(entry)
    told: dict[int, list[list[Entry]]] = {}
    for seat, person in sitters(by_seat).items():
        told.setdefault(person, []).append(by_seat[seat])
    return Ties(told, pack, rules)


def checkers_for(program: Program, one: MilestoneStanding, pack: Pack, today: date) -> list[Seat]:
    """List the seats that may check what was promised: of leads whom no bureau with a stake in it paid or employed since.

    Nobody who holds an office or runs the program is among them, and no seat that is too new.
    """
    ties = ties_in(program, pack)
    weigh = with_standing(program, today)
    seats = [
        seat for seat in seated_today(program, today) if seat.public_id in weigh and ties.may_check(seat, one)
    ]
    serves = serving(program, {seat.person_id for seat in seats}, today)
    return [seat for seat in seats if seat.person_id not in serves]


def persons_behind(actor: str, program: Program, day: date) -> frozenset[int]:
    """Give the people who stand behind an actor of the record on a day: the steward, an office, or a seat that is taken."""
    if actor == STEWARD:
        return frozenset(post.person_id for post in stewards_on(program, day))
    if "/" in actor:
        return frozenset(post.person_id for post in holders_of(program, actor, day))
    seats = Seat.objects.filter(sitting(day), cohort__program=program, public_id=actor)
    return frozenset(seats.values_list("person", flat=True))


@dataclass(frozen=True)
class HeldPost:
    """A post as the list of people shows it."""

    post: Post
    title: str
    to_come: bool


@dataclass
class Someone:
    """A person as the steward's list shows them: what they are called, which seats they have and which posts they hold."""

    person: Person
    called: str
    seats: list[str] = field(default_factory=list)
    posts: list[HeldPost] = field(default_factory=list)

    @property
    def is_lead_or_staff(self) -> bool:
        """Say whether the person has a seat or holds an office today."""
        return bool(self.seats) or any(held.post.office and not held.to_come for held in self.posts)

    @property
    def does(self) -> str:
        """Say which seats and posts the person has today, in one line."""
        return listed([*self.seats, *(held.title for held in self.posts if not held.to_come)])


def people_today(program: Program, pack: Pack, lang: str, today: date) -> list[Someone]:
    """List who runs the program, who has a seat and who holds an office, today or from a later day. Two queries."""
    posts = posts_from(program, today)
    posts.sort(key=lambda post: post.office_id is not None)
    found: dict[int, Someone] = {}

    def one(person: Person) -> Someone:
        return found.setdefault(person.pk, Someone(person, person.called or person.email or str(person.pk)))

    for post in posts:
        held = HeldPost(post, post_title(post, pack, lang), post.from_date > today)
        one(post.person).posts.append(held)
    for seat in seated_today(program, today):
        one(seat.person).seats.append(seat.public_id)
    return list(found.values())


def post_title(post: Post, pack: Pack, lang: str) -> str:
    """Say what a post is: the office as people read it, or the steward."""
    return pack.office_title(post.public_id, lang) if post.office else gettext("Steward of the program")


def sits_on_here(*, program: Program, entries: Sequence[Entry]) -> set[int]:
    """Give the entries that end a seat which goes on in the rows here: who was removed or left would work on as a lead."""
    log = Log.objects.get(program=program)
    rows = RowsLog(log)
    latest = rows.get(log.size - 1)
    return {one.index for one in entries if latest and _sits_on(program, rows, one, latest.date)}


def _sits_on(program: Program, rows: RowsLog, ended: Entry, on: date) -> bool:
    one = str(ended.data["seat"])
    if ended.kind == EntryKind.SEAT_REMOVED:
        is_last = rows.about(EntryKind.SEAT_REMOVED, one)[-1].index == ended.index
        if not is_last or not is_removed(rows, one, on):
            return False
    over = left_on(ended) if ended.kind == EntryKind.SEAT_LEFT else ended.date
    here = Seat.objects.filter(cohort__program=program, public_id=one)
    return here.exists() and not here.filter(left_on__lte=over).exists()


CHECKS, SECONDS = "checks", "seconds"
#: So long a step waits for a second lead of today; then it is also for former leads who agreed.
WAIT = timedelta(days=10)


def sits(seat: Seat, today: date) -> bool:
    """Say whether a seat is taken on a day."""
    return seat.from_date <= today <= seat.until_date and (seat.left_on is None or seat.left_on > today)


def of_a_lead_today(seat: Seat, today: date) -> bool:
    """Say whether a seat is taken on a day, or an earlier one of a person who sits again: one lead, who keeps their keys.

    A seat that was removed is neither. Two queries at most.
    """
    if sits(seat, today):
        return True
    if seat.from_date > today:
        return False
    if seat.left_on and Seat.objects.filter(removed(), pk=seat.pk).exists():
        return False
    return seat_of(seat.person_id, seat.cohort.program, today) is not None


def seat_today(seat: Seat, today: date) -> Seat:
    """Give the seat in which the lead of a seat acts today: this one, or the one in which they sit again."""
    if sits(seat, today) or not of_a_lead_today(seat, today):
        return seat
    return seat_of(seat.person_id, seat.cohort.program, today) or seat


def seat_as_seen(other: Seat, seat: Seat) -> str:
    """Name a seat as the lead of `seat` sees it: what they did in another seat of theirs, they did in this one."""
    return seat.public_id if other.person_id == seat.person_id else other.public_id


def seats_of_leads(program: Program, today: date) -> list[Seat]:
    """List the seats that leads of today act by: those that are taken, then earlier ones of who sits again. Two queries."""
    here = seated_today(program, today)
    people = [one.person_id for one in here]
    earlier = Seat.objects.filter(cohort__program=program, person__in=people, from_date__lte=today)
    earlier = earlier.filter(not_removed()).exclude(pk__in=[one.pk for one in here])
    return [*here, *earlier.select_related("person", "cohort").order_by("pk")]


def former_leads(program: Program, name: str, today: date) -> list[Seat]:
    """List the last seats of those who agreed to be on a list (CHECKS or SECONDS) when their term was over.

    A seat of a term that is still to come changes nothing of theirs. None of a person who sits again, is suspended, serves the City or the program now, or whose seat was removed. Five queries.
    """
    agreed = InReach.objects.filter(program=program, list=name, until__gte=today).values("person")
    seats = Seat.objects.filter(cohort__program=program, person__in=agreed, from_date__lte=today)
    loaded = seats.select_related("cohort__program", "person", "paid_by", "works_for")
    loaded = loaded.annotate(is_removed=removed())
    last = {one.person_id: one for one in loaded.order_by("from_date", "pk")}
    gone = {one.person_id for one in last.values() if one.left_on and one.is_removed}
    gone |= {one.person_id for one in last.values() if sits(one, today)}
    if set(last) - gone:
        stopped = suspended(program, [one.public_id for one in last.values()], today)
        gone |= serving(program, set(last), today)
        gone |= {person for person, one in last.items() if one.public_id in stopped}
    return [one for person, one in last.items() if person not in gone]


def agreed_to(seat: Seat, name: str, today: date) -> bool:
    """Say whether someone who sat here is on a list of former leads today. Five queries at most."""
    return any(one.pk == seat.pk for one in former_leads(seat.cohort.program, name, today))


def promised_between(seat: Seat) -> tuple[date, date]:
    """Give the days of the promises that a seat's cohort checks, also after its term: its own, and those of the one before.

    From the first day of the last cohort that was over when it began, or of those that sat beside it then, until, not with,
    the first day of the next one that begins when its own term is over: no cohort in between cuts these days. One query.
    """
    own, cohorts = seat.cohort, Cohort.objects.filter(program=seat.cohort.program_id)
    before = sorted((one.until_date, one.from_date) for one in cohorts if one.from_date < own.from_date)
    sat = [first for last, first in before if last >= own.from_date]
    over = [first for last, first in before if last < own.from_date][-1:]
    after = [one.from_date for one in cohorts if one.from_date > own.until_date]
    return min([own.from_date, *sat, *over]), min(after, default=date.max)


def too_few_check(program: Program, one: MilestoneStanding, today: date) -> bool:
    """Say whether a claim is for former leads of every cohort: fewer than two leads can check it, or one waited ten days."""
    if len(checkers_for(program, one, pack_of(program), today)) < CHECKERS:
        return True
    rows = SecondAsked.objects.filter(program=program, step="check", about=str(one.claim))
    return rows.filter(asked_on__lte=today - WAIT).exists()


def may_check_claim(seat: Seat, promised_on: date, one: MilestoneStanding, today: date) -> bool:
    """Say whether a seat may check a claim: it is taken today, or its person agreed and the promise is their cohort's.

    Where fewer than two leads can check it, a person of any cohort who agreed may.
    """
    if sits(seat, today):
        return True
    if not agreed_to(seat, CHECKS, today):
        return False
    first, after = promised_between(seat)
    return first <= promised_on < after or too_few_check(seat.cohort.program, one, today)


@dataclass(frozen=True)
class Second:
    """A step that waits for a second person: who took the first, since when, and who can take it."""

    step: str
    about: str
    first: Seat
    asked_on: date
    leads: list[Seat]
    former: list[Seat]
    #: From this day on former leads can take it: at once where no lead of today can.
    opens: date
    #: The community body that can take it from then on; nothing where the rules name none, or leads who hold the key sit.
    body: str = ""

    def is_for(self, seat: Seat, today: date) -> bool:
        """Say whether a seat can take the second step today."""
        former = self.former if self.opens <= today else []
        return any(one.pk == seat.pk for one in (*self.leads, *former))


def destroyers(able: Sequence[Seat], holders: Collection[str]) -> list[Seat]:
    """Of the leads who can sign today, list those who destroy a key: in whose seat it is held.

    Where fewer than two are left, also those who hold it by an earlier seat; they stand in for who is missing. One query.
    """
    held = [one for one in able if one.public_id in holders]
    if len(held) >= DESTROYERS:
        return held
    people = set(sitters(holders).values())
    return held + [one for one in able if one not in held and one.person_id in people]


def seconds_awaited(program: Program, today: date) -> list[Second]:
    """List what waits for a second person, oldest first. Whom a bureau pays or employs is no second for its check.

    None of a lead whose seat is too new. Twenty-five queries, and one for each key that is to be destroyed.
    """
    waiting = SecondAsked.objects.filter(program=program).select_related("seat__person")
    asked = list(waiting.order_by("asked_on", "pk"))
    if not asked:
        return []
    seated = {one.public_id: one for one in seated_today(program, today)}
    weigh = with_standing(program, today)
    able = [seated[one] for one in acting(program, list(seated), today) if one in weigh]
    former = {name: former_leads(program, name, today) for name in (CHECKS, SECONDS)}
    claims = [int(one.about) for one in asked if one.step == "check"]
    rows = MilestoneStanding.objects.filter(log__program=program, claim__in=claims)
    body = body_of(program, today)
    claimed, ties = {str(one.claim): one for one in rows}, ties_in(program, pack_of(program))

    keys = {one.about for one in asked if one.step == "destroy"}
    record = RowsLog(Log.objects.get(program=program))
    able_to = {
        about: [one.pk for one in destroyers(able, engagements_holders_of(int(about), record))]
        for about in keys
    }

    def can(one: SecondAsked, seat: Seat) -> bool:
        claim = claimed.get(one.about) if one.step == "check" else None
        return claim is None or ties.may_look(seat, claim)

    found = []
    for one in asked:
        others = [seat for seat in able if seat.person_id != one.seat.person_id and can(one, seat)]
        others = [seat for seat in others if one.step != "destroy" or seat.pk in able_to[one.about]]
        agreed = former[CHECKS if one.step == "check" else SECONDS]
        late = [seat for seat in agreed if seat.person_id != one.seat.person_id and can(one, seat)]
        if one.step == "destroy" and others:
            late = []  # leads who hold the key and sit destroy it; others stand in only for who is missing
        opens = one.asked_on + WAIT if others else one.asked_on
        steps_in = body if one.step == "check" or (one.step == "destroy" and not others) else ""
        found.append(Second(one.step, one.about, one.seat, one.asked_on, others, late, opens, steps_in))
    return found


def may_be_second(program: Program, seat: Seat, step: str, about: str, today: date) -> bool:
    """Say whether a seat may take a step: its lead sits today, or it waits for a second and is for its former lead now."""
    if of_a_lead_today(seat, today):
        return True
    awaited = seconds_awaited(program, today)
    return any((one.step, one.about) == (step, about) and one.is_for(seat, today) for one in awaited)


def body_is_second(program: Program, body: str, step: str, about: str, today: date) -> bool:
    """Say whether the community body may take the second step today: where and when former leads may."""
    return bool(body) and any(
        (one.step, one.about, one.body) == (step, about, body) and one.opens <= today
        for one in seconds_awaited(program, today)
    )


def nobody_checks(program: Program, one: MilestoneStanding, today: date) -> bool:
    """Say whether no seat of the record could check what was promised, and no former lead who agreed can look."""
    if not nobody_could_check(RowsLog(Log.objects.get(program=program)), today, one.commitment, one.bound):
        return False
    ties = ties_in(program, pack_of(program))
    return not any(ties.may_look(seat, one) for seat in former_leads(program, CHECKS, today))


def awaits(program: Program, seat: Seat, today: date) -> bool:
    """Say whether anything that takes the reader waits for a former lead today."""
    return any(one.step != "check" and one.is_for(seat, today) for one in seconds_awaited(program, today))


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


def last_seat(program: Program, viewer: Viewer, today: date) -> Seat | None:
    """Give the viewer's own seat, the last that has begun if there were several, also when it is over; or None.

    One of a term that is still to come only where there is no other. One query.
    """
    found = Seat.objects.filter(person=viewer.person_id or 0, cohort__program=program)
    loaded = found.select_related("cohort__program", "last_words", "person", "paid_by", "works_for")
    seats = list(loaded.order_by("from_date", "pk"))
    begun = [one for one in seats if one.from_date <= today]
    return next(iter(begun[-1:] or seats[:1]), None)


def ends_on(seat: Seat) -> date:
    """Give the day on which a seat ends: the day it was left, else the last of its term."""
    return seat.left_on or seat.until_date


@dataclass(frozen=True)
class Held:
    """What a seat still holds on the record: keys of engagements, and roles.

    Each key is told by the engagement's slug, its title, and how many others who sit today hold it, in any seat of theirs.
    """

    keys: tuple[tuple[str, str, int], ...]
    roles: tuple[str, ...]
    #: The lead has another seat that lasts longer, and keeps the keys in it.
    serves_again: bool


def held_by(seat: Seat, lang: str, today: date) -> Held:
    """Say what a seat still holds. Keys that were destroyed are held by nobody."""
    program = seat.cohort.program
    log = RowsLog(Log.objects.get(program=program))
    holders: dict[str, set[str]] = {}
    for one in (*log.every(EntryKind.KEY_MADE), *log.every(EntryKind.KEY_SHARED)):
        holders.setdefault(one.data["engagement"], set()).update(one.data["wrapped_to"])
    seats = Seat.objects.filter(not_removed(), cohort__program=program)
    behind = dict(seats.values_list("public_id", "person_id"))
    people = {slug: {behind.get(one) for one in held} for slug, held in holders.items()}
    keys = {slug for slug, held in people.items() if seat.person_id in held}
    over = {
        promise.data["engagement"]
        for one in log.every(EntryKind.KEY_DESTROYED)
        for promise in _promises(log, one)
    }
    roles = seat.roles.filter(until_date=None).order_by("role").values_list("role", flat=True)
    promised = told_where(program, lang, kinds=[EntryKind.ENGAGEMENT_PROMISED]) if keys else []
    titles = {one.entry.data["engagement"]: one.say("title") for one in promised}
    others = {one.person_id for one in seated_today(program, today)} - {seat.person_id}
    told = [(slug, titles.get(slug) or slug, len(people[slug] & others)) for slug in sorted(keys - over)]
    again = has_seat_from(program, seat.person_id, ends_on(seat) + timedelta(days=1))
    return Held(tuple(told), tuple(roles), serves_again=again)


def _promises(log: RowsLog, entry: Entry) -> list[Entry]:
    return [found for index in entry.cites["engagement"] if (found := log.get(index))]


def last_words_for(program: Program, viewer: Viewer, today: date) -> list[LastWords]:
    """List the last words the viewer may read, newest first. Two queries at most.

    The steward reads all; a lead those of leads of an earlier cohort who chose the next cohort as readers.
    """
    said = LastWords.objects.filter(seat__cohort__program=program, erase_on__gt=today)
    if not viewer.has(Role.STEWARD):
        own = Seat.objects.filter(pk=viewer.seat_id or 0).select_related("cohort").first()
        if own is None:
            return []
        said = said.filter(readers="next", seat__cohort__from_date__lt=own.cohort.from_date)
    return list(said.select_related("seat__cohort").order_by("-said_on", "-pk"))


def sat_here(program: Program) -> set[int]:
    """Give the ids of everyone who ever held a seat. One query."""
    return set(Seat.objects.filter(cohort__program=program).values_list("person", flat=True))


def own_lists(program: Program, viewer: Viewer, today: date) -> list[InReach]:
    """List the lists the viewer is on. One query."""
    found = InReach.objects.filter(person=viewer.person_id or 0, program=program, until__gte=today)
    return list(found.order_by("list"))


def in_reach(program: Program, today: date) -> list[InReach]:
    """List who agreed to be reached and whose consent runs today, for the steward. One query."""
    found = InReach.objects.filter(program=program, until__gte=today)
    return list(found.select_related("person").order_by("list", "until", "pk"))


CLOCKS: Mapping[str, Promise] = {
    "acknowledge_business_days": gettext_lazy(
        "Working days in which an office says that it has a recommendation or question"
    ),
    "answer_days": gettext_lazy("Days in which an office answers"),
    "reply_days": gettext_lazy("Days in which an office replies when leads contest its answer"),
    "verify_days": gettext_lazy("Days in which a delivery is checked"),
    "contest_days": gettext_lazy("Days in which leads can contest an answer"),
    "monitor_years": gettext_lazy("Years for which a promise is followed"),
    "vacancy_days": gettext_lazy("Days after which the record says that a seat is empty"),
    "appeal_days": gettext_lazy("Days in which a lead who was removed can appeal"),
    "pay_business_days": gettext_lazy("Working days in which work is paid"),
    "invitation_business_days": gettext_lazy("Working days in which leads answer an invitation"),
    "invitation_notice_days": gettext_lazy("Days of notice that leads get when a unit invites them"),
}
TELLING: Mapping[str, Promise] = {
    "silence_days": gettext_lazy("Days after the day on which the record says that no answer came"),
    "silence_repeat_months": gettext_lazy("Months after which the record says it again"),
    "escalate_days_after": gettext_lazy("Days after which the office above hears that no answer came"),
    "escalate_to": gettext_lazy("The office above, which hears when no answer comes"),
    "time_zone": gettext_lazy("The time zone in which days are counted"),
    "working_days": gettext_lazy("Working days in the twelve months from the day of the rules"),
    "bands": gettext_lazy("The edges of the ranges in which people are counted"),
}


KEPT: Mapping[str, Promise] = {
    "alarm_days": gettext_lazy("Days after which a closed alarm is erased"),
    "message_days": gettext_lazy("Days after which a message to leads is erased"),
}


@dataclass(frozen=True)
class Change:
    """One thing that becomes milder: what it is, and how it reads before and after."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Proposed:
    """Milder rules that wait: the proposal, its changes, the seats that agreed, how many more must, and what names all this."""

    proposal: Proposal
    changes: tuple[Change, ...]
    agreed: frozenset[str]
    lacking: int
    read: str


def to_read(program: Program, rows: RowsLog) -> str:
    """Name what a lead reads: the rules last proposed, and those on the record beside which they stand."""
    last = Proposal.objects.filter(program=program).order_by("-pk").first()
    return f"{last.sha256 if last else ''}.{policy(rows).index}"


def proposed_rules(program: Program, today: date, lang: str) -> Proposed | None:
    """Give the milder rules that wait for the leads of a program, or None."""
    last = Proposal.objects.filter(program=program).order_by("-pk").first()
    if last is None or last.entry is not None:
        return None
    rows = RowsLog(Log.objects.get(program=program))
    pack, now = load_pack(last.text), policy(rows).data
    after = terms_of(pack, last.sha256, today)
    packs = pack_of(program), pack
    changes = tuple(_change(one, now, after, packs, lang) for one in needs_the_leads(rows, after))
    agreed = frozenset(last.consents.values_list("seat__public_id", flat=True))
    lacking = majority_lacks(rows, today, [one for one in agreed if is_in_force(rows, one, today)])
    return Proposed(last, changes, agreed, sum(lacking.values()), to_read(program, rows))


def _change(
    code: str, before: Mapping[str, Any], after: Mapping[str, Any], packs: tuple[Pack, Pack], lang: str
) -> Change:
    """Say in words what becomes milder, between the pack in force and the one that is proposed."""
    pack = packs[1]
    group, _dot, name = code.partition(".")
    if group == "clocks":
        return Change(str(CLOCKS[name]), str(clocks_told(before)[name]), str(clocks_told(after)[name]))
    if group in {"alarms", "escalate_to", "language", "office", "signing"}:
        return _renamed(group, name, packs, lang)
    if group in TELLING:
        told = [
            ", ".join(map(str, one[group])) if isinstance(one[group], list) else str(one[group])
            for one in ({group: _("Not on the record"), **before}, after)
        ]
        return Change(str(TELLING[group]), *told)
    if group in {"body", "k"}:
        body = _("The community body that steps in where leads are too few")
        was_named, named = (of.office_title(of.body, lang) if of.body else _("None") for of in packs)
        smallest = _("Fewest people that a published count may show"), str(before["k"]), str(after["k"])
        return Change(body, was_named, named) if group == "body" else Change(*smallest)
    if group == "topic":
        topic = next((one for one in pack.forbidden if one.id == name), None)
        words = topic.name.say(lang) if topic else name
        was = any(one["id"] == name for one in before.get("topics", ()))
        now = _("Other words") if topic else _("May be asked")
        return Change(_("A question that may not be asked"), words, now if was else _("May not be asked"))
    called = {one.slug: one.name.say(lang) for of in packs for one in of.units}
    old, new = (bureaus_in(one).get(name, "") for one in (before, after))
    what = _("The bureau that a unit belongs to: %(unit)s") % {"unit": called.get(name, name)}
    return Change(what, called.get(old, old) or _("None"), called.get(new, new))


def _of_alarms(name: str, packs: tuple[Pack, Pack], lang: str) -> Change:
    """Say who hears the alarms of leads before and after, or for how many days alarms or messages are kept."""
    said = []
    for of in packs:
        rules, body = of.charter, of.charter.alarm_body
        if name in KEPT:
            days = rules.alarm_kept_days if name == "alarm_days" else rules.message_kept_days
            said.append(str(days))
        elif name == "to":
            said.append(of.office_title(rules.alarm_to, lang) if rules.alarm_to else _("None"))
        else:
            said.append(listed([body.name.say(lang), body.email]) if body else _("None"))
    who = {
        "to": _("The office that hears alarms of leads where the charter names nobody"),
        "body": _("The community body that hears alarms of leads"),
    }
    return Change(str(KEPT[name]) if name in KEPT else who[name], *said)


def _renamed(group: str, name: str, packs: tuple[Pack, Pack], lang: str) -> Change:
    """Say what becomes of a language or an office by its name, and who the office above is."""
    if group == "alarms":
        return _of_alarms(name, packs, lang)
    if group == "language":
        return Change(_("A language"), in_readers_words(name), _("Changed or gone"))
    if group == "escalate_to":
        was, becomes = (of.office_title(of.escalate_to, lang) for of in packs)
        return Change(str(TELLING[group]), was, becomes)
    was, becomes = (of.office_title(name, lang) for of in packs)
    office = packs[1].office(name)
    if group == "office" or office is None:
        return Change(_("An office"), was, becomes if office else _("Gone"))
    signs = _("Signs for its unit"), _("Does not sign for its unit")
    return Change(becomes, *(signs if not office.is_manager else signs[::-1]))


type Words = str | Promise

ROLES: dict[str, Words] = {
    "chair": later("Chair"),
    "co-chair": later("Co-chair"),
    "note-taker": later("Note-taker"),
    "peer-coach": later("Peer coach"),
}
LEFT: dict[str, Words] = {
    "by-choice": later("The lead chose to leave"),
    "moved": later("The lead moved away"),
    "no-time": later("The lead no longer has the time"),
    "not-said": later("No reason is told"),
}
PARTS: dict[str, Words] = {
    "purpose": later("What we are here for"),
    "decisions": later("How we decide"),
    "meetings": later("How we meet"),
    "conduct": later("How we treat each other, and when a seat ends"),
    "changes": later("How this charter changes"),
}


def too_new(first: date) -> str:
    """Say to a lead whose seat is new beside older ones from when on they do what needs a lead's weight."""
    return _(
        "Your place is new, and leads who have sat for longer do this. You can do it from %(day)s on; until then, ask one of them."
    ) % {"day": day_in_words(first)}


def who(actor: str, pack: Pack, lang: str) -> str:
    """Say who holds a pen: an office by its title, a seat by its number, or the steward."""
    if OFFICE.match(actor):
        return pack.office_title(actor, lang)
    if SEAT.match(actor):
        return _("Lead, seat %(id)s") % {"id": actor.removeprefix("seat-")}
    return _("The steward, for the program")
