"""Read what the clock tells and erases, and what the public page says of pay: all of it from the record."""

from dataclasses import dataclass
from datetime import date

from alongside.cohort.pay.models import Claim, Paid
from alongside.cohort.pay.queries.claims import STANDING
from alongside.cohort.seats.models import Cohort
from alongside.core.clocks import plus_months
from alongside.core.money import Money
from alongside.core.paid import Quarter, TotalTold, days_to_tell, total_to_tell
from alongside.core.policy import Pack
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Log
from alongside.ground.record.queries import Told, told_where
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
class TotalShown:
    """A total on the public page."""

    told: Told
    low: Money
    high: Money

    @property
    def is_exact(self) -> bool:
        """Say whether the sum itself is told."""
        return self.low == self.high

    @property
    def quarters(self) -> str:
        """Give the quarter, or the first and the last."""
        first, last = self.told.entry.data["from"], self.told.entry.data["until"]
        return str(first) if first == last else f"{first} – {last}"

    @property
    def median_days(self) -> int | None:
        """Give the median of days from logging to payment, where it may be told."""
        return self.told.entry.data.get("median_days")


@dataclass(frozen=True)
class CohortPay:
    """What the public sees of a cohort's pay."""

    seated: Told
    budget: Money | None
    budget_entry: int | None
    totals: list[TotalShown]


def public_pay(program: Program, lang: str) -> list[CohortPay]:
    """List cohorts, newest first, with their budget and what was paid, from the record alone. Four queries."""
    told = told_where(program, lang, kinds=["cohort.seated", "pay.budgeted", "pay.totaled"])
    found = []
    for seated in [one for one in told if one.entry.kind == "cohort.seated"][::-1]:
        own = [one for one in told if one.entry.data["cohort"] == seated.entry.data["cohort"]]
        budgets = [one for one in own if one.entry.kind == "pay.budgeted"]
        totals = [_total(one) for one in own if one.entry.kind == "pay.totaled"]
        last = budgets[-1] if budgets else None
        money = _money(last, "amount") if last else None
        found.append(CohortPay(seated, money, last.index if last else None, totals))
    return found


def _total(told: Told) -> TotalShown:
    return TotalShown(told, _money(told, "low"), _money(told, "high"))


def _money(told: Told, name: str) -> Money:
    return Money.of(str(told.entry.data[name]), str(told.entry.data["currency"]))


def quarters_to_tell(program: Program, pack: Pack, today: date) -> list[QuarterTotal]:
    """List the totals of whole quarters that may be told now; what may not waits and is told with a later quarter.

    A payment belongs to the quarter in which its file came back, so that a quarter once told never changes.
    """
    rows = RowsLog(Log.objects.get(program=program))
    found = []
    for cohort in Cohort.objects.filter(program=program).order_by("pk"):
        paid = Paid.objects.filter(payment__seat__cohort=cohort).select_related("payment__seat", "file")
        lines = paid.prefetch_related("payment__lines__claim")
        by_currency: dict[str, list[Paid]] = {}
        for one in lines:
            by_currency.setdefault(one.payment.currency, []).append(one)
        told = rows.about("pay.totaled", cohort.slug)
        for currency, payments in sorted(by_currency.items()):
            last = max((one.data["until"] for one in told if one.data["currency"] == currency), default="")
            if total := _whole_quarters(cohort, payments, last, pack, today):
                found.append(total)
    return found


def _whole_quarters(
    cohort: Cohort, payments: list[Paid], told_to: str, pack: Pack, today: date
) -> QuarterTotal | None:
    now = Quarter.of(today)
    fresh = [
        one
        for one in payments
        if str(Quarter.of(one.file.taken_on)) > told_to and Quarter.of(one.file.taken_on) < now
    ]
    if not fresh:
        return None
    by_seat: dict[str, Money] = {}
    for one in fresh:
        seat = one.payment.seat.public_id
        by_seat[seat] = by_seat[seat] + one.payment.money if seat in by_seat else one.payment.money
    total = total_to_tell(by_seat, pack.k)
    if total is None:
        return None
    days = [(one.paid_on - line.claim.logged_on).days for one in fresh for line in one.payment.lines.all()]
    first = min(Quarter.of(one.file.taken_on) for one in fresh)
    last = max(Quarter.of(one.file.taken_on) for one in fresh)
    return QuarterTotal(cohort, first, last, total, days_to_tell(days, len(by_seat), pack.k))


def holds_stand(program: Program) -> bool:
    """Say whether a legal hold is in force: nothing is erased then."""
    rows = RowsLog(Log.objects.get(program=program))
    return any(not rows.citing(hold.index, "hold.lifted") for hold in rows.every("hold.placed"))


def to_erase(program: Program, pack: Pack, today: date) -> list[Claim]:
    """List the claims whose note and bill have reached the day on which the pack's retention lets them go."""
    kept = next((one for one in pack.retention if one.id == pack.pay.retention), None)
    if kept is None or kept.years is None:
        return []
    latest = plus_months(today, -12 * kept.years)
    claims = Claim.objects.filter(seat__cohort__program=program, erased=None, logged_on__lt=latest)
    undecided = claims.filter(STANDING, line__payment__paid=None).values("pk")
    return list(claims.exclude(pk__in=undecided).order_by("pk"))
