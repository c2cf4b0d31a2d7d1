"""End a strategy by two leads, or by the last one after a wait, or by itself; drop what was merged; forget pens."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.seats.models import Seat
from alongside.core.clocks import local_date
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends
from alongside.ground.record.queries import is_under_hold
from alongside.work.strategies.actions.pen import StrategyRefusedError
from alongside.work.strategies.models import Destroyed, EndAsked, Pen, Strategy
from alongside.work.strategies.queries import ALONE, left_by_all, others_in


@appends()
@transaction.atomic
def destroy(*, strategy: Strategy, seat: Seat, now: datetime) -> bool:
    """Ask to destroy a strategy, or agree to what another lead asked; say whether it is gone.

    Two leads of it must agree. The last one who has a seat waits ALONE after asking, then says so again. It goes with
    all its versions and who was in it; only its random id, the day and the seats of those two stay.
    """
    here = Strategy.objects.select_for_update().get(pk=strategy.pk)
    _refuse_under_hold(here.program)
    today = local_date(now, pack_of(here.program))
    asked, _is_new = EndAsked.objects.get_or_create(strategy=here, defaults={"seat": seat, "on": today})
    is_second = asked.seat.person_id != seat.person_id
    if not is_second and (others_in(here, seat, today) or today < asked.on + ALONE):
        return False
    agreed = seat if is_second else None
    Destroyed.objects.create(pk=here.pk, program=here.program, seat=asked.seat, agreed=agreed, on=today)
    Strategy.objects.filter(pk=here.pk).delete()
    return True


@appends()
@transaction.atomic
def keep(*, strategy: Strategy, seat: Seat, now: datetime) -> None:  # noqa: ARG001 -- an action is told who and when
    """Say no to destroying a strategy, or take back that one asked for it."""
    EndAsked.objects.filter(strategy=strategy).delete()


@appends()
@transaction.atomic
def erase_left(*, program: Program, now: datetime) -> int:
    """Erase the strategies that all leads left longer ago than they stay; nothing under a hold. Give how many."""
    if is_under_hold(program):
        return 0
    today = local_date(now, pack_of(program))
    gone = left_by_all(program, today)
    Destroyed.objects.bulk_create(Destroyed(pk=one, program=program, on=today) for one in gone)
    Strategy.objects.filter(pk__in=gone).delete()
    return len(gone)


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
    if is_under_hold(program):
        raise StrategyRefusedError(
            _("A court or an audit has asked that nothing be deleted for now. Try again later.")
        )
