"""Read a policy pack that ships with the program, and the clock on its walls."""

from datetime import datetime
from importlib.resources import files
from zoneinfo import ZoneInfo

from alongside.core.policy import load_pack


def read(name: str) -> str:
    """Give the text of a shipped policy pack."""
    return (files("alongside.ground.programs") / "packs" / f"{name}.toml").read_text()


def on_its_walls(now: datetime, name: str) -> datetime:
    """Give the same moment as the clocks of a program show it, so that its day is the program's day."""
    return now.astimezone(ZoneInfo(load_pack(read(name)).time_zone))
