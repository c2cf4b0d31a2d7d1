"""Which letters about checks are due, when, and to whom."""

from datetime import date, timedelta

from alongside.chain.commitments.queries import checks_of, is_for_former, promised_between, unchecked
from alongside.cohort.seats.letters import Due
from alongside.cohort.seats.models import CHECKS
from alongside.cohort.seats.queries.seconds import former_leads, ties_in
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
    days = {one.pk: promised_between(one) for one in people}
    promises = record.entries_at(program, {one.commitment for one in waiting})
    done = {(one.claim, one.seat_id) for one in checks_of(program, claim__in=[one.claim for one in waiting])}
    return [
        Due(f"check {one.claim} {seat.public_id}", _stage(one, today), (seat.person,))
        for one in waiting
        for seat in people
        if (one.claim, seat.pk) not in done
        and ties.may_look(seat, one)
        and is_for_former(program, days[seat.pk], promises[one.commitment].date, one, today)
    ]


def _stage(standing: MilestoneStanding, today: date) -> str:
    return "last" if standing.verify_due and standing.verify_due - LAST <= today else "waits"
