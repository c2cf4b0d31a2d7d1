"""What happens to strategies by themselves: a pen that nobody holds is forgotten, a strategy that all left is erased."""

from datetime import datetime

from alongside.ground.programs.models import Program
from alongside.ground.record.declared import appends
from alongside.work.strategies.actions import erase_left, forget_pens


@appends()
def tick(*, program: Program, now: datetime) -> int:
    """Forget the pens whose time is over, and erase the strategies that all leads left; give how many there were."""
    return forget_pens(program=program, now=now) + erase_left(program=program, now=now)
