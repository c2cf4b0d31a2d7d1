"""Keep sealed strategies; pass the pen; keep what comes too late; end them. Nothing here goes on the record."""

from alongside.work.strategies.actions.ending import (
    destroy,
    drop_side_version,
    erase_left,
    forget_pens,
    keep,
)
from alongside.work.strategies.actions.pen import ask_for_pen, hand_pen, put_down_pen, take_pen
from alongside.work.strategies.actions.saving import (
    Saved,
    StrategyRefusedError,
    begin,
    keep_version,
    set_members,
)

__all__ = [
    "Saved",
    "StrategyRefusedError",
    "ask_for_pen",
    "begin",
    "destroy",
    "drop_side_version",
    "erase_left",
    "forget_pens",
    "hand_pen",
    "keep",
    "keep_version",
    "put_down_pen",
    "set_members",
    "take_pen",
]
