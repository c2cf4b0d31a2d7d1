"""Read seats: who sits and sat, who asks, who is suspended or was removed."""

import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.utils.translation import override

from alongside.cohort.seats.models import ACTS, Alternate, CalendarKey, InReach, PutOff, Removal, Seat
from alongside.core.entries import OFFICE, SEAT, Entry
from alongside.core.grammar import seat_removals
from alongside.core.grammar.seats import is_removed, is_suspended, left_on
from alongside.core.grammar.suspensions import suspended_until
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.words import as_seen
from alongside.core.workflow.seat_removals import Ruling
from alongside.ground.gate.roles import NOBODY, Role, Viewer
from alongside.ground.people.models import Person, Profile
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import (
    appointed,
    ever_ran,
    held_ever,
    merged_into,
    pack_of,
    posts_serving,
    serving,
)
from alongside.ground.record.models import Log, LogEntry
from alongside.ground.record.queries import entry_views, is_under_hold
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.leads import lead_in_words, place_in_words


def hears_appeal(seat: Seat, today: date) -> tuple[str, bool]:
    """Name the office or seat that hears the appeal of a seat by the charter of its leads, and say whether it stands in for whom that names; nothing where there is none."""
    rows = RowsLog.of(seat.cohort.program)
    hears = seat_removals.hears_appeal(rows, seat.public_id, today)
    charter = seat_removals.charter_of_leads(rows, seat.cohort.slug, today) if hears else None
    return hears, charter is not None and charter.data["appeals_to"] != hears


#: How long a lead who has their seat back reads that, and why.
FELL_IS_TOLD = timedelta(days=30)


def may_still_fall(removal: Removal, today: date) -> bool:
    """Say whether the appeal against a removal is still possible, or waits for its decision."""
    return today <= removal.appeal_by if removal.appealed_on is None else not removal.decision


def may_come_back(seat: Seat, today: date) -> bool:
    """Say whether a seat was removed and its lead can still have it back by an appeal. One query, where removals were not loaded."""
    return any(may_still_fall(one, today) for one in seat.removals.all())


def seat_for(program: Program, public_id: str) -> Seat | None:
    """Give a seat of a program by its public id, with its person and cohort."""
    seats = Seat.objects.filter(cohort__program=program, public_id=public_id)
    return seats.select_related("person", "cohort__program").first()


def removal_of(program: Program, viewer: Viewer, today: date) -> Removal | None:
    """Give the removal of the viewer's own seat that can be or was appealed, or None; one that fell, for some days after."""
    found = Removal.objects.filter(
        ~Q(decision=Ruling.LIFTED) | Q(decided_on__gte=today - FELL_IS_TOLD),
        seat__person=viewer.person_id or 0,
        seat__cohort__program=program,
    )
    return found.select_related("seat__cohort__program").order_by("-pk").first()


def removals_open(program: Program, today: date) -> list[Removal]:
    """List the removals whose appeal can still come, or waits for its decision, each with its person. One query."""
    found = Removal.objects.filter(
        Q(appealed_on=None, appeal_by__gte=today) | Q(appealed_on__isnull=False, decision=""),
        seat__cohort__program=program,
    )
    return list(found.select_related("seat__person").order_by("pk"))


def appeals_to(program: Program, viewer: Viewer) -> QuerySet[Removal]:
    """Give the removals whose appeal waits for the viewer's office or seat, but those that they removed."""
    named = [*viewer.offices, *([viewer.seat] if viewer.seat else [])]
    found = Removal.objects.filter(
        seat__cohort__program=program, appeal_to__in=named, appealed_on__isnull=False, decision=""
    )
    return found.exclude(removed_by=viewer.person_id or 0)


def appeals_for(program: Program, viewer: Viewer) -> list[Removal]:
    """List the removals whose appeal waits for this viewer: their office or seat is named, and they never ran the program. Two queries."""
    found = appeals_to(program, viewer)
    waiting = list(found.select_related("seat__cohort__program").order_by("appeal_entry"))
    return [] if waiting and ever_ran(program, viewer.person_id) else waiting


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
    """Give the viewer's seat, with its person and cohort. One query. Raises Seat.DoesNotExist for someone who is no lead."""
    return Seat.objects.select_related("person", "cohort__program").get(pk=viewer.seat_id or 0)


def seat_of(person_id: int, program: Program, today: date) -> Seat | None:
    """Give the seat a person holds in a program today, or None; `was_suspended` says whether it ever was."""
    seats = Seat.objects.filter(sitting(today), person=person_id, cohort__program=program)
    told = LogEntry.objects.filter(
        log__program=program, kind=EntryKind.SEAT_SUSPENDED, subject=OuterRef("public_id")
    )
    return seats.select_related("cohort").annotate(was_suspended=Exists(told)).order_by("-pk").first()


def seat_within(program: Program, person: int, first: date, last: date = date.max) -> Seat | None:
    """Give a seat of a person on any of these days, the one that lasts longest; a removed one until its appeal is over.

    Two queries.
    """
    seats = Seat.objects.filter(
        person=person, cohort__program=program, from_date__lte=last, until_date__gte=first
    )
    loaded = seats.prefetch_related("removals").order_by("-until_date", "-pk")
    lasts = (one for one in loaded if not one.left_on or one.left_on > first or may_come_back(one, first))
    return next(lasts, None)


def second_seat(program: Program, person: Person, first: date, last: date) -> str:
    """Say why a person cannot be seated on these days, and what to do; nothing where they have no seat then. Two queries."""
    held = seat_within(program, person.pk, first, last)
    if held is None:
        return ""
    who = person.called or person.email or held.public_id
    if may_come_back(held, first):
        words = _(
            "%(who)s was removed from a place and can still come back to it. Wait until the appeal is over; then give them a place."
        )
        return words % {"who": who}
    words = _(
        "%(who)s has a place until %(last)s already, and one person has one place at a time. Begin the new one on a later day."
    )
    return words % {"who": who, "last": day_in_words(held.until_date)}


def suspended(program: Program, seats: Collection[str], today: date) -> set[str]:
    """Give those of these seats that are suspended today, as the record tells it. One query where none ever was."""
    told = LogEntry.objects.filter(
        log__program=program, kind=EntryKind.SEAT_SUSPENDED, subject__in=list(seats)
    )
    ever = set(told.values_list("subject", flat=True)) if seats else set()
    rows = RowsLog.of(program) if ever else None
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
    rows = RowsLog.of(program)
    entry = rows.about(EntryKind.SEAT_SUSPENDED, seat.public_id)[-1]
    words = entry_views(program, [entry.index], lang)[entry.index]
    return Suspension(
        seat=seat,
        until=suspended_until(rows, seat.public_id, today),
        entry=entry.index,
        ground=str(entry.data["ground"]) if "ground" in entry.data else words.say("ground"),
        lang=words.lang("ground") if "ground" in words.texts else "",
    )


def is_for_leads(program: Program, person: int, day: date) -> bool:
    """Say whether a person has a seat on a day or later, waits for one as an alternate, or agreed to step in for leads. Three queries."""
    waits = Alternate.objects.filter(
        person=person, cohort__program=program, cohort__until_date__gte=day, stood_down_on=None
    )
    agreed = InReach.objects.filter(person=person, program=program, list__in=ACTS, until__gte=day)
    return seat_within(program, person, day) is not None or waits.exists() or agreed.exists()


def viewer_for(person: Person | None, program: Program, today: date, pack: Pack | None = None) -> Viewer:
    """Say who asks: roles come from the seat and the posts a person holds today. Who is suspended, or holds a post, is no lead meanwhile.

    `pack` is the one in force, where it was read already.
    """
    if person is None or not person.is_active:
        return NOBODY
    roles = {Role.EVERYONE, Role.PERSON}
    seat = seat_of(person.pk, program, today)
    was = seat is not None and seat.was_suspended  # type: ignore[attr-defined]  # annotated by seat_of
    if seat and was and suspended(program, [seat.public_id], today):
        seat = None
    given = appointed(person.pk, program, today)
    held = [post for post in given if post.taken_on and post.taken_on <= today]
    posts = [post.office for post in held if post.office]
    # Those that sign come first: whoever rises within a unit, and keeps the post of before, acts as the one that signs.
    offices = sorted((office for office in posts if not office.unit.outside), key=lambda one: not one.signs)
    runs = any(post.office is None for post in held)
    if offices or runs:
        seat = None
    if seat:
        roles.add(Role.LEAD)
    if offices:
        roles.add(Role.STAFF)
    units = frozenset(office.unit.slug for office in offices)
    manages = frozenset(office.unit.slug for office in offices if office.signs)
    if manages:
        roles.add(Role.MANAGER)
    if runs:
        roles |= {Role.STEWARD, Role.OPERATOR}
    return Viewer(
        person_id=person.pk,
        roles=frozenset(roles),
        seat_id=seat.pk if seat else None,
        seat=seat.public_id if seat else None,
        cohort=seat.cohort.slug if seat else None,
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
    ever in an office of `against`, which signs for the other side. `after_term` lets in who served the term, or left, but nobody
    who was removed from a later place, or is suspended in the one of today. Seven queries, and one for each office.
    """
    taken = Q(from_date__lte=today) & (Q(left_on=None) | ~removed()) if after_term else sitting(today)
    found = Seat.objects.filter(taken, public_id__in=list(seats), cohort__program=program)
    people = dict(found.values_list("public_id", "person_id"))
    stopped = suspended(program, seats, today) | (
        stopped_since(program, people, today) if after_term else set()
    )
    people = {seat: person for seat, person in people.items() if seat not in stopped}
    away = serving(program, set(people.values()), today)
    away |= {one for office in against for one in held_ever(program, office, today)}
    first: dict[int, str] = {}
    for seat in seats:
        if seat in people and people[seat] not in away:
            first.setdefault(people[seat], seat)
    return list(first.values())


def stopped_since(program: Program, people: Mapping[str, int], today: date) -> set[str]:
    """Of these seats, each with its person, name those whose person was removed from a later place or is suspended in another. Two queries."""
    places = Seat.objects.filter(cohort__program=program, person__in=set(people.values()))
    begun = list(places.filter(from_date__lte=today).annotate(is_removed=removed()))
    out = suspended(program, [one.public_id for one in begun], today)
    gone = [one for one in begun if one.public_id in out or (one.left_on and one.is_removed)]
    return {
        one.public_id
        for one in begun
        if any(each.person_id == one.person_id and each.from_date >= one.from_date for each in gone)
    }


def _taken(program: Program, today: date) -> QuerySet[Seat]:
    seats = Seat.objects.filter(sitting(today), cohort__program=program)
    return seats.select_related("person", "cohort", "paid_by", "works_for").order_by("pk")


def seated_today(program: Program, today: date) -> list[Seat]:
    """List the seats that are taken today."""
    return list(_taken(program, today))


def leads_today(program: Program, today: date) -> list[Seat]:
    """List the seats of leads of today who serve the City in nothing: who is written to, asked or named as a lead. One query."""
    return list(_taken(program, today).exclude(person__in=posts_serving(program, today).values("person")))


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


def chosen_names(program: Program) -> dict[str, str]:
    """Give the names that leads chose, by the public id of each seat they hold or held. One query."""
    named = Seat.objects.filter(cohort__program=program).exclude(person__known_as="")
    return dict(named.values_list("public_id", "person__known_as"))


def shown_names(program: Program, today: date) -> dict[str, str]:
    """Give the names that leads of today show to everyone, by the public id of their seat. One query."""
    shown = Seat.objects.filter(sitting(today), cohort__program=program, person__profile__is_public=True)
    named = shown.exclude(person__profile__shown_name="")
    return dict(named.values_list("public_id", "person__profile__shown_name"))


def places_of_leads(program: Program) -> list[str]:
    """List the public ids of the seats of a program, of whoever sits or sat there. One query."""
    return list(Seat.objects.filter(cohort__program=program).values_list("public_id", flat=True))


def names_of_others(seat: Seat) -> set[str]:
    """Give the names by which other leads of the program are called or show themselves, as people see them. One query."""
    others = Person.objects.filter(seats__cohort__program=seat.cohort.program_id).exclude(pk=seat.person_id)
    rows = others.values_list("known_as", "profile__shown_name")
    return {seen for row in rows for one in row if (seen := as_seen(one or ""))}


def free_id(program: Program) -> str:
    """Draw an id for a new place which begins as no other of the program does: pages name a place by how it begins. One query."""
    ids = Seat.objects.filter(cohort__program=program).values_list("public_id", flat=True)
    taken, drawn = {place_in_words(one) for one in ids}, f"seat-{secrets.token_hex(4)}"
    while place_in_words(drawn) in taken:
        drawn = f"seat-{secrets.token_hex(4)}"
    return drawn


def reads_like_an_office(name: str, pack: Pack) -> bool:
    """Say whether a name holds, in a language of the program, that of a bureau, an office, the coordinator or a place of a lead.

    A name of one word is one of these only where it is the whole name: a unit may be called as a family is.
    """
    said = as_seen(name)
    return any(
        seen == said or (" " in title.strip() and seen in said)
        for title in _titles(pack)
        if (seen := as_seen(title))
    )


def _titles(pack: Pack) -> Iterator[str]:
    government = pack.government
    names = [pack.name, government.name, government.short]
    names += [one.name for one in (*pack.units, pack.community_body) if one]
    for lang in dict.fromkeys(("en", *(one.code for one in pack.languages))):
        yield from (one.say(lang) for one in names)
        for office in pack.offices:
            yield pack.office_title(office, lang)
        for unit in pack.units:
            yield from (one.title.say(lang) for one in unit.offices)
        with override(lang):
            yield from (_("The program coordinator"), _("Program coordinator"), _("You"))
            yield _("Lead (place %(id)s)") % {"id": ""}


def put_off(program: Program, viewer: Viewer, today: date) -> QuerySet[PutOff]:
    """Give what the viewer put off to a day that is to come."""
    return PutOff.objects.filter(program=program, person=viewer.person_id or 0, until__gt=today)


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


def sat_here(program: Program) -> set[int]:
    """Give the ids of everyone who ever held a seat. One query."""
    return set(Seat.objects.filter(cohort__program=program).values_list("person", flat=True))


LEFT: dict[str, str | Promise] = {
    "by-choice": later("The lead chose to leave"),
    "moved": later("The lead moved away"),
    "no-time": later("The lead no longer has the time"),
    "not-said": later("No reason is told"),
}


def too_new(first: date) -> str:
    """Say to a lead whose seat is new beside older ones from when on they do what needs a lead's weight."""
    return _(
        "Your place is new, and leads who have been here for longer do this. You can do it from %(day)s on; until then, ask one of them."
    ) % {"day": day_in_words(first)}


def who(actor: str, pack: Pack, lang: str) -> str:
    """Say who holds a pen: an office by its title, a seat as the page calls its lead, or the steward."""
    if OFFICE.match(actor):
        return pack.office_title(actor, lang)
    if SEAT.match(actor):
        return lead_in_words(actor)
    return _("The program coordinator, for the program")
