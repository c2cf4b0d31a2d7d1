"""End a strategy, drop what was merged, and forget who held a pen."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.seats.models import Seat
from alongside.core.clocks import local_date
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends
from alongside.work.strategies.actions.pen import StrategyRefusedError
from alongside.work.strategies.models import Destroyed, Pen, Strategy
from alongside.work.strategies.queries import is_held


@appends()
@transaction.atomic
def destroy(*, strategy: Strategy, seat: Seat, now: datetime) -> None:
    """Delete a strategy with all its versions and who was in it; only its random id, the day and this seat stay."""
    _refuse_under_hold(strategy.program)
    today = local_date(now, pack_of(strategy.program))
    Destroyed.objects.create(pk=strategy.pk, program=strategy.program, seat=seat, on=today)
    Strategy.objects.filter(pk=strategy.pk).delete()


@appends()
@transaction.atomic
def drop_side_version(*, strategy: Strategy, side: UUID, now: datetime) -> None:  # noqa: ARG001 -- an action is told the time
    """Drop a version that was kept beside, once leads have taken over what they need."""
    _refuse_under_hold(strategy.program)
    strategy.side_versions.filter(pk=side).delete()


@appends()
def forget_pens(*, program: Program, now: datetime) -> int:
    """Forget the pens whose time is over; give how many there were."""
    gone, _rows = Pen.objects.filter(strategy__program=program, until__lte=now).delete()
    return gone


def _refuse_under_hold(program: Program) -> None:
    if is_held(program):
        raise StrategyRefusedError(
            _("A court or an audit has asked that nothing be deleted for now. Try again later.")
        )
