"""What is kept of pay: agreements and budgets, what was logged and decided, runs and what came back. Rows are only added."""

from alongside.cohort.pay.models.logs import Bill, Claim, Decision, Erased, Note, Reminder
from alongside.cohort.pay.models.runs import Correction, FileBack, Line, Paid, Payment, Rejection, Run
from alongside.cohort.pay.models.terms import Agreement, Budget, Payee, Proposal, Raised

__all__ = [
    "Agreement",
    "Bill",
    "Budget",
    "Claim",
    "Correction",
    "Decision",
    "Erased",
    "FileBack",
    "Line",
    "Note",
    "Paid",
    "Payee",
    "Payment",
    "Proposal",
    "Raised",
    "Rejection",
    "Reminder",
    "Run",
]
