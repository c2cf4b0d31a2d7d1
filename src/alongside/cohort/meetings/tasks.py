"""The clock of meetings: who came to one is erased when its day has come."""

from datetime import datetime

from alongside.cohort.meetings.actions import erase_attendance
from alongside.core.clocks import local_date
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of


def tick(*, program: Program, now: datetime) -> int:
    """Erase what is to be erased today; give how many rows went."""
    return erase_attendance(program=program, today=local_date(now, pack_of(program)))
