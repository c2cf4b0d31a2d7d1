"""What happens to strategies by themselves: a pen that nobody holds any more is forgotten."""

from datetime import datetime

from alongside.ground.programs.models import Program
from alongside.ground.record.declared import appends
from alongside.work.strategies.actions import forget_pens


@appends()
def tick(*, program: Program, now: datetime) -> int:
    """Forget the pens whose time is over; give how many there were."""
    return forget_pens(program=program, now=now)
