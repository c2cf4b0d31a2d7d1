"""Say who steps in when their term is over, by consent: to check what their cohort was promised, and to be a second lead."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from alongside.cohort.seats.models import Cohort, InReach, Seat, SecondAsked
from alongside.cohort.seats.queries.seats import (
    acting,
    checkers_for,
    not_removed,
    removed,
    seat_of,
    seated_today,
    sitters,
    suspended,
    ties_in,
    with_standing,
)
from alongside.core.grammar.v1.commitments import CHECKERS, nobody_could_check
from alongside.core.grammar.v1.engagements import DESTROYERS, holders_of
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import body_of, pack_of, serving
from alongside.ground.record.models import Log, MilestoneStanding
from alongside.ground.record.rows import RowsLog

CHECKS, SECONDS = "checks", "seconds"
#: So long a step waits for a second lead of today; then it is also for former leads who agreed.
WAIT = timedelta(days=10)


def sits(seat: Seat, today: date) -> bool:
    """Say whether a seat is taken on a day."""
    end = getattr(seat, "end", None)
    return seat.from_date <= today <= seat.until_date and (end is None or end.left_on > today)


def of_a_lead_today(seat: Seat, today: date) -> bool:
    """Say whether a seat is taken on a day, or an earlier one of a person who sits again: one lead, who keeps their keys.

    A seat that was removed is neither. Two queries at most.
    """
    if sits(seat, today):
        return True
    if seat.from_date > today:
        return False
    if hasattr(seat, "end") and Seat.objects.filter(removed(), pk=seat.pk).exists():
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
    loaded = seats.select_related("cohort__program", "end", "person", "paid_by", "works_for")
    loaded = loaded.annotate(is_removed=removed())
    last = {one.person_id: one for one in loaded.order_by("from_date", "pk")}
    gone = {one.person_id for one in last.values() if hasattr(one, "end") and one.is_removed}
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
    able_to = {about: [one.pk for one in destroyers(able, holders_of(int(about), record))] for about in keys}

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
