"""The clock of pay: tell the steward what is past its day, tell totals of quarters, erase. Idempotent."""

from collections.abc import Callable
from datetime import datetime

from alongside.cohort.pay.actions.claims import erase
from alongside.cohort.pay.actions.runs import note_reminder, note_silence, tell_quarters
from alongside.cohort.pay.actions.terms import note_unagreed
from alongside.cohort.pay.queries.runs import past_their_day, silent_again
from alongside.cohort.pay.queries.terms import unagreed
from alongside.core.clocks import local_date
from alongside.core.kinds import EntryKind
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends
from alongside.ground.record.rows import RowsLog

#: Writes to whoever runs the program that so many things are past their day, and pay should be agreed with so many leads.
type Tell = Callable[[Program, int, int], None]


@appends(EntryKind.PAY_TOTALED)
def tick(*, program: Program, now: datetime, tell: Tell) -> int:
    """Do for pay what its clock demands today; give how many things were told or erased."""
    pack = pack_of(program)
    today = local_date(now, pack)
    late = past_their_day(program, pack, today)
    fresh = note_reminder(claims=late, on=today, now=now) if late else 0
    if silent := silent_again(program, pack, today):
        fresh += note_silence(program=program, runs=silent, on=today, now=now)
    seats = [one for due, one in unagreed(program, pack, today, RowsLog.of(program)) if due < today]
    waits = note_unagreed(program=program, seats=seats, on=today)
    if fresh or waits:
        tell(program, fresh, waits)
    return fresh + waits + tell_quarters(program=program, now=now) + erase(program=program, now=now)
