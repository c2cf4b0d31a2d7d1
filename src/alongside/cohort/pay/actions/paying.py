"""Close a payment run, and take in what the finance office says was paid. The steward's pen."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from alongside.cohort.pay.actions.deciding import steward_of
from alongside.cohort.pay.models import Claim, FileBack, Line, Paid, Payment, Run
from alongside.cohort.pay.queries import ToPay, expected_back, payments_of, to_pay
from alongside.core.clocks import local_date
from alongside.core.money import Money
from alongside.core.reconcile import Judged, judge
from alongside.ground.gate import Asker
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends


class NothingToPayError(ValueError):
    """Nothing is approved that may be paid; approve something, or raise a sum agreed."""


class RunAlreadyClosedError(ValueError):
    """Someone closed a run in the same moment; look at the list of runs."""


class FileDoesNotReconcileError(ValueError):
    """Rows of the file do not match what was asked for; correct the file, or take in only those that match."""

    def __init__(self, judged: Judged) -> None:
        self.judged = judged
        super().__init__(
            f"{len(judged.refused)} rows do not match; correct the file, or take in only the rows that match."
        )


@appends()
def close_run(*, program: Program, asker: Asker, now: datetime) -> Run:
    """Put everything approved that fits the sums agreed into one run. Raises NothingToPay- or RunAlreadyClosedError."""
    by = steward_of(program, asker)
    pack = pack_of(program)
    try:
        with transaction.atomic():
            due = to_pay(program, pack)
            if not due.pays and not due.again:
                raise NothingToPayError(
                    "Nothing approved may be paid now; approve work, or raise a sum agreed."
                )
            return _write_run(program, due, by, local_date(now, pack))
    except IntegrityError as error:
        raise RunAlreadyClosedError("Someone closed a run just now; look at the list of runs.") from error


@dataclass(frozen=True)
class _Sum:
    """A sum for one seat in one currency: for claims, or to send another payment again."""

    payee: str
    seat: int
    minor: int
    currency: str
    claims: list[Claim]
    first: Payment | None = None


def _sums_of(due: ToPay) -> list[_Sum]:
    """List the payments of a run, in the order of the payee's number: it says nothing, unlike the order of seating."""
    by_payee: dict[tuple[int, str], list[Claim]] = {}
    for one in due.pays:
        by_payee.setdefault((one.seat_id, one.currency), []).append(one)
    fresh = [
        _Sum(own[0].seat.payee.number, seat, sum(one.minor for one in own), currency, own)
        for (seat, currency), own in by_payee.items()
    ]
    again = [
        _Sum(first.seat.payee.number, first.seat_id, money.minor, money.currency, [], first)
        for first, money in due.again
    ]
    return sorted(
        [*fresh, *again], key=lambda one: (one.payee, one.currency, one.first.pk if one.first else 0)
    )


def _write_run(program: Program, due: ToPay, by: int, today: date) -> Run:
    last = Run.objects.filter(program=program).aggregate(last=Max("number"))["last"] or 0
    run = Run.objects.create(program=program, number=last + 1, closed_by_id=by, closed_on=today)
    for place, one in enumerate(_sums_of(due), 1):
        payment = Payment.objects.create(
            run=run,
            seat_id=one.seat,
            reference=f"{program.slug[:12].upper()}-{run.number}-{place}",
            minor=one.minor,
            currency=one.currency,
            first=one.first,
        )
        Line.objects.bulk_create(Line(payment=payment, claim=claim) for claim in one.claims)
    return run


@appends()
def take_file(
    *, program: Program, text: str, only_matching: bool, asker: Asker, now: datetime
) -> tuple[FileBack, list[Money]]:
    """Take in what finance says was paid. Refuses the whole file, unless the steward takes only the rows that match.

    Raises FileDoesNotReconcileError, or UnreadableFileError of `core.reconcile`.
    """
    by = steward_of(program, asker)
    pack = pack_of(program)
    today = local_date(now, pack)
    try:
        with transaction.atomic():
            judged = judge(text, expected_back(program), today, pack.pay.finance.back_headings)
            if not judged.matching or (judged.refused and not only_matching):
                raise FileDoesNotReconcileError(judged)
            return _write_file(program, text, judged, by, today), [one.money for one in judged.matching]
    except IntegrityError as error:
        judged = judge(text, expected_back(program), today, pack.pay.finance.back_headings)
        raise FileDoesNotReconcileError(judged) from error


def _write_file(program: Program, text: str, judged: Judged, by: int, today: date) -> FileBack:
    file = FileBack.objects.create(
        program=program,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        rows=len(judged.matching) + len(judged.refused),
        left_out=len(judged.refused),
        taken_by_id=by,
        taken_on=today,
    )
    payments = {one.reference: one for one in payments_of(program)}
    Paid.objects.bulk_create(
        Paid(payment=payments[one.reference], file=file, paid_on=one.paid_on) for one in judged.matching
    )
    return file
