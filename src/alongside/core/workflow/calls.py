"""How a call chooses people, and where it and its list of panels stand."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any

from alongside.core.entries import Entry
from alongside.core.workflow.open_steps import STEWARD, OpenStep


class Selection(StrEnum):
    """How a call chooses people."""

    PANEL = "panel"
    LOTTERY = "lottery"
    PANEL_THEN_LOTTERY = "panel-then-lottery"


class Outcome(StrEnum):
    """What is decided of an application; lottery: a panel lets it into the draw, which decides."""

    SEAT = "seat"
    ALTERNATE = "alternate"
    NO = "no"
    LOTTERY = "lottery"


class OfferEnd(StrEnum):
    """Why the offer of a seat ended with nobody in it: a no, an application that was taken back, a day that passed."""

    SAID_NO = "said-no"
    TAKEN_BACK = "taken-back"
    NO_ANSWER = "no-answer"


def as_corrected(call: Entry, corrections: Iterable[Entry]) -> dict[str, Any]:
    """Give what a published call says with its corrections, oldest first: each changes one day or one count, or words alone."""
    data = dict(call.data)
    for one in corrections:
        for name in ("day", "count"):
            if name in one.data:
                data[one.data["about"]] = one.data[name]
    return data


class CallStage(StrEnum):
    """Where a call stands; choosing: nobody can apply any more, and it is not decided yet; late: nor is it on its day."""

    COMING = "coming"
    OPEN = "open"
    CHOOSING = "choosing"
    LATE = "late"
    OVER = "over"

    @classmethod
    def on(
        cls, today: date, *, opens: date, closes: date, decides: date, is_decided: bool = False
    ) -> "CallStage":
        """Give where a call with these days stands on a day; only once it is decided it is over."""
        if today < opens:
            return cls.COMING
        if today <= closes:
            return cls.OPEN
        if is_decided:
            return cls.OVER
        return cls.CHOOSING if today <= decides else cls.LATE


class CallStep(StrEnum):
    """What is next of a call that is not decided, or of which no place is offered yet."""

    CLOSE = "close"
    DRAW = "draw"
    WITNESS = "witness"
    DECIDE = "decide"
    OFFER = "offer"


def next_step(
    today: date,
    *,
    closes: date,
    decides_by: date,
    seed_day: date | None,
    is_drawn: bool,
    is_witnessed: bool,
    is_decided: bool = False,
) -> OpenStep:
    """Say what is next of a published call; `seed_day` is None where no lottery is announced.

    Once it is decided its places are offered, to whoever was chosen, by the day on which everyone was to have an answer.
    """
    if is_decided:
        return OpenStep(CallStep.OFFER, STEWARD, decides_by)
    if today <= closes:
        return OpenStep(CallStep.CLOSE, STEWARD, closes)
    if seed_day is not None and not is_drawn:
        return OpenStep(CallStep.DRAW, STEWARD, seed_day)
    waits = seed_day is not None and not is_witnessed
    return OpenStep(CallStep.WITNESS if waits else CallStep.DECIDE, STEWARD, decides_by)


class PanelsStage(StrEnum):
    """Where a list of panels stands: it is made, or the pool cannot meet a quota, or all at once, or one was missed."""

    WAITING = "waiting"
    MADE = "made"
    SHORT = "short"
    NONE = "none"
    WRONG = "wrong"
