"""What people type about pay; one module a pen."""

from alongside.cohort.pay.forms.logging import CostForm, MonthForm, PieceForm, WorkForm, form_for
from alongside.cohort.pay.forms.saying import in_words, row_in_words, unreadable_in_words
from alongside.cohort.pay.forms.stewarding import (
    BackForm,
    BudgetForm,
    CorrectForm,
    RaiseForm,
    RejectForm,
    SendBackForm,
    TakeForm,
    TermsForm,
)

__all__ = [
    "BackForm",
    "BudgetForm",
    "CorrectForm",
    "CostForm",
    "MonthForm",
    "PieceForm",
    "RaiseForm",
    "RejectForm",
    "SendBackForm",
    "TakeForm",
    "TermsForm",
    "WorkForm",
    "form_for",
    "in_words",
    "row_in_words",
    "unreadable_in_words",
]
