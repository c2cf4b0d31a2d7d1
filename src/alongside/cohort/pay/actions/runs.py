"""Close a run, take back what finance says of it, and tell quarters."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max, prefetch_related_objects
from django.utils.translation import gettext as _

from alongside.cohort.pay.actions.terms import decides_on, steward_of, today_in
from alongside.cohort.pay.models import Claim, Correction, FileBack, Payment, Run
from alongside.cohort.pay.queries.runs import ToPay, judged, payments_of, to_pay
from alongside.cohort.pay.queries.totals import quarters_to_tell
from alongside.cohort.seats.actions import note_letter
from alongside.core.clocks import local_date
from alongside.core.kinds import EntryKind
from alongside.core.money import Money
from alongside.core.pay_files import Judged
from alongside.core.refusals import Refused
from alongside.ground.gate.roles import Viewer
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.entries import Draft, tell_once
from alongside.ground.record.declared import appends


def _sent_back_already() -> Refused:
    return Refused(
        _(
            "The bank sent this payment back, and that is written. A later run sends it again; correct that one."
        )
    )


@appends()
def reject(*, payment: Payment, reason: str, viewer: Viewer, now: datetime) -> None:
    """Write that a payment was sent back, also after it was told as paid."""
    program = payment.run.program
    said = {"rejection": reason, "rejected_by": decides_on(payment.seat, viewer)}
    row = Payment.objects.filter(pk=payment.pk, rejected_on=None)
    if not row.update(**said, rejected_on=today_in(program, now)):
        raise _sent_back_already()


@appends()
@transaction.atomic
def correct(
    *, payment: Payment, amount: Money, paid_on: date, reason: str, viewer: Viewer, now: datetime
) -> Correction:
    """Write what was paid in truth, and when."""
    program = payment.run.program
    by, today = decides_on(payment.seat, viewer), today_in(program, now)
    if Payment.objects.filter(pk=payment.pk, rejected_on__isnull=False).exists():
        raise _sent_back_already()
    if not payment.run.closed_on <= paid_on <= today:
        raise Refused(
            _("It cannot have been paid on this day; choose a day from the day of the run until today.")
        )
    came = payment.arrived
    if came and (came.minor, came.paid_on) == (amount.minor, paid_on):
        raise Refused(_("This is what is written already; change the day or the sum."))
    return Correction.objects.create(
        payment=payment,
        minor=amount.minor,
        currency=payment.currency,
        paid_on=paid_on,
        reason=reason,
        by_id=by,
        on=today,
    )


class UnreconciledFileError(ValueError):
    """Rows of the file do not match what was asked for; correct the file, or take in only those that match."""

    def __init__(self, judged: Judged) -> None:
        self.judged = judged
        super().__init__(
            f"{len(judged.refused)} rows do not match; correct the file, or take in only the rows that match."
        )


@appends()
def close_run(*, program: Program, again: Collection[str], viewer: Viewer, now: datetime) -> Run:
    """Put everything approved that fits the sums agreed into one run, and for a payee whose payment came back only what these references tick."""
    by = steward_of(program, viewer)
    pack = pack_of(program)
    try:
        with transaction.atomic():
            due = to_pay(program, pack).ticked(again)
            if not due.pays and not due.again:
                raise Refused(
                    _(
                        "Nothing approved can be paid now. Approve work first, raise a sum agreed, or tick what can arrive now."
                    )
                )
            return _write_run(program, due, by, local_date(now, pack))
    except IntegrityError as error:
        raise Refused(_("Someone closed a run just now; look at the list of runs.")) from error


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
    prefetch_related_objects(due.pays, "seat__payee")
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
        fresh = Claim.objects.filter(pk__in=[claim.pk for claim in one.claims], payment=None)
        if fresh.update(payment=payment) != len(one.claims):
            raise IntegrityError  # another run holds one of them
    return run


@appends()
@transaction.atomic
def take_file(
    *, program: Program, text: str, only_matching: bool, viewer: Viewer, now: datetime
) -> tuple[FileBack, list[Money]]:
    """Take in what finance says was paid. Refuses the whole file, unless the steward takes only the rows that match.

    Raises UnreconciledFileError, or UnusableInputError of `core.reconcile`.
    """
    by = steward_of(program, viewer)
    pack = pack_of(program)
    today = local_date(now, pack)
    found = judged(program, text, pack, today)
    if not found.matching or (found.refused and not only_matching):
        raise UnreconciledFileError(found)
    file = FileBack.objects.create(
        program=program,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        rows=len(found.matching) + len(found.refused),
        left_out=len(found.refused),
        taken_by_id=by,
        taken_on=today,
    )
    payments = {one.reference: one.pk for one in payments_of(program)}
    for one in found.matching:
        is_ours = Payment.objects.filter(pk=payments[one.reference], paid_on=None)
        if not is_ours.update(file=file, paid_on=one.paid_on):  # somebody else was first
            raise UnreconciledFileError(judged(program, text, pack, today))
    return file, [one.money for one in found.matching]


@appends()
@transaction.atomic
def note_reminder(*, claims: Sequence[Claim], on: date, now: datetime) -> int:  # noqa: ARG001 -- every action is told the time
    """Note that the steward was told of these claims; give how many are new."""
    return Claim.objects.filter(pk__in=[one.pk for one in claims], reminded_on=None).update(reminded_on=on)


@appends()
@transaction.atomic
def note_silence(*, program: Program, runs: Mapping[Run, int], on: date, now: datetime) -> int:  # noqa: ARG001 -- every action is told the time
    """Note that the steward is told once more of these runs, of which finance says nothing; give how many claims in them are told anew."""
    fresh = [
        n
        for run, n in runs.items()
        if note_letter(program=program, about=f"pay run {run.pk}", stage="silent", on=on)
    ]
    return sum(fresh)


@appends(EntryKind.PAY_TOTALED)
def tell_quarters(*, program: Program, now: datetime) -> int:
    """Put the totals of whole quarters on the record, as far as they point at nobody; give how many."""
    pack = pack_of(program)
    today = local_date(now, pack)
    done = 0
    for one in quarters_to_tell(program, pack, today):
        data: dict[str, object] = {
            "cohort": one.cohort.slug,
            "from": str(one.first),
            "until": str(one.last),
            "as_of": today.isoformat(),
            "low": one.total.low.plain(),
            "high": one.total.high.plain(),
            "currency": one.total.low.currency,
        }
        if one.median_days is not None:
            data["median_days"] = max(0, one.median_days)
        draft = Draft(
            kind=EntryKind.PAY_TOTALED, by=["clock"], data=data, cites={"cohort": [one.cohort.entry]}
        )
        told = tell_once(program=program, draft=draft, now=now)
        done += told is not None
    return done
