"""A lead logs hours, a deliverable, a month or a cost, and takes back what waits. The lead's pen."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from alongside.cohort.pay.actions.days import check_for
from alongside.cohort.pay.models import Agreement, Bill, Claim, Decision, Note
from alongside.cohort.pay.queries import agreement_of, agreement_on, limit_of, spent_of
from alongside.cohort.pay.queries.claims import STANDING, with_all
from alongside.cohort.seats.models import Seat
from alongside.core.clocks import local_date
from alongside.core.money import Money, for_time
from alongside.core.policy import Pack
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends

DAY = 24 * 60
BASES = {"hours": "hour", "deliverable": "deliverable", "month": "month"}


class HaveNoPayError(ValueError):
    """The sum is nothing; write how much."""


class NothingAgreedError(ValueError):
    """The seat has no agreement about this; ask the steward for one."""


class MoreThanADayError(ValueError):
    """A day has 24 hours; more than that are logged on one."""


class LoggedTwiceError(ValueError):
    """The same seat, day and kind is logged already, `count` times; say that it is another piece, or leave it."""

    def __init__(self, count: int, minutes: int | None) -> None:
        self.count, self.minutes = count, minutes
        super().__init__(
            "This is logged already for this day; log it again only if it is another piece of work."
        )


class PastTheLimitError(ValueError):
    """The sum agreed is used up by this; log it knowing that it waits until the steward raises the sum."""

    def __init__(self, left: Money, asked: Money) -> None:
        self.left, self.asked = left, asked
        super().__init__(
            f"{left} is left of the sum agreed, and this is {asked}; ask the steward to raise it."
        )


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
    corrects: Claim | None = None


@appends()
def log(*, seat: Seat, work: Work, now: datetime) -> Claim:
    """Log a piece of work or a cost for a seat. Raises the errors of this module, each with its cure."""
    pack = pack_of(seat.cohort.program)
    today = local_date(now, pack)
    agreement = agreement_on(seat, work.on)
    if agreement is None or BASES.get(work.kind, agreement.per) != agreement.per:
        raise NothingAgreedError("No pay of this kind is agreed for your seat; ask the steward.")
    kind = pack.pay.kind(work.what)
    if kind is None:
        raise NothingAgreedError("No pay is agreed for this kind; choose one from the list.")
    check = check_for(agreement, kind, work.on, today, is_month=work.kind == "month")
    money = _worth(agreement, work)
    turn = _turn(seat, work)
    if not work.past:
        _refuse_past_limit(seat, agreement, work, money, pack)
    try:
        with transaction.atomic():
            return _write(seat, agreement, work, _Judged(money, turn, check), today)
    except IntegrityError as error:
        raise LoggedTwiceError(turn, work.minutes) from error


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
        minor=found.money.minor,
        currency=found.money.currency,
        turn=found.turn,
        entry=found.check,
        corrects=work.corrects,
        logged_on=_first_logged(work, today),
    )
    if work.note:
        Note.objects.create(claim=claim, words=work.note)
    if work.bill:
        media_type, content = work.bill
        Bill.objects.create(claim=claim, media_type=media_type, content=content)
    return claim


def _first_logged(work: Work, today: date) -> date:
    """Give the day from which the work waits to be paid: what the steward sent back keeps the one it was first logged on."""
    before = work.corrects
    is_sent_back = before is not None and before.decision.verdict == "sent-back"
    return before.logged_on if before and is_sent_back and work.on <= before.logged_on else today


def _worth(agreement: Agreement, work: Work) -> Money:
    money = work.money if work.kind == "cost" else agreement.money
    if work.kind == "hours":
        money = for_time(work.minutes or 0, agreement.money)
    if money is None or money.minor <= 0:
        raise HaveNoPayError("The sum is nothing; write how much.")
    if money.currency != agreement.currency:
        raise NothingAgreedError(f"Your agreement is in {agreement.currency}; write the sum in it.")
    return money


def _turn(seat: Seat, work: Work) -> int:
    """Give the place of this piece among those of its day and kind. Raises LoggedTwiceError or MoreThanADayError."""
    same_day = Claim.objects.filter(seat=seat, on=work.on)
    same = list(same_day.filter(kind=work.kind, what=work.what).select_related("decision"))
    standing = [one for one in same if not hasattr(one, "decision") or one.decision.verdict == "approved"]
    if standing and (len(standing) != work.again or work.kind == "month"):
        raise LoggedTwiceError(len(standing), standing[-1].minutes)
    minutes = sum(one.minutes or 0 for one in same_day.filter(STANDING)) + (work.minutes or 0)
    if minutes > DAY:
        raise MoreThanADayError("With this, more than 24 hours are logged on this day; choose fewer.")
    return max((one.turn for one in same), default=0) + 1


def _refuse_past_limit(seat: Seat, agreement: Agreement, work: Work, money: Money, pack: Pack) -> None:
    if work.kind == "cost" and not pack.pay.costs_within_limit:
        return
    claims = with_all(Claim.objects.filter(seat=seat))
    left = limit_of(agreement_of(seat) or agreement) - spent_of(
        claims, agreement.currency, with_costs=pack.pay.costs_within_limit
    )
    if money > left:
        raise PastTheLimitError(left, money)


@appends()
def take_back(*, claim: Claim, now: datetime) -> Decision | None:
    """Let a lead take back what still waits; None where the steward decided already."""
    program = claim.seat.cohort.program
    try:
        with transaction.atomic():
            return Decision.objects.create(
                claim=claim,
                verdict="taken-back",
                by_id=claim.seat.person_id,
                on=local_date(now, pack_of(program)),
            )
    except IntegrityError:
        return None
