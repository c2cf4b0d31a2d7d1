"""Write pay: agree, log, decide, pay, take back what finance says, tell and erase. A change is a new row, or fills what was empty, once."""

import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Sum, prefetch_related_objects
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from alongside.cohort.pay.models import (
    COST_KINDS,
    WORK_KINDS,
    Agreement,
    Attachment,
    Budget,
    Claim,
    Correction,
    FileBack,
    Payee,
    Payment,
    Proposal,
    Raised,
    Run,
    StopAt,
)
from alongside.cohort.pay.queries import (
    STANDING,
    ToPay,
    agreement_before,
    agreement_of,
    agreement_on,
    asked_units,
    budget_of,
    call_terms,
    check_by,
    expected_back,
    open_advances,
    payments_of,
    proposed_to,
    quarters_to_tell,
    spent_of,
    stop_of,
    to_erase,
    to_pay,
    with_all,
)
from alongside.cohort.seats.models import Cohort, Seat
from alongside.core.clocks import local_date
from alongside.core.kinds import EntryKind
from alongside.core.money import Money, for_time
from alongside.core.pay_files import Judged, judge
from alongside.core.policy.pack import Pack
from alongside.core.policy.pay import THANKS, PayKind
from alongside.core.refusals import Refused
from alongside.core.workflow.pay import ClaimStage
from alongside.ground.gate.limits import MEGABYTE, MOST_BILLS, refuse_without_room
from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Draft, append, tell_once
from alongside.ground.record.declared import appends
from alongside.ground.record.queries import is_under_hold
from alongside.ground.ui.numbers import money as in_words

#: What the pictures of bills of one lead hold together.


def check_for(agreement: Agreement, kind: PayKind, on: date, today: date, *, is_month: bool) -> int | None:
    """Give the check that work after the term rests on, as its entry of the record; None for work in the term."""
    if on > today:
        raise Refused(_("This day lies ahead; log the work when it is done."))
    last = min(agreement.until_date, agreement.seat.left_on or agreement.until_date)
    first = agreement.from_date.replace(day=1) if is_month else agreement.from_date
    if first <= on <= last:
        return None
    if on < first or not kind.after_term:
        raise Refused(
            _(
                "This day lies outside your agreement; choose a day in it. After it, only checks of what was done are paid."
            )
        )
    check = check_by(agreement.seat, on)
    if check is None:
        raise Refused(
            _(
                "After your agreement, a day is paid if the public log has a check that you wrote with another lead. There is none yet for this day. Log it when the second lead has looked and the check is on the public log."
            )
        )
    return check.index


def _today(program: Program, now: datetime) -> date:
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


@appends()
def approve(*, claim: Claim, viewer: Viewer, now: datetime) -> None:
    """Approve a claim; the next run pays it. Raises Refused for thank-you money, which a second person counts."""
    if claim.stubs is not None:
        raise Refused(_("Count the stubs of this thank-you money first: open it by its link."))
    _decide(claim, viewer, ClaimStage.APPROVED, "", now)


@appends()
def count_again(*, claim: Claim, stubs: int, viewer: Viewer, now: datetime) -> bool:
    """Write what a second person counted of the stubs of a session, and say whether that is what the first counted; else it goes back to be counted anew."""
    if claim.stubs == stubs:
        _decide(claim, viewer, ClaimStage.APPROVED, "", now)
        return True
    said = _("The second count found another number of stubs: %(n)s. Count them again, together if you can.")
    _decide(claim, viewer, ClaimStage.SENT_BACK, said % {"n": stubs}, now)
    return False


@appends()
def send_back(*, claim: Claim, reason: str, viewer: Viewer, now: datetime) -> None:
    """Send a claim back with a reason, so that the lead can correct it."""
    _decide(claim, viewer, ClaimStage.SENT_BACK, reason, now)


def _decide(claim: Claim, viewer: Viewer, verdict: ClaimStage, reason: str, now: datetime) -> None:
    by = decides_on(claim.seat, viewer)
    if not _end_waiting(claim, verdict, reason, by, now):
        raise Refused(_("This was decided already; look at the list again."))


def _end_waiting(claim: Claim, verdict: ClaimStage, reason: str, by: int, now: datetime) -> bool:
    """Write how a claim was decided, once; give whether it still waited."""
    said = {"verdict": verdict, "reason": reason, "decided_by": by}
    on = _today(claim.seat.cohort.program, now)
    return Claim.objects.filter(pk=claim.pk, verdict=None).update(**said, decided_on=on) > 0


DAY = 24 * 60
BASES = {"hours": "hour", "deliverable": "deliverable", "month": "month"}


class NotSureError(ValueError):
    """A lead is asked once more before this is logged: `twice`, `stopped` or `past` says why and of what."""

    def __init__(self, **why: Any) -> None:
        self.why = why
        super().__init__(f"Nothing is logged yet; ask the lead, who knows of this: {', '.join(why)}.")


@dataclass(frozen=True)
class Work:
    """What a lead logs. `again` is how many of the same day and kind the lead knows of; `past` that it may wait.

    `money` is for costs; `bill` is (media type, clean bytes).
    """

    kind: str
    what: str
    on: date
    minutes: int | None = None
    money: Money | None = None
    note: str = ""
    bill: tuple[str, bytes] | None = None
    again: int = 0
    past: bool = False
    #: Whether the lead knows that it passes the sum at which they want to stop.
    past_stop: bool = False
    corrects: Claim | None = None
    #: The advance from which a cost was paid. What is more than its rest is paid as any cost.
    advance: Claim | None = None
    #: Of thank-you money: how many stubs were exchanged for it, and of which session, as engagement/session.
    stubs: int | None = None
    session: str = ""


@appends()
@transaction.atomic
def log(*, seat: Seat, work: Work, now: datetime) -> Claim:
    """Log a piece of work or a cost for a seat. Raises the errors of this module, each with its cure."""
    pack = pack_of(seat.cohort.program)
    today = local_date(now, pack)
    agreement = agreement_on(seat, work.on)
    if agreement is None or BASES.get(work.kind, agreement.per) != agreement.per:
        raise Refused(_("No pay of this kind is agreed for your place; ask the program coordinator."))
    kind = pack.pay.kind(work.what)
    if kind is None:
        raise Refused(_("No pay of this kind is agreed for your place; ask the program coordinator."))
    check = check_for(agreement, kind, work.on, today, is_month=work.kind == "month")
    money = _worth(agreement, work)
    _refuse_unchanged(work, money)
    _refuse_uncounted(work)
    if work.bill:
        _refuse_over_quota(seat, len(work.bill[1]))
    if work.advance:
        covered = _covered(seat, work.advance, money)
        if covered != money and work.stubs:
            raise Refused(
                _("This is more than the money that you had for it. Count the stubs again."), "stubs"
            )
        if covered != money:
            return _log_in_two(seat, work, covered, money - covered, now)
    turn = _turn(seat, work)
    if not work.past_stop:
        _refuse_past_stop(seat, work, money)
    if not work.past and not work.advance:
        _refuse_past_limit(seat, agreement, work, money, pack)
    try:
        with transaction.atomic():
            return _write(seat, agreement, work, _Judged(money, turn, check), today)
    except IntegrityError as error:
        raise NotSureError(twice=_standing(seat, work)) from error


def _refuse_unchanged(work: Work, money: Money) -> None:
    """Refuse what the steward sent back as it was, unless a note or a bill says why it is right."""
    before = work.corrects
    if before is None or before.verdict != ClaimStage.SENT_BACK or work.bill or work.stubs:
        return  # who counts stubs again may find what they found
    is_same = (work.what, work.on, money) == (before.what, before.on, before.money)
    if is_same and work.note in {"", before.note}:
        raise Refused(
            _("This is what was sent back. Change it, or write in the note why it is right."), "note"
        )


def _refuse_uncounted(work: Work) -> None:
    """Refuse thank-you money that is no count of stubs, and stubs of anything else."""
    is_given = work.what == THANKS and work.kind == "cost"
    if is_given != (work.stubs is not None) or (is_given and work.advance is None):
        raise Refused(_("Thank-you money is given from an advance, and counted in stubs. Log it there."))


def _refuse_over_quota(seat: Seat, size: int) -> None:
    theirs = Attachment.objects.filter(claim__seat__person=seat.person_id)
    if (theirs.aggregate(all=Sum(Length("bill")))["all"] or 0) + size > MOST_BILLS:
        raise Refused(
            _(
                "Your pictures of bills hold %(most)s megabytes together. Log the cost without one and show the bill to the program coordinator."
            )
            % {"most": MOST_BILLS // MEGABYTE},
            "bill",
        )
    refuse_without_room(size, "bill")


def _covered(seat: Seat, advance: Claim, money: Money) -> Money:
    """Hold an advance, and give how much of a cost it covers. Raises Refused where it is not the lead's, or accounted for."""
    Claim.objects.select_for_update().get(pk=advance.pk)
    theirs = {one.pk: one.rest for one in open_advances(seat.cohort.program, seat.person_id)}
    rest = theirs.get(advance.pk)
    if rest is None or rest.currency != money.currency:
        raise Refused(_("This advance is accounted for already. Log the cost as one that you paid yourself."))
    return min(rest, money)


def _log_in_two(seat: Seat, work: Work, covered: Money, more: Money, now: datetime) -> Claim:
    """Log a cost that is more than the rest of an advance: what it covers, with note and bill, and the rest to be paid."""
    first = log(seat=seat, work=replace(work, money=covered), now=now)
    rest = replace(work, money=more, advance=None, bill=None, corrects=None, again=work.again + 1)
    log(seat=seat, work=rest, now=now)
    return first


@appends()
@transaction.atomic
def note_returned(*, advance: Claim, amount: Money, on: date, viewer: Viewer, now: datetime) -> Claim:
    """Write that a rest of an advance came back to the program."""
    by, today = decides_on(advance.seat, viewer), _today(advance.seat.cohort.program, now)
    held = Claim.objects.select_for_update().get(pk=advance.pk)
    if amount > held.rest:
        raise Refused(_("That is more than what is left of this advance."), "amount")
    if not held.logged_on <= on <= today:
        raise Refused(_("Choose a day from the day of the advance until today."), "on")
    same = Claim.objects.filter(seat=held.seat_id, kind="returned", what=held.what, on=on)
    return Claim.objects.create(
        seat_id=held.seat_id,
        agreement_id=held.agreement_id,
        kind="returned",
        what=held.what,
        on=on,
        minor=amount.minor,
        currency=amount.currency,
        turn=(same.aggregate(last=Max("turn"))["last"] or 0) + 1,
        advance=held,
        logged_on=today,
        verdict=ClaimStage.APPROVED,
        reason="",
        decided_by_id=by,
        decided_on=today,
    )


@dataclass(frozen=True)
class _Judged:
    """What was found of a piece of work: its sum, its place among those of its day, the check it rests on."""

    money: Money
    turn: int
    check: int | None


def _write(seat: Seat, agreement: Agreement, work: Work, found: _Judged, today: date) -> Claim:
    claim = Claim.objects.create(
        seat=seat,
        agreement=agreement,
        kind=work.kind,
        what=work.what,
        on=work.on,
        minutes=work.minutes if work.kind == "hours" else None,
        stubs=work.stubs,
        session=work.session,
        minor=found.money.minor,
        currency=found.money.currency,
        turn=found.turn,
        entry=found.check,
        corrects=work.corrects,
        advance=work.advance,
        logged_on=_first_logged(work, today),
    )
    if work.note or work.bill:
        media_type, bill = work.bill or ("", None)
        Attachment.objects.create(claim=claim, words=work.note, media_type=media_type, bill=bill)
    return claim


def _first_logged(work: Work, today: date) -> date:
    """Give the day from which the work waits to be paid.

    What the steward sent back keeps the days it has waited; those on which it lay with the lead are not the steward's.
    """
    before = work.corrects
    if before is None or before.verdict != ClaimStage.SENT_BACK or not before.decided_on:
        return today
    since = before.logged_on + (today - before.decided_on)
    return since if work.on <= since else today


def _worth(agreement: Agreement, work: Work) -> Money:
    money = work.money if work.kind in COST_KINDS else agreement.money
    if work.kind == "hours":
        money = for_time(work.minutes or 0, agreement.money)
    if money is None or money.minor <= 0:
        raise Refused(_("The sum is nothing; write how much."))
    if money.currency != agreement.currency:
        raise Refused(_("No pay of this kind is agreed for your place; ask the program coordinator."))
    return money


def _turn(seat: Seat, work: Work) -> int:
    """Give the place of this piece among those of its day and kind. Raises NotSureError or Refused."""
    same_day, standing = Claim.objects.filter(seat=seat, on=work.on), _standing(seat, work)
    if standing and (len(standing) != work.again or work.kind == "month"):
        raise NotSureError(twice=standing)
    minutes = sum(one.minutes or 0 for one in same_day.filter(STANDING)) + (work.minutes or 0)
    if minutes > DAY:
        raise Refused(
            _("With this, more than 24 hours are logged on this day; write fewer, or choose another day.")
        )
    last = same_day.filter(kind=work.kind, what=work.what).aggregate(turn=Max("turn"))["turn"]
    return (last or 0) + 1


def _standing(seat: Seat, work: Work) -> list[Claim]:
    """List what is logged of a day and kind and nobody sent back."""
    same = Claim.objects.filter(STANDING, seat=seat, on=work.on, kind=work.kind, what=work.what)
    return list(with_all(same).order_by("pk"))


def _refuse_past_stop(seat: Seat, work: Work, money: Money) -> None:
    """Tell a lead before they pass the sum at which they want to stop in the month of the work; costs are no income."""
    stop = stop_of(seat, work.on) if work.kind in WORK_KINDS else None
    if stop and stop.at.currency == money.currency and money > stop.left:
        raise NotSureError(stopped={"stop": stop, "asked": money})


@appends()
def stop_at(*, seat: Seat, amount: Money | None) -> None:
    """Keep at which sum in a month a lead wants to stop; none takes it away."""
    person, program = seat.person, seat.cohort.program
    if amount is None:
        StopAt.objects.filter(person=person, program=program).delete()
        return
    stop = {"minor": amount.minor, "currency": amount.currency}
    StopAt.objects.update_or_create(person=person, program=program, defaults=stop)


def _refuse_past_limit(seat: Seat, agreement: Agreement, work: Work, money: Money, pack: Pack) -> None:
    if work.kind in COST_KINDS and not pack.pay.costs_within_limit:
        return
    claims = with_all(Claim.objects.filter(seat=seat))
    left = (agreement_of(seat) or agreement).limit - spent_of(
        claims, agreement.currency, with_costs=pack.pay.costs_within_limit
    )
    if money > left:
        raise NotSureError(past={"left": left, "asked": money})


@appends()
def withdraw(*, claim: Claim, now: datetime) -> None:
    """Let a lead take back what still waits; nothing happens where the steward decided already."""
    _end_waiting(claim, ClaimStage.TAKEN_BACK, "", claim.seat.person_id, now)


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
    if not row.update(**said, rejected_on=_today(program, now)):
        raise _sent_back_already()


@appends()
@transaction.atomic
def correct(
    *, payment: Payment, amount: Money, paid_on: date, reason: str, viewer: Viewer, now: datetime
) -> Correction:
    """Write what was paid in truth, and when."""
    program = payment.run.program
    by, today = decides_on(payment.seat, viewer), _today(program, now)
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


class FileDoesNotReconcileError(ValueError):
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

    Raises FileDoesNotReconcileError, or NotTakenIn of `core.reconcile`.
    """
    by = steward_of(program, viewer)
    pack = pack_of(program)
    today = local_date(now, pack)
    judged = judge(text, expected_back(program), today, pack.pay.finance.back_headings)
    if not judged.matching or (judged.refused and not only_matching):
        raise FileDoesNotReconcileError(judged)
    file = FileBack.objects.create(
        program=program,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        rows=len(judged.matching) + len(judged.refused),
        left_out=len(judged.refused),
        taken_by_id=by,
        taken_on=today,
    )
    payments = {one.reference: one.pk for one in payments_of(program)}
    for one in judged.matching:
        is_ours = Payment.objects.filter(pk=payments[one.reference], paid_on=None)
        if not is_ours.update(file=file, paid_on=one.paid_on):  # somebody else was first
            raise FileDoesNotReconcileError(
                judge(text, expected_back(program), today, pack.pay.finance.back_headings)
            )
    return file, [one.money for one in judged.matching]


@appends()
@transaction.atomic
def note_reminder(*, claims: Sequence[Claim], on: date, now: datetime) -> int:  # noqa: ARG001 -- every action is told the time
    """Note that the steward was told of these claims; give how many are new."""
    return Claim.objects.filter(pk__in=[one.pk for one in claims], reminded_on=None).update(reminded_on=on)


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


@appends()
@transaction.atomic
def erase(*, program: Program, now: datetime) -> int:
    """Erase notes and bills whose time is over, unless a legal hold stands; give how many claims. Sums stay."""
    pack = pack_of(program)
    today = local_date(now, pack)
    if pack.pay.retention is None or is_under_hold(program):
        return 0
    claims = to_erase(program, pack, today)
    Claim.objects.filter(pk__in=[one.pk for one in claims]).update(
        erased_by=pack.pay.retention, erased_on=today
    )
    Attachment.objects.filter(claim__in=claims).delete()
    return len(claims)


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
    _refuse_beyond(amount, agreed=_agreed(cohort, but=None))
    data = {"cohort": cohort.slug, "amount": amount.plain(), "currency": amount.currency}
    draft = Draft(kind=EntryKind.PAY_BUDGETED, by=["steward"], data=data, cites={"cohort": [cohort.entry]})
    entry = append(program=cohort.program, drafts=[draft], now=now)[0].index
    return Budget.objects.create(
        cohort=cohort,
        minor=amount.minor,
        currency=amount.currency,
        entry=entry,
        set_by_id=by,
        set_on=_today(cohort.program, now),
    )


@appends()
@transaction.atomic
def agree(*, seat: Seat, terms: Terms, viewer: Viewer, now: datetime) -> Agreement | Proposal:
    """Write what is agreed with a seat; an agreement in force is replaced.

    What gives the lead less than the agreement in force is a proposal: it holds once the lead agrees to it. Nor does a lead get
    less by sitting in another seat: where nothing is agreed with it yet, that of their last seat counts.
    """
    cohort = seat.cohort
    by = decides_on(seat, viewer)
    current = Agreement.objects.filter(seat=seat, replaced_by=None).first()
    waits = Claim.objects.filter(STANDING, seat=seat).exclude(currency=terms.limit.currency)
    if terms.rate.currency != terms.limit.currency or waits.exists():
        raise _other_currency()
    _refuse_beyond_budget(seat, terms.limit)
    before = current or agreement_before(seat)
    _refuse_below_the_call(seat, terms, is_first=before is None)
    given = {
        "per": terms.per,
        "minor": terms.rate.minor,
        "currency": terms.rate.currency,
        "limit_minor": terms.limit.minor,
        "from_date": terms.from_date,
        "until_date": terms.until_date,
        "call": terms.call,
        "set_by_id": by,
        "set_on": _today(cohort.program, now),
    }
    if before and _is_less(terms, before):
        return Proposal.objects.create(agreement=before, seat=None if current else seat, **given)
    _number(seat)
    return Agreement.objects.create(seat=seat, replaces=current, **given)


def _number(seat: Seat) -> None:
    """Draw the number under which the finance system knows a seat, once."""
    if not Payee.objects.filter(seat=seat).exists():
        Payee.objects.create(seat=seat, number=f"{secrets.randbelow(10**DIGITS):0{DIGITS}}")


def _refuse_below_the_call(seat: Seat, terms: Terms, *, is_first: bool) -> None:
    """Refuse a rate below the one that the call for this term published.

    The first agreement waits for no lead: so it is by the measure of the call, or pays a month as much, and lasts as long as the place.
    """
    told = call_terms(seat.cohort.program, seat)
    if "rate" not in told:
        return
    is_alike = (told["per"], told["currency"]) == (terms.per, terms.rate.currency)
    if is_alike and terms.rate < Money.of(str(told["rate"]), terms.rate.currency):
        raise Refused(_("This is less than the call promised; agree on that rate, or on more."))
    if not is_first:
        return
    if not is_alike and not _pays_as_much_a_month(terms, told):
        raise Refused(
            _(
                "The call promised to pay by another measure. Agree on that one; then another is proposed to the lead."
            )
        )
    if terms.from_date > seat.from_date or terms.until_date < seat.until_date:
        raise Refused(_("The call promised pay for the whole term; agree on all days of this place."))


def _pays_as_much_a_month(terms: Terms, told: Mapping[str, object]) -> bool:
    """Say whether a sum for each month is as much as the hours of a month come to by the call."""
    if (terms.per, told["per"], told["currency"]) != ("month", "hour", terms.rate.currency):
        return False
    hour = Money.of(str(told["rate"]), terms.rate.currency)
    return terms.rate.minor >= hour.minor * int(str(told["hours_a_month"]))


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
    """Let a lead agree to what the steward proposed: it holds for work from tomorrow on."""
    seat = Seat.objects.select_for_update(no_key=True).get(pk=proposal.seat_id or proposal.agreement.seat_id)
    first = _today(seat.cohort.program, now) + timedelta(days=1)
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
        from_date=max(first, proposal.from_date),
        until_date=proposal.until_date,
        replaces=current,
        call=proposal.call,
        set_by_id=proposal.set_by_id,
        set_on=first - timedelta(days=1),
    )


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
        raised_on=_today(cohort.program, now),
    )


def _agreed(cohort: Cohort, *, but: Seat | None) -> list[Money]:
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


def _refuse_beyond(budget: Money, agreed: list[Money]) -> None:
    if _is_beyond(budget, agreed):
        raise Refused(
            _(
                "Together, the sums agreed are more than the budget of the cohort. Raise the budget first, or agree on less."
            )
        )
