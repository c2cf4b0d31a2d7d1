"""Say what of a payment arrived, what is under way, and what the next run sends again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q

from alongside.cohort.pay.models import Payment
from alongside.core.money import Money
from alongside.ground.programs.models import Program

#: The payments that sent one again, with what is said about each.
AGAIN = Payment.objects.select_related("paid", "rejection", "run").prefetch_related("corrections")


@dataclass(frozen=True)
class Arrived:
    """What was paid, and when, as the file that came back or the last correction says."""

    minor: int
    paid_on: date


def arrived(payment: Payment) -> Arrived | None:
    """Give what arrived of one payment; None where it is under way or was sent back. Asks nothing."""
    if hasattr(payment, "rejection"):
        return None
    if last := max(payment.corrections.all(), key=lambda one: one.pk, default=None):
        return Arrived(last.minor, last.paid_on)
    return Arrived(payment.minor, payment.paid.paid_on) if hasattr(payment, "paid") else None


def money_of(payment: Payment, came: Arrived) -> Money:
    """Give what arrived as a sum of money."""
    return Money(came.minor, payment.currency)


def is_under_way(payment: Payment) -> bool:
    """Say whether finance has one payment and nobody said yet what became of it."""
    return not hasattr(payment, "rejection") and arrived(payment) is None


def parts_of(first: Payment) -> list[Payment]:
    """Give a payment and those that sent it again, in that order."""
    return [first, *sorted(first.again.all(), key=lambda one: one.pk)]


def arrivals(first: Payment) -> list[Arrived]:
    """Give what arrived of a payment, with what was sent again."""
    return [found for one in parts_of(first) if (found := arrived(one))]


def owed_of(first: Payment) -> Money:
    """Give what is still owed of a payment, whether under way or not; below nothing is nothing."""
    got = sum(one.minor for one in arrivals(first))
    return Money(max(0, first.minor - got), first.currency)


def got_of(first: Payment) -> Money:
    """Give what arrived of a payment in all."""
    return Money(sum(one.minor for one in arrivals(first)), first.currency)


def state_of_payment(first: Payment) -> str:
    """Say where a payment stands: sent, paid, or again, where the next run sends what is missing."""
    if any(is_under_way(one) for one in parts_of(first)):
        return "sent"
    return "again" if owed_of(first).minor else "paid"


def to_send_again(program: Program) -> list[tuple[Payment, Money]]:
    """List the payments of which something did not arrive and is not under way, with how much. Three queries at most."""
    touched = Q(rejection__isnull=False) | Q(corrections__isnull=False)
    touched |= Q(again__rejection__isnull=False) | Q(again__corrections__isnull=False)
    firsts = Payment.objects.filter(touched, run__program=program, first=None).distinct()
    rows = firsts.select_related("paid", "rejection", "seat__payee", "seat__person")
    found = rows.prefetch_related("corrections", Prefetch("again", AGAIN)).order_by("pk")
    return [(one, _not_sent(one)) for one in found if _not_sent(one).minor > 0]


def _not_sent(first: Payment) -> Money:
    way = sum(one.minor for one in parts_of(first) if is_under_way(one))
    return Money(owed_of(first).minor - way, first.currency)


def each_once(payments: Iterable[Payment]) -> list[Payment]:
    """List payments without repeating one."""
    return list({one.pk: one for one in payments}.values())
