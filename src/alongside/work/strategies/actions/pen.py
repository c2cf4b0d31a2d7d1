"""One lead writes at a time: take the pen, ask for it, hand it over, put it down."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.seats.models import Seat
from alongside.ground.record.declared import appends
from alongside.work.strategies.models import Member, Pen, Strategy

#: How long a pen is held without a sign of life; a page that writes gives one each minute.
HELD = timedelta(minutes=5)


class StrategyRefusedError(ValueError):
    """A strategy cannot be changed in this way; the message says the cure."""


@appends()
@transaction.atomic
def take_pen(*, strategy: Strategy, seat: Seat, now: datetime) -> Pen:
    """Take the pen, or hold it longer; give whoever holds it afterwards, who may be another lead.

    Of a lead who sits again the pen is theirs in every seat.
    """
    Strategy.objects.select_for_update().get(pk=strategy.pk)
    pen = Pen.objects.select_related("seat", "asked").filter(strategy=strategy).first()
    is_theirs = pen is not None and pen.seat.person_id == seat.person_id
    if pen and not is_theirs and pen.until > now:
        return pen
    if pen and is_theirs:
        pen.seat, pen.until = seat, now + HELD
        pen.save(update_fields=["seat", "until"])
        return pen
    Pen.objects.filter(strategy=strategy).delete()
    return Pen.objects.create(strategy=strategy, seat=seat, until=now + HELD)


@appends()
@transaction.atomic
def ask_for_pen(*, strategy: Strategy, seat: Seat, now: datetime) -> Pen | None:
    """Ask whoever writes for the pen; give their pen, or None where nobody writes."""
    pen = Pen.objects.select_related("seat").filter(strategy=strategy, until__gt=now).first()
    if pen and pen.seat.person_id != seat.person_id:
        pen.asked = seat
        pen.save(update_fields=["asked"])
    return pen


@appends()
@transaction.atomic
def hand_pen(*, strategy: Strategy, seat: Seat, to: str, now: datetime) -> Pen:
    """Hand the pen to another lead of the strategy (the public id of their seat)."""
    Strategy.objects.select_for_update().get(pk=strategy.pk)
    pen = Pen.objects.filter(strategy=strategy, seat__person=seat.person_id).first()
    member = Member.objects.filter(strategy=strategy, seat__public_id=to).select_related("seat").first()
    if pen is None:
        raise StrategyRefusedError(_("You do not have the pen any more. Another lead is writing."))
    if member is None:
        raise StrategyRefusedError(_("This lead is not in the strategy. Choose one who is."))
    pen.delete()
    return Pen.objects.create(strategy=strategy, seat=member.seat, until=now + HELD)


@appends()
def put_down_pen(*, strategy: Strategy, seat: Seat, now: datetime) -> None:  # noqa: ARG001 -- an action is told the time
    """Put the pen down; who wrote, and until when, is then kept nowhere."""
    Pen.objects.filter(strategy=strategy, seat__person=seat.person_id).delete()
