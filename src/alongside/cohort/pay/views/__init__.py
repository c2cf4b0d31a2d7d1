"""Pages of pay; one module a pen."""

from alongside.cohort.pay.views.files import bill, mine_csv
from alongside.cohort.pay.views.leads import accept, cost, log, mine, take_back
from alongside.cohort.pay.views.mending import correct, reject
from alongside.cohort.pay.views.public import public
from alongside.cohort.pay.views.runs import close, reconcile, run, run_csv, runs
from alongside.cohort.pay.views.stewards import approve, desk, send_back
from alongside.cohort.pay.views.terms import agreement, agreements, budget, raised

__all__ = [
    "accept",
    "agreement",
    "agreements",
    "approve",
    "bill",
    "budget",
    "close",
    "correct",
    "cost",
    "desk",
    "log",
    "mine",
    "mine_csv",
    "public",
    "raised",
    "reconcile",
    "reject",
    "run",
    "run_csv",
    "runs",
    "send_back",
    "take_back",
]
