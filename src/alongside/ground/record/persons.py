"""Judge persons, not seats: nobody stands behind two pens that count as two. The record names nobody, so this is asked of rows."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from itertools import combinations

from django.utils.translation import gettext as _

from alongside.core.entries import OFFICE, SEAT, Entry, GrammarError, LogView
from alongside.core.grammar.program import body_of
from alongside.core.grammar.shape import ANY
from alongside.core.grammar.versions import KINDS
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Named
from alongside.ground.programs.models import STEWARD, Program
from alongside.ground.programs.queries import held_ever, holders_of, serving, stewards_on

type Sitters = Callable[[Collection[str]], Mapping[str, int]]

#: Kinds by which a lead comes to read what people said: nobody does who serves the City.
GIVES_A_KEY = frozenset(
    {EntryKind.KEY_FOUNDED, EntryKind.KEY_CERTIFIED, EntryKind.KEY_MADE, EntryKind.KEY_SHARED}
)
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
    actors = {*entry.by, *(kind.beside(entry, log) if kind.beside else ())}
    people = refuse_unless_different_people(program, actors, entry.date)
    if entry.kind in GIVES_A_KEY:
        given = entry.data.get("wrapped_to", [entry.data.get("seat", "")])
        refuse_city_people(program, people_in(given), entry.date)
    if kind.seats != ANY:
        signing = {one: people[one] for one in entry.seats if one in people}
        refuse_city_people(program, signing, entry.date)
    for office in entry.offices:
        _refuse_others_in_a_body(program, office, actors, entry.date, log)
    if entry.kind in TWO_ROLES:
        _refuse_one_behind_two_roles(program, entry)
    if entry.kind == EntryKind.RAISE_REPLIED:
        _refuse_who_was_asked_first(program, entry, actors)


def refuse_unless_different_people(program: Program, actors: Collection[str], today: date) -> dict[str, int]:
    """Raise GrammarError where one person is behind two of these seats, or sits and was in one of these offices.

    Gives who sits in the seats. Three queries at most.
    """
    people = people_in([one for one in actors if SEAT.match(one)])
    for one, other in combinations(sorted(people), 2):
        if people[one] == people[other]:
            raise GrammarError(
                _("{seat} and {other} are one person, who counts once; ask another lead."),
                values={"seat": Named(one), "other": Named(other)},
            )
    offices = [one for one in actors if OFFICE.match(one) or one == STEWARD]
    for office in offices if people else ():
        held = held_ever(program, office, today)
        for seat in sorted(people):
            if people[seat] in held:
                raise GrammarError(
                    _(
                        "Whoever has {seat} holds or held the office that is on the other side here, and nobody signs for "
                        "both sides; ask another lead."
                    ),
                    values={"seat": Named(seat)},
                )
    return people


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
    program: Program, office: str, actors: Collection[str], today: date, log: LogView
) -> None:
    """Refuse a community body for which someone acts who serves the government, was in an office on the other side, or sat."""
    if office != body_of(log):
        return
    people = {post.person_id for post in holders_of(program, office, today)}
    others = [one for one in actors if one != office and (OFFICE.match(one) or one == STEWARD)]
    held = {person for one in others for person in held_ever(program, one, today)}
    sat = set(people_in([str(one.data["seat"]) for one in log.every(EntryKind.SEAT_TAKEN)]).values())
    if people & (held | sat | serving(program, people, today)):
        raise GrammarError(
            _(
                "Someone in the community body holds an office of the government, held the one on the other side, or is or was "
                "a lead, so the body cannot sign. Ask the program coordinator to appoint someone else."
            )
        )


def _refuse_who_was_asked_first(program: Program, entry: Entry, actors: Collection[str]) -> None:
    """Refuse a reply of the office above that only people could write who were in an office that was asked or answered."""
    hold = {post.person_id for one in entry.offices for post in holders_of(program, one, entry.date)}
    asked = {one for one in actors if one not in entry.by}
    if hold and hold <= {person for one in asked for person in held_ever(program, one, entry.date)}:
        raise GrammarError(
            _(
                "Whoever holds the office above was asked this before, in another office. Somebody else replies, or the "
                "public log says that nobody did."
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
