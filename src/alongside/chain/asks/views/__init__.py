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

__all__ = ["acknowledge", "advise", "clarify", "more_time", "question", "recommend", "transfer", "unclear"]
