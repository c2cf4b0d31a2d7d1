"""The clock of invitations: what no lead took by its day ends so, once. Leads are not an institution, and never late."""

from datetime import datetime

from alongside.core.clocks import local_date
from alongside.core.kinds import EntryKind
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.entries import Draft, tell_once
from alongside.ground.record.declared import appends
from alongside.work.invitations.queries import unanswered


@appends(EntryKind.INVITATION_UNANSWERED)
def tick(*, program: Program, now: datetime) -> int:
    """Tell of every invitation that no lead took by its day, once."""
    today = local_date(now, pack_of(program))
    return sum(_tell(program, index, now) for index in unanswered(program, today))


def _tell(program: Program, invitation: int, now: datetime) -> int:
    draft = Draft(kind=EntryKind.INVITATION_UNANSWERED, by=["clock"], cites={"invitation": [invitation]})
    return int(tell_once(program=program, draft=draft, now=now) is not None)
