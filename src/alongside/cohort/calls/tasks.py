"""What happens to applications by itself: they are erased when their time is over."""

from datetime import datetime

from alongside.cohort.calls.actions.ending import erase_due
from alongside.ground.programs.models import Program


def tick(*, program: Program, now: datetime) -> None:
    """Erase what is due. Safe to repeat."""
    erase_due(program=program, now=now)
