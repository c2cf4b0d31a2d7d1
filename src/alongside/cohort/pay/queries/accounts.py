"""Read what a lead logged, what is owed and since when, what was paid, and what is left of the agreement."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q

from alongside.cohort.pay.models import Agreement, Bill, Claim, Payment, Proposal
from alongside.cohort.pay.queries.arrived import each_once, got_of, owed_of
from alongside.cohort.pay.queries.claims import Shown, shown, state_of, with_all
from alongside.cohort.seats.models import Seat
from alongside.core.money import HOUR, Money, sums
from alongside.core.policy import Pack
from alongside.ground.gate import Asker, Role
from alongside.ground.programs.models import Program


@dataclass(frozen=True)
class Account:
    """A lead's account: everything logged, newest first, and its sums."""

    seat: Seat
    agreement: Agreement | None
    limit: Money | None
    left: Money | None
    claims: list[Shown]

    @property
    def _payments(self) -> list[Payment]:
        return each_once(one.claim.line.payment for one in self.claims if hasattr(one.claim, "line"))

    @property
    def owed(self) -> list[Money]:
        """Give what is owed, by currency; of a payment that came in part, what is missing."""
        waits = [one.claim.money for one in self.claims if one.state in {"waiting", "approved"}]
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
    def late(self) -> list[Shown]:
        """List what is past its day."""
        return [one for one in self.claims if one.is_late]

    @property
    def sent_back(self) -> list[Shown]:
        """List what was sent back and not yet corrected."""
        return [one for one in self.claims if one.state == "sent-back" and not one.is_corrected]


def seat_for(program: Program, asker: Asker, on: date) -> Seat | None:
    """Give the seat whose pay counts for a person on a day: the last that had begun, else the first that they will have.

    A seat of a next term changes nothing before it begins. One query.
    """
    seats = Seat.objects.filter(person=asker.person_id, cohort__program=program)
    found = list(seats.select_related("cohort__program", "end").order_by("from_date", "pk"))
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
    return state_of(claim) in {"sent-back", "taken-back"}


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
    fits = found and state_of(found) in {"sent-back", "taken-back"} and not hasattr(found, "corrected_by")
    return found if fits else None


def bill_for(program: Program, asker: Asker, claim: int) -> Bill | None:
    """Give the picture of a bill to the lead who sent it and to the steward; None to anyone else."""
    bills = Bill.objects.filter(claim=claim, claim__seat__cohort__program=program)
    if not asker.has(Role.STEWARD):
        bills = bills.filter(claim__seat__person=asker.person_id)
    return bills.first()
