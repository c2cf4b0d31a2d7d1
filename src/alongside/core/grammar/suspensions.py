"""Suspensions: who can be suspended, for how long, and the days on which no lead could act, which count in no clock of theirs."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from alongside.core.entries import Entry, LogView
from alongside.core.grammar.seats import (
    AGAIN,
    ENDS_ITSELF,
    SUSPENDED,
    day_after,
    is_in_force,
    is_not_past_its_term,
    is_removed,
    is_suspended,
    left_on,
    seat_is_known,
    seated,
    sits_from,
    standing,
)
from alongside.core.grammar.shape import Kind, fail, seat, since, words
from alongside.core.kinds import EntryKind
from alongside.core.words import gettext_noop as _
from alongside.core.workflow.seat_removals import APPEAL_DECIDED

#: A time from a day on until, not with, another.
type Span = tuple[date, date]
ONE_DAY = timedelta(days=1)


def is_not_suspended_again(entry: Entry, log: LogView) -> None:
    """Refuse to suspend a seat again within a year: who shall not come back is removed, and can appeal."""
    before = log.about(EntryKind.SEAT_SUSPENDED, entry.data["seat"])
    if before and entry.date < before[-1].date + AGAIN:
        fail(
            "this place was suspended within the last year; remove it if the lead shall not act, so that the lead can appeal."
        )


def has_begun_and_is_not_removed(entry: Entry, log: LogView) -> None:
    """Refuse to suspend a seat before its term, or one that is removed: its lead would only be kept from the appeal."""
    one = entry.data["seat"]
    if is_removed(log, one, entry.date):
        fail("this place is removed, so its lead cannot act; nothing more is needed.")
    if entry.date < (first := sits_from(log, one)):
        fail("the term of this place begins on {first}; it cannot act before that.", first=first)


def leaves_most_leads_able_to_act(entry: Entry, log: LogView) -> None:
    """Refuse a suspension unless more than half of its cohort can still act: in a cohort of two, nobody is suspended.

    Suspended seats count, and so do removed ones whose appeal is open. It holds of all seats, for new ones have a lead's weight
    while a suspension lasts; and of those that have it today, so that new ones make no room to suspend who was there before.
    """
    one = entry.data["seat"]
    cohort = log.about(EntryKind.SEAT_TAKEN, one)[-1].data["cohort"]
    for counted in (seated(log, entry.date), standing(log, entry.date)):
        seats = [
            each for each in counted if log.about(EntryKind.SEAT_TAKEN, each)[-1].data["cohort"] == cohort
        ]
        able = [each for each in seats if each != one and is_in_force(log, each, entry.date)]
        if one in seats and 2 * len(able) <= len(seats):
            fail(
                "more than half of the leads of a cohort can act at any time; restore another place first, or remove this one, so that its lead can appeal."
            )


def suspended_until(log: LogView, one: str, on: date) -> date | None:
    """Give the first day on which a seat that is suspended on a day can act again by itself; None where it is not, or has no such day."""
    told = log.about(EntryKind.SEAT_SUSPENDED, one)
    ends = bool(told) and told[-1].v >= ENDS_ITSELF and is_suspended(log, one, on)
    return told[-1].date + SUSPENDED if ends else None


def _stopped(log: LogView) -> dict[str, list[Span]]:
    """Give the times in which each seat was suspended or removed, as far as it is told; a removal that stands has no end."""
    found: dict[str, list[Span]] = {}
    for told in log.every(EntryKind.SEAT_SUSPENDED):
        ends = [told.date + SUSPENDED] if told.v >= ENDS_ITSELF else [date.max]
        ends += [
            one.date
            for one in log.every(EntryKind.SEAT_RESTORED)
            if one.index > told.index and one.data["seat"] == told.data["seat"]
        ]
        found.setdefault(told.data["seat"], []).append((told.date, min(ends)))
    appeals = {one.cites["removal"][0]: one for one in log.every(EntryKind.REMOVAL_APPEALED)}
    decisions = {one.cites["appeal"][0]: one for one in log.every(EntryKind.REMOVAL_DECIDED)}
    for told in log.every(EntryKind.SEAT_REMOVED):
        appeal = appeals.get(told.index)
        decided = decisions.get(appeal.index) if appeal else None
        found.setdefault(told.data["seat"], []).append((told.date, _given_back(appeal, decided)))
    return found


def _given_back(appeal: Entry | None, decided: Entry | None) -> date:
    if decided is not None:
        return decided.date if decided.data["decision"] == "lifted" else date.max
    if appeal is not None and appeal.v >= ENDS_ITSELF:
        return appeal.date + APPEAL_DECIDED + ONE_DAY
    return date.max


def _without(span: Span, stops: Iterable[Span]) -> list[Span]:
    """Give what is left of a time without others."""
    left, (first, over) = [], span
    for start, end in sorted(stops):
        if first < min(start, over):
            left.append((first, min(start, over)))
        first = max(first, end)
    return [*left, (first, over)] if first < over else left


def idle_days(log: LogView, today: date) -> list[Span]:
    """List the times until today in which no seat could act, since the first one began: all suspended, removed or over.

    A seat could act from the day on which the record tells it, whatever day it names: nobody takes days back. Those with
    which the program began sat before its record did.
    """
    stops = _stopped(log)
    leaves: dict[str, list[date]] = {}
    for told in log.every(EntryKind.SEAT_LEFT):
        leaves.setdefault(told.data["seat"], []).append(left_on(told))
    acts: list[Span] = []
    taken = log.every(EntryKind.SEAT_TAKEN)
    for told in taken:
        one, first = told.data["seat"], date.fromisoformat(told.data["from"])
        begins = first if told.date == taken[0].date else max(first, told.date)
        term = begins, min([day_after(told.data["until"]), *leaves.get(one, ())])
        acts += _without(term, stops.get(one, ()))
    acts.sort()
    tomorrow = today + ONE_DAY
    return _without((acts[0][0], tomorrow), acts) if acts and acts[0][0] < tomorrow else []


def merged(spans: Iterable[Span]) -> list[Span]:
    """Give times in their order, those that touch as one."""
    found: list[Span] = []
    for first, over in sorted(spans):
        if found and first <= found[-1][1]:
            found[-1] = found[-1][0], max(over, found[-1][1])
        else:
            found.append((first, over))
    return found


def last_day(begun: date, days: int, idle: Sequence[Span]) -> date:
    """Give the last of so many days that leads have after a day. `idle` is what `idle_days` lists: those do not count."""
    last = begun + timedelta(days=days)
    for first, over in idle:
        if first > last:
            break
        last += max(over - max(first, begun + ONE_DAY), timedelta())
    return last


def first_day(today: date, days: int, idle: Sequence[Span]) -> date:
    """Give the earliest day of which the last of so many days is not past: of what began before it, no time is left."""
    first = today - timedelta(days=days)
    for start, over in reversed(idle):
        if over <= first:
            break
        first -= over - start
    return first


KINDS = (
    Kind(
        name=EntryKind.SEAT_SUSPENDED,
        heading=_("A place was suspended"),
        sentence=_("A place cannot act until it is restored."),
        says="A seat cannot act until it is restored, and for thirty days at most; the ground is told. More than half of a cohort can act at any time.",
        pen="program",
        by=("steward",),
        data={"seat": seat},
        texts=("ground",),
        subject="seat",
        rules=(
            seat_is_known,
            since(2, is_not_past_its_term),
            since(2, has_begun_and_is_not_removed),
            since(2, is_not_suspended_again),
            since(2, leaves_most_leads_able_to_act),
        ),
        since={"texts.ground": 2},
        was={"data": {"ground": words(200)}},
    ),
    Kind(
        name=EntryKind.SEAT_RESTORED,
        heading=_("A place was restored"),
        sentence=_("A suspended place can act again."),
        says="A suspended place can act again.",
        pen="program",
        by=("steward",),
        data={"seat": seat},
        subject="seat",
        rules=(seat_is_known,),
    ),
)
