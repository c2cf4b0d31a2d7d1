"""Set what a cohort may cost and what is agreed with a seat; raise a sum not to exceed. The steward's pen."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from alongside.cohort.pay.actions.deciding import steward_of
from alongside.cohort.pay.models import Agreement, Budget, Claim, Payee, Proposal, Raised
from alongside.cohort.pay.queries import agreement_before, budget_of, call_terms, limit_of, proposed_to
from alongside.cohort.pay.queries.claims import STANDING
from alongside.cohort.seats.models import Cohort, Seat
from alongside.core.clocks import local_date
from alongside.core.money import Money
from alongside.ground.gate import Asker
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Draft, append
from alongside.ground.record.declared import appends

DIGITS = 8


class NoBudgetError(ValueError):
    """A cohort has no budget yet; set it first."""


class BudgetIsTooSmallError(ValueError):
    """The sums agreed are more than the budget; `lacks` is by how much."""

    def __init__(self, lacks: Money) -> None:
        self.lacks = lacks
        super().__init__(
            f"The sums agreed are {lacks} more than the budget; raise the budget, or agree on less."
        )


class LimitMustRiseError(ValueError):
    """A sum not to exceed is only raised; to lower it, write a new agreement."""


class BelowTheCallError(ValueError):
    """The rate is lower than the one that the call published."""


class ProposalIsOldError(ValueError):
    """What was proposed is no longer what the steward proposes, or its time is over."""


class OtherCurrencyError(ValueError):
    """Pay of a cohort is in one currency, and an agreement under which work waits keeps its own."""


@dataclass(frozen=True)
class Terms:
    """What is agreed: `rate` per hour, month or deliverable, in all not more than `limit`; `call` is its entry."""

    per: str
    rate: Money
    limit: Money
    from_date: date
    until_date: date
    call: int | None = None


@appends("pay.budgeted")
@transaction.atomic
def set_budget(*, cohort: Cohort, amount: Money, asker: Asker, now: datetime) -> Budget:
    """Set what a cohort may be paid in all; on the record. Raises OtherCurrencyError or BudgetIsTooSmallError."""
    by = steward_of(cohort.program, asker)
    _refuse_beyond(cohort, amount, agreed=_agreed(cohort, but=None))
    data = {"cohort": cohort.slug, "amount": amount.plain(), "currency": amount.currency}
    draft = Draft(kind="pay.budgeted", by=["steward"], data=data, cites={"cohort": [cohort.entry]})
    entry = append(program=cohort.program, drafts=[draft], now=now)[0].index
    return Budget.objects.create(
        cohort=cohort,
        minor=amount.minor,
        currency=amount.currency,
        entry=entry,
        set_by_id=by,
        set_on=local_date(now, pack_of(cohort.program)),
    )


@appends()
@transaction.atomic
def agree(*, seat: Seat, terms: Terms, asker: Asker, now: datetime) -> Agreement | Proposal:
    """Write what is agreed with a seat; an agreement in force is replaced. Raises NoBudget-, BelowTheCall- and the like.

    What gives the lead less than the agreement in force is a proposal: it holds once the lead agrees to it. Nor does a lead get
    less by sitting in another seat: where nothing is agreed with it yet, that of their last seat counts.
    """
    cohort = seat.cohort
    by = steward_of(cohort.program, asker)
    current = Agreement.objects.filter(seat=seat, replaced_by=None).first()
    waits = Claim.objects.filter(STANDING, seat=seat).exclude(currency=terms.limit.currency)
    if terms.rate.currency != terms.limit.currency or waits.exists():
        raise OtherCurrencyError("Work under this agreement waits in its currency; keep that currency.")
    budget = budget_of(cohort)
    if budget is None:
        raise NoBudgetError("This cohort has no budget yet; set it first.")
    _refuse_beyond(cohort, budget.money, agreed=[*_agreed(cohort, but=seat), terms.limit])
    _refuse_below_the_call(cohort, terms)
    given = {
        "per": terms.per,
        "minor": terms.rate.minor,
        "currency": terms.rate.currency,
        "limit_minor": terms.limit.minor,
        "from_date": terms.from_date,
        "until_date": terms.until_date,
        "call": terms.call,
        "set_by_id": by,
        "set_on": local_date(now, pack_of(cohort.program)),
    }
    before = current or agreement_before(seat)
    if before and _is_less(terms, before):
        return Proposal.objects.create(agreement=before, seat=None if current else seat, **given)
    _number(seat)
    return Agreement.objects.create(seat=seat, replaces=current, **given)


def _number(seat: Seat) -> None:
    """Draw the number under which the finance system knows a seat, once."""
    if not Payee.objects.filter(seat=seat).exists():
        Payee.objects.create(seat=seat, number=f"{secrets.randbelow(10**DIGITS):0{DIGITS}}")


def _refuse_below_the_call(cohort: Cohort, terms: Terms) -> None:
    """Refuse a rate below the one that the call for this term published."""
    told = call_terms(cohort.program, cohort)
    if (told.get("per"), told.get("currency")) != (terms.per, terms.rate.currency):
        return
    if terms.rate < Money.of(str(told["rate"]), terms.rate.currency):
        raise BelowTheCallError(f"The call promised {told['rate']}; agree on that or on more.")


def _is_less(terms: Terms, current: Agreement) -> bool:
    """Say whether terms give a lead less than the agreement in force: another way to be paid may, too."""
    return (
        terms.per != current.per
        or terms.rate < current.money
        or terms.limit < limit_of(current)
        or terms.until_date < current.until_date
    )


@appends()
@transaction.atomic
def accept(*, proposal: Proposal, now: datetime) -> Agreement:
    """Let a lead agree to what the steward proposed: it holds for work from tomorrow on. Raises ProposalIsOldError."""
    seat = Seat.objects.select_for_update(no_key=True).get(pk=proposal.seat_id or proposal.agreement.seat_id)
    first = local_date(now, pack_of(seat.cohort.program)) + timedelta(days=1)
    current = Agreement.objects.filter(seat=seat, replaced_by=None).first()
    if proposed_to(seat, current) != proposal or first > proposal.until_date:
        raise ProposalIsOldError("This is no longer proposed; load the page again.")
    _number(seat)
    return Agreement.objects.create(
        seat=seat,
        per=proposal.per,
        minor=proposal.minor,
        currency=proposal.currency,
        limit_minor=proposal.limit_minor,
        from_date=max(first, proposal.from_date),
        until_date=proposal.until_date,
        replaces=current,
        call=proposal.call,
        set_by_id=proposal.set_by_id,
        set_on=first - timedelta(days=1),
    )


@appends()
@transaction.atomic
def raise_limit(*, agreement: Agreement, limit: Money, reason: str, asker: Asker, now: datetime) -> Raised:
    """Raise the sum not to exceed, with a reason. Raises LimitMustRiseError or BudgetIsTooSmallError."""
    cohort = agreement.seat.cohort
    by = steward_of(cohort.program, asker)
    if limit.currency != agreement.currency:
        raise OtherCurrencyError("The agreement is in another currency; keep that currency.")
    if not limit > limit_of(agreement):
        raise LimitMustRiseError("The new sum is not more than the one agreed; write a larger one.")
    budget = budget_of(cohort)
    if budget is None:
        raise NoBudgetError("This cohort has no budget yet; set it first.")
    _refuse_beyond(cohort, budget.money, agreed=[*_agreed(cohort, but=agreement.seat), limit])
    return Raised.objects.create(
        agreement=agreement,
        limit_minor=limit.minor,
        reason=reason,
        raised_by_id=by,
        raised_on=local_date(now, pack_of(cohort.program)),
    )


def _agreed(cohort: Cohort, *, but: Seat | None) -> list[Money]:
    """List the sums not to exceed of a cohort's agreements in force, one seat aside."""
    rows = Agreement.objects.filter(seat__cohort=cohort, replaced_by=None).prefetch_related("raises")
    return [limit_of(one) for one in rows if but is None or one.seat_id != but.pk]


def _refuse_beyond(cohort: Cohort, budget: Money, agreed: list[Money]) -> None:
    if any(one.currency != budget.currency for one in agreed):
        raise OtherCurrencyError(f"The budget of {cohort.slug} is in another currency; keep to one currency.")
    total = Money(sum(one.minor for one in agreed), budget.currency)
    if total > budget:
        raise BudgetIsTooSmallError(total - budget)
