"""What comes next of each call, by which day: for whoever runs the program."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from alongside.cohort.calls.models import Call
from alongside.core.grammar.selection import WITNESSES
from alongside.ground.programs.models import Program

#: Two outside witnesses end a lottery.


@dataclass(frozen=True)
class NextStep:
    """The next step of a call: `closes`, `draw`, `witness` or `decide`, and the day it is due."""

    call: Call
    name: str
    due: date


def next_steps(program: Program, today: date) -> list[NextStep]:
    """Give the next step of every published call that is not decided. One query."""
    rows = Call.objects.filter(program=program, entry__isnull=False, selection_closed=None)
    agree = Count("invitees", filter=Q(invitees__attested__agrees=True))
    found = rows.select_related("lottery__drawn").annotate(agree=agree).order_by("closes", "pk")
    return [_step(one, today) for one in found]


def _step(call: Call, today: date) -> NextStep:
    if today <= call.closes:
        return NextStep(call, "closes", call.closes)
    lottery = getattr(call, "lottery", None)
    if lottery is None:
        return NextStep(call, "decide", call.decides_by)
    if not hasattr(lottery, "drawn"):
        return NextStep(call, "draw", lottery.seed_day)
    is_witnessed = call.agree >= WITNESSES  # type: ignore[attr-defined]  # annotated above
    return NextStep(call, "decide" if is_witnessed else "witness", call.decides_by)
