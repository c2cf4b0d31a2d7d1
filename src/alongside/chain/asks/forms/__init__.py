"""What someone types to ask, one question or many, and what a unit types before it answers."""

from alongside.chain.asks.forms.advising import AdviceForm
from alongside.chain.asks.forms.asking import (
    AskForm,
    MoreTimeForm,
    QuestionForm,
    RecommendForm,
    TransferForm,
    WordsForm,
    driven_by,
)
from alongside.chain.asks.forms.questions import (
    FollowUpForm,
    ManyForm,
    RaiseForm,
    ReplyAboveForm,
    StateForm,
)

__all__ = [
    "AdviceForm",
    "AskForm",
    "FollowUpForm",
    "ManyForm",
    "MoreTimeForm",
    "QuestionForm",
    "RaiseForm",
    "RecommendForm",
    "ReplyAboveForm",
    "StateForm",
    "TransferForm",
    "WordsForm",
    "driven_by",
]
