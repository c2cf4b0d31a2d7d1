"""Read pay: a lead's own account, the steward's lists, the runs, and what the public is told."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Prefetch, Q, QuerySet, Sum

from alongside.cohort.pay.models import (
    Agreement,
    Bill,
    Budget,
    Claim,
    Correction,
    Payment,
    Proposal,
    Rejection,
    Run,
)
from alongside.cohort.seats.models import Cohort, Seat
from alongside.cohort.seats.queries.seats import sitting
from alongside.core.clocks import pay_due, plus_months
from alongside.core.entries import Entry
from alongside.core.kinds import EntryKind
from alongside.core.money import HOUR, Money, sums
from alongside.core.paid import Quarter, TotalTold, days_to_tell, total_to_tell
from alongside.core.policy.pack import Pack
from alongside.core.reconcile import Expected
from alongside.core.workflow.commitments import CHECKS
from alongside.core.workflow.pay import ClaimStage, stage_of
from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import stewards_on
from alongside.ground.record.models import Log, Standing
from alongside.ground.record.queries import EntryView, told_where
from alongside.ground.record.rows import RowsLog

#: The payments that sent one again, with what is said about each.
AGAIN = Payment.objects.select_related("rejection", "run").prefetch_related("corrections")


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
    return Arrived(payment.minor, payment.paid_on) if payment.paid_on else None


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


def to_send_again(program: Program) -> list[tuple[Payment, Money]]:
    """List the payments of which something did not arrive and is not under way, with how much. Three queries at most."""
    touched = Q(rejection__isnull=False) | Q(corrections__isnull=False)
    touched |= Q(again__rejection__isnull=False) | Q(again__corrections__isnull=False)
    firsts = Payment.objects.filter(touched, run__program=program, first=None).distinct()
    rows = firsts.select_related("rejection", "seat__payee", "seat__person")
    found = rows.prefetch_related("corrections", Prefetch("again", AGAIN)).order_by("pk")
    return [(one, _not_sent(one)) for one in found if _not_sent(one).minor > 0]


def _not_sent(first: Payment) -> Money:
    way = sum(one.minor for one in parts_of(first) if is_under_way(one))
    return Money(owed_of(first).minor - way, first.currency)


def each_once(payments: Iterable[Payment]) -> list[Payment]:
    """List payments without repeating one."""
    return list({one.pk: one for one in payments}.values())


#: Claims that count: nobody sent them back, and the lead did not take them back.
STANDING = Q(decision=None) | Q(decision__verdict=ClaimStage.APPROVED)


@dataclass(frozen=True)
class AgreementView:
    """A claim and where it stands."""

    claim: Claim
    called: str
    state: ClaimStage
    due: date
    today: date

    @property
    def is_owed(self) -> bool:
        """Say whether money is owed for it."""
        return self.state.is_owed

    @property
    def is_late(self) -> bool:
        """Say whether the day by which it should be paid has passed."""
        return self.is_owed and self.today > self.due

    @property
    def days(self) -> int:
        """Count the days until it is due; below zero, the days since."""
        return (self.due - self.today).days

    @property
    def hours(self) -> str:
        """Give the time as hours and minutes, as 1:30."""
        minutes = self.claim.minutes or 0
        return f"{minutes // 60}:{minutes % 60:02}" if minutes else ""

    @property
    def paid_on(self) -> date | None:
        """Give the day on which it was paid."""
        days = (
            [one.paid_on for one in arrivals(self.claim.line.payment)]
            if self.state == ClaimStage.PAID
            else []
        )
        return max(days, default=None)

    @property
    def reference(self) -> str:
        """Give the reference of its payment, of the last one where it was sent again."""
        return parts_of(self.claim.line.payment)[-1].reference if hasattr(self.claim, "line") else ""

    @property
    def mended(self) -> list[str]:
        """List why its payment was sent back or corrected, oldest first."""
        parts = parts_of(self.claim.line.payment) if hasattr(self.claim, "line") else []
        found = []
        for one in parts:
            found += [row.reason for row in one.corrections.all()]
            found += [one.rejection.reason] if hasattr(one, "rejection") else []
        return found

    @property
    def reason(self) -> str:
        """Give why it was sent back."""
        return self.claim.decision.reason if self.state == ClaimStage.SENT_BACK else ""

    @property
    def note(self) -> str:
        """Give what the lead added."""
        return self.claim.note.words if hasattr(self.claim, "note") else ""

    @property
    def has_bill(self) -> bool:
        """Say whether there is a picture of the bill."""
        return hasattr(self.claim, "bill")

    @property
    def is_corrected(self) -> bool:
        """Say whether a later claim stands in its place."""
        return hasattr(self.claim, "corrected_by")


def state_of(claim: Claim) -> ClaimStage:
    """Say where a claim stands."""
    decision, line = getattr(claim, "decision", None), getattr(claim, "line", None)
    return stage_of(
        decision.verdict if decision else None,
        is_in_run=line is not None,
        is_under_way=line is not None and any(is_under_way(one) for one in parts_of(line.payment)),
        is_paid=line is not None and not owed_of(line.payment).minor,
    )


def with_all(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Bring along what is said about claims, without the pictures. One query, and three where payments were asked for."""
    related = (
        "agreement",
        "decision",
        "note",
        "bill",
        "corrected_by",
        "seat__person",
        "seat__payee",
        "seat__cohort",
    )
    rows = claims.select_related(*related, "line__payment__rejection")
    again = Prefetch("line__payment__again", AGAIN)
    return rows.defer("bill__content").prefetch_related("line__payment__corrections", again)


def shown(claims: Iterable[Claim], pack: Pack, lang: str, today: date) -> list[AgreementView]:
    """Lay claims out, in the order given."""
    rows = list(claims)
    due = {day: pay_due(day, pack) for day in {one.logged_on for one in rows}}
    return [
        AgreementView(one, pack.pay.called(one.what, lang), state_of(one), due[one.logged_on], today)
        for one in rows
    ]


@dataclass(frozen=True)
class Account:
    """A lead's account: everything logged, newest first, and its sums."""

    seat: Seat
    agreement: Agreement | None
    limit: Money | None
    left: Money | None
    claims: list[AgreementView]

    @property
    def _payments(self) -> list[Payment]:
        return each_once(one.claim.line.payment for one in self.claims if hasattr(one.claim, "line"))

    @property
    def owed(self) -> list[Money]:
        """Give what is owed, by currency; of a payment that came in part, what is missing."""
        waits = [
            one.claim.money for one in self.claims if one.state in {ClaimStage.WAITING, ClaimStage.APPROVED}
        ]
        rests = [owed_of(one) for one in self._payments]
        return sums([*waits, *(one for one in rests if one.minor)])

    @property
    def paid(self) -> list[Money]:
        """Give what was paid, by currency."""
        return sums(got for one in self._payments if (got := got_of(one)).minor)

    @property
    def since(self) -> date | None:
        """Give the day since which something is owed."""
        return min((one.claim.logged_on for one in self.claims if one.is_owed), default=None)

    @property
    def late(self) -> list[AgreementView]:
        """List what is past its day."""
        return [one for one in self.claims if one.is_late]

    @property
    def sent_back(self) -> list[AgreementView]:
        """List what was sent back and not yet corrected."""
        return [one for one in self.claims if one.state == ClaimStage.SENT_BACK and not one.is_corrected]


def seat_for(program: Program, viewer: Viewer, on: date) -> Seat | None:
    """Give the seat whose pay counts for a person on a day: the last that had begun, else the first that they will have.

    A seat of a next term changes nothing before it begins. One query.
    """
    seats = Seat.objects.filter(person=viewer.person_id, cohort__program=program)
    found = list(seats.select_related("cohort__program").order_by("from_date", "pk"))
    begun = [one for one in found if one.from_date <= on]
    return next(iter(begun[-1:] or found[:1]), None)


def agreement_of(seat: Seat) -> Agreement | None:
    """Give the agreement in force for a seat, or None. Two queries."""
    agreements = Agreement.objects.filter(seat=seat, replaced_by=None).prefetch_related("raises")
    return agreements.select_related("seat__cohort__program").first()


def agreement_on(seat: Seat, on: date) -> Agreement | None:
    """Give the agreement under which a day's work is paid: the last one that begins by then, else the first there was."""
    agreements = Agreement.objects.filter(seat=seat).select_related("seat__cohort__program").order_by("-pk")
    rows = list(agreements.prefetch_related("raises"))
    return next((one for one in rows if one.from_date <= on), rows[-1] if rows else None)


def proposed_to(seat: Seat, agreement: Agreement | None) -> Proposal | None:
    """Give what the steward proposes to a seat in place of the agreement in force, or of an earlier seat's, or None. One query."""
    of = {"agreement": agreement, "seat": None} if agreement else {"seat": seat}
    return Proposal.objects.filter(**of).select_related("agreement__seat").order_by("-pk").first()


def proposed_now(seat: Seat, agreement: Agreement | None) -> Proposal | None:
    """Give what waits for a lead's yes: in their seat, else in one of a term that is still to come, or None. One query."""
    here = Q(agreement=agreement, seat=None) if agreement else Q(seat=seat)
    agreed = Agreement.objects.filter(seat__person=seat.person_id).values("seat")
    ahead = Q(seat__person=seat.person_id, seat__cohort__program=seat.cohort.program_id)
    ahead &= Q(seat__from_date__gt=seat.from_date) & ~Q(seat__in=agreed)
    found = Proposal.objects.filter(here | ahead).select_related("agreement__seat")
    return found.order_by(F("seat__from_date").asc(nulls_first=True), "-pk").first()


def agreement_before(seat: Seat) -> Agreement | None:
    """Give the agreement in force of the lead's last seat in the program, where this one follows it without a day between, or None."""
    until = seat.from_date - timedelta(days=1)
    before = Agreement.objects.filter(
        seat__person=seat.person_id, seat__cohort__program=seat.cohort.program_id, replaced_by=None
    ).filter(seat__until_date__gte=until, seat__from_date__lte=seat.from_date)
    loaded = before.exclude(seat=seat).prefetch_related("raises").select_related("seat__cohort__program")
    return loaded.order_by("-seat").first()


def limit_of(agreement: Agreement) -> Money:
    """Give the sum not to exceed, as raised. Asks nothing where the raises came along."""
    raised = [one.limit_minor for one in agreement.raises.all()]
    return Money(max([agreement.limit_minor, *raised]), agreement.currency)


def spent_of(claims: Iterable[Claim], currency: str, *, with_costs: bool) -> Money:
    """Give how much of the sum not to exceed is used by claims that stand."""
    used = [
        one.minor
        for one in claims
        if one.currency == currency and (with_costs or one.kind != "cost") and not _is_over(one)
    ]
    return Money(sum(used), currency)


def _is_over(claim: Claim) -> bool:
    return state_of(claim).is_dropped


def claims_of(seat: Seat) -> list[Claim]:
    """List everything a person logged in this program, newest first. One to four queries."""
    claims = Claim.objects.filter(seat__person=seat.person_id, seat__cohort__program=seat.cohort.program_id)
    return list(with_all(claims).order_by("-on", "-pk"))


def account_of(seat: Seat, pack: Pack, lang: str, today: date) -> Account:
    """Give a lead's account. Three to six queries."""
    agreement, claims = agreement_of(seat), claims_of(seat)
    rows = shown(claims, pack, lang, today)
    if agreement is None:
        return Account(seat, None, None, None, rows)
    limit = limit_of(agreement)
    own = [one for one in claims if one.seat_id == seat.pk]
    spent = spent_of(own, limit.currency, with_costs=pack.pay.costs_within_limit)
    return Account(seat, agreement, limit, limit - spent, rows)


def usual_of(account: Account, pack: Pack) -> list[tuple[int, str]]:
    """Give what a lead logs most, as minutes and kind of work, most frequent first; else the quick times of the pack."""
    logged = [(one.claim.minutes or 0, one.claim.what) for one in account.claims if one.claim.kind == "hours"]
    known = Counter(one for one in logged if pack.pay.kind(one[1]))
    first = pack.pay.kinds_of_work[0].id
    usual = [pair for pair, _times in known.most_common(3)]
    return [
        *usual,
        *((minutes, first) for minutes in pack.pay.quick_minutes if (minutes, first) not in usual),
    ][:3]


def quick_of(account: Account, pack: Pack, lang: str) -> list[tuple[str, str, str, int]]:
    """Give the buttons of what a lead usually logs: hours as typed, kind, what it is called, whole hours or 0."""
    if account.agreement is None or account.agreement.per != "hour":
        return []
    return [
        (
            f"{minutes // HOUR}:{minutes % HOUR:02}",
            what,
            pack.pay.called(what, lang),
            0 if minutes % HOUR else minutes // HOUR,
        )
        for minutes, what in usual_of(account, pack)
    ]


def claim_of(seat: Seat, claim: int) -> Claim | None:
    """Give a claim of this person, or None."""
    claims = Claim.objects.filter(pk=claim, seat__person=seat.person_id)
    return with_all(claims.filter(seat__cohort__program=seat.cohort.program_id)).first()


def correctable(seat: Seat, claim: int | None) -> Claim | None:
    """Give a claim of this person that was sent or taken back and not logged anew, or None."""
    found = claim_of(seat, claim) if claim else None
    fits = found and state_of(found).is_dropped and not hasattr(found, "corrected_by")
    return found if fits else None


def bill_for(program: Program, viewer: Viewer, claim: int) -> Bill | None:
    """Give the picture of a bill to the lead who sent it and to the steward; None to anyone else."""
    bills = Bill.objects.filter(claim=claim, claim__seat__cohort__program=program)
    if not viewer.has(Role.STEWARD):
        bills = bills.filter(claim__seat__person=viewer.person_id)
    return bills.first()


def check_by(seat: Seat, on: date) -> Entry | None:
    """Give the check that this person helped to write and for which they worked on a day, or None.

    Nobody looks before the city said that it is done, and the record has a check when a second lead has looked: so the
    day lies between the two. The first such check counts.
    """
    program = seat.cohort.program_id
    own = set(
        Seat.objects.filter(person=seat.person_id, cohort__program=program).values_list(
            "public_id", flat=True
        )
    )
    log = RowsLog(Log.objects.get(program=program))
    for entry in sorted((one for kind in CHECKS for one in log.every(kind)), key=lambda one: one.index):
        claimed = log.get(entry.cites["claim"][0])
        if own.intersection(entry.seats) and claimed and claimed.date <= on <= entry.date:
            return entry
    return None


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
        payments = Payment.objects.filter(seat__cohort=cohort).select_related("seat", "file", "rejection")
        by_currency: dict[str, list[Move]] = {}
        for one in payments.prefetch_related("corrections", "lines__claim", "first__lines__claim").order_by(
            "pk"
        ):
            by_currency.setdefault(one.currency, []).extend(moves_of(one))
        told = rows.about(EntryKind.PAY_TOTALED, cohort.slug)
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


OPEN = Q(decision=None) | Q(decision__verdict=ClaimStage.APPROVED, line=None)


@dataclass(frozen=True)
class OpenClaim:
    """A claim that is not in a run yet, with who logged it. `fits` is false where paying it would exceed the limit."""

    shown: AgreementView
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
    approved = Claim.objects.filter(
        decision__verdict=ClaimStage.APPROVED, line=None, seat__cohort__program=program
    )
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
        one
        for one in told_where(program, "en", kinds=[EntryKind.CALL_PUBLISHED])
        if one.entry.data["term"] == term
    ]
    if not calls:
        return {}
    data = calls[-1].entry.data
    found: dict[str, object] = {"limit": data["not_to_exceed"], "currency": data["currency"]}
    if pay := data.get("pay"):
        per = pay["per"] if pay["per"] in {"hour", "month"} else "deliverable"
        found |= {"per": per, "rate": pay["amount"], "currency": pay["currency"]}
    return found | {"call": calls[-1].index}


SAID = Payment.objects.select_related("run", "rejection", "first").prefetch_related("corrections")
PAYMENTS = Prefetch("payments", SAID.select_related("seat__person", "seat__payee").order_by("pk"))


@dataclass(frozen=True)
class Row:
    """A payment as the page of its run shows it."""

    payment: Payment
    who: str
    came: Arrived | None

    @property
    def is_sent_back(self) -> bool:
        """Say whether the bank sent it back."""
        return hasattr(self.payment, "rejection")

    @property
    def came_money(self) -> Money | None:
        """Give what arrived."""
        return money_of(self.payment, self.came) if self.came else None

    @property
    def differs(self) -> bool:
        """Say whether another sum arrived than was asked for."""
        return self.came is not None and self.came.minor != self.payment.minor


@dataclass(frozen=True)
class RunShown:
    """A run with its payments."""

    run: Run
    payments: list[tuple[Payment, str]]

    @property
    def sums(self) -> list[Money]:
        """Give what the run pays, by currency."""
        return sums(one.money for one, _who in self.payments)

    @property
    def rows(self) -> list[Row]:
        """Give the payments with what came of each."""
        return [Row(one, who, arrived(one)) for one, who in self.payments]

    @property
    def changes(self) -> list[Correction | Rejection]:
        """List what was written afterwards, in the order of the payments."""
        found: list[Correction | Rejection] = []
        for one, _who in self.payments:
            found += sorted(one.corrections.all(), key=lambda row: row.pk)
            found += [one.rejection] if hasattr(one, "rejection") else []
        return found

    @property
    def unpaid(self) -> int:
        """Count the payments that have not come back."""
        return sum(is_under_way(one) for one, _who in self.payments)

    @property
    def sent_back(self) -> int:
        """Count the payments that the bank sent back; a later run sends them again."""
        return sum(hasattr(one, "rejection") for one, _who in self.payments)


def _shown(run: Run) -> RunShown:
    return RunShown(run, [(one, called(one.seat)) for one in run.payments.all()])


def runs_of(program: Program) -> list[RunShown]:
    """List the runs of a program, newest first. Three queries."""
    runs = Run.objects.filter(program=program).prefetch_related(PAYMENTS)
    return [_shown(run) for run in runs.order_by("-number")]


def run_of(program: Program, number: int) -> RunShown | None:
    """Give a run by its number, or None. Three queries."""
    run = Run.objects.filter(program=program, number=number).prefetch_related(PAYMENTS).first()
    return _shown(run) if run else None


def payments_of(program: Program) -> list[Payment]:
    """List every payment of a program that was asked for."""
    return list(SAID.filter(run__program=program).order_by("pk"))


def payment_of(program: Program, payment: int) -> tuple[Payment, str] | None:
    """Give a payment of the program with who is paid, or None. Two queries."""
    payments = SAID.select_related("seat__person", "run__program")
    found = payments.filter(pk=payment, run__program=program).first()
    return (found, called(found.seat)) if found else None


def expected_back(program: Program) -> dict[str, Expected]:
    """Give, by reference, what finance was asked to pay, and what came back. Two queries."""
    return {
        one.reference: Expected(
            one.reference,
            one.money,
            one.run.closed_on,
            found.paid_on if (found := arrived(one)) else None,
            hasattr(one, "rejection"),
        )
        for one in payments_of(program)
    }


def in_finance_columns(shown: RunShown, pack: Pack) -> tuple[list[str], list[list[str]]]:
    """Give the headings and rows of the file for finance, in the columns of the pack."""
    finance = pack.pay.finance
    rows = []
    for one, who in shown.payments:
        cells = {
            "payee": one.seat.payee.number,
            "amount": one.money.plain(),
            "currency": one.currency,
            "reference": one.reference,
            "run": str(shown.run.number),
            "name": who if finance.needs_name else "",
        }
        rows.append([cells[name] for name in finance.columns])
    return [finance.headings.get(name, name) for name in finance.columns], rows


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
        first, last = (Quarter.read(self.told.entry.data[edge]) for edge in ("from", "until"))
        return f"{first.first_day:%Y-%m}", f"{last.next.first_day - timedelta(days=1):%Y-%m}"

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


def public_pay(program: Program, lang: str) -> list[CohortPay]:
    """List cohorts, newest first, with their budget and what was paid, from the record alone. Four queries."""
    told = told_where(
        program, lang, kinds=[EntryKind.COHORT_SEATED, EntryKind.PAY_BUDGETED, EntryKind.PAY_TOTALED]
    )
    found = []
    for seated in [one for one in told if one.entry.kind == EntryKind.COHORT_SEATED][::-1]:
        own = [one for one in told if one.entry.data["cohort"] == seated.entry.data["cohort"]]
        budgets = [one for one in own if one.entry.kind == EntryKind.PAY_BUDGETED]
        totals = [_total_telling(one) for one in own if one.entry.kind == EntryKind.PAY_TOTALED]
        last = budgets[-1] if budgets else None
        money = _money(last, "amount") if last else None
        found.append(CohortPay(seated, money, last.index if last else None, totals))
    return found


def _total_telling(told: EntryView) -> TotalShown:
    return TotalShown(told, _money(told, "low"), _money(told, "high"))


def _money(told: EntryView, name: str) -> Money:
    return Money.of(str(told.entry.data[name]), str(told.entry.data["currency"]))


def to_erase(program: Program, pack: Pack, today: date) -> list[Claim]:
    """List the claims whose note and bill have reached the day on which the pack's retention lets them go."""
    kept = next((one for one in pack.retention if one.id == pack.pay.retention), None)
    if kept is None or kept.years is None:
        return []
    latest = plus_months(today, -12 * kept.years)
    claims = Claim.objects.filter(seat__cohort__program=program, erased_on=None, logged_on__lt=latest)
    payment = "line__payment__"
    came = Q(**{f"{payment}paid_on__isnull": False}) | Q(**{f"{payment}corrections__isnull": False})
    came |= Q(**{f"{payment}again__paid_on__isnull": False}) | Q(
        **{f"{payment}again__corrections__isnull": False}
    )
    undecided = claims.filter(STANDING).exclude(pk__in=claims.filter(came).values("pk")).values("pk")
    return list(claims.exclude(pk__in=undecided).order_by("pk"))
