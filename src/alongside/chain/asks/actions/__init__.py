"""Ask an office, once or in bulk, advise it, raise what it refused, and what the unit does before it answers."""

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
from alongside.chain.asks.actions.learning import agree_to_learn, ask_to_learn
from alongside.chain.asks.actions.listing import question_many
from alongside.chain.asks.actions.raising import NothingToRaise, raise_question, reply_above
from alongside.chain.asks.actions.silence import tell_silence

__all__ = [
    "NotToBeQuoted",
    "NothingToRaise",
    "acknowledge",
    "advise",
    "agree_to_learn",
    "ask_to_learn",
    "ask_what_is_meant",
    "clarify",
    "note_reminder",
    "question",
    "question_many",
    "raise_question",
    "recommend",
    "reply_above",
    "take_more_time",
    "tell_silence",
    "transfer",
]
