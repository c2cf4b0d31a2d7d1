"""Read what was agreed with each lead, and the budget of a cohort."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import F, Q, QuerySet

from alongside.cohort.lotteries.models import Offer
from alongside.cohort.pay.models import Agreement, Budget, Proposal, called
from alongside.cohort.seats.models import CHECKS as LOOKS
from alongside.cohort.seats.models import Cohort, Seat
from alongside.cohort.seats.queries.seats import sits, sitting
from alongside.cohort.seats.queries.seconds import former_leads
from alongside.core.clocks import pay_due
from alongside.core.entries import unit_of
from alongside.core.grammar.ties import NOBODY
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.workflow.pay import AGREED_PER, Per
from alongside.ground.gate.roles import Viewer
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import stewards_on
from alongside.ground.record.models import Standing
from alongside.ground.record.queries import EntryView, entry_views_where
from alongside.ground.record.rows import RowsLog


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


def budget_of(cohort: Cohort) -> Budget | None:
    """Give the budget in force for a cohort, or None."""
    return cohort.budgets.order_by("-pk").first()


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


def _without_agreement(program: Program) -> QuerySet[Seat]:
    """Give the seats that somebody pays, and that no unpaid call offered, for which no pay is agreed."""
    unpaid = Q(pk__in=Offer.objects.filter(call__pay_amount=None, seat__isnull=False).values("seat"))
    agreed = Q(pk__in=Agreement.objects.filter(replaced_by=None).values("seat"))
    not_owed = agreed | unpaid | Q(paid_otherwise=NOBODY)
    return Seat.objects.filter(cohort__program=program).exclude(not_owed)


def unagreed(program: Program, pack: Pack, today: date, rows: RowsLog) -> list[tuple[date, Seat]]:
    """List the leads of today whose seat is paid and with whom no pay is agreed, by the day by which it is. Two queries at most."""
    seats = list(_without_agreement(program).filter(sitting(today)).order_by("pk"))
    if seats:
        rows.read(EntryKind.SEAT_TAKEN)
    return sorted(((agree_by(one, pack, rows), one) for one in seats), key=lambda one: one[0])


def agree_by(seat: Seat, pack: Pack, rows: RowsLog) -> date:
    """Give the day by which pay is agreed for a seat: so many days after it begins, or was taken, as pay is due after work is logged."""
    taken = [one.date for one in rows.about(EntryKind.SEAT_TAKEN, seat.public_id)]
    return pay_due(max(seat.from_date, *taken), pack) if taken else pay_due(seat.from_date, pack)


def unagreed_since(seat: Seat, pack: Pack, today: date, rows: RowsLog) -> date | None:
    """Give the day by which pay was to be agreed for a seat with which nothing is agreed, where a lead sits in it, it is paid and the day is past; else None. Two queries at most."""
    due = agree_by(seat, pack, rows) if sits(seat, today) else today
    is_owed = due < today and _without_agreement(seat.cohort.program).filter(pk=seat.pk).exists()
    return due if is_owed else None


def checking_without(program: Program, today: date, rows: RowsLog) -> int:
    """Count the former leads who check, whose seat is paid and with whom no pay is agreed. Four queries at most."""
    checks = [one.pk for one in former_leads(program, LOOKS, today, rows)]
    return _without_agreement(program).filter(pk__in=checks).count() if checks else 0


def seat_terms(program: Program, public_id: str) -> SeatTerms | None:
    """Give a seat of the program by its public id, with its terms; None where there is none."""
    seats = Seat.objects.filter(cohort__program=program, public_id=public_id)
    seat = seats.select_related("person", "cohort__program", "payee").first()
    return SeatTerms(seat, agreement_of(seat)) if seat else None


def call_terms(program: Program, seat: Seat) -> dict[str, object]:
    """Give the terms of the call for a seat, as an agreement begins with them; nothing where no call fits.

    It is the one that offered the seat, however long the cohort sits. Where none did, it is one of about the cohort's days: a day
    more or less on either side leaves nobody with less than was promised. Of several the one that pays most, of those that were
    there before the seat was taken, if any was: no later call makes a lead's pay smaller.
    """
    there = entry_views_where(program, "en", kinds=[EntryKind.CALL_PUBLISHED])
    offered = Offer.objects.filter(seat=seat).values_list("call__entry", flat=True).first()
    if offered is None:
        calls = calls_for(there, seat.cohort.from_date, seat.cohort.until_date)
    else:
        calls = [one for one in there if one.index == offered]
    taken = RowsLog.of(program).about(EntryKind.SEAT_TAKEN, seat.public_id)
    before = [one for one in calls if taken and one.index < taken[0].index] or calls
    if not before:
        return {}
    call = max(before, key=lambda one: (_a_month(one.entry.data), -one.index))
    data = call.entry.data
    found: dict[str, object] = {"limit": data["not_to_exceed"], "currency": data["currency"]}
    if pay := data.get("pay"):
        per = pay["per"] if pay["per"] in AGREED_PER else Per.DELIVERABLE
        found |= {"per": per, "rate": pay["amount"], "currency": pay["currency"]}
        found["hours_a_month"] = data["hours_a_month"]
    return found | {"call": call.index}


def _a_month(data: Mapping[str, Any]) -> Fraction:
    """Give what a call pays in a month, to compare calls by; nothing where it names no pay."""
    if "pay" not in data:
        return Fraction(0)
    amount, per = Fraction(data["pay"]["amount"]), data["pay"]["per"]
    days = (date.fromisoformat(data["term"]["until"]) - date.fromisoformat(data["term"]["from"])).days + 1
    a_month = {
        Per.HOUR: amount * int(data["hours_a_month"]),
        Per.MONTH: amount,
        Per.TERM: amount * 30 / days,
    }
    return a_month[Per(per)]


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
