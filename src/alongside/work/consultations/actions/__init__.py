"""Open a consultation, bring material, comment, take back."""

from alongside.work.consultations.actions.commenting import (
    GONE,
    NotTheirs,
    comment,
    erase_comments,
    take_back,
)
from alongside.work.consultations.actions.opening import (
    AskedBefore,
    NobodyToAsk,
    enter_material,
    open_consultation,
    withdraw,
)

__all__ = [
    "GONE",
    "AskedBefore",
    "NobodyToAsk",
    "NotTheirs",
    "comment",
    "enter_material",
    "erase_comments",
    "open_consultation",
    "take_back",
    "withdraw",
]
