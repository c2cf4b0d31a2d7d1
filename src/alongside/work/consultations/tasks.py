"""What happens to consultations by themselves: comments that reached their day are erased."""

from datetime import datetime

from alongside.ground.programs.models import Program
from alongside.ground.record.declared import appends
from alongside.work.consultations.actions import erase_comments


@appends()
def tick(*, program: Program, now: datetime) -> int:
    """Erase the comments whose day has come; give how many there were."""
    return erase_comments(program=program, now=now)
