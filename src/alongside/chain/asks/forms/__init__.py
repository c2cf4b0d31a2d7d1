"""What someone types to ask, one question or many, and what a unit types before it answers."""

from alongside.chain.asks.forms.asking import (
    AdviceForm,
    AskForm,
    MoreTimeForm,
    QuestionForm,
    RecommendForm,
    TransferForm,
    WordsForm,
    driven_by,
)

__all__ = [
    "AdviceForm",
    "AskForm",
    "MoreTimeForm",
    "QuestionForm",
    "RecommendForm",
    "TransferForm",
    "WordsForm",
    "driven_by",
]
