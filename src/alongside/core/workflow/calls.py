"""Where a call and its list of panels stand."""

from datetime import date
from enum import StrEnum


class CallStage(StrEnum):
    """Where a call stands; choosing: nobody can apply any more, and it is not decided yet."""

    COMING = "coming"
    OPEN = "open"
    CHOOSING = "choosing"
    OVER = "over"

    @classmethod
    def on(cls, today: date, opens: date, closes: date, decides: date) -> "CallStage":
        """Give where a call with these days stands on a day."""
        if today < opens:
            return cls.COMING
        if today <= closes:
            return cls.OPEN
        return cls.CHOOSING if today <= decides else cls.OVER


class PanelsStage(StrEnum):
    """Where a list of panels stands: it is made, or the pool cannot meet a quota, or all at once, or one was missed."""

    WAITING = "waiting"
    MADE = "made"
    SHORT = "short"
    NONE = "none"
    WRONG = "wrong"
