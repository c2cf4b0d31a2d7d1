"""Judge persons, not seats: nobody stands behind two pens that count as two. The record names nobody, so this is asked of rows."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import cached_property
from itertools import combinations
from typing import NoReturn

from django.utils.translation import gettext as _

from alongside.core.entries import OFFICE, SEAT, STEWARD, Entry, GrammarError, LogView, unit_of
from alongside.core.grammar.asks import offices_asked, who_asked
from alongside.core.grammar.bureaus import EVER, is_beside, policies
from alongside.core.grammar.program import body_of
from alongside.core.grammar.shape import ANY
from alongside.core.grammar.ties import left_to_others, ties_since, told_of
from alongside.core.grammar.versions import KINDS
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Named, Refused
from alongside.ground.gate.roles import Viewer
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import held_by, held_ever, holders_of, serving, stewards_on, worked_in
from alongside.ground.record.rows import RowsLog

type Sitters = Callable[[Collection[str]], Mapping[str, int]]

#: Kinds by which a lead comes to read what people said: nobody does who serves the City.
GIVES_A_KEY = frozenset(
    {
        EntryKind.KEY_FOUNDED,
        EntryKind.KEY_CERTIFIED,
        EntryKind.KEY_MADE,
        EntryKind.KEY_SHARED,
        EntryKind.KEY_RECOVERED,
    }
)
#: Kinds that a lead and a bureau sign together.
PLANS = frozenset({EntryKind.WORKPLAN_PROPOSED, EntryKind.WORKPLAN_SIGNED})
SIGNED_BY_BOTH = PLANS | {EntryKind.ENGAGEMENT_PROMISED, EntryKind.ENGAGEMENT_CORRECTED}
#: Kinds that take two roles, where an office and the steward count as two.
TWO_ROLES = frozenset({EntryKind.TEXT_ERASED, EntryKind.ROW_ERASED})
_sitters: list[Sitters] = []


def seats_are_told_by(sitters: Sitters) -> None:
    """Let the room that knows seats say who sits in them: seat id to person id."""
    _sitters.append(sitters)


def people_in(seats: Collection[str]) -> dict[str, int]:
    """Give who sits, or sat, in these seats. A query where there are any."""
    return {seat: person for told in _sitters for seat, person in told(seats).items()} if seats else {}


def refuse_one_person_twice(*, program: Program, entry: Entry, log: LogView) -> None:
    """Raise GrammarError where an entry's pens, and those that count beside them, are not of different people."""
    kind = KINDS[entry.kind]
    beside = set(kind.beside(entry, log) if kind.beside else ())
    people = refuse_unless_different_people(program, entry.by, beside, log)
    _refuse_who_got_the_office_since(program, entry, people)
    if entry.kind in SIGNED_BY_BOTH:
        _refuse_who_works_there_by_their_word(entry, people, beside, log)
    if entry.kind in GIVES_A_KEY:
        given = entry.data.get("wrapped_to", [entry.data.get("seat", "")])
        refuse_city_people(program, people_in(given), entry.date)
    if kind.seats != ANY:
        signing = {one: people[one] for one in entry.seats if one in people}
        refuse_city_people(program, signing, entry.date)
    for office in entry.offices:
        _refuse_others_in_a_body(program, office, {*entry.by, *beside}, entry, log)
    if entry.kind in TWO_ROLES:
        _refuse_one_behind_two_roles(program, entry)


def begun(entry: Entry, log: LogView) -> int:
    """Give the entry with which that began which both sides sign: the first version of a plan, or the key of an engagement."""
    if entry.kind in PLANS:
        return next(iter(log.about(EntryKind.WORKPLAN_PROPOSED, entry.data["workplan"])), entry).index
    promise = log.get(entry.cites["engagement"][0]) if "engagement" in entry.cites else entry
    return promise.cites["key"][0] if promise else entry.index


def who_worked_there(
    program: Program, people: Mapping[str, int], others: Collection[str], log: LogView
) -> list[str]:
    """Give the seats whose people ever held an office of a bureau of these offices and units, or ran the program where "steward" is named.

    One query.
    """
    units = {unit_of(one) for one in others if not SEAT.match(one)}
    worked = worked_in(program, set(people.values())) if people and units else {}
    return [
        seat
        for seat in sorted(people)
        if any(is_beside(one, EVER, units, policies(log)) for one in worked.get(people[seat], ()))
    ]


def who_sign_beside(
    program: Program, seats: Collection[str], others: Collection[str], log: LogView, today: date
) -> list[str]:
    """Give the seats that can sign beside these others today: one a person, and none of whoever was of them or serves the City.

    Three queries where there are seats.
    """
    people = people_in(seats)
    if not people:
        return []
    away = who_worked_there(program, people, others, log)
    serves = serving(program, set(people.values()), today)
    signing = {people[one]: one for one in sorted(people) if one not in away and people[one] not in serves}
    return sorted(signing.values())


class BoundLead:
    """What keeps a lead from what leads do once beside a bureau: it pays or employs them, or did, or they held an office of it."""

    def __init__(self, log: RowsLog, viewer: Viewer, today: date) -> None:
        self._log, self._seat, self._today = log, viewer.seat or "", today
        self._person = viewer.person_id or 0

    @cached_property
    def _is_tied(self) -> bool:
        return bool(ties_since(told_of(self._log, self._seat), -1, firm=True))

    @property
    def _worked(self) -> set[str]:
        return self._log.worked(self._person) if self._seat else set()

    def leaves(self, units: Collection[str], start: int) -> bool:
        """Say whether other leads do it, of what the entry `start` began."""
        if any(is_beside(one, EVER, units, policies(self._log)) for one in self._worked):
            return True
        return self._is_tied and bool(left_to_others(self._log, self._seat, self._today, units, start))


def refuse_unless_different_people(
    program: Program, pens: Collection[str], beside: Collection[str], log: LogView
) -> dict[str, int]:
    """Raise GrammarError where one person is behind two of these seats, or signs in one and was of a bureau on the other side.

    Gives who sits in the seats. Two queries at most.
    """
    actors = {*pens, *beside}
    people = people_in([one for one in actors if SEAT.match(one)])
    for one, other in combinations(sorted(people), 2):
        if people[one] == people[other]:
            raise GrammarError(
                _("{seat} and {other} are one person, who counts once; ask another lead."),
                values={"seat": Named(one), "other": Named(other)},
            )
    signing = {one: people[one] for one in people if one in pens}
    for seat in who_worked_there(program, signing, actors, log):
        _refuse_both_sides(seat)
    return people


def _refuse_both_sides(seat: str) -> NoReturn:
    raise GrammarError(
        _(
            "Whoever has {seat} works or worked for the other side here, and nobody signs for both sides; ask another lead."
        ),
        values={"seat": Named(seat)},
    )


def _refuse_who_works_there_by_their_word(
    entry: Entry, people: Mapping[str, int], beside: Collection[str], log: LogView
) -> None:
    """Refuse leads who work for the bureau that signs beside them, or did since this was begun, by their word in whatever place.

    The grammar asks the place alone. Two queries at most.
    """
    units = {unit_of(one) for one in (*entry.by, *beside) if one != STEWARD and not SEAT.match(one)}
    own = [one for one in log.every(EntryKind.SEAT_DECLARED) if one.by == (one.data["seat"],)]
    if not (people and own):
        return
    sat = people_in([one.data["seat"] for one in own])
    start, rules = begun(entry, log), policies(log)
    for seat in sorted(people):
        words = [one for one in own if "works_for" in one.data and sat.get(one.data["seat"]) == people[seat]]
        words = [
            *[one for one in words if one.index < start][-1:],
            *[one for one in words if one.index > start],
        ]
        if any(is_beside(str(one.data["works_for"]), min(one.index, start), units, rules) for one in words):
            _refuse_both_sides(seat)


def _refuse_who_got_the_office_since(program: Program, entry: Entry, people: Mapping[str, int]) -> None:
    """Refuse the office that signs beside who signed as a lead before and was in this very office: what they signed then stands."""
    before = [one for one in sorted(people) if one not in entry.by]
    offices = [one for one in entry.by if OFFICE.match(one) or one == STEWARD]
    for office in offices if before else ():
        held = held_ever(program, office, entry.date)
        for seat in before:
            if people[seat] in held:
                _refuse_both_sides(seat)


def refuse_city_people(program: Program, people: Mapping[str, int], today: date) -> None:
    """Raise GrammarError for a seat whose person holds an office or runs the program. Two queries."""
    if not people:
        return
    serves = serving(program, set(people.values()), today)
    for seat in sorted(people):
        if people[seat] in serves:
            raise GrammarError(
                _(
                    "Whoever has {seat} also holds an office in this program, and so cannot sign for the community. "
                    "Ask another lead, or ask the program coordinator to end the office."
                ),
                values={"seat": Named(seat)},
            )


def _refuse_others_in_a_body(
    program: Program, office: str, actors: Collection[str], entry: Entry, log: LogView
) -> None:
    """Refuse a community body for which someone acts who serves the government, was of a bureau on the other side, or sat."""
    if office != body_of(log):
        return
    people = {post.person_id for post in holders_of(program, office, entry.date)}
    held = who_worked_there(program, {str(one): one for one in people}, {*actors} - {office}, log)
    sat = set(people_in([str(one.data["seat"]) for one in log.every(EntryKind.SEAT_TAKEN)]).values())
    if held or people & (sat | serving(program, people, entry.date)):
        raise GrammarError(
            _(
                "Someone in the community body holds an office of the government, was on the other side here, or is or was a "
                "lead, so the body cannot sign. Ask the program coordinator to appoint someone else."
            )
        )


def refuse_who_asked(person: Person, ask: Entry, log: LogView) -> None:
    """Raise Refused where whoever answers, or replies, for an office asked this as a lead, raised it or contested its answer."""
    if person.pk in people_in(who_asked(ask, log)).values():
        raise Refused(
            _(
                "You asked this as a lead, or contested its answer, so you do not answer it for the City. Somebody else in "
                "your office signs it."
            )
        )


def refuse_who_was_asked(program: Program, person: Person, office: str, ask: Entry, log: LogView) -> None:
    """Raise Refused where whoever replies for the office above held another office that was asked or answered."""
    asked = offices_asked(ask, log) - {office}
    if asked & {one.office.public_id for one in held_by(person.pk, program) if one.office}:
        raise Refused(
            _(
                "You were asked this before, in another office. Somebody else in the office above replies, or the public log "
                "says that nobody did."
            )
        )


def _refuse_one_behind_two_roles(program: Program, entry: Entry) -> None:
    """Refuse two roles that one person alone holds today."""
    cities = [one for one in entry.by if not SEAT.match(one)]
    held = [
        stewards_on(program, entry.date) if one == STEWARD else holders_of(program, one, entry.date)
        for one in cities
    ]
    people = {post.person_id for posts in held for post in posts}
    if len(cities) > 1 and all(held) and len(people) < len(cities):
        raise GrammarError(
            _(
                "One person holds both roles, and two people take a text down together; ask someone else to agree."
            )
        )
