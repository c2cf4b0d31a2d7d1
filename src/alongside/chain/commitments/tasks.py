"""The clock of commitments: a milestone past its day, and a claim that nobody checked."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from itertools import chain

from alongside.chain.commitments.actions import delay, enter_where_two_agree, tell_delay
from alongside.chain.commitments.queries import seen_by_two
from alongside.core.clocks import local_date
from alongside.core.grammar.commitments import nobody_sits_to_check
from alongside.core.kinds import EntryKind
from alongside.core.turns import in_turn
from alongside.core.workflow.commitments import KEPT
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.entries import Draft, tell_once, untold
from alongside.ground.record.declared import appends
from alongside.ground.record.models import MilestoneStanding
from alongside.ground.record.rows import RowsLog


@appends(
    EntryKind.COMMITMENT_LATE,
    EntryKind.DELIVERY_UNCHECKED,
    EntryKind.DELIVERY_VERIFIED,
    EntryKind.DELIVERY_DISPUTED,
)
def tick(*, program: Program, now: datetime) -> int:
    """Enter what two leads saw alike by now, then tell what is late today; give how many things were told.

    What fails for one stops no other: ExceptionGroup at the end.
    """
    return sum(in_turn(chain(_agreed(program, now), _late(program, now))))


def _agreed(program: Program, now: datetime) -> Iterator[Callable[[], int]]:
    for claim in seen_by_two(program):
        yield partial(enter_where_two_agree, program=program, claim=claim, now=now)


def _late(program: Program, now: datetime) -> Iterator[Callable[[], int]]:
    pack = pack_of(program)
    today = local_date(now, pack)
    open_ones = MilestoneStanding.objects.filter(log__program=program).exclude(completion__in=KEPT)
    late = [
        (one, draft)
        for one in open_ones.order_by("commitment", "pk")
        if (draft := delay(one, today, pack) or _check_due(one, today))
    ]

    def tell(standing: MilestoneStanding) -> int:
        if standing.is_claimed:
            return _unchecked(program, standing, today, now)
        return tell_delay(
            program=program, commitment=standing.commitment, milestone=standing.milestone, now=now
        )

    yield from (partial(tell, one) for one in untold(program=program, late=late, on=today))


def _check_due(standing: MilestoneStanding, today: date) -> Draft | None:
    """Say that nobody checked a claim in time; whether anybody sits who could is said where it is told."""
    if standing.claim is None or not standing.is_claimed:
        return None
    if standing.verify_due is None or standing.verify_due >= today:
        return None
    return Draft(kind=EntryKind.DELIVERY_UNCHECKED, by=["clock"], cites={"claim": [standing.claim]})


def _unchecked(program: Program, standing: MilestoneStanding, today: date, now: datetime) -> int:
    draft = _check_due(standing, today)
    if standing.claim is None or draft is None:
        return 0
    nobody = nobody_sits_to_check(RowsLog.of(program), today, standing.claim)
    data = {"milestone": standing.milestone, "nobody_seated": "yes" if nobody else "no"}
    return int(tell_once(program=program, draft=replace(draft, data=data), now=now) is not None)
