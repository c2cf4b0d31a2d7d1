"""Agree what a lead is paid, and set the budget of a cohort; who decides on pay."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.pay.models import Agreement, Budget, Claim, Payee, Proposal, Raised
from alongside.cohort.pay.queries.claims import STANDING
from alongside.cohort.pay.queries.terms import (
    agreement_before,
    asked_units,
    budget_of,
    call_terms,
    proposed_to,
)
from alongside.cohort.seats.actions import note_letter
from alongside.cohort.seats.models import Cohort, Seat
from alongside.core.clocks import local_date
from alongside.core.kinds import EntryKind
from alongside.core.money import Money
from alongside.core.refusals import Refused
from alongside.core.workflow.pay import Per
from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.entries import Draft, append
from alongside.ground.record.declared import appends
from alongside.ground.ui.numbers import money as in_words


def today_in(program: Program, now: datetime) -> date:
    """Give the day in the time zone of a program."""
    return local_date(now, pack_of(program))


def steward_of(program: Program, viewer: Viewer) -> int:
    """Give the person id of a steward who works for no asked unit: nobody else decides on money."""
    if viewer.person_id is None or not viewer.has(Role.STEWARD):
        raise Refused(_("Only the program coordinator decides on pay; ask the program coordinator."))
    if viewer.units & asked_units(program):
        raise Refused(
            _(
                "You also hold an office in a bureau that leads have asked something. Another program coordinator decides on their pay."
            )
        )
    return viewer.person_id


def decides_on(seat: Seat, viewer: Viewer) -> int:
    """Give the person id of a steward who decides on the pay of a seat: never who sits or sat in it."""
    by = steward_of(seat.cohort.program, viewer)
    if seat.person_id == by:
        raise Refused(_("This is your own pay; another program coordinator decides on it."))
    return by


DIGITS = 8


@dataclass(frozen=True)
class Terms:
    """What is agreed: `rate` per hour, month or deliverable, in all not more than `limit`; `call` is its entry."""

    per: str
    rate: Money
    limit: Money
    from_date: date
    until_date: date
    call: int | None = None


@appends(EntryKind.PAY_BUDGETED)
@transaction.atomic
def set_budget(*, cohort: Cohort, amount: Money, viewer: Viewer, now: datetime) -> Budget:
    """Set what a cohort may be paid in all; on the record."""
    by = steward_of(cohort.program, viewer)
    if _is_beyond(amount, _agreed(cohort)):
        raise Refused(
            _(
                "Together, the sums agreed are more than the budget of the cohort. Raise the budget first, or agree on less."
            )
        )
    data = {"cohort": cohort.slug, "amount": amount.plain(), "currency": amount.currency}
    draft = Draft(kind=EntryKind.PAY_BUDGETED, by=["steward"], data=data, cites={"cohort": [cohort.entry]})
    entry = append(program=cohort.program, drafts=[draft], now=now)[0].index
    return Budget.objects.create(
        cohort=cohort,
        minor=amount.minor,
        currency=amount.currency,
        entry=entry,
        set_by_id=by,
        set_on=today_in(cohort.program, now),
    )


@appends()
@transaction.atomic
def agree(*, seat: Seat, terms: Terms, viewer: Viewer, now: datetime) -> Agreement | Proposal:
    """Write what is agreed with a seat; an agreement in force is replaced.

    What gives the lead less than the agreement in force is a proposal: it holds once the lead agrees to it. Nor does a lead get
    less by sitting in another seat: where nothing is agreed with it yet, the call of that seat and what they had in their last one
    both count.
    """
    cohort = seat.cohort
    by = decides_on(seat, viewer)
    current = Agreement.objects.filter(seat=seat, replaced_by=None).first()
    waits = Claim.objects.filter(STANDING, seat=seat).exclude(currency=terms.limit.currency)
    if terms.rate.currency != terms.limit.currency or waits.exists():
        raise _other_currency()
    _refuse_beyond_budget(seat, terms.limit)
    before = current or agreement_before(seat)
    told = call_terms(cohort.program, seat)
    _refuse_below_the_call(seat, terms, told, is_first=current is None)
    given = {
        "per": terms.per,
        "minor": terms.rate.minor,
        "currency": terms.rate.currency,
        "limit_minor": terms.limit.minor,
        "from_date": terms.from_date,
        "until_date": terms.until_date,
        "call": terms.call,
        "set_by_id": by,
        "set_on": today_in(cohort.program, now),
    }
    if before and (_is_less(terms, before) if current else _is_less_there(seat, terms, before, told)):
        return Proposal.objects.create(agreement=before, seat=None if current else seat, **given)
    _number(seat)
    return Agreement.objects.create(seat=seat, replaces=current, **given)


def _number(seat: Seat) -> None:
    """Draw the number under which the finance system knows a seat, once."""
    if not Payee.objects.filter(seat=seat).exists():
        Payee.objects.create(seat=seat, number=f"{secrets.randbelow(10**DIGITS):0{DIGITS}}")


def _refuse_below_the_call(seat: Seat, terms: Terms, told: Mapping[str, object], *, is_first: bool) -> None:
    """Refuse a rate below the one that the call of this seat published, and told in these terms.

    The first agreement waits for no lead: so it is by the measure of the call, or pays a month as much, and lasts as long as the place.
    """
    if "rate" not in told:
        return
    per, rate = str(told["per"]), Money.of(str(told["rate"]), str(told["currency"]))
    is_alike = (per, rate.currency) == (terms.per, terms.rate.currency)
    if is_alike and rate > terms.rate:
        raise Refused(_("This is less than the call promised; agree on that rate, or on more."))
    if not is_first:
        return
    if not _pays_as_much(terms, per, rate, told):
        raise Refused(
            _(
                "The call promised to pay by another measure. Agree on that one; then another is proposed to the lead."
            )
        )
    if _leaves_out_days(seat, terms):
        raise Refused(_("The call promised pay for the whole term; agree on all days of this place."))


def _pays_as_much(terms: Terms, per: str, rate: Money, told: Mapping[str, object]) -> bool:
    """Say whether terms pay a rate at least: a sum for each month, as much as the hours of a month come to by the call."""
    hours = int(str(told.get("hours_a_month", 0)))
    is_for_the_hours = (terms.per, per) == (Per.MONTH, Per.HOUR) and hours
    if rate.currency != terms.rate.currency or not (terms.per == per or is_for_the_hours):
        return False
    return terms.rate.minor >= rate.minor * (hours if is_for_the_hours else 1)


def _leaves_out_days(seat: Seat, terms: Terms) -> bool:
    """Say whether days of a place would be unpaid."""
    return terms.from_date > seat.from_date or terms.until_date < seat.until_date


def _is_less_there(seat: Seat, terms: Terms, before: Agreement, told: Mapping[str, object]) -> bool:
    """Say whether the first terms of a seat give a lead less than they had in their last one, whose days were others."""
    is_as_much = _pays_as_much(terms, before.per, before.money, told)
    return not is_as_much or terms.limit < before.limit or _leaves_out_days(seat, terms)


def _is_less(terms: Terms, current: Agreement) -> bool:
    """Say whether terms give a lead less than the agreement in force: another way to be paid may, too."""
    return (
        terms.per != current.per
        or terms.rate < current.money
        or terms.limit < current.limit
        or terms.until_date < current.until_date
    )


@appends()
@transaction.atomic
def accept(*, proposal: Proposal, now: datetime) -> Agreement:
    """Let a lead agree to what the steward proposed: it holds for work from tomorrow on; for a seat with which nothing was agreed, for all."""
    seat = Seat.objects.select_for_update(no_key=True).get(pk=proposal.seat_id or proposal.agreement.seat_id)
    first = today_in(seat.cohort.program, now) + timedelta(days=1)
    current = Agreement.objects.filter(seat=seat, replaced_by=None).first()
    if proposed_to(seat, current) != proposal or first > proposal.until_date:
        raise Refused(_("This is no longer proposed. Load the page again."))
    budget = budget_of(seat.cohort)
    is_more = current is None or proposal.limit > current.limit
    if is_more and budget and _is_beyond(budget.money, [*_agreed(seat.cohort, but=seat), proposal.limit]):
        raise Refused(
            _(
                "With this, the sums agreed come to more than the budget of the cohort. Ask the program coordinator to raise the "
                "budget, or to propose less."
            )
        )
    _number(seat)
    return Agreement.objects.create(
        seat=seat,
        per=proposal.per,
        minor=proposal.minor,
        currency=proposal.currency,
        limit_minor=proposal.limit_minor,
        from_date=max(first, proposal.from_date) if current else proposal.from_date,
        until_date=proposal.until_date,
        replaces=current,
        call=proposal.call,
        set_by_id=proposal.set_by_id,
        set_on=first - timedelta(days=1),
    )


@appends()
def note_unagreed(*, program: Program, seats: Iterable[Seat], on: date) -> int:
    """Note that the steward is told of these seats, with which pay should be agreed already; give how many are new."""
    about = [f"pay of {one.public_id}" for one in seats]
    return sum(note_letter(program=program, about=one, stage="unagreed", on=on) for one in about)


@appends()
@transaction.atomic
def raise_limit(*, agreement: Agreement, limit: Money, reason: str, viewer: Viewer, now: datetime) -> Raised:
    """Raise the sum not to exceed, with a reason."""
    cohort = agreement.seat.cohort
    by = decides_on(agreement.seat, viewer)
    if limit.currency != agreement.currency:
        raise _other_currency()
    if not limit > agreement.limit:
        raise Refused(
            _("This is not more than the sum agreed; write a larger one, or write a new agreement.")
        )
    _refuse_beyond_budget(agreement.seat, limit)
    return Raised.objects.create(
        agreement=agreement,
        limit_minor=limit.minor,
        reason=reason,
        raised_by_id=by,
        raised_on=today_in(cohort.program, now),
    )


def _agreed(cohort: Cohort, *, but: Seat | None = None) -> list[Money]:
    """List the sums not to exceed of a cohort's agreements in force, one seat aside."""
    rows = Agreement.objects.filter(seat__cohort=cohort, replaced_by=None).prefetch_related("raises")
    return [one.limit for one in rows if but is None or one.seat_id != but.pk]


def _refuse_beyond_budget(seat: Seat, limit: Money) -> None:
    """Refuse a sum not to exceed that the budget does not hold beside those of the other seats."""
    budget = budget_of(seat.cohort)
    if budget is None:
        raise Refused(_("This cohort has no budget yet; set the budget first."))
    others = _agreed(seat.cohort, but=seat)
    if _is_beyond(budget.money, [*others, limit]):
        left = max(0, budget.minor - sum(one.minor for one in others))
        words = _(
            "The budget of the cohort leaves %(sum)s for this place. Agree on that or less, or raise the budget first."
        )
        raise Refused(words % {"sum": in_words(Money(left, budget.currency))}, "limit")


def _other_currency() -> Refused:
    return Refused(
        _("The cohort, its agreements and the work that waits are in another currency; keep that currency.")
    )


def _is_beyond(budget: Money, agreed: list[Money]) -> bool:
    """Say whether sums are more than a budget together. Raises Refused for one in another currency."""
    if any(one.currency != budget.currency for one in agreed):
        raise _other_currency()
    return Money(sum(one.minor for one in agreed), budget.currency) > budget
