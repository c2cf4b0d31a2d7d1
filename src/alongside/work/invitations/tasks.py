"""The clock of invitations: that leads have not answered a unit is told in public, in the steps of every silence."""

from datetime import date, datetime

from alongside.core.clocks import local_date, silence_stages
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Draft, tell_once
from alongside.ground.record.declared import appends
from alongside.work.invitations.queries import unanswered_since


@appends("invitation.unanswered")
def tick(*, program: Program, now: datetime) -> int:
    """Tell every invitation that leads have not answered; after missed runs one entry tells how it is today."""
    pack = pack_of(program)
    today = local_date(now, pack)
    return sum(_tell(program, index, due, today, now) for index, due in unanswered_since(program, today))


def _tell(program: Program, invitation: int, due: date, today: date, now: datetime) -> int:
    stages = silence_stages(due, pack_of(program), today)
    if not stages:
        return 0
    stage = stages[-1].label
    data = {"days": (today - due).days, "stage": stage}
    draft = Draft(kind="invitation.unanswered", by=["clock"], data=data, cites={"invitation": [invitation]})
    return int(tell_once(program=program, about=invitation, stage=stage, draft=draft, now=now) is not None)
