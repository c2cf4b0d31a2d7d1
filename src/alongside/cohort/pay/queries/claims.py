"""Read what leads logged, what of it is owed, and where it stands."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet, Sum

from alongside.cohort.pay.models import Agreement, Attachment, Claim, Payment, StopAt
from alongside.cohort.pay.queries.terms import agreement_of
from alongside.cohort.seats.models import Seat
from alongside.core.clocks import pay_due, plus_months
from alongside.core.entries import Entry
from alongside.core.money import HOUR, Money, in_hours, sums
from alongside.core.policy.pack import Pack
from alongside.core.workflow.commitments import CHECKS
from alongside.core.workflow.pay import COST_KINDS, WORK_KINDS, ClaimKind, ClaimStage, Per
from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.programs.models import Program
from alongside.ground.record.rows import RowsLog

#: The payments that sent one again, with what is said about each.
AGAIN = Payment.objects.select_related("run").prefetch_related("corrections")


type ToSend = list[tuple[Payment, Money]]


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
        is_granted = self.claim.kind != ClaimKind.ADVANCE or self.state != ClaimStage.WAITING
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
        sent = [one.claim for one in self.claims if one.claim.kind == ClaimKind.ADVANCE and one.claim.payment]
        rests = [(one, Money(one.minor - used[one.pk], one.currency)) for one in sent]
        return [(one, rest) for one, rest in rests if rest.minor > 0]

    @property
    def sent_back(self) -> list[ClaimView]:
        """List what was sent back and not yet corrected."""
        sent = [one for one in self.claims if one.state == ClaimStage.SENT_BACK]
        return [one for one in sent if not hasattr(one.claim, "corrected_by")]


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
    if account.agreement is None or account.agreement.per != Per.HOUR:
        return []
    hours = [
        one.claim for one in account.claims if one.claim.kind == ClaimKind.HOURS and not one.state.is_dropped
    ]
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
    claims = Claim.objects.filter(
        kind=ClaimKind.ADVANCE, payment__isnull=False, seat__cohort__program=program
    )
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
    rows = Claim.objects.filter(
        STANDING, seat__cohort__program=program, kind=ClaimKind.ADVANCE, session__in=sessions
    )
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
        back=Money(sum(one.minor for one in uses if one.kind == ClaimKind.RETURNED), currency),
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


#: Claims that a run can pay, and those that wait for anything.
APPROVED = Q(verdict=ClaimStage.APPROVED, payment=None, advance=None)
OPEN = Q(verdict=None) | APPROVED


def held_of(claims: Iterable[Claim], unsent: Iterable[Payment]) -> list[Claim]:
    """List of claims those that wait for their payee's account: the bank sent a payment back, and a run sends them where that is ticked."""
    back = {one.seat_id for one in unsent if one.parts[-1].rejected_on}
    return [one for one in claims if one.seat_id in back and one.stage.is_unsent]


def open_claim(program: Program, claim: int) -> Claim | None:
    """Give a claim that waits for the steward's decision, or None."""
    return with_all(Claim.objects.filter(pk=claim, verdict=None, seat__cohort__program=program)).first()


def minutes_by_month(program: Program, months: Sequence[str]) -> dict[str, int]:
    """Give the minutes that leads logged for each of these months, as 2026-11; all leads together. One query."""
    claims = Claim.objects.filter(STANDING, seat__cohort__program=program, kind=ClaimKind.HOURS)
    since = claims.filter(on__gte=date.fromisoformat(f"{months[0]}-01"))
    found = dict.fromkeys(months, 0)
    for on, minutes in since.values_list("on", "minutes"):
        if f"{on:%Y-%m}" in found:
            found[f"{on:%Y-%m}"] += minutes or 0
    return found


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
