"""Whether a seat is in force, counts in a majority, and has a lead's weight, on a day."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import NoReturn

from alongside.core.entries import Entry, LogView
from alongside.core.grammar.shape import fail
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Named
from alongside.core.workflow.seat_removals import APPEAL_DECIDED, Ruling


def one_sits_today(entry: Entry, log: LogView) -> None:
    """Let leads whose term is over stand beside a lead of today, and not alone."""
    if not any(entry.date < sits_until(log, one) for one in entry.seats):
        fail("a lead of the cohort today signs this too; ask one of them.")


def is_removed(log: LogView, one: str, on: date) -> bool:
    """Say whether a seat is removed on a day, and no appeal gave it back: by its decision, or because none came in time."""
    if not (removals := log.about(EntryKind.SEAT_REMOVED, one)):
        return False
    appeals = log.citing(removals[-1].index, EntryKind.REMOVAL_APPEALED)
    if not appeals:
        return True
    decided = log.citing(appeals[-1].index, EntryKind.REMOVAL_DECIDED)
    if decided:
        return bool(decided[-1].data["decision"] == Ruling.STANDS)
    return not is_past_its_decision(appeals[-1], on)


def final_on(removal: Entry, log: LogView) -> date | None:
    """Give the first day on which a removal stands for good; None while an appeal waits, and where one gave the seat back."""
    if not (appeals := log.citing(removal.index, EntryKind.REMOVAL_APPEALED)):
        return date.fromisoformat(removal.data["appeal_by"]) + timedelta(days=1)
    decided = log.citing(appeals[-1].index, EntryKind.REMOVAL_DECIDED)
    return decided[-1].date if decided and decided[-1].data["decision"] == Ruling.STANDS else None


def is_gone_for_good(log: LogView, one: str, on: date) -> bool:
    """Say whether a seat is removed on a day, and no appeal can give it back any more."""
    if not is_removed(log, one, on):
        return False
    final = final_on(log.about(EntryKind.SEAT_REMOVED, one)[-1], log)
    return final is not None and on >= final


def is_past_its_decision(appeal: Entry, on: date) -> bool:
    """Say whether the days in which an appeal can be decided are over; before version 2 it could wait for ever."""
    return appeal.v >= ENDS_ITSELF and on > appeal.date + APPEAL_DECIDED


def sits_from(log: LogView, one: str) -> date:
    """Give the first day of a seat's term."""
    return date.fromisoformat(log.about(EntryKind.SEAT_TAKEN, one)[-1].data["from"])


def left_on(told: Entry) -> date:
    """Give the first day on which a seat is empty that its lead left."""
    return date.fromisoformat(told.data.get("on", told.date.isoformat()))


def is_left(log: LogView, one: str, on: date) -> bool:
    """Say whether a seat was left by a day: until the day that the notice names, its lead sits."""
    return any(left_on(told) <= on for told in log.about(EntryKind.SEAT_LEFT, one))


def day_after(last: str) -> date:
    """Give the day after the last one of a term; grammar 1 let terms end with the calendar."""
    return min(date.fromisoformat(last), date.max - timedelta(days=1)) + timedelta(days=1)


def sits_until(log: LogView, one: str) -> date:
    """Give the first day on which a seat is over: the day after its term, or the day on which it was left."""
    return min(
        [
            day_after(log.about(EntryKind.SEAT_TAKEN, one)[-1].data["until"]),
            *(left_on(told) for told in log.about(EntryKind.SEAT_LEFT, one)),
        ]
    )


def is_suspended(log: LogView, one: str, on: date) -> bool:
    """Say whether a seat is suspended on a day: not restored since, nor for longer than a suspension lasts."""
    if not (stopped := log.about(EntryKind.SEAT_SUSPENDED, one)):
        return False
    if stopped[-1].v >= ENDS_ITSELF and on >= stopped[-1].date + SUSPENDED:
        return False
    restored = log.about(EntryKind.SEAT_RESTORED, one)
    return not restored or restored[-1].index < stopped[-1].index


#: How long a suspension lasts; it ends by itself. When the next one can come.
SUSPENDED, AGAIN = timedelta(days=30), timedelta(days=365)
#: From this version on suspensions end by themselves, and a removal falls whose appeal nobody decides.
ENDS_ITSELF = 2


def is_in_force(log: LogView, one: str, on: date) -> bool:
    """Say whether a seat is in force on a day."""
    sits = sits_from(log, one) <= on < sits_until(log, one)
    return sits and not is_removed(log, one, on) and not is_suspended(log, one, on)


#: How long a seat that its own lead did not leave still counts: nobody makes a majority by emptying seats.
STILL_COUNTS = timedelta(days=30)


def seated(log: LogView, on: date) -> list[str]:
    """List the seats that count where a majority of the leads is needed.

    Those whose term it is on this day, the suspended ones too; one that the steward says was left for thirty days more,
    and one that was removed until its appeal is over: or the City could make a majority by emptying seats.
    """
    taken = {str(one.data["seat"]) for one in log.every(EntryKind.SEAT_TAKEN)}
    return sorted(one for one in taken if _counts(log, one, on))


#: So long a new seat waits beside older ones before it has a lead's weight.
WAITS = timedelta(days=30)
#: So long after each other the seats of a cohort are taken together, and none of them waits beside the others.
TOGETHER = timedelta(days=7)


def waits_until(log: LogView, one: str, on: date) -> date | None:
    """Give the day from which a seat has a lead's weight, where it has none on a day; None where it has.

    It has at once where nobody sits who was there before it, else when it is on the record for 30 days. Nobody makes a
    majority, or somebody who agrees, by filling seats: until then the leads who were there act, and see who came.
    """
    first, elders = _beside(log, one, on)
    return first if in_term(log, on, elders) else None


def _beside(log: LogView, one: str, on: date) -> tuple[date, list[str]]:
    """Give when a seat is on the record for 30 days, and until then the older ones beside which it is new."""
    taken = log.about(EntryKind.SEAT_TAKEN, one)[-1]
    first = taken.date + WAITS
    return first, [each for each in _elders(log, taken) if _counts(log, each, on)] if on < first else []


def would_wait_until(log: LogView, first: date, on: date) -> date:
    """Give the day from which seats that are taken on a day, and begin on `first`, would have a lead's weight."""
    over = max((sits_until(log, one) for one in seated(log, on)), default=on)
    return max(first, min(on + WAITS, over))


def signs_rules_from(log: LogView, one: str, on: date) -> date | None:
    """Give the day from which a seat signs milder rules, where it does not on a day; None where it does.

    Where nobody older sits, nobody sees who came: so it is on the record for 30 days too, except with those the program began with.
    """
    taken, began = log.about(EntryKind.SEAT_TAKEN, one)[-1], log.every(EntryKind.SEAT_TAKEN)[0]
    first = taken.date + WAITS
    is_new = on < first and taken.date > began.date + TOGETHER
    return waits_until(log, one, on) or (first if is_new else None)


def _elders(log: LogView, taken: Entry) -> list[str]:
    """List the seats that a new one waits beside: those of another cohort, and of its own those that were there for over a week."""
    return [
        str(one.data["seat"])
        for one in log.every(EntryKind.SEAT_TAKEN)
        if one.index < taken.index
        and (one.data["cohort"] != taken.data["cohort"] or one.date + TOGETHER < taken.date)
    ]


def standing(log: LogView, on: date) -> list[str]:
    """List the seats that count where a majority of the leads is needed, and that have a lead's weight."""
    return [one for one in seated(log, on) if waits_until(log, one, on) is None]


def in_term(log: LogView, on: date, seats: Iterable[str]) -> dict[str, list[str]]:
    """Give these seats by cohort, without those that outlast the term of their cohort: they check, and make no rules."""
    found: dict[str, list[str]] = {}
    for one in seats:
        cohort = str(log.about(EntryKind.SEAT_TAKEN, one)[-1].data["cohort"])
        told = log.about(EntryKind.COHORT_SEATED, cohort)
        if not told or on.isoformat() <= told[-1].data["until"]:
            found.setdefault(cohort, []).append(one)
    return found


def majority_lacks(log: LogView, on: date, agreed: Collection[str]) -> dict[str, int]:
    """Give, by cohort, how many more seats agree until more than half of each cohort does; nothing where they do.

    More than half of all, for new ones shall see what others make of the rules before they can sign; and of those that have a
    lead's weight, so that seats which are filled make no majority.
    """
    lacks: dict[str, int] = {}
    for counted in (seated(log, on), standing(log, on)):
        for cohort, seats in in_term(log, on, counted).items():
            lacking = len(seats) // 2 + 1 - sum(one in agreed for one in seats)
            lacks[cohort] = max(lacking, lacks.get(cohort, 0))
    return {cohort: count for cohort, count in lacks.items() if count > 0}


def leads_have_standing(entry: Entry, log: LogView) -> None:
    """Refuse a lead whose seat is new beside older ones, where what is signed needs a lead's weight."""
    refuse_new_seats(log, entry.seats, entry.date)


def was_held_briefly(log: LogView, one: str, on: date) -> bool:
    """Say whether a seat is over on a day and was held for less time than makes a former lead.

    Those with whom the program began may have sat before its record.
    """
    taken, began = log.about(EntryKind.SEAT_TAKEN, one)[-1], log.every(EntryKind.SEAT_TAKEN)[0]
    first, over = sits_from(log, one), sits_until(log, one)
    begun = first if taken.date <= began.date + TOGETHER else max(first, taken.date)
    return over <= on and over - begun < WAITS


def former_leads_sat(entry: Entry, log: LogView) -> None:
    """Refuse whoever held a seat that is over for fewer than thirty days: a seat of a day makes nobody a lead (promise 5)."""
    for one in entry.seats:
        if was_held_briefly(log, one, entry.date):
            fail(
                "{seat} was held for fewer than {days} days; ask somebody who was a lead for longer.",
                seat=Named(one),
                days=WAITS.days,
            )


def one_sat_before(entry: Entry, log: LogView, cohort: str = "") -> None:
    """Refuse leads all of whose seats are new beside older ones, while one of those can act: of one cohort, where it is named."""
    first = [waits_until(log, one, entry.date) for one in entry.seats]
    if not first or first[0] is None or None in first:
        return
    for one in standing(log, entry.date):
        is_of_it = not cohort or log.about(EntryKind.SEAT_TAKEN, one)[-1].data["cohort"] == cohort
        if is_of_it and is_in_force(log, one, entry.date):
            fail_too_new(entry.seats[0], first[0])


def one_sat_before_any_change_of_cohorts(entry: Entry, log: LogView) -> None:
    """Refuse leads all of whose seats are new beside older ones, also where those sit on past the term of their cohort (promises 3, 5)."""
    beside = [_beside(log, one, entry.date) for one in entry.seats]
    if beside and all(elders for _first, elders in beside):
        fail_too_new(entry.seats[0], beside[0][0])


#: What a lead whose seat is new signs alone beside older ones, for it harms nobody: what is their own, what they ask, and
#: what another lead mends. Of what they ask, a follow-up is not open to them: each question has one. What is bound to one cohort is left to that one (v1.charter); so is an appeal to whom it goes.
OPEN_TO_NEW = frozenset(
    {
        EntryKind.SEAT_DECLARED,
        EntryKind.SEAT_LEFT,
        EntryKind.ROLE_CHANGED,
        EntryKind.REMOVAL_APPEALED,
        EntryKind.REMOVAL_DECIDED,
        EntryKind.CHARTER_SIGNED,
        EntryKind.MEETING_PLANNED,
        EntryKind.MEETING_CHANGED,
        EntryKind.MEETING_HELD,
        EntryKind.MEETING_DISSENTED,
        EntryKind.MEETING_CONFIRMED,
        EntryKind.PROJECT_JOINED,
        EntryKind.PROJECT_LEFT,
        EntryKind.HARM_NAMED,
        EntryKind.CONTEST_JOINED,
        EntryKind.ASK_QUESTIONED,
        EntryKind.ASK_LISTED,
        EntryKind.WORKPLAN_PROPOSED,
        EntryKind.TEXT_TRANSLATED,
    }
)


def one_of_them_sat_before(entry: Entry, log: LogView) -> None:
    """Refuse what speaks for the community, or takes something of it, by leads alone whose seats are new beside older ones."""
    if entry.kind not in OPEN_TO_NEW or "follows" in entry.cites:
        one_sat_before(entry, log)


def refuse_new_seats(log: LogView, seats: Iterable[str], on: date) -> None:
    """Refuse seats that have no lead's weight on a day."""
    for one in seats:
        if first := waits_until(log, one, on):
            fail_too_new(one, first)


def fail_too_new(one: str, first: date) -> NoReturn:
    """Refuse a seat that does not sign something before a day."""
    fail(
        "{seat} signs this from {first} on; ask a lead who has been here for longer.",
        seat=Named(one),
        first=first,
    )


def _counts(log: LogView, one: str, on: date) -> bool:
    until = date.fromisoformat(log.about(EntryKind.SEAT_TAKEN, one)[-1].data["until"])
    if not sits_from(log, one) <= on <= until:
        return False
    for told in log.about(EntryKind.SEAT_LEFT, one):
        counts_until = left_on(told) if one in told.by else max(told.date, left_on(told)) + STILL_COUNTS
        if on >= counts_until:
            return False
    return not is_gone_for_good(log, one, on)


def can_act(entry: Entry, log: LogView, one: str, *, after_term: bool = False) -> None:
    """Refuse a seat that is not in force on the day of an entry; `after_term` lets in who served the term."""
    if is_removed(log, one, entry.date):
        fail("{seat} was removed; ask a lead of the cohort today.", seat=Named(one))
    if is_suspended(log, one, entry.date):
        fail(
            "{seat} is suspended; ask another lead, or the program coordinator to restore the place.",
            seat=Named(one),
        )
    first, over = sits_from(log, one), sits_until(log, one)
    if entry.date < first:
        fail("the term of {seat} begins on {first}; ask a lead of today.", seat=Named(one), first=first)
    if entry.date >= over and not after_term:
        fail("{seat} is over; ask a lead of the cohort today.", seat=Named(one))


def seat_is_not_over(entry: Entry, log: LogView) -> None:
    """Refuse to end a seat twice, or to act in one that is over: removed, or left by the day that its lead named."""
    one = entry.data["seat"]
    is_told = entry.kind == EntryKind.SEAT_LEFT and log.about(EntryKind.SEAT_LEFT, one)
    if is_told or is_left(log, one, entry.date) or is_removed(log, one, entry.date):
        fail("this place is over already; there is nothing more to end or change in it.")


def is_not_past_its_term(entry: Entry, log: LogView) -> None:
    """Refuse to stop a former lead: nobody is kept from checking what was promised to them (promise 5)."""
    if entry.date >= sits_until(log, entry.data["seat"]):
        fail("the term of this place is over; nothing more is needed.")


def seat_is_known(entry: Entry, log: LogView) -> None:
    """Refuse to speak of a seat that nobody took."""
    if not log.about(EntryKind.SEAT_TAKEN, entry.data["seat"]):
        fail("this place is not on the public log; enter who took it first.")


def sits_in(one: str, cohort: str, entry: Entry, log: LogView) -> None:
    """Refuse a seat that is of another cohort, or over."""
    taken = log.about(EntryKind.SEAT_TAKEN, one)
    if not taken or taken[-1].data["cohort"] != cohort:
        fail("{seat} is in another cohort; only this cohort does this.", seat=Named(one))
    if is_left(log, one, entry.date) or is_removed(log, one, entry.date):
        fail("{seat} is over; only leads of the cohort do this.", seat=Named(one))
