"""Read the totals of whole quarters that the clock may tell: what was paid, and what was corrected since."""

from dataclasses import dataclass
from datetime import date

from alongside.cohort.pay.models import Payment
from alongside.cohort.pay.queries.arrived import arrived
from alongside.cohort.seats.models import Cohort
from alongside.core.money import Money
from alongside.core.paid import Quarter, TotalTold, days_to_tell, total_to_tell
from alongside.core.policy import Pack
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Log
from alongside.ground.record.rows import RowsLog


@dataclass(frozen=True)
class QuarterTotal:
    """A total of a cohort that may be told, over the quarters from `first` to `last`."""

    cohort: Cohort
    first: Quarter
    last: Quarter
    total: TotalTold
    median_days: int | None


@dataclass(frozen=True)
class Move:
    """A payment was told as paid, corrected or sent back, in a quarter: by how much the sum of its seat changed."""

    quarter: Quarter
    payment: Payment
    minor: int


def moves_of(payment: Payment) -> list[Move]:
    """List what was written about a payment, each with its own day, so that a quarter once told never changes."""
    found, stands = [], 0
    if hasattr(payment, "paid"):
        found.append(Move(Quarter.of(payment.paid.file.taken_on), payment, payment.minor))
        stands = payment.minor
    for one in sorted(payment.corrections.all(), key=lambda row: row.pk):
        found.append(Move(Quarter.of(one.on), payment, one.minor - stands))
        stands = one.minor
    if hasattr(payment, "rejection") and stands:
        found.append(Move(Quarter.of(payment.rejection.on), payment, -stands))
    return found


def quarters_to_tell(program: Program, pack: Pack, today: date) -> list[QuarterTotal]:
    """List the totals of whole quarters that may be told now; what may not waits and is told with a later quarter."""
    rows = RowsLog(Log.objects.get(program=program))
    found = []
    for cohort in Cohort.objects.filter(program=program).order_by("pk"):
        payments = Payment.objects.filter(seat__cohort=cohort).select_related(
            "seat", "paid__file", "rejection"
        )
        by_currency: dict[str, list[Move]] = {}
        for one in payments.prefetch_related("corrections", "lines__claim", "first__lines__claim").order_by(
            "pk"
        ):
            by_currency.setdefault(one.currency, []).extend(moves_of(one))
        told = rows.about("pay.totaled", cohort.slug)
        for currency, moves in sorted(by_currency.items()):
            last = max((one.data["until"] for one in told if one.data["currency"] == currency), default="")
            fresh = [one for one in moves if last < str(one.quarter) and one.quarter < Quarter.of(today)]
            if total := _total(cohort, fresh, pack):
                found.append(total)
    return found


def _total(cohort: Cohort, fresh: list[Move], pack: Pack) -> QuarterTotal | None:
    """Give the total of some moves, or None where it would point at someone, or a seat gave back more than it got."""
    by_seat: dict[str, int] = {}
    for one in fresh:
        seat = one.payment.seat.public_id
        by_seat[seat] = by_seat.get(seat, 0) + one.minor
    if not fresh or min(by_seat.values()) < 0:
        return None
    currency = fresh[0].payment.currency
    total = total_to_tell({seat: Money(minor, currency) for seat, minor in by_seat.items()}, pack.k)
    if total is None:
        return None
    quarters = [one.quarter for one in fresh]
    days = days_to_tell(_days(fresh), len(by_seat), pack.k)
    return QuarterTotal(cohort, min(quarters), max(quarters), total, days)


def _days(fresh: list[Move]) -> list[int]:
    """Count the days from logging to payment, once for each piece of work that was paid."""
    payments = {one.payment.pk: one.payment for one in fresh}.values()
    return [
        (came.paid_on - line.claim.logged_on).days
        for one in payments
        if (came := arrived(one))
        for line in (one.first or one).lines.all()
    ]
