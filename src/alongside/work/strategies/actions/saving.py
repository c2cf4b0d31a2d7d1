"""Keep what a lead saved: as the next version, or beside it where another lead was faster. Never over it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.seats.models import Seat
from alongside.core.clocks import local_date
from alongside.core.sealing.envelope import SealedError
from alongside.core.sealing.strategy import MOST_LEADS, check_strategy
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends
from alongside.work.strategies.actions.pen import StrategyRefusedError, take_pen
from alongside.work.strategies.models import Destroyed, EndAsked, Member, SideVersion, Strategy
from alongside.work.strategies.queries import seats_with_keys

MOST_KEPT = 50  # side versions of one strategy; beyond it leads must merge some first
MOST_STRATEGIES = 200  # of one lead

__all__ = ["Saved", "StrategyRefusedError", "begin", "keep_version", "set_members"]


@dataclass(frozen=True)
class Saved:
    """What became of a save: the version that is now in force, and the id of the side version if it came too late."""

    version: int
    beside: UUID | None = None


@appends()
@transaction.atomic
def begin(
    *, program: Program, seat: Seat, strategy: UUID, members: Collection[str], sealed: bytes, now: datetime
) -> Strategy:
    """Begin a strategy under an id that the page drew; its first lead writes."""
    if Strategy.objects.filter(pk=strategy).exists() or Destroyed.objects.filter(pk=strategy).exists():
        raise StrategyRefusedError(_("This strategy is there already. Load the list again."))
    if Member.objects.filter(seat=seat).count() >= MOST_STRATEGIES:
        raise StrategyRefusedError(_("You are in as many strategies as fit. Destroy one first."))
    seats = _seats(program, seat, members, now)
    pack = pack_of(program)
    made = Strategy.objects.create(
        pk=strategy,
        program=program,
        sealed=sealed,
        bucket=_bucket(sealed, len(seats)),
        saved_on=local_date(now, pack),
        days_kept=pack.kept.days_of_strategies,
    )
    Member.objects.bulk_create(Member(strategy=made, seat=one) for one in seats)
    take_pen(strategy=made, seat=seat, now=now)
    return made


@appends()
@transaction.atomic
def keep_version(*, strategy: Strategy, seat: Seat, version: int, sealed: bytes, now: datetime) -> Saved:
    """Keep what was written on top of `version`; nothing is ever written over.

    Where that version is no longer the newest, or another lead has the pen, it is kept as a side version.
    """
    here = Strategy.objects.select_for_update().get(pk=strategy.pk)
    bucket = _bucket(sealed, here.members.count())
    today = local_date(now, pack_of(here.program))
    if here.version != version or take_pen(strategy=here, seat=seat, now=now).seat_id != seat.pk:
        return _keep_beside(here, sealed, bucket, now)
    here.version, here.sealed, here.bucket, here.saved_on = version + 1, sealed, bucket, today
    here.save()
    return Saved(here.version)


def _keep_beside(here: Strategy, sealed: bytes, bucket: int, now: datetime) -> Saved:
    if here.side_versions.count() >= MOST_KEPT:
        raise StrategyRefusedError(_("Too many versions stand beside it. Merge some, then save again."))
    today = local_date(now, pack_of(here.program))
    side = SideVersion.objects.create(strategy=here, sealed=sealed, bucket=bucket, kept_on=today)
    return Saved(here.version, side.pk)


@appends()
@transaction.atomic
def set_members(
    *,
    strategy: Strategy,
    seat: Seat,
    version: int,
    members: Collection[str],
    sealed: bytes,
    now: datetime,
) -> Saved:
    """Let other leads in, or take some out: the strategy is sealed anew to exactly those, from this version on.

    Unlike words, this is not kept beside: it is refused where another lead was faster.
    """
    here = Strategy.objects.select_for_update().get(pk=strategy.pk)
    if here.version != version or take_pen(strategy=here, seat=seat, now=now).seat_id != seat.pk:
        raise StrategyRefusedError(
            _("Another lead saved or is writing. Load the strategy again, then choose.")
        )
    seats = _seats(here.program, seat, members, now)
    bucket = _bucket(sealed, len(seats))
    here.members.exclude(seat__in=seats).delete()
    EndAsked.objects.filter(
        strategy=here
    ).delete()  # else one lead takes the others out, and the wait is over
    for one in seats:
        Member.objects.get_or_create(strategy=here, seat=one)
    here.version, here.sealed, here.bucket = version + 1, sealed, bucket
    here.saved_on = local_date(now, pack_of(here.program))
    here.save()
    return Saved(here.version)


def _seats(program: Program, seat: Seat, members: Collection[str], now: datetime) -> list[Seat]:
    """Give the seats of those who will be in it; refuse anyone without a key that leads vouched for."""
    able = seats_with_keys(program, local_date(now, pack_of(program)))
    if seat.public_id not in members or len(set(members)) > MOST_LEADS:
        raise StrategyRefusedError(_("Stay in the strategy yourself. Another lead can take you out."))
    if not set(members) <= set(able):
        raise StrategyRefusedError(
            _("One of these leads has no key that two leads vouched for, or sits no longer.")
        )
    return [able[one] for one in sorted(set(members))]


def _bucket(sealed: bytes, most: int) -> int:
    try:
        return check_strategy(sealed, most)
    except SealedError as error:
        words = _("What arrived was not sealed to this strategy’s leads, so it was not kept.")
        raise StrategyRefusedError(words) from error
