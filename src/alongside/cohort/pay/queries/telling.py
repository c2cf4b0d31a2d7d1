"""Read what the public page says of pay, all of it from the record, and what the clock erases."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from alongside.cohort.pay.models import Claim
from alongside.cohort.pay.queries.claims import STANDING
from alongside.core.clocks import plus_months
from alongside.core.money import Money
from alongside.core.paid import Quarter
from alongside.core.policy import Pack
from alongside.ground.programs.models import Program
from alongside.ground.record.queries import Told, told_where


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
    def months(self) -> tuple[str, str]:
        """Give the first month of the first quarter and the last month of the last, as people know them."""
        first, last = (Quarter.read(self.told.entry.data[edge]) for edge in ("from", "until"))
        return f"{first.first_day:%Y-%m}", f"{last.next.first_day - timedelta(days=1):%Y-%m}"

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


def to_erase(program: Program, pack: Pack, today: date) -> list[Claim]:
    """List the claims whose note and bill have reached the day on which the pack's retention lets them go."""
    kept = next((one for one in pack.retention if one.id == pack.pay.retention), None)
    if kept is None or kept.years is None:
        return []
    latest = plus_months(today, -12 * kept.years)
    claims = Claim.objects.filter(seat__cohort__program=program, erased=None, logged_on__lt=latest)
    payment = "line__payment__"
    came = Q(**{f"{payment}paid__isnull": False}) | Q(**{f"{payment}corrections__isnull": False})
    came |= Q(**{f"{payment}again__paid__isnull": False}) | Q(
        **{f"{payment}again__corrections__isnull": False}
    )
    undecided = claims.filter(STANDING).exclude(pk__in=claims.filter(came).values("pk")).values("pk")
    return list(claims.exclude(pk__in=undecided).order_by("pk"))
