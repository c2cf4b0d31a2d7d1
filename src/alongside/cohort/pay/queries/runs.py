"""Read what a run would pay, what finance was asked to pay, and what came back."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch, Q, QuerySet, Sum

from alongside.cohort.pay.models import (
    Agreement,
    Budget,
    Claim,
    Payment,
    Run,
    name_of,
)
from alongside.cohort.pay.queries.claims import (
    AGAIN,
    APPROVED,
    OPEN,
    STANDING,
    WEEK,
    ClaimView,
    ToSend,
    held_of,
    missing_of,
    shown,
    with_all,
)
from alongside.cohort.seats.models import Cohort
from alongside.core.clocks import pay_due
from alongside.core.money import Money, sums
from alongside.core.pay_files import Expected, Judged, judge
from alongside.core.policy.pack import Pack
from alongside.core.workflow.pay import COST_KINDS, WORK_KINDS, ClaimStage
from alongside.ground.programs.models import Program


def came_back(program: Program) -> ToSend:
    """List the payments of which something did not arrive and is not under way, with how much. Four queries at most."""
    touched = Q(rejected_on__isnull=False) | Q(corrections__isnull=False)
    touched |= Q(again__rejected_on__isnull=False) | Q(again__corrections__isnull=False)
    firsts = Payment.objects.filter(touched, first=None, run__program=program).distinct()
    rows = firsts.prefetch_related("corrections", "claims", Prefetch("again", AGAIN))
    rows = rows.select_related("seat__payee", "seat__person")
    return [(one, one.not_sent) for one in rows if one.not_sent.minor > 0]


@dataclass(frozen=True)
class ToPay:
    """What a run would pay now, what it would leave out because the sum agreed is used up, and what it would send again."""

    pays: list[Claim]
    leaves: list[Claim]
    again: list[tuple[Payment, Money]]

    @property
    def held(self) -> list[Claim]:
        """List what waits for its payee's account."""
        return held_of(self.pays, (one for one, _rest in self.again))

    @property
    def left_out(self) -> list[Claim]:
        """List what is approved and the next run does not pay by itself: it is held, or more than the sum agreed."""
        return [*self.held, *self.leaves]

    @property
    def whole(self) -> list[Money]:
        """Give all that is approved or came back, by currency."""
        approved = [one.money for one in (*self.pays, *self.leaves)]
        return sums([*approved, *(rest for _one, rest in self.again)])

    @property
    def sums(self) -> list[Money]:
        """Give what the run would pay of what is approved, by currency; what is sent only where it is ticked is not in it."""
        held = self.held
        return sums(one.money for one in self.pays if one not in held)

    def ticked(self, references: Collection[str]) -> "ToPay":
        """Give what a run takes where the payments with these references are ticked, each for all that its payee is owed."""
        seats = {one.seat_id for one, _rest in self.again if one.reference in references}
        held = self.held
        return ToPay(
            [one for one in self.pays if one not in held or one.seat_id in seats],
            self.leaves,
            [(one, rest) for one, rest in self.again if one.seat_id in seats],
        )

    @property
    def came_back(self) -> list[Claim]:
        """List the claims for which something would be sent again."""
        found = (missing_of(one, one.claims.all()) for one, _rest in self.again)
        return [claim for each in found for claim, _part in each]


def open_claims(
    program: Program, pack: Pack, lang: str, today: date, back: ToSend
) -> tuple[list[ClaimView], ToPay]:
    """List what waits for the steward, the longest waiting first, then what came `back`; and say what a run would pay."""
    claims = with_all(Claim.objects.filter(OPEN, seat__cohort__program=program))
    found = list(claims.order_by("logged_on", "pk"))
    due = _to_pay(pack, [one for one in found if one.verdict == ClaimStage.APPROVED], back)
    every = [*found, *due.came_back]
    held = held_of(every, (one for one, _rest in due.again))
    return shown(every, pack, lang, today, set(due.leaves), held), due


def to_pay(program: Program, pack: Pack) -> ToPay:
    """Say what a run would pay: approved claims in the order they were logged, each seat up to its limit. Five queries and more."""
    approved = Claim.objects.filter(APPROVED, seat__cohort__program=program)
    return _to_pay(pack, list(approved.order_by("logged_on", "pk")), came_back(program))


def _to_pay(pack: Pack, rows: Sequence[Claim], back: ToSend) -> ToPay:
    agreements = Agreement.objects.filter(seat__in={one.seat_id for one in rows}, replaced_by=None)
    limits = {one.seat_id: one.limit for one in agreements.prefetch_related("raises")}
    counts = Q() if pack.pay.costs_within_limit else Q(kind__in=WORK_KINDS)
    before = Claim.objects.filter(counts, seat__in=limits).exclude(payment=None).values("seat", "currency")
    used = {(one["seat"], one["currency"]): one["all"] for one in before.annotate(all=Sum("minor"))}
    pays, leaves = [], []
    for one in rows:
        key, limit = (one.seat_id, one.currency), limits.get(one.seat_id)
        is_free = one.kind in COST_KINDS and not pack.pay.costs_within_limit
        total = used.get(key, 0) + one.minor
        if is_free or (limit and limit.currency == one.currency and total <= limit.minor):
            pays.append(one)
            used[key] = used.get(key, 0) if is_free else total
        else:
            leaves.append(one)
    return ToPay(pays, leaves, back)


def past_their_day(program: Program, pack: Pack, today: date) -> list[Claim]:
    """List claims whose day of payment has passed and that are not paid: undecided, in no run, sent back, or with the finance office."""
    claims = Claim.objects.filter(OPEN, seat__cohort__program=program, logged_on__lt=today, advance=None)
    back = ToPay([], [], came_back(program)).came_back
    late = [one for one in (*claims.order_by("pk"), *back) if pay_due(one.logged_on, pack) < today]
    return list(dict.fromkeys([*late, *unheard_of(with_finance(program), pack, today)]))


def with_finance(program: Program) -> QuerySet[Claim]:
    """Give the claims that are in a run of which the finance office has said nothing yet."""
    silent = {"paid_on": None, "rejected_on": None, "corrections": None}
    first = {f"payment__{name}": one for name, one in silent.items()}
    again = {f"payment__again__{name}": one for name, one in silent.items()}
    way = Q(payment__isnull=False, **first) | Q(payment__again__isnull=False, **again)
    return Claim.objects.filter(way, seat__cohort__program=program).distinct()


def unheard_of(claims: QuerySet[Claim], pack: Pack, today: date) -> list[Claim]:
    """List those of `with_finance` whose day is past, and that were sent more than a week ago. Three queries."""
    rows = claims.select_related("payment__run").prefetch_related("payment__again__run").order_by("pk")
    since = today - timedelta(days=WEEK)
    return [
        one
        for one in rows
        if one.payment
        and one.payment.parts[-1].run.closed_on < since
        and pay_due(one.logged_on, pack) < today
    ]


def silent_again(program: Program, pack: Pack, today: date) -> dict[Run, int]:
    """Give the runs of which finance says nothing, each with how much of it the steward was told of before it was closed."""
    found: Counter[Run] = Counter()
    for one in unheard_of(with_finance(program), pack, today):
        run = one.payment.parts[-1].run if one.payment else None
        if run and one.reminded_on and one.reminded_on <= run.closed_on:
            found[run] += 1
    return dict(found)


@dataclass(frozen=True)
class Spent:
    """What a cohort may be paid in all, what was sent to finance or paid of it, and what is logged and not sent, or came back."""

    cohort: Cohort
    budget: Money | None
    sent: Money
    approved: Money
    unapproved: Money

    @property
    def waits(self) -> Money:
        """Give what is not with finance, or came back."""
        return self.approved + self.unapproved

    @property
    def used(self) -> Money:
        """Give what is used of the budget."""
        return self.sent + self.waits

    @property
    def left(self) -> Money | None:
        """Give what is left of the budget; nothing where it is used up, None where there is none."""
        if self.budget is None:
            return None
        return Money(max(0, self.budget.minor - self.used.minor), self.budget.currency)

    @property
    def is_short(self) -> bool:
        """Say whether there is no budget, or less than a tenth of it is left."""
        return self.budget is None or self.used.minor * 10 > self.budget.minor * 9


def spent_of_cohorts(cohorts: Sequence[Cohort], back: ToSend) -> list[Spent]:
    """Say what is used of the budgets of these cohorts, costs included, what came `back` not, in the currency of each budget. Two queries."""
    given = Budget.objects.filter(cohort__in=cohorts).order_by("pk")
    budgets: dict[int, Budget] = {one.cohort_id: one for one in given}
    claims = Claim.objects.filter(STANDING, seat__cohort__in=cohorts, advance=None)
    rows = claims.values("seat__cohort", "currency")
    summed = rows.annotate(
        sent=Sum("minor", filter=Q(payment__isnull=False), default=0),
        approved=Sum("minor", filter=Q(payment=None, verdict=ClaimStage.APPROVED), default=0),
        unapproved=Sum("minor", filter=Q(verdict=None), default=0),
    ).order_by()
    used = {
        (one["seat__cohort"], one["currency"]): [one["sent"], one["approved"], one["unapproved"]]
        for one in summed
    }
    for payment, rest in back:
        if parts := used.get((payment.seat.cohort_id, payment.currency)):
            parts[0], parts[1] = parts[0] - rest.minor, parts[1] + rest.minor
    found = []
    for one in cohorts:
        budget = budgets.get(one.pk)
        known = next((currency for cohort, currency in used if cohort == one.pk), "USD")
        currency = budget.currency if budget else known
        minors = used.get((one.pk, currency), [0, 0, 0])
        sent, approved, unapproved = (Money(minor, currency) for minor in minors)
        found.append(Spent(one, budget.money if budget else None, sent, approved, unapproved))
    return found


SAID = Payment.objects.select_related("run", "first").prefetch_related("corrections")
PAYMENTS = Prefetch("payments", SAID.select_related("seat__person", "seat__payee"))


def runs_of(program: Program) -> list[Run]:
    """List the runs of a program with their payments, newest first. Three queries."""
    return list(Run.objects.filter(program=program).prefetch_related(PAYMENTS).order_by("-number"))


def run_of(program: Program, number: int) -> Run | None:
    """Give a run by its number, with its payments, or None. Three queries."""
    return Run.objects.filter(program=program, number=number).prefetch_related(PAYMENTS).first()


def payments_of(program: Program) -> list[Payment]:
    """List every payment of a program that was asked for."""
    return list(SAID.filter(run__program=program))


def payment_of(program: Program, payment: int) -> Payment | None:
    """Give a payment of the program, or None. Two queries."""
    rows = SAID.select_related("seat__person", "run__program")
    return rows.filter(pk=payment, run__program=program).first()


def expected_back(program: Program) -> dict[str, Expected]:
    """Give, by reference, what finance was asked to pay, and what came back. Two queries."""
    return {
        one.reference: Expected(
            one.reference,
            one.money,
            one.run.closed_on,
            found.paid_on if (found := one.arrived) else None,
            one.rejected_on is not None,
        )
        for one in payments_of(program)
    }


def judged(program: Program, text: str, pack: Pack, today: date) -> Judged:
    """Hold a file that came back against what finance was asked to pay. Raises UnusableInputError. Two queries."""
    return judge(text, expected_back(program), today, pack.pay.finance.back_headings)


def in_finance_columns(run: Run, pack: Pack) -> tuple[list[str], list[list[str]]]:
    """Give the headings and rows of the file for finance, in the columns of the pack."""
    finance = pack.pay.finance
    rows = []
    for one in run.payments.all():
        cells = {
            "payee": one.seat.payee.number,
            "amount": one.money.plain(),
            "currency": one.currency,
            "reference": one.reference,
            "run": str(run.number),
            "name": name_of(one.seat) if finance.needs_name else "",
        }
        rows.append([cells[name] for name in finance.columns])
    return [finance.headings.get(name, name) for name in finance.columns], rows
