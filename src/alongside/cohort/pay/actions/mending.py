"""Write that a payment was sent back, or what was paid in truth. Rows are added; none is changed. The steward's pen."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from alongside.cohort.pay.actions.deciding import steward_of
from alongside.cohort.pay.models import Correction, Payment, Rejection
from alongside.cohort.pay.queries.arrived import Arrived, arrived
from alongside.core.clocks import local_date
from alongside.core.money import Money
from alongside.ground.gate import Asker
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends


class SentBackAlreadyError(ValueError):
    """The bank sent this payment back; the next run sends it again, and that one can be corrected."""


class WrongDayError(ValueError):
    """A payment was not made before its run or in days to come; write the day on which it was made."""


class NothingChangesError(ValueError):
    """The day and the sum are those that are written already; change one of them."""


@appends()
def reject(*, payment: Payment, reason: str, asker: Asker, now: datetime) -> Rejection:
    """Write that a payment was sent back, also after it was told as paid. Raises SentBackAlreadyError."""
    program = payment.run.program
    by = steward_of(program, asker)
    today = local_date(now, pack_of(program))
    try:
        with transaction.atomic():
            return Rejection.objects.create(payment=payment, reason=reason, by_id=by, on=today)
    except IntegrityError as error:
        raise SentBackAlreadyError(
            "This payment was sent back already; the next run sends it again."
        ) from error


@appends()
@transaction.atomic
def correct(
    *, payment: Payment, amount: Money, paid_on: date, reason: str, asker: Asker, now: datetime
) -> Correction:
    """Write what was paid in truth, and when. Raises SentBackAlready-, WrongDay- or NothingChangesError."""
    program = payment.run.program
    by = steward_of(program, asker)
    today = local_date(now, pack_of(program))
    if Rejection.objects.filter(payment=payment).exists():
        raise SentBackAlreadyError("This payment was sent back; correct the one that is sent again.")
    if not payment.run.closed_on <= paid_on <= today:
        raise WrongDayError("Write the day on which it was paid, between the run and today.")
    if arrived(payment) == Arrived(amount.minor, paid_on):
        raise NothingChangesError("This is what is written already; change the day or the sum.")
    return Correction.objects.create(
        payment=payment,
        minor=amount.minor,
        currency=payment.currency,
        paid_on=paid_on,
        reason=reason,
        by_id=by,
        on=today,
    )
