"""Read what may be told of pay in public: sums of whole quarters."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from alongside.cohort.pay.models import Payment
from alongside.cohort.pay.queries.terms import calls_for
from alongside.cohort.seats.models import Cohort
from alongside.core.kinds import EntryKind
from alongside.core.money import Money
from alongside.core.paid import Quarter, TotalTold, days_to_tell, total_to_tell
from alongside.core.policy.pack import Pack
from alongside.ground.programs.models import Program
from alongside.ground.record.queries import EntryView, entry_views_where
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
    if payment.file:
        found.append(Move(Quarter.of(payment.file.taken_on), payment, payment.minor))
        stands = payment.minor
    for one in payment.corrections.all():
        found.append(Move(Quarter.of(one.on), payment, one.minor - stands))
        stands = one.minor
    if payment.rejected_on and stands:
        found.append(Move(Quarter.of(payment.rejected_on), payment, -stands))
    return found


def quarters_to_tell(program: Program, pack: Pack, today: date) -> list[QuarterTotal]:
    """List the totals of whole quarters that may be told now; what may not waits and is told with a later quarter."""
    rows = RowsLog.of(program)
    found = []
    for cohort in Cohort.objects.filter(program=program).order_by("pk"):
        payments = Payment.objects.filter(seat__cohort=cohort).select_related("seat", "file")
        by_currency: dict[str, list[Move]] = {}
        for one in payments.prefetch_related("corrections", "claims", "first__claims"):
            by_currency.setdefault(one.currency, []).extend(moves_of(one))
        told = rows.about(EntryKind.PAY_TOTALED, cohort.slug)
        for currency, moves in sorted(by_currency.items()):
            last = max((one.data["until"] for one in told if one.data["currency"] == currency), default="")
            fresh = [one for one in moves if last < str(one.quarter) and one.quarter < Quarter.of(today)]
            if total := _total(cohort, fresh, pack):
                found.append(total)
    return found


def _total(cohort: Cohort, fresh: list[Move], pack: Pack) -> QuarterTotal | None:
    """Give the total of some moves, or None where it would point at someone. What a seat gave back lowers it."""
    by_seat: Counter[str] = Counter()
    for one in fresh:
        by_seat[one.payment.seat.public_id] += one.minor
    if not fresh:
        return None
    currency = fresh[0].payment.currency
    total = total_to_tell({seat: Money(minor, currency) for seat, minor in by_seat.items()}, pack.k)
    if total is None:
        return None
    quarters, days = [one.quarter for one in fresh], days_to_tell(_days(fresh), len(by_seat), pack.k)
    return QuarterTotal(cohort, min(quarters), max(quarters), total, days)


def _days(fresh: list[Move]) -> list[int]:
    """Count the days from logging to payment, once for each piece of work that was paid."""
    return [
        (came.paid_on - claim.logged_on).days
        for one in dict.fromkeys(move.payment for move in fresh)
        if (came := one.arrived) and came.paid_on
        for claim in (one.first or one).claims.all()
    ]


@dataclass(frozen=True)
class TotalShown:
    """A total on the public page."""

    told: EntryView
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
    def months(self) -> tuple[str, str]:
        """Give the first month of the first quarter and the last month of the last, as people know them."""
        return _months(*(Quarter.read(self.told.entry.data[edge]) for edge in ("from", "until")))

    @property
    def median_days(self) -> int | None:
        """Give the median of days from logging to payment, where it may be told."""
        return self.told.entry.data.get("median_days")


@dataclass(frozen=True)
class CohortPay:
    """What the public sees of a cohort's pay."""

    seated: EntryView
    budget: Money | None
    budget_entry: int | None
    totals: list[TotalShown]
    #: The call that promised its pay, where it is on the record.
    call: EntryView | None
    #: The months of the quarters that are over and of which no total is told, after one of which it is.
    waits: tuple[str, str] | None = None

    @property
    def promised(self) -> dict[str, object] | None:
        """Give what the call promised: pay, what one agreement costs at most, and its data; None where there is no call."""
        if self.call is None:
            return None
        data = self.call.entry.data
        pay = Money.of(data["pay"]["amount"], data["pay"]["currency"]) if "pay" in data else None
        return {"pay": pay, "limit": _money(self.call, "not_to_exceed"), "data": data}


def public_pay(program: Program, lang: str, today: date) -> list[CohortPay]:
    """List cohorts, newest first, with their budget and what was paid, from the record alone. Four queries."""
    told = entry_views_where(
        program,
        lang,
        kinds=[
            EntryKind.COHORT_SEATED,
            EntryKind.PAY_BUDGETED,
            EntryKind.PAY_TOTALED,
            EntryKind.CALL_PUBLISHED,
        ],
    )
    calls = [one for one in told if one.entry.kind == EntryKind.CALL_PUBLISHED]
    found = []
    for seated in [one for one in told if one.entry.kind == EntryKind.COHORT_SEATED][::-1]:
        own = [one for one in told if one.entry.data.get("cohort") == seated.entry.data["cohort"]]
        budgets = [one for one in own if one.entry.kind == EntryKind.PAY_BUDGETED]
        totals = [
            TotalShown(one, _money(one, "low"), _money(one, "high"))
            for one in own
            if one.entry.kind == EntryKind.PAY_TOTALED
        ]
        last = budgets[-1] if budgets else None
        money = _money(last, "amount") if last else None
        waits = _waiting(seated, totals, today)
        term = (date.fromisoformat(seated.entry.data[edge]) for edge in ("from", "until"))
        budget = last.index if last else None
        found.append(
            CohortPay(seated, money, budget, totals, next(iter(calls_for(calls, *term)), None), waits)
        )
    return found


def _waiting(seated: EntryView, totals: Sequence[TotalShown], today: date) -> tuple[str, str] | None:
    """Give the months from the last quarter that is told to the last that is over, or to the end of the term."""
    if not totals:
        return None
    first = max(Quarter.read(one.told.entry.data["until"]) for one in totals).next
    over = Quarter.of(Quarter.of(today).first_day - timedelta(days=1))
    last = min(over, Quarter.of(date.fromisoformat(seated.entry.data["until"])))
    return _months(first, last) if first <= last else None


def _months(first: Quarter, last: Quarter) -> tuple[str, str]:
    """Give the first month of a quarter and the last of another, as people know them."""
    return f"{first.first_day:%Y-%m}", f"{last.next.first_day - timedelta(days=1):%Y-%m}"


def _money(told: EntryView, name: str) -> Money:
    return Money.of(str(told.entry.data[name]), str(told.entry.data["currency"]))
