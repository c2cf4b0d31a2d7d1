"""Ask an office, advise it, and what the unit does with an ask before it answers."""

from alongside.chain.asks.actions.advising import NotToBeQuoted, advise
from alongside.chain.asks.actions.asking import (
    acknowledge,
    ask_what_is_meant,
    clarify,
    note_reminder,
    question,
    recommend,
    take_more_time,
    transfer,
)

__all__ = [
    "NotToBeQuoted",
    "acknowledge",
    "advise",
    "ask_what_is_meant",
    "clarify",
    "note_reminder",
    "question",
    "recommend",
    "take_more_time",
    "transfer",
]
