"""What is kept of pay: agreements and budgets, what was logged and decided, runs and what came back. Rows are only added."""

from alongside.cohort.pay.models.logs import Bill, Claim, Decision, Erased, Note, Reminder
from alongside.cohort.pay.models.runs import FileBack, Line, Paid, Payment, Run
from alongside.cohort.pay.models.terms import Agreement, Budget, Payee, Raised

__all__ = [
    "Agreement",
    "Bill",
    "Budget",
    "Claim",
    "Decision",
    "Erased",
    "FileBack",
    "Line",
    "Note",
    "Paid",
    "Payee",
    "Payment",
    "Raised",
    "Reminder",
    "Run",
]
