"""Write pay: agree, log, decide, pay, take back what finance says, tell and erase. Every change is a new row."""

from alongside.cohort.pay.actions.days import FutureDayError, NoCheckError, OutsideTheTermError
from alongside.cohort.pay.actions.deciding import (
    AlreadyDecidedError,
    NotYourOwnError,
    OnlyTheStewardError,
    TheAskedUnitError,
    approve,
    send_back,
)
from alongside.cohort.pay.actions.logging import (
    HaveNoPayError,
    LoggedTwiceError,
    MoreThanADayError,
    NothingAgreedError,
    PastTheLimitError,
    Work,
    log,
    take_back,
)
from alongside.cohort.pay.actions.mending import (
    NothingChangesError,
    SentBackAlreadyError,
    WrongDayError,
    correct,
    reject,
)
from alongside.cohort.pay.actions.paying import (
    FileDoesNotReconcileError,
    NothingToPayError,
    RunAlreadyClosedError,
    close_run,
    take_file,
)
from alongside.cohort.pay.actions.telling import erase, note_reminder, tell_quarters
from alongside.cohort.pay.actions.terms import (
    BudgetIsTooSmallError,
    LimitMustRiseError,
    NoBudgetError,
    OtherCurrencyError,
    Terms,
    agree,
    raise_limit,
    set_budget,
)

__all__ = [
    "AlreadyDecidedError",
    "BudgetIsTooSmallError",
    "FileDoesNotReconcileError",
    "FutureDayError",
    "HaveNoPayError",
    "LimitMustRiseError",
    "LoggedTwiceError",
    "MoreThanADayError",
    "NoBudgetError",
    "NoCheckError",
    "NotYourOwnError",
    "NothingAgreedError",
    "NothingChangesError",
    "NothingToPayError",
    "OnlyTheStewardError",
    "OtherCurrencyError",
    "OutsideTheTermError",
    "PastTheLimitError",
    "RunAlreadyClosedError",
    "SentBackAlreadyError",
    "Terms",
    "TheAskedUnitError",
    "Work",
    "WrongDayError",
    "agree",
    "approve",
    "close_run",
    "correct",
    "erase",
    "log",
    "note_reminder",
    "raise_limit",
    "reject",
    "send_back",
    "set_budget",
    "take_back",
    "take_file",
    "tell_quarters",
]
