"""Which letters go to those who hold an office: something came to their desk, and on Mondays what is due."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Q

from alongside.chain.answers.models import AnswerDraft
from alongside.chain.asks.queries import raised_to
from alongside.cohort.seats.letters import Due
from alongside.core.clocks import local_date
from alongside.core.entries import Entry, unit_of
from alongside.core.kinds import EntryKind
from alongside.core.workflow.asks import ASK_KINDS, OWED
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Post, Program
from alongside.ground.programs.queries import answers_today, pack_of, posts_today
from alongside.ground.record import queries as record
from alongside.ground.record.models import LogEntry, Standing

#: The first words of the stage of a letter: something came, or a week begins.
CAME, WEEK = "came", "week"
#: What brings something to the desk of an office.
BRINGS = (*ASK_KINDS, EntryKind.ASK_TRANSFERRED, EntryKind.ANSWER_CONTESTED, EntryKind.ASK_RAISED)
#: So long after it came, a run of the clock that was missed still tells it.
DAY = timedelta(days=1)
AHEAD = timedelta(days=7)


def desks_to_tell(program: Program, now: datetime) -> list[Due]:
    """List the letters about desks: to each who holds an office one a day on which something came, and one on Mondays where anything is due.

    Who turned them off, or has no address, gets none.
    """
    pack = pack_of(program)
    today = local_date(now, pack)
    posts = [one for one in posts_today(program, today) if one.person.email and one.person.desk_letters]
    if not posts:
        return []
    came = [
        (one, day)
        for office, day in _came(program, today).items()
        for one in posts
        if one.public_id == office
    ]
    found = {(one.person, day) for one, day in came}
    found |= {(person, day) for person, day in _drafts(program, posts, now) if day >= today - DAY}
    told = [Due(f"desk {person.pk}", f"{CAME} {day}", (person,)) for person, day in sorted(found, key=_order)]
    if today.weekday() == 0:
        told += [Due(f"desk {one.pk}", f"{WEEK} {today}", (one,)) for one in _owing(program, posts, today)]
    return told


def _order(pair: tuple[Person, date]) -> tuple[int, date]:
    return pair[0].pk, pair[1]


def _came(program: Program, today: date) -> dict[str, date]:
    """Give the offices to which something came lately that they still owe, each with the last day. Three queries at most."""
    lines = LogEntry.objects.filter(log__program=program, kind__in=BRINGS, date__gte=today - DAY)
    entries = [one.parsed for one in lines.order_by("index")]
    days = {
        one.cites["ask"][0] if one.kind == EntryKind.ASK_TRANSFERRED else one.index: one.date
        for one in entries
    }
    if not days:
        return {}
    owed = Standing.objects.filter(
        Q(ask__in=days) | Q(contest__in=days), log__program=program, state__in=OWED
    )
    came = [(one.office, max(days[each] for each in (one.ask, one.contest) if each in days)) for one in owed]
    came += _raised(program, [one for one in entries if one.kind == EntryKind.ASK_RAISED])
    found: dict[str, date] = {}
    for office, day in came:
        found[office] = max(day, found.get(office, day))
    return found


def _raised(program: Program, entries: Sequence[Entry]) -> list[tuple[str, date]]:
    """Give the offices above that owe a reply to what was raised by these entries, each with the day. One query, none without any."""
    if not entries:
        return []
    waits = Standing.objects.filter(
        log__program=program, raised__in=[one.index for one in entries], raise_reply=None
    )
    still = set(waits.values_list("raised", flat=True))
    return [(one.data["to"], one.date) for one in entries if one.index in still]


def _drafts(program: Program, posts: Iterable[Post], now: datetime) -> list[tuple[Person, date]]:
    """List to whom a draft was sent or handed back lately, and on which day. Two queries at most.

    A draft of a unit that handed the ask on stands on no desk any more.
    """
    pack, since = pack_of(program), now - 2 * DAY
    rows = AnswerDraft.objects.filter(
        Q(sent_at__gte=since) | Q(noted_at__gte=since), program=program, signed_at=None
    )
    sign: Mapping[str, list[Person]] = defaultdict(list)
    here = {one.person_id: one.person for one in posts}
    for one in posts:
        if one.office and one.office.signs:
            sign[one.office.unit.slug].append(one.person)
    found = []
    owed = record.standings(program, state__in=OWED) if rows else []
    units = {(one.contest or one.ask) if one.owes_reply else one.ask: one.unit for one in owed}
    for draft in (one for one in rows if one.unit == units.get(one.about)):
        if draft.sent_at:
            day = local_date(draft.sent_at, pack)
            to = sign[answers_today(pack, draft.unit)]
            found += [(person, day) for person in to if person.pk != draft.sent_by_id]
        elif draft.note and draft.noted_at and draft.saved_by_id in here:
            found.append((here[draft.saved_by_id], local_date(draft.noted_at, pack)))
    return found


def due_soon(program: Program, units: Iterable[str], today: date) -> list[date]:
    """List the days of what some units owe that is late or due within a week, also to what was raised to them. Three queries at most."""
    theirs = sorted(units)
    owed = Standing.objects.filter(log__program=program, state__in=OWED, unit__in=theirs)
    days = [one.due for one in owed if one.due]
    days += [one.raise_due for one in raised_to(program, theirs) if one.raise_due]
    return sorted(day for day in days if day <= today + AHEAD)


def _owing(program: Program, posts: Iterable[Post], today: date) -> list[Person]:
    """List who holds an office of a unit that owes something within a week. Three queries at most for each unit."""
    units: dict[str, list[Person]] = defaultdict(list)
    for one in posts:
        units[unit_of(one.public_id)].append(one.person)
    found = {
        person.pk: person
        for unit, people in units.items()
        if due_soon(program, [unit], today)
        for person in people
    }
    return [found[pk] for pk in sorted(found)]
