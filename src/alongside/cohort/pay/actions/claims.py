"""Log work and costs, decide on them, take them back, erase what is over."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Sum
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from alongside.cohort.pay.actions.terms import decides_on, today_in
from alongside.cohort.pay.models import Agreement, Attachment, Claim, StopAt
from alongside.cohort.pay.queries.claims import (
    STANDING,
    check_by,
    open_advances,
    spent_of,
    stop_of,
    to_erase,
    with_all,
)
from alongside.cohort.pay.queries.terms import agreement_of, agreement_on
from alongside.cohort.seats.models import Seat
from alongside.core.clocks import local_date
from alongside.core.money import Money, for_time
from alongside.core.policy.pack import Pack
from alongside.core.policy.pay import THANKS, PayKind
from alongside.core.refusals import Refused
from alongside.core.workflow.pay import COST_KINDS, WORK_KINDS, ClaimKind, ClaimStage, Per
from alongside.ground.gate.limits import MEGABYTE, MOST_BILLS, refuse_without_room
from alongside.ground.gate.roles import Viewer
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends
from alongside.ground.record.queries import is_under_hold


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
    on = today_in(claim.seat.cohort.program, now)
    return Claim.objects.filter(pk=claim.pk, verdict=None).update(**said, decided_on=on) > 0


DAY = 24 * 60
BASES: dict[str, str] = {
    ClaimKind.HOURS: Per.HOUR,
    ClaimKind.DELIVERABLE: Per.DELIVERABLE,
    ClaimKind.MONTH: Per.MONTH,
}


class ConfirmationNeededError(ValueError):
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
    kind = pack.pay.kind(work.what)
    if agreement is None or kind is None or BASES.get(work.kind, agreement.per) != agreement.per:
        raise _not_agreed()
    check = check_for(agreement, kind, work.on, today, is_month=work.kind == ClaimKind.MONTH)
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
        raise ConfirmationNeededError(twice=_standing(seat, work)) from error


def _not_agreed() -> Refused:
    return Refused(_("No pay of this kind is agreed for your place; ask the program coordinator."))


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
    is_given = work.what == THANKS and work.kind == ClaimKind.COST
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
    by, today = decides_on(advance.seat, viewer), today_in(advance.seat.cohort.program, now)
    held = Claim.objects.select_for_update().get(pk=advance.pk)
    if amount > held.rest:
        raise Refused(_("That is more than what is left of this advance."), "amount")
    if not held.logged_on <= on <= today:
        raise Refused(_("Choose a day from the day of the advance until today."), "on")
    same = Claim.objects.filter(seat=held.seat_id, kind=ClaimKind.RETURNED, what=held.what, on=on)
    return Claim.objects.create(
        seat_id=held.seat_id,
        agreement_id=held.agreement_id,
        kind=ClaimKind.RETURNED,
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
        minutes=work.minutes if work.kind == ClaimKind.HOURS else None,
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
    if work.kind == ClaimKind.HOURS:
        money = for_time(work.minutes or 0, agreement.money)
    if money is None or money.minor <= 0:
        raise Refused(_("The sum is nothing; write how much."))
    if money.currency != agreement.currency:
        raise _not_agreed()
    return money


def _turn(seat: Seat, work: Work) -> int:
    """Give the place of this piece among those of its day and kind. Raises ConfirmationNeededError or Refused."""
    same_day, standing = Claim.objects.filter(seat=seat, on=work.on), _standing(seat, work)
    if standing and (len(standing) != work.again or work.kind == ClaimKind.MONTH):
        raise ConfirmationNeededError(twice=standing)
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
        raise ConfirmationNeededError(stopped={"stop": stop, "asked": money})


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
    spent = spent_of(
        with_all(Claim.objects.filter(seat=seat)), agreement.currency, with_costs=pack.pay.costs_within_limit
    )
    left = (agreement_of(seat) or agreement).limit - spent
    if money > left:
        raise ConfirmationNeededError(past={"left": left, "asked": money})


@appends()
def withdraw(*, claim: Claim, now: datetime) -> None:
    """Let a lead take back what still waits; nothing happens where the steward decided already."""
    _end_waiting(claim, ClaimStage.TAKEN_BACK, "", claim.seat.person_id, now)


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
