"""Read pay: a lead's own account, the steward's lists, the runs, and what the public is told."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum

from alongside.cohort.pay.models import (
    COST_KINDS,
    WORK_KINDS,
    Agreement,
    Attachment,
    Budget,
    Claim,
    Payment,
    Proposal,
    Run,
    StopAt,
    called,
    name_of,
)
from alongside.cohort.seats.models import Cohort, Seat
from alongside.cohort.seats.queries.seats import sitting
from alongside.cohort.seats.queries.seconds import CHECKS as LOOKS
from alongside.cohort.seats.queries.seconds import former_leads
from alongside.core.clocks import pay_due, plus_months
from alongside.core.entries import Entry, unit_of
from alongside.core.grammar.ties import NOBODY
from alongside.core.kinds import EntryKind
from alongside.core.money import HOUR, Money, in_hours, sums
from alongside.core.paid import Quarter, TotalTold, days_to_tell, total_to_tell
from alongside.core.pay_files import Expected
from alongside.core.policy.pack import Pack
from alongside.core.workflow.commitments import CHECKS
from alongside.core.workflow.pay import ClaimStage
from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import stewards_on
from alongside.ground.record.models import Standing
from alongside.ground.record.queries import EntryView, entry_views_where
from alongside.ground.record.rows import RowsLog

#: The payments that sent one again, with what is said about each.
AGAIN = Payment.objects.select_related("run").prefetch_related("corrections")
type ToSend = list[tuple[Payment, Money]]


def came_back(program: Program) -> ToSend:
    """List the payments of which something did not arrive and is not under way, with how much. Four queries at most."""
    touched = Q(rejected_on__isnull=False) | Q(corrections__isnull=False)
    touched |= Q(again__rejected_on__isnull=False) | Q(again__corrections__isnull=False)
    firsts = Payment.objects.filter(touched, first=None, run__program=program).distinct()
    rows = firsts.prefetch_related("corrections", "claims", Prefetch("again", AGAIN))
    rows = rows.select_related("seat__payee", "seat__person")
    return [(one, one.not_sent) for one in rows if one.not_sent.minor > 0]


def missing_of(payment: Payment, claims: Iterable[Claim]) -> list[tuple[Claim, Money]]:
    """List of a first payment's claims those of which something is missing, with how much, the oldest first: what arrived pays that first."""
    left, found = payment.owed.minor, []
    for one in sorted(claims, key=lambda one: (one.logged_on, one.pk), reverse=True):
        part = min(left, one.minor)
        left -= part
        if part:
            found.append((one, Money(part, payment.currency)))
    return found[::-1]


#: Claims that count: nobody sent them back, and the lead did not take them back.
STANDING = Q(verdict=None) | Q(verdict=ClaimStage.APPROVED)
#: A weekday names a day that is nearer than so many days.
WEEK = 7


@dataclass(frozen=True)
class ClaimView:
    """A claim and where it stands. `fits` is false where paying it would exceed the limit; what is held waits for the payee's account."""

    claim: Claim
    called: str
    state: ClaimStage
    due: date
    today: date
    fits: bool = True
    is_held: bool = False

    @property
    def is_owed(self) -> bool:
        """Say whether money is owed for it: none for what an advance covers, nor for one that is asked for and not granted."""
        is_granted = self.claim.kind != "advance" or self.state != ClaimStage.WAITING
        return self.state.is_owed and self.claim.advance_id is None and is_granted

    @property
    def is_late(self) -> bool:
        """Say whether the day by which it should be paid, or an advance granted, has passed."""
        return self.state.is_owed and self.claim.advance_id is None and self.today > self.due

    @property
    def days(self) -> int:
        """Count the days until it is due; below zero, the days since."""
        return (self.due - self.today).days

    @property
    def parts(self) -> list[Payment]:
        """List its payment and those that sent it again."""
        return self.claim.payment.parts if self.claim.payment else []

    @property
    def paid_on(self) -> date | None:
        """Give the day on which it was paid."""
        days = [one.arrived.paid_on for one in self.parts if one.arrived]
        return max(filter(None, days), default=None) if self.state == ClaimStage.PAID else None

    @property
    def reference(self) -> str:
        """Give the reference of its payment, of the last one where it was sent again."""
        return self.parts[-1].reference if self.parts else ""

    @property
    def mended(self) -> list[str]:
        """List why its payment was sent back or corrected, oldest first."""
        found: list[str] = []
        for one in self.parts:
            found += [row.reason for row in one.corrections.all()]
            found += [one.rejection] if one.rejection else []
        return found


def with_all(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Bring along what is said about claims, without the pictures. One query, and three where payments were asked for."""
    rows = claims.select_related(*WITH_A_CLAIM, "seat__person", "seat__payee", "seat__cohort")
    return _with_payments(rows)


#: What is said about a claim.
WITH_A_CLAIM = ("agreement", "payment", "attachment", "corrects", "corrected_by", "advance")


def _with_payments(rows: QuerySet[Claim]) -> QuerySet[Claim]:
    again = Prefetch("payment__again", AGAIN)
    return rows.defer("attachment__bill").prefetch_related("payment__corrections", again)


def shown(
    claims: Iterable[Claim],
    pack: Pack,
    lang: str,
    today: date,
    left_out: Collection[Claim] = (),
    held: Collection[Claim] = (),
) -> list[ClaimView]:
    """Lay claims out, in the order given."""
    rows = list(claims)
    due = {day: pay_due(day, pack) for day in {one.logged_on for one in rows}}
    return [
        ClaimView(
            one,
            pack.pay.called(one.what, lang),
            one.stage,
            due[one.logged_on],
            today,
            fits=one not in left_out,
            is_held=one in held,
        )
        for one in rows
    ]


@dataclass(frozen=True)
class Due:
    """What is owed by one day."""

    on: date
    owed: list[Money]
    today: date

    @property
    def comes(self) -> str:
        """Say how its day lies to today; one that comes so soon that its weekday names it is near."""
        days = (self.on - self.today).days
        return "late" if days < 0 else "today" if not days else "near" if days < WEEK else ""


@dataclass(frozen=True)
class Account:
    """A lead's account: everything logged, newest first, and its sums."""

    seat: Seat
    agreement: Agreement | None
    limit: Money | None
    left: Money | None
    claims: list[ClaimView]

    @property
    def _payments(self) -> list[Payment]:
        return list(dict.fromkeys(one.claim.payment for one in self.claims if one.claim.payment))

    @property
    def _parts(self) -> list[tuple[ClaimView, Money]]:
        """List what is owed, each with its claim; of a payment that came in part, what is missing."""
        views = {one.claim: one for one in self.claims}
        waits = [(one, one.claim.money) for one in self.claims if one.is_owed and not one.claim.payment]
        paid = {payment: [one for one in views if one.payment == payment] for payment in self._payments}
        missing = (each for payment, claims in paid.items() for each in missing_of(payment, claims))
        return waits + [(views[claim], part) for claim, part in missing]

    @property
    def owed(self) -> list[Money]:
        """Give what is owed, by currency."""
        return sums(part for _one, part in self._parts)

    @property
    def held(self) -> list[Money]:
        """Give what of it waits until the account of the lead is mended: no day can be told for it."""
        return sums(part for one, part in self._parts if one.is_held and one.state != ClaimStage.WAITING)

    @property
    def held_after(self) -> list[Money]:
        """Give what waits for its approval, and then for the account."""
        return sums(part for one, part in self._parts if one.is_held and one.state == ClaimStage.WAITING)

    @property
    def paid(self) -> list[Money]:
        """Give what was paid, by currency."""
        return sums(one.got for one in self._payments if one.got.minor)

    @property
    def since(self) -> date | None:
        """Give the day since which something is owed."""
        return min((one.claim.logged_on for one in self.claims if one.is_owed), default=None)

    @property
    def dues(self) -> list["Due"]:
        """List what is owed by the day on which it should be paid, the first day first; without what waits for the account."""
        parts = defaultdict[date, list[Money]](list)
        for one, part in self._parts:
            if not one.is_held:
                parts[one.due].append(part)
        return [Due(day, sums(found), self.claims[0].today) for day, found in sorted(parts.items())]

    @property
    def came_back(self) -> list[Payment]:
        """List the payments of which something did not arrive and is not under way."""
        return [one for one in self._payments if one.not_sent.minor > 0]

    @property
    def late(self) -> list[ClaimView]:
        """List what is past its day; of a payment that came in part, what is missing."""
        owing = {one.claim for one, _part in self._parts}
        return [one for one in self.claims if one.is_late and one.claim in owing]

    @property
    def is_told(self) -> bool:
        """Say whether the steward was told of all that is past its day."""
        return all(one.claim.reminded_on for one in self.late)

    @property
    def advances(self) -> list[tuple[Claim, Money]]:
        """List the advances that were sent and of which a rest is not accounted for, each with the rest."""
        used: Counter[int] = Counter()
        for one in self.claims:
            if one.claim.advance_id and not one.state.is_dropped:
                used[one.claim.advance_id] += one.claim.minor
        sent = [one.claim for one in self.claims if one.claim.kind == "advance" and one.claim.payment]
        rests = [(one, Money(one.minor - used[one.pk], one.currency)) for one in sent]
        return [(one, rest) for one, rest in rests if rest.minor > 0]

    @property
    def sent_back(self) -> list[ClaimView]:
        """List what was sent back and not yet corrected."""
        sent = [one for one in self.claims if one.state == ClaimStage.SENT_BACK]
        return [one for one in sent if not hasattr(one.claim, "corrected_by")]


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
    """Give what waits for a lead's yes: in their seat, else in one of a term that is still to come, or None. Two queries."""
    here = Q(agreement=agreement, seat=None) if agreement else Q(seat=seat)
    agreed = Agreement.objects.filter(seat__person=seat.person_id).values("seat")
    ahead = Q(seat__person=seat.person_id, seat__cohort__program=seat.cohort.program_id)
    ahead &= Q(seat__from_date__gt=seat.from_date) & ~Q(seat__in=agreed)
    found = Proposal.objects.filter(here | ahead).select_related("agreement__seat")
    found = found.prefetch_related("agreement__raises")
    return found.order_by(F("seat__from_date").asc(nulls_first=True), "-pk").first()


def agreement_before(seat: Seat) -> Agreement | None:
    """Give the agreement in force of the lead's last seat in the program, where this one follows it without a day between, or None."""
    until = seat.from_date - timedelta(days=1)
    before = Agreement.objects.filter(
        seat__person=seat.person_id, seat__cohort__program=seat.cohort.program_id, replaced_by=None
    ).filter(seat__until_date__gte=until, seat__from_date__lte=seat.from_date)
    loaded = before.exclude(seat=seat).prefetch_related("raises").select_related("seat__cohort__program")
    return loaded.order_by("-seat").first()


def spent_of(claims: Iterable[Claim], currency: str, *, with_costs: bool) -> Money:
    """Give how much of the sum not to exceed is used by claims that stand."""
    used = [
        one.minor
        for one in claims
        if one.currency == currency
        and (with_costs or one.kind not in COST_KINDS)
        and one.advance_id is None
        and not one.stage.is_dropped
    ]
    return Money(sum(used), currency)


def claims_of(seat: Seat) -> list[Claim]:
    """List everything a person logged in this program, newest first. One to four queries."""
    claims = Claim.objects.filter(seat__person=seat.person_id, seat__cohort__program=seat.cohort.program_id)
    return list(_with_payments(claims.select_related(*WITH_A_CLAIM)).order_by("-on", "-pk"))


def account_of(seat: Seat, pack: Pack, lang: str, today: date) -> Account:
    """Give a lead's account. Three to six queries."""
    agreement, claims = agreement_of(seat), claims_of(seat)
    payments = dict.fromkeys(one.payment for one in claims if one.payment)
    held = held_of(claims, (one for one in payments if one.not_sent.minor > 0))
    rows = shown(claims, pack, lang, today, held=held)
    if agreement is None:
        return Account(seat, None, None, None, rows)
    limit = agreement.limit
    own = [one for one in claims if one.seat_id == seat.pk]
    spent = spent_of(own, limit.currency, with_costs=pack.pay.costs_within_limit)
    return Account(seat, agreement, limit, limit - spent, rows)


@dataclass(frozen=True)
class Stop:
    """At which sum a lead wants to stop in a month, and what they logged for work in one."""

    at: Money
    logged: Money

    @property
    def left(self) -> Money:
        """Give what can still be logged before it is passed; nothing where it is."""
        return Money(max(0, self.at.minor - self.logged.minor), self.at.currency)


def stop_of(seat: Seat, on: date) -> Stop | None:
    """Give the sum at which a lead stops, with what their work of a day's month comes to; None where they set none. Two queries.

    Costs that are paid back are no income, and do not count. Work in every seat of theirs in the program counts.
    """
    own = StopAt.objects.filter(person=seat.person_id, program=seat.cohort.program_id).first()
    if own is None:
        return None
    work = Claim.objects.filter(STANDING, seat__person=seat.person_id, seat__cohort__program=own.program_id)
    work = work.filter(on__year=on.year, on__month=on.month, currency=own.currency, kind__in=WORK_KINDS)
    logged = work.aggregate(sum=Sum("minor"))["sum"] or 0
    return Stop(own.money, Money(logged, own.currency))


def quick_of(account: Account, pack: Pack, lang: str) -> list[tuple[str, str, str, int]]:
    """Give the buttons of what a lead logs most, else of the quick times of the pack.

    Each is hours as typed, the kind of work, what it is called, and whole hours or 0.
    """
    if account.agreement is None or account.agreement.per != "hour":
        return []
    hours = [one.claim for one in account.claims if one.claim.kind == "hours" and not one.state.is_dropped]
    logged = [(one.minutes or 0, one.what) for one in hours]
    known = Counter(one for one in logged if pack.pay.kind(one[1]))
    usual = [pair for pair, _times in known.most_common(3)]
    quick = [(minutes, pack.pay.kinds_of_work[0].id) for minutes in pack.pay.quick_minutes]
    return [
        (
            in_hours(minutes),
            what,
            pack.pay.called(what, lang),
            0 if minutes % HOUR else minutes // HOUR,
        )
        for minutes, what in list(dict.fromkeys([*usual, *quick]))[:3]
    ]


def open_advances(program: Program, person: int | None = None) -> list[Claim]:
    """List the advances that were sent or paid and of which a rest is not accounted for, of all leads or one, oldest first. Three queries."""
    claims = Claim.objects.filter(kind="advance", payment__isnull=False, seat__cohort__program=program)
    claims = claims.filter(seat__person=person) if person is not None else claims
    uses = Prefetch("uses", Claim.objects.select_related("payment"))
    found = claims.select_related("seat__person", "payment__run").prefetch_related(uses).order_by("pk")
    return [one for one in found if one.rest.minor > 0]


@dataclass(frozen=True)
class Given:
    """The thank-you money of a session, in counts and sums: what leads had for it, the stubs and what they came to, and what came back.

    `is_counted` says that a second person counted all of the stubs.
    """

    had: Money
    stubs: int
    given: Money
    back: Money
    is_counted: bool


def given_at(program: Program, sessions: Collection[str]) -> dict[str, Given]:
    """Give the thank-you money of sessions, each named as engagement/session; nothing of one for which nobody had any. Two queries.

    An advance counts once it is sent or paid.
    """
    rows = Claim.objects.filter(STANDING, seat__cohort__program=program, kind="advance", session__in=sessions)
    found = defaultdict[str, list[Claim]](list)
    for one in rows.exclude(payment=None).prefetch_related("uses"):
        found[one.session].append(one)
    return {session: _given(had) for session, had in found.items()}


def _given(had: Sequence[Claim]) -> Given:
    uses = [one for each in had for one in each.uses.all() if one.verdict in {None, ClaimStage.APPROVED}]
    counted = [one for one in uses if one.stubs]
    currency = had[0].currency
    return Given(
        had=Money(sum(one.minor for one in had), currency),
        stubs=sum(one.stubs or 0 for one in counted),
        given=Money(sum(one.minor for one in counted), currency),
        back=Money(sum(one.minor for one in uses if one.kind == "returned"), currency),
        is_counted=all(one.verdict == ClaimStage.APPROVED for one in counted),
    )


def claim_of(seat: Seat, claim: int) -> Claim | None:
    """Give a claim of this person, or None."""
    claims = Claim.objects.filter(pk=claim, seat__person=seat.person_id)
    return with_all(claims.filter(seat__cohort__program=seat.cohort.program_id)).first()


def correctable(seat: Seat, claim: int | None) -> Claim | None:
    """Give a claim of this person that was sent or taken back and not logged anew, or None."""
    found = claim_of(seat, claim) if claim else None
    fits = found and found.stage.is_dropped and not hasattr(found, "corrected_by")
    return found if fits else None


def bill_for(program: Program, viewer: Viewer, claim: int) -> Attachment | None:
    """Give the picture of a bill to the lead who sent it and to the steward; None to anyone else."""
    bills = Attachment.objects.exclude(bill=None).filter(claim=claim, claim__seat__cohort__program=program)
    if not viewer.has(Role.STEWARD):
        bills = bills.filter(claim__seat__person=viewer.person_id)
    return bills.first()


def check_by(seat: Seat, on: date) -> Entry | None:
    """Give the check that this person helped to write and for which they worked on a day, or None.

    Nobody looks before the city said that it is done, and the record has a check when a second lead has looked: so the
    day lies between the two. The first such check counts.
    """
    program = seat.cohort.program_id
    seats = Seat.objects.filter(person=seat.person_id, cohort__program=program)
    own = set(seats.values_list("public_id", flat=True))
    log = RowsLog.of(program)
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


OPEN = Q(verdict=None) | Q(verdict=ClaimStage.APPROVED, payment=None, advance=None)


def held_of(claims: Iterable[Claim], unsent: Iterable[Payment]) -> list[Claim]:
    """List of claims those that wait for their payee's account: the bank sent a payment back, and a run sends them where that is ticked."""
    back = {one.seat_id for one in unsent if one.parts[-1].rejected_on}
    return [one for one in claims if one.seat_id in back and one.stage.is_unsent]


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


@dataclass(frozen=True)
class SeatTerms:
    """A seat with its agreement, if there is one."""

    seat: Seat
    agreement: Agreement | None

    @property
    def who(self) -> str:
        """Give what the steward calls the lead."""
        return called(self.seat)


def asked_units(program: Program) -> frozenset[str]:
    """List the units that leads have asked something: who works for one decides on no pay."""
    offices = Standing.objects.filter(log__program=program).values_list("office", flat=True).distinct()
    return frozenset(unit_of(office) for office in offices)


def stewards_today(program: Program, today: date) -> list[Person]:
    """List who runs the program today."""
    return [one.person for one in stewards_on(program, today)]


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


def open_claim(program: Program, claim: int) -> Claim | None:
    """Give a claim that waits for the steward's decision, or None."""
    return with_all(Claim.objects.filter(pk=claim, verdict=None, seat__cohort__program=program)).first()


def to_pay(program: Program, pack: Pack) -> ToPay:
    """Say what a run would pay: approved claims in the order they were logged, each seat up to its limit. Five queries and more."""
    approved = Claim.objects.filter(
        verdict=ClaimStage.APPROVED, payment=None, advance=None, seat__cohort__program=program
    )
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


def budget_of(cohort: Cohort) -> Budget | None:
    """Give the budget in force for a cohort, or None."""
    return cohort.budgets.order_by("-pk").first()


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


def minutes_by_month(program: Program, months: Sequence[str]) -> dict[str, int]:
    """Give the minutes that leads logged for each of these months, as 2026-11; all leads together. One query."""
    claims = Claim.objects.filter(STANDING, seat__cohort__program=program, kind="hours")
    since = claims.filter(on__gte=date.fromisoformat(f"{months[0]}-01"))
    found = dict.fromkeys(months, 0)
    for on, minutes in since.values_list("on", "minutes"):
        if f"{on:%Y-%m}" in found:
            found[f"{on:%Y-%m}"] += minutes or 0
    return found


def terms_of(program: Program, today: date) -> list[tuple[Cohort, Budget | None, list[SeatTerms]]]:
    """List cohorts, newest first, with their budget and the terms of each seat but those that are over and had none.

    Whoever checks after their term is paid for it, and stands there too. Ten queries at most.
    """
    checking = {one.pk for one in former_leads(program, LOOKS, today)}
    cohorts = list(program.cohorts.prefetch_related("budgets").order_by("-from_date", "-pk"))
    seats = Seat.objects.filter(cohort__program=program).select_related("person", "payee").order_by("pk")
    agreements = Agreement.objects.filter(seat__cohort__program=program, replaced_by=None)
    by_seat = {one.seat_id: one for one in agreements.prefetch_related("raises")}
    found: dict[int, list[SeatTerms]] = {}
    for seat in seats:
        agreed = by_seat.get(seat.pk)
        is_over = seat.until_date < today or (seat.left_on is not None and seat.left_on <= today)
        if agreed or not is_over or seat.pk in checking:
            found.setdefault(seat.cohort_id, []).append(SeatTerms(seat, agreed))
    budgets = {one.pk: max(one.budgets.all(), key=lambda row: row.pk, default=None) for one in cohorts}
    return [(one, budgets[one.pk], found.get(one.pk, [])) for one in cohorts]


def without_agreement(program: Program, today: date, rows: RowsLog) -> tuple[int, int]:
    """Count the leads of today, and the former leads who check, whose seat is paid and with whom no pay is agreed. Five queries at most."""
    not_owed = Q(pk__in=Agreement.objects.filter(replaced_by=None).values("seat")) | Q(paid_otherwise=NOBODY)
    open_still = Seat.objects.filter(cohort__program=program).exclude(not_owed)
    checks = Q(pk__in=[one.pk for one in former_leads(program, LOOKS, today, rows)])
    told = open_still.aggregate(sits=Count("pk", filter=sitting(today)), checks=Count("pk", filter=checks))
    return told["sits"], told["checks"]


def seat_terms(program: Program, public_id: str) -> SeatTerms | None:
    """Give a seat of the program by its public id, with its terms; None where there is none."""
    seats = Seat.objects.filter(cohort__program=program, public_id=public_id)
    seat = seats.select_related("person", "cohort__program", "payee").first()
    return SeatTerms(seat, agreement_of(seat)) if seat else None


def call_terms(program: Program, seat: Seat) -> dict[str, object]:
    """Give the terms of the call for a seat's term, as an agreement begins with them; nothing where no call fits.

    It is one of about these days: a day more or less on either side leaves nobody with less than was promised. Of several the one
    that pays most, of those that were there before the seat was taken, if any was: no later call makes a lead's pay smaller.
    """
    there = entry_views_where(program, "en", kinds=[EntryKind.CALL_PUBLISHED])
    calls = calls_for(there, seat.cohort.from_date, seat.cohort.until_date)
    taken = RowsLog.of(program).about(EntryKind.SEAT_TAKEN, seat.public_id)
    before = [one for one in calls if taken and one.index < taken[0].index] or calls
    if not before:
        return {}
    call = max(before, key=lambda one: (_a_month(one.entry.data), -one.index))
    data = call.entry.data
    found: dict[str, object] = {"limit": data["not_to_exceed"], "currency": data["currency"]}
    if pay := data.get("pay"):
        per = pay["per"] if pay["per"] in {"hour", "month"} else "deliverable"
        found |= {"per": per, "rate": pay["amount"], "currency": pay["currency"]}
        found["hours_a_month"] = data["hours_a_month"]
    return found | {"call": call.index}


def _a_month(data: Mapping[str, Any]) -> Fraction:
    """Give what a call pays in a month, to compare calls by; nothing where it names no pay."""
    if "pay" not in data:
        return Fraction(0)
    amount, per = Fraction(data["pay"]["amount"]), data["pay"]["per"]
    days = (date.fromisoformat(data["term"]["until"]) - date.fromisoformat(data["term"]["from"])).days + 1
    return {"hour": amount * int(data["hours_a_month"]), "month": amount, "term": amount * 30 / days}[per]


#: So much of their days a call and a cohort share at least, to be of one another.
HALF = Fraction(1, 2)


def calls_for(calls: Iterable[EntryView], begins: date, ends: date) -> list[EntryView]:
    """List those of these calls whose term is about that of a cohort, in their order."""
    return [one for one in calls if _shared(one.entry.data["term"], begins, ends) >= HALF]


def _shared(term: Mapping[str, str], begins: date, ends: date) -> Fraction:
    """Give how much of the longer of two terms, of a call and of a cohort, is in both."""
    since, until = date.fromisoformat(term["from"]), date.fromisoformat(term["until"])
    both = (min(until, ends) - max(since, begins)).days + 1
    longer = max((until - since).days, (ends - begins).days) + 1
    return Fraction(max(both, 0), max(longer, 1))


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


def to_erase(program: Program, pack: Pack, today: date) -> list[Claim]:
    """List the claims whose note and bill have reached the day on which the pack's retention lets them go."""
    kept = next((one for one in pack.retention if one.id == pack.pay.retention), None)
    if kept is None or kept.years is None:
        return []
    latest = plus_months(today, -12 * kept.years)
    claims = Claim.objects.filter(seat__cohort__program=program, erased_on=None, logged_on__lt=latest)
    came = Q(payment__paid_on__isnull=False) | Q(payment__corrections__isnull=False)
    came |= Q(advance__isnull=False, verdict=ClaimStage.APPROVED)
    came |= Q(payment__again__paid_on__isnull=False) | Q(payment__again__corrections__isnull=False)
    undecided = claims.filter(STANDING).exclude(pk__in=claims.filter(came).values("pk")).values("pk")
    return list(claims.exclude(pk__in=undecided).order_by("pk"))
