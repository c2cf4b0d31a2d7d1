"""Read cohorts and seats, and say what a person is in a program on a day, and who stands behind a seat or a post."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext

from alongside.cohort.seats.models import Alternate, Cohort, InReach, Removal, Seat
from alongside.cohort.seats.queries.moves import may_still_fall
from alongside.core.grammar import Entry, parse
from alongside.core.grammar.v1.cohort import (
    is_payer_told,
    is_removed,
    is_suspended,
    left_on,
    said,
    signs_rules_from,
    stake_since,
    standing,
    told_of,
    waits_until,
)
from alongside.core.grammar.v1.suspensions import suspended_until
from alongside.core.policy import Pack
from alongside.ground.gate import NOBODY, Asker, Role
from alongside.ground.look.days import day_in_words
from alongside.ground.look.tongues import listed
from alongside.ground.people.models import Person
from alongside.ground.people.queries import person_at
from alongside.ground.programs.models import STEWARD, Post, Program
from alongside.ground.programs.queries import (
    answers_today,
    appointed,
    held_by,
    held_ever,
    holders_of,
    is_steward,
    merged_into,
    pack_of,
    posts_from,
    serving,
    stewards_on,
)
from alongside.ground.record.models import Line, Log, MilestoneStanding
from alongside.ground.record.queries import told
from alongside.ground.record.rows import RowsLog


def sitting(today: date) -> Q:
    """Say which seats are taken on a day: within their term, and not ended before it."""
    return Q(from_date__lte=today, until_date__gte=today) & (Q(end=None) | Q(end__left_on__gt=today))


def removed() -> Exists:
    """Say which seats were removed by what no appeal lifted."""
    told = Removal.objects.filter(seat=OuterRef("pk"))
    return Exists(told.exclude(appeal__decision__decision="lifted"))


def not_removed() -> Q:
    """Say which seats a lead who sits again still opens by: all but those that were removed."""
    return ~(Q(removed()) & Q(end__isnull=False))


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
    told = Prefetch("removals", queryset=Removal.objects.select_related("appeal__decision"))
    loaded = seats.select_related("end").prefetch_related(told).order_by("-until_date", "-pk")
    return next((one for one in loaded if _lasts(one, first)), None)


def _lasts(seat: Seat, day: date) -> bool:
    end = getattr(seat, "end", None)
    return end is None or end.left_on > day or any(may_still_fall(one, day) for one in seat.removals.all())


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
    return listed(dict.fromkeys(post_title(one, pack, lang) for one in held_by(person, program)))


def suspended(program: Program, seats: Collection[str], today: date) -> set[str]:
    """Give those of these seats that are suspended today, as the record tells it. One query where none ever was."""
    told = Line.objects.filter(log__program=program, kind="seat.suspended", subject__in=list(seats))
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
    entry = rows.about("seat.suspended", seat.public_id)[-1]
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
        person=person, cohort__program=program, cohort__until_date__gte=day, stood_down=None
    )
    agreed = InReach.objects.filter(
        person=person, program=program, list__in=("checks", "seconds"), until__gte=day
    )
    return has_seat_from(program, person, day) or waits.exists() or agreed.exists()


def asker_for(person: Person | None, program: Program, today: date, pack: Pack | None = None) -> Asker:
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
    return Asker(
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
    taken = Q(from_date__lte=today) & (Q(end=None) | ~removed()) if after_term else sitting(today)
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
    lines = Line.objects.filter(log__program=program, kind="seat.taken", subject__in=sorted(seats))
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
    lines = Line.objects.filter(log__program=program, kind="seat.declared").order_by("index")
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

    def may_check(self, seat: Seat, one: MilestoneStanding, *, verdict: str = "verified") -> bool:
        """Say whether a lead may give a verdict on what was promised: it is said who pays, and no bureau with a stake did since.

        What the steward alone said keeps nobody from saying that it was not kept, nor does a unit through which its ask went.
        """
        not_kept = verdict == "disputed"
        return self.is_payer_told(seat) and not self.has_stake(seat, one, firm=not_kept, bound=not_kept)

    def may_look(self, seat: Seat, one: MilestoneStanding) -> bool:
        """Say whether a lead may give any verdict on what was promised."""
        return self.may_check(seat, one, verdict="disputed")


def ties_in(program: Program, pack: Pack) -> Ties:
    """Read who pays and employs whom, and did before. Two queries."""
    by_seat: dict[str, list[Entry]] = {}
    rules: list[Entry] = []
    kinds = ("seat.taken", "seat.declared", "policy.adopted")
    for line in Line.objects.filter(log__program=program, kind__in=kinds).order_by("index"):
        entry = parse(line.index, bytes(line.raw))
        if entry.kind == "policy.adopted":
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
class Held:
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
    posts: list[Held] = field(default_factory=list)

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
        held = Held(post, post_title(post, pack, lang), post.from_date > today)
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
    if ended.kind == "seat.removed":
        is_last = rows.about("seat.removed", one)[-1].index == ended.index
        if not is_last or not is_removed(rows, one, on):
            return False
    over = left_on(ended) if ended.kind == "seat.left" else ended.date
    here = Seat.objects.filter(cohort__program=program, public_id=one)
    return here.exists() and not here.filter(end__left_on__lte=over).exists()
