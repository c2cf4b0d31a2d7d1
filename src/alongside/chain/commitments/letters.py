"""Which letters about checks are due, when, and to whom."""

from datetime import date, timedelta

from alongside.chain.commitments.queries import checks_of, unchecked
from alongside.cohort.seats.letters import Due
from alongside.cohort.seats.models import CHECKS, Seat
from alongside.cohort.seats.queries.seconds import (
    Ties,
    former_leads,
    promised_between,
    ties_in,
    too_few_check,
)
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record import queries as record
from alongside.ground.record.models import MilestoneStanding

#: Whoever has not checked is told again so long before the last day.
LAST = timedelta(days=14)


def checks_to_tell(program: Program, today: date) -> list[Due]:
    """List the letters due to former leads: a claim waits that they may check, and again in its last two weeks."""
    waiting = list(unchecked(program).filter(verify_due__gte=today).order_by("claim"))
    people = former_leads(program, CHECKS, today) if waiting else []
    if not people:
        return []
    ties = ties_in(program, pack_of(program))
    promises = record.entries_at(program, {one.commitment for one in waiting})
    done = {(one.claim, one.seat_id) for one in checks_of(program, claim__in=[one.claim for one in waiting])}
    return [
        Due(f"check {one.claim} {seat.public_id}", _stage(one, today), (seat.person,))
        for one in waiting
        for seat in people
        if _is_for(seat, one, promises[one.commitment].date, ties, today) and (one.claim, seat.pk) not in done
    ]


def _is_for(seat: Seat, standing: MilestoneStanding, promised_on: date, ties: Ties, today: date) -> bool:
    if not ties.may_look(seat, standing):
        return False
    first, after = promised_between(seat)
    return first <= promised_on < after or too_few_check(seat.cohort.program, standing, today)


def _stage(standing: MilestoneStanding, today: date) -> str:
    return "last" if standing.verify_due and standing.verify_due - LAST <= today else "waits"
