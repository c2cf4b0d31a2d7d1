"""Pages that ask, advise, and act on what was asked."""

from alongside.chain.asks.views.advising import advise
from alongside.chain.asks.views.asking import (
    acknowledge,
    clarify,
    more_time,
    question,
    recommend,
    transfer,
    unclear,
)
from alongside.chain.asks.views.learning import learning
from alongside.chain.asks.views.questions import follow_up, many, raise_it, reply_above

__all__ = [
    "acknowledge",
    "advise",
    "clarify",
    "follow_up",
    "learning",
    "many",
    "more_time",
    "question",
    "raise_it",
    "recommend",
    "reply_above",
    "transfer",
    "unclear",
]
