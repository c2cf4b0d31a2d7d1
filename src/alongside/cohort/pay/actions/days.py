"""Judge the day of a piece of work: within the agreement, or after it as a check that is on the record."""

from datetime import date

from alongside.cohort.pay.models import Agreement
from alongside.cohort.pay.queries.checks import check_by
from alongside.core.policy.pay import PayKind


class OutsideTheTermError(ValueError):
    """The day lies outside what is agreed; only checks of a delivery are paid after the term."""


class NoCheckError(ValueError):
    """After the term, a day is paid if a check on the record rests on it; log it when the record has the check."""


class FutureDayError(ValueError):
    """The work has not happened yet; log it when it is done."""


def check_for(agreement: Agreement, kind: PayKind, on: date, today: date, *, is_month: bool) -> int | None:
    """Give the check that work after the term rests on, as its entry of the record; None for work in the term.

    Raises FutureDay-, OutsideTheTerm- or NoCheckError.
    """
    if on > today:
        raise FutureDayError("This day lies ahead; log the work when it is done.")
    end = getattr(agreement.seat, "end", None)
    last = min(agreement.until_date, end.left_on) if end else agreement.until_date
    first = agreement.from_date.replace(day=1) if is_month else agreement.from_date
    if first <= on <= last:
        return None
    if on < first or not kind.after_term:
        raise OutsideTheTermError(
            f"Your agreement runs from {agreement.from_date} to {last}; choose a day in that time."
        )
    check = check_by(agreement.seat, on)
    if check is None:
        raise NoCheckError("After the term, only days of a check that is on the record are paid.")
    return check.index
