"""Read what a seat still holds when it ends, last words, and who can be reached."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import ngettext

from alongside.cohort.seats.models import ACTS, InReach, LastWords, Seat, SecondAsked
from alongside.cohort.seats.queries.seats import (
    ends_on,
    leads_today,
    may_come_back,
    not_removed,
    seat_within,
)
from alongside.core.grammar.engagements import LOCKS, holders_of
from alongside.core.kinds import EntryKind
from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.queries import entry_views_where
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.languages import listed


@dataclass(frozen=True)
class Held:
    """What a seat still holds on the record: keys of engagements, and roles.

    Each key is told by the engagement's slug, its title, and how many others who sit today hold it, in any seat of theirs.
    """

    keys: tuple[tuple[str, str, int], ...]
    roles: str
    #: The lead has another seat that lasts longer, and keeps the keys in it.
    serves_again: bool


def held_by(seat: Seat, lang: str, today: date) -> Held:
    """Say what a seat still holds. Keys that were destroyed are held by nobody."""
    program = seat.cohort.program
    log = RowsLog.of(program).read(EntryKind.KEY_MADE, *LOCKS, EntryKind.KEY_DESTROYED)
    holders: dict[str, set[str]] = {}
    for made in log.every(EntryKind.KEY_MADE):
        holders.setdefault(made.data["engagement"], set()).update(holders_of(made.index, log))
    seats = Seat.objects.filter(not_removed(), cohort__program=program)
    behind = dict(seats.values_list("public_id", "person_id"))
    people = {slug: {behind.get(one) for one in held} for slug, held in holders.items()}
    keys = {slug for slug, held in people.items() if seat.person_id in held}
    over = {
        promise.data["engagement"]
        for one in log.every(EntryKind.KEY_DESTROYED)
        for index in one.cites["engagement"]
        if (promise := log.get(index))
    }
    roles = listed(seat.roles.filter(until_date=None).order_by("role"))
    promised = entry_views_where(program, lang, kinds=[EntryKind.ENGAGEMENT_PROMISED]) if keys else []
    titles = {one.entry.data["engagement"]: one.say("title") for one in promised}
    others = {one.person_id for one in leads_today(program, today)} - {seat.person_id}
    told = [(slug, titles.get(slug, ""), len(people[slug] & others)) for slug in sorted(keys - over)]
    again = seat_within(program, seat.person_id, ends_on(seat) + timedelta(days=1))
    return Held(tuple(told), roles, serves_again=again is not None)


#: Says in the words of a language, on a day, to a lead who is about to leave, what of theirs an app still holds.
type Tells = Callable[[Seat, str, date], list[str]]
_told: list[Tells] = []


def leaving_is_told_by(tells: Tells) -> None:
    """Let an app say, before a lead leaves, what of theirs it still holds."""
    _told.append(tells)


def told_before_leaving(seat: Seat, lang: str, today: date) -> list[str]:
    """Say what a lead began that waits for a second one, and what apps hold of theirs. One query, and those of the apps."""
    count = SecondAsked.objects.filter(program=seat.cohort.program_id, seat__person=seat.person_id).count()
    text = ngettext(
        "%(n)d step that you began waits for a second lead. Ask for it before you go.",
        "%(n)d steps that you began wait for a second lead. Ask for them before you go.",
        count,
    )
    return [text % {"n": count}] * bool(count) + [one for tells in _told for one in tells(seat, lang, today)]


def left_for_good(program: Program, today: date) -> set[int]:
    """Give who is a lead no more for good, and keeps a number or a name.

    They left, or were removed with no appeal open, or their term is over for the days of messages; and they have no seat from
    today on in any program, nor a consent to step in for leads. Five queries.
    """
    over = today - timedelta(days=pack_of(program).charter.message_kept_days)
    is_over = Q(left_on__lte=today) | Q(until_date__lt=over)
    ended = Seat.objects.filter(is_over, cohort__program=program)
    ended = ended.exclude(person__text_number="", person__known_as="").prefetch_related("removals")
    rows = list(ended)
    lasts = Q(left_on=None) | Q(left_on__gt=today)
    people = {one.person_id for one in rows}
    others = Seat.objects.filter(lasts, until_date__gte=today, person__in=people)
    agreed = InReach.objects.filter(until__gte=today, list__in=ACTS, person__in=people)
    here = {*others.values_list("person", flat=True), *agreed.values_list("person", flat=True)}
    return people - here - {one.person_id for one in rows if may_come_back(one, today)}


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


def own_lists(program: Program, viewer: Viewer, today: date) -> list[InReach]:
    """List the lists the viewer is on. One query."""
    found = InReach.objects.filter(person=viewer.person_id or 0, program=program, until__gte=today)
    return list(found.order_by("list"))


def in_reach(program: Program, today: date) -> list[InReach]:
    """List who agreed to be reached and whose consent runs today, for the steward. One query."""
    found = InReach.objects.filter(program=program, until__gte=today)
    return list(found.select_related("person").order_by("list", "until", "pk"))
