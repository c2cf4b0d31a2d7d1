"""Read messages, alarms and who hears them."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import cache, partial
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.utils.translation import ngettext

from alongside.cohort.messages.models import Alarm, Message, MessageTo
from alongside.cohort.seats.models import Cohort, Seat
from alongside.cohort.seats.queries.charters import charter_of_the_leads
from alongside.cohort.seats.queries.seats import (
    last_seat,
    leads_today,
    may_come_back,
    seat_for,
    seated_today,
    suspended,
    who,
)
from alongside.core.entries import unit_of
from alongside.core.grammar.bureaus import policies
from alongside.core.grammar.ties import stake_since, told_of
from alongside.core.policy.pack import Pack
from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.people.models import Person
from alongside.ground.people.queries import person_at
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import ever_ran, holders_of, posts_of
from alongside.ground.record.models import Log
from alongside.ground.record.rows import ASKED, RowsLog
from alongside.ground.ui.languages import semicolon
from alongside.ground.ui.leads import lead_by_name

#: Who hears where no office or seat can: the community body of the pack.
BODY = "body"
#: Who writes where no lead does, and whom a lead can write to.
COORDINATOR: Promise = later("The program coordinator")
#: What an alarm is about where it is about whoever runs the program.
PROGRAM = ":steward"
KINDS: dict[str, str | Promise] = {
    "scope": later("I am asked to do more than we agreed"),
    "retaliation": later("Someone is punished or pressed for speaking up"),
    "misuse": later("A community’s words are used in a wrong way"),
    "other": later("Something else"),
}


def units_within(pack: Pack, unit: str) -> frozenset[str]:
    """Give a unit with every unit below it; none for no unit."""
    found = {unit} if unit else set()
    for _each in pack.units:
        found |= {one.slug for one in pack.units if one.parent in found}
    return frozenset(found)


def named_first(cohort: Cohort, pack: Pack, today: date) -> list[str]:
    """List who could hear an alarm, in order: the choice of the charter that most leads signed, the pack's, its community body, its last resort."""
    charter = charter_of_the_leads(cohort, today)
    named = [str(charter.data["alarms_to"])] if charter else []
    office = [pack.charter.alarm_to] if pack.charter.alarm_to else []
    body = [BODY] if pack.charter.alarm_body else []
    return list(dict.fromkeys([*named, *office, *body, pack.escalate_to]))


class AlarmRecipient(NamedTuple):
    """Who hears an alarm: an office, a seat or BODY, the people who are that, and whether the charter's own choice was passed over."""

    to: str
    people: list[Person]
    is_rerouted: bool


def next_to_hear(alarm: Alarm, pack: Pack, today: date) -> AlarmRecipient | None:
    """Give the first who is outside what an alarm is about and is there today, or None. Asks by name; no list page.

    An office of a bureau that pays or employs whoever raises it hears it only where nobody else does. Once its day passed, it goes to those behind who has it.
    """
    order, first = order_of(alarm, pack, today), named_first(alarm.seat.cohort, pack, today)[0]
    if is_past_its_day(alarm, today) and alarm.to in order:
        order = order[order.index(alarm.to) + 1 :]
    for to in order:
        people = recipients_of(alarm, to, pack, today)
        if people or (to == BODY and _body_of(pack) is None):
            return AlarmRecipient(to, people, to != first)
    return None


def order_of(alarm: Alarm, pack: Pack, today: date) -> list[str]:
    """List who could hear an alarm, in order: an office of a bureau that pays or employs whoever raises it comes last."""
    cohort, own = alarm.seat.cohort, [alarm.seat.public_id]
    named = named_first(cohort, pack, today)
    employs = {to for to in named if "/" in to and _is_tied(cohort.program, own, {unit_of(to)})}
    return sorted(named, key=lambda one: one in employs)


def raises_from(program: Program, viewer: Viewer, today: date) -> Seat | None:
    """Give the seat from which the viewer raises alarms, or None.

    It is their own, also one that is suspended, was removed or was left, until its term, or an appeal against its removal, is over.
    Whoever holds a post of the City has none. Three queries at most.
    """
    if viewer.seat:
        return seat_for(program, viewer.seat)
    seat = None if viewer.has(Role.STAFF, Role.STEWARD) else last_seat(program, viewer, today)
    if seat is None or seat.from_date > today:
        return None
    return seat if today <= seat.until_date or may_come_back(seat, today) else None


def recipients_of(alarm: Alarm, to: str, pack: Pack, today: date) -> list[Person]:
    """List who hears an alarm today, were it for `to`: whoever holds that office or seat now, outside of what it is about."""
    return [
        one
        for one in _listening(alarm.seat.cohort.program, pack, to, today)
        if one.pk != alarm.seat.person_id and _is_outside(one, alarm, to, pack, today)
    ]


def is_without_hearer(alarm: Alarm, pack: Pack, today: date) -> bool:
    """Say whether an open alarm is heard by nobody today, for now or for good."""
    return alarm.closed_on is None and not recipients_of(alarm, alarm.to, pack, today)


def is_past_its_day(alarm: Alarm, today: date) -> bool:
    """Say whether an open alarm was to be closed before today."""
    return bool(alarm.pk) and alarm.closed_on is None and today > alarm.due_on


def is_given_since(to: str, alarm: Alarm, today: date) -> bool:
    """Say whether somebody holds this office today who took it up on the day the alarm was raised, or later."""
    held = holders_of(alarm.seat.cohort.program, to, today) if "/" in to else []
    return any(one.taken_on and one.taken_on >= alarm.raised_on for one in held)


def is_gone_for_good(alarm: Alarm, pack: Pack, today: date) -> bool:
    """Say whether a hearer comes back no more: nobody holds the office, or the seat's term is over, or it was left, or removed with no appeal open.

    Who is suspended, serves the City, or is paid by what an alarm is about, can come back.
    """
    program, to = alarm.seat.cohort.program, alarm.to
    if to == BODY:
        return pack.charter.alarm_body is None
    if "/" in to:
        return not holders_of(program, to, today)
    seat = seat_for(program, to)
    if seat is None or today > seat.until_date:
        return True
    return seat.left_on is not None and seat.left_on <= today and not may_come_back(seat, today)


def _listening(program: Program, pack: Pack, to: str, today: date) -> list[Person]:
    if to == BODY:
        body = _body_of(pack)
        return [body] if body else []
    if "/" in to:
        return [one.person for one in holders_of(program, to, today)]
    if suspended(program, [to], today):
        return []
    return [one.person for one in leads_today(program, today) if one.public_id == to]


def _body_of(pack: Pack) -> Person | None:
    """Give the account of the community body that hears alarms, once it has one."""
    body = pack.charter.alarm_body
    return person_at(body.email) if body else None


def _is_outside(person: Person, alarm: Alarm, to: str, pack: Pack, today: date) -> bool:
    """Say whether a person neither works in what the alarm is about nor is paid by it, and signs in without the steward."""
    program = alarm.seat.cohort.program
    if not person.is_active or not person.gets_codes_by_email:
        return False
    if alarm.about == PROGRAM:
        return not ever_ran(program, person.pk)
    inside = units_within(pack, alarm.about)
    works = {one.unit_slug for one in posts_of(person.pk, program, today)}
    seats = [one.public_id for one in seated_today(program, today) if one.person_id == person.pk]
    return not inside & (works | {unit_of(to)}) and not _is_tied(program, seats, inside)


def _is_tied(program: Program, seats: Collection[str], inside: Collection[str]) -> bool:
    """Say whether one of these bureaus pays or employs the lead of one of these seats today, as the lead says or confirmed."""
    if not seats or not inside:
        return False
    head = Log.objects.get(program=program)
    log = RowsLog(head).read(*ASKED)
    rules = policies(log)
    return any(stake_since(told_of(log, one), head.size, inside, rules, firm=True) for one in seats)


def raised(program: Program) -> QuerySet[Alarm]:
    """Give the alarms of a program, the oldest first, with whose they are."""
    found = Alarm.objects.filter(seat__cohort__program=program)
    return found.select_related("seat__cohort__program", "seat__person").order_by("pk")


def alarms_for(program: Program, pack: Pack, viewer: Viewer) -> list[Alarm]:
    """List the alarms that are for this viewer, who stands outside what they are about; open ones first.

    Whoever ran the program hears nothing about that, in no later post. One query, and one more where an alarm is about the program
    or for the body.
    """
    there = [one for one in raised(program) if viewer.person_id not in {None, one.seat.person_id}]
    body = _body_of(pack) if any(one.to == BODY for one in there) else None
    named = {*viewer.offices, viewer.seat, BODY if body and body.pk == viewer.person_id else None}
    ran = any(one.about == PROGRAM for one in there) and ever_ran(program, viewer.person_id)
    tied = cache(partial(_is_tied, program, tuple(filter(None, [viewer.seat]))))

    def is_outside(alarm: Alarm) -> bool:
        inside = units_within(pack, alarm.about)
        return not ran if alarm.about == PROGRAM else not inside & viewer.units and not tied(inside)

    found = [one for one in there if one.to in named and is_outside(one)]
    return sorted(found, key=lambda one: (one.closed_on is not None, one.due_on, one.pk))


def alarms_of(program: Program, viewer: Viewer) -> list[Alarm]:
    """List the alarms that the viewer raised, the latest first. One query."""
    return list(raised(program).filter(seat__person=viewer.person_id or 0).reverse())


def alarm_for(program: Program, pack: Pack, viewer: Viewer, key: str) -> Alarm | None:
    """Give an alarm by its key to the one who raised it and the one who hears it; None to everyone else."""
    seen = [*alarms_of(program, viewer), *alarms_for(program, pack, viewer)]
    return next((one for one in seen if one.key == key), None)


def called(to: str, pack: Pack, lang: str) -> str:
    """Say who hears an alarm, as people read it."""
    body = pack.charter.alarm_body
    return body.name.say(lang) if to == BODY and body else who(to, pack, lang)


def to_stewards(program: Program, viewer: Viewer, today: date) -> QuerySet[Message]:
    """Give the messages to whoever runs the program that the viewer has not marked as read."""
    there = Message.objects.filter(cohort__program=program, erase_on__gt=today, to_steward=True)
    return there.exclude(readers__in=MessageTo.objects.filter(person=viewer.person_id or 0, is_read=True))


def messages_to(program: Program, viewer: Viewer, today: date, **which: bool) -> list[MessageTo]:
    """List the messages to the viewer, the latest first, or `which` of them; those to the steward only to whoever is it today.

    What was written to a lead is shut to them while they serve the City. Two queries at most.
    """
    person, kept = viewer.person_id or 0, {"cohort__program": program, "erase_on__gt": today}
    there = Message.objects.filter(**kept)
    own = MessageTo.objects.filter(person=person, message__in=there, **which).select_related("message__seat")
    if not viewer.has(Role.STEWARD):
        serves = viewer.has(Role.STAFF)
        return [] if serves else list(own.filter(message__to_steward=False).order_by("-message"))
    own = own.filter(message__to_steward=True)
    new = there.filter(to_steward=True).exclude(readers__person=person).select_related("seat")
    found = [*own, *(MessageTo(message=one, person_id=person) for one in new)]
    return sorted(found, key=lambda one: -one.message_id)


def messages_written(program: Program, viewer: Viewer, today: date) -> list[Message]:
    """List what the viewer wrote as a lead, or what the program's stewards wrote, the latest first, with whom it is for; never who has read it.

    Two queries.
    """
    found = Message.objects.filter(cohort__program=program, erase_on__gt=today)
    own = {"seat": None} if viewer.has(Role.STEWARD) else {"seat__person": viewer.person_id or 0}
    return list(found.filter(**own).prefetch_related("readers").order_by("-pk"))


#: So many letters of a message stand where it waits.
FIRST = 90


def first_words(message: Message) -> str:
    """Give the first words of a message, on one line."""
    return Truncator(" ".join(message.words.split())).chars(FIRST, truncate="…")


#: So many people are named to whom a message went; more are counted.
MOST_NAMED = 3


def to_whom(message: Message, names: Mapping[int, str]) -> str:
    """Say to whom a message went, by the names of people as the page calls them; more than a few are counted. No queries."""
    if message.to_steward:
        return _("To: %(who)s") % {"who": COORDINATOR}
    people = [one.person_id for one in message.readers.all()]
    called = dict.fromkeys(names[one] for one in people if one in names)
    if len(people) <= MOST_NAMED and called.keys() and all(one in names for one in people):
        return _("To: %(who)s") % {"who": semicolon().join(called)}
    return ngettext("To %(n)s person", "To %(n)s people", len(people)) % {"n": len(people)}


def written_by(message: Message) -> str:
    """Say who wrote a message, as the page calls them."""
    return lead_by_name(message.seat.public_id) if message.seat else str(COORDINATOR)


def without_a_letter(seats: list[Seat]) -> list[Seat]:
    """List the seats that no letter or text message can reach; their people come along."""
    return [one for one in seats if not one.person.email and not one.person.text_number]
