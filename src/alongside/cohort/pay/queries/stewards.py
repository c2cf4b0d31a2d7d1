"""Read what waits for the steward: claims to decide on, what a run would pay, and the terms of each seat."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, Sum

from alongside.cohort.pay.models import Agreement, Budget, Claim, Payment
from alongside.cohort.pay.queries.accounts import limit_of
from alongside.cohort.pay.queries.arrived import to_send_again
from alongside.cohort.pay.queries.claims import Shown, shown, with_all
from alongside.cohort.seats.models import Cohort, Seat
from alongside.cohort.seats.queries.seats import sitting
from alongside.core.clocks import pay_due
from alongside.core.money import Money, sums
from alongside.core.policy import Pack
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import stewards_on
from alongside.ground.record.models import Standing
from alongside.ground.record.queries import told_where

OPEN = Q(decision=None) | Q(decision__verdict="approved", line=None)


@dataclass(frozen=True)
class OpenClaim:
    """A claim that is not in a run yet, with who logged it. `fits` is false where paying it would exceed the limit."""

    shown: Shown
    who: str
    fits: bool = True


@dataclass(frozen=True)
class ToPay:
    """What a run would pay now, what it would leave out because the sum agreed is used up, and what it would send again."""

    pays: list[Claim]
    leaves: list[Claim]
    again: list[tuple[Payment, Money]]

    @property
    def sums(self) -> list[Money]:
        """Give what the run would pay, by currency."""
        return sums([*(one.money for one in self.pays), *(money for _payment, money in self.again)])


@dataclass(frozen=True)
class SeatTerms:
    """A seat with its agreement and the sum not to exceed, if there is one."""

    seat: Seat
    who: str
    agreement: Agreement | None
    limit: Money | None


def asked_units(program: Program) -> frozenset[str]:
    """List the units that leads have asked something: who works for one decides on no pay."""
    offices = Standing.objects.filter(log__program=program).values_list("office", flat=True).distinct()
    return frozenset(office.partition("/")[0] for office in offices)


def called(seat: Seat) -> str:
    """Give what the steward calls a lead."""
    return seat.person.called or seat.person.email or seat.public_id


def stewards_today(program: Program, today: date) -> list[Person]:
    """List who runs the program today."""
    return [one.person for one in stewards_on(program, today)]


def open_claims(
    program: Program, pack: Pack, lang: str, today: date, due: ToPay | None = None
) -> list[OpenClaim]:
    """List what waits for the steward, the longest waiting first; `due` is what a run would pay, where it is known."""
    claims = with_all(Claim.objects.filter(OPEN, seat__cohort__program=program))
    rows = shown(claims.order_by("logged_on", "pk"), pack, lang, today)
    left_out = {one.pk for one in (due or to_pay(program, pack)).leaves}
    return [OpenClaim(one, called(one.claim.seat), one.claim.pk not in left_out) for one in rows]


def open_claim(program: Program, claim: int) -> Claim | None:
    """Give a claim that waits for the steward's decision, or None."""
    claims = Claim.objects.filter(pk=claim, decision=None, seat__cohort__program=program)
    return with_all(claims).first()


def to_pay(program: Program, pack: Pack) -> ToPay:
    """Say what a run would pay: approved claims in the order they were logged, each seat up to its limit. Five queries and more."""
    approved = Claim.objects.filter(decision__verdict="approved", line=None, seat__cohort__program=program)
    rows = list(approved.select_related("seat__payee").order_by("logged_on", "pk"))
    agreements = Agreement.objects.filter(seat__in={one.seat_id for one in rows}, replaced_by=None)
    limits = {one.seat_id: limit_of(one) for one in agreements.prefetch_related("raises")}
    counts = Q() if pack.pay.costs_within_limit else ~Q(kind="cost")
    before = Claim.objects.filter(counts, seat__in=limits).exclude(line=None).values("seat", "currency")
    used = {(one["seat"], one["currency"]): one["all"] for one in before.annotate(all=Sum("minor"))}
    pays, leaves = [], []
    for one in rows:
        key, limit = (one.seat_id, one.currency), limits.get(one.seat_id)
        is_free = one.kind == "cost" and not pack.pay.costs_within_limit
        total = used.get(key, 0) + one.minor
        if is_free or (limit and limit.currency == one.currency and total <= limit.minor):
            pays.append(one)
            used[key] = used.get(key, 0) if is_free else total
        else:
            leaves.append(one)
    return ToPay(pays, leaves, to_send_again(program))


def past_their_day(program: Program, pack: Pack, today: date) -> list[Claim]:
    """List claims whose day of payment has passed without a payment asked for: undecided, or approved and in no run."""
    claims = Claim.objects.filter(OPEN, seat__cohort__program=program, logged_on__lt=today)
    return [one for one in claims.order_by("pk") if pay_due(one.logged_on, pack) < today]


def cohort_of(program: Program, slug: str) -> Cohort | None:
    """Give a cohort by its name, or None."""
    return Cohort.objects.filter(program=program, slug=slug).select_related("program").first()


def budget_of(cohort: Cohort) -> Budget | None:
    """Give the budget in force for a cohort, or None."""
    return cohort.budgets.order_by("-pk").first()


def terms_of(program: Program) -> list[tuple[Cohort, Budget | None, list[SeatTerms]]]:
    """List cohorts, newest first, with their budget and the terms of each seat. Five queries."""
    cohorts = list(
        Cohort.objects.filter(program=program).prefetch_related("budgets").order_by("-from_date", "-pk")
    )
    seats = Seat.objects.filter(cohort__program=program).select_related("person", "payee").order_by("pk")
    agreements = Agreement.objects.filter(seat__cohort__program=program, replaced_by=None)
    by_seat = {one.seat_id: one for one in agreements.prefetch_related("raises")}
    found: dict[int, list[SeatTerms]] = {}
    for seat in seats:
        agreement = by_seat.get(seat.pk)
        limit = limit_of(agreement) if agreement else None
        found.setdefault(seat.cohort_id, []).append(SeatTerms(seat, called(seat), agreement, limit))
    budgets = {one.pk: max(one.budgets.all(), key=lambda row: row.pk, default=None) for one in cohorts}
    return [(one, budgets[one.pk], found.get(one.pk, [])) for one in cohorts]


def without_agreement(program: Program, today: date) -> int:
    """Count the leads of today with whom no pay is agreed, so that they can log nothing. One query."""
    agreed = Agreement.objects.filter(replaced_by=None).values("seat")
    return Seat.objects.filter(sitting(today), cohort__program=program).exclude(pk__in=agreed).count()


def seat_terms(program: Program, public_id: str) -> SeatTerms | None:
    """Give a seat of the program by its public id, with its terms; None where there is none."""
    seats = Seat.objects.filter(cohort__program=program, public_id=public_id)
    seat = seats.select_related("person", "cohort__program", "payee").first()
    if seat is None:
        return None
    agreement = Agreement.objects.filter(seat=seat, replaced_by=None).prefetch_related("raises").first()
    return SeatTerms(seat, called(seat), agreement, limit_of(agreement) if agreement else None)


def call_terms(program: Program, cohort: Cohort) -> dict[str, object]:
    """Give the terms of the call for a cohort's term, as an agreement begins with them; nothing where no call fits."""
    term = {"from": cohort.from_date.isoformat(), "until": cohort.until_date.isoformat()}
    calls = [
        one for one in told_where(program, "en", kinds=["call.published"]) if one.entry.data["term"] == term
    ]
    if not calls:
        return {}
    data = calls[-1].entry.data
    found: dict[str, object] = {"limit": data["not_to_exceed"], "currency": data["currency"]}
    if pay := data.get("pay"):
        per = pay["per"] if pay["per"] in {"hour", "month"} else "deliverable"
        found |= {"per": per, "rate": pay["amount"], "currency": pay["currency"]}
    return found | {"call": calls[-1].index}
