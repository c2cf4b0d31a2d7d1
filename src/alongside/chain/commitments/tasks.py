"""The clock of commitments: a milestone past its day, and a claim that nobody checked."""

from datetime import date, datetime
from functools import partial

from alongside.chain.commitments.actions import tell_delay
from alongside.core.clocks import local_date
from alongside.core.grammar.commitments import nobody_sits_to_check
from alongside.core.kinds import EntryKind
from alongside.core.turns import in_turn
from alongside.core.workflow.commitments import KEPT
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Draft, tell_once
from alongside.ground.record.declared import appends
from alongside.ground.record.models import Log, MilestoneStanding
from alongside.ground.record.rows import RowsLog


@appends(EntryKind.COMMITMENT_LATE, EntryKind.DELIVERY_UNCHECKED)
def tick(*, program: Program, now: datetime) -> int:
    """Tell what is late today; give how many things were told. What fails for one stops no other: ExceptionGroup at the end."""
    pack = pack_of(program)
    today = local_date(now, pack)

    def tell(standing: MilestoneStanding) -> int:
        if standing.is_late(today):
            return tell_delay(
                program=program, commitment=standing.commitment, milestone=standing.milestone, now=now
            )
        if standing.is_claimed and standing.verify_due and standing.verify_due < today:
            return _unchecked(program, standing, today, now)
        return 0

    open_ones = MilestoneStanding.objects.filter(log__program=program).exclude(completion__in=KEPT)
    return sum(in_turn(partial(tell, one) for one in open_ones.order_by("commitment", "pk")))


def _unchecked(program: Program, standing: MilestoneStanding, today: date, now: datetime) -> int:
    if standing.claim is None:
        return 0
    nobody = nobody_sits_to_check(RowsLog(Log.objects.get(program=program)), today, standing.claim)
    data = {"milestone": standing.milestone, "nobody_seated": "yes" if nobody else "no"}
    draft = Draft(
        kind=EntryKind.DELIVERY_UNCHECKED, by=["clock"], data=data, cites={"claim": [standing.claim]}
    )
    return int(tell_once(program=program, draft=draft, now=now) is not None)
