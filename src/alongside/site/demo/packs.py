"""Tell the time as the clock on the walls of a program does."""

from datetime import datetime
from zoneinfo import ZoneInfo

from alongside.core.policy.load import load_pack
from alongside.ground.programs.pack_files import shipped_pack


def in_program_timezone(now: datetime, name: str) -> datetime:
    """Give the same moment as the clocks of a program show it, so that its day is the program's day."""
    return now.astimezone(ZoneInfo(load_pack(shipped_pack(name)).time_zone))
