"""Keep sealed strategies; pass the pen; keep what comes too late; end them. Nothing here goes on the record."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.seats.models import Seat
from alongside.core.clocks import local_date
from alongside.core.refusals import Refused
from alongside.core.sealing.header import SealedError
from alongside.core.sealing.strategy import MOST_LEADS, check_strategy
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends
from alongside.ground.record.queries import is_under_hold
from alongside.ground.texts.actions import refuse_under_hold
from alongside.work.strategies import queries
from alongside.work.strategies.models import Destroyed, Member, SideVersion, Strategy

#: How long a pen is held without a sign of life; a page that writes gives one each minute.
HELD = timedelta(minutes=5)


#: What a strategy has of its pen while nobody holds it.
DOWN = {"pen": None, "pen_until": None, "pen_asked": None}


@appends()
@transaction.atomic
def take_pen(*, strategy: Strategy, seat: Seat, now: datetime) -> Seat:
    """Take the pen, or hold it longer; give whoever holds it afterwards, who may be another lead.

    Of a lead who sits again the pen is theirs in every seat.
    """
    here = _locked(strategy)
    holder = queries.writer_of(here, now)
    if holder and holder.person_id != seat.person_id:
        return holder
    if here.pen is None or here.pen.person_id != seat.person_id:
        here.pen_asked = None
    here.pen, here.pen_until = seat, now + HELD
    here.save(update_fields=list(DOWN))
    return seat


@appends()
@transaction.atomic
def ask_for_pen(*, strategy: Strategy, seat: Seat, now: datetime) -> None:
    """Ask whoever writes for the pen."""
    here = _locked(strategy)
    holder = queries.writer_of(here, now)
    if holder and holder.person_id != seat.person_id:
        here.pen_asked = seat
        here.save(update_fields=["pen_asked"])


@appends()
@transaction.atomic
def hand_pen(*, strategy: Strategy, seat: Seat, to: str, now: datetime) -> None:
    """Let another lead write another lead of the strategy (the public id of their seat)."""
    here = _locked(strategy)
    member = here.members.filter(seat__public_id=to).select_related("seat").first()
    if here.pen is None or here.pen.person_id != seat.person_id:
        raise Refused(_("It is not your turn any more. Another lead is writing."))
    if member is None:
        raise Refused(_("This lead is not in the strategy. Choose one who is."))
    here.pen, here.pen_until, here.pen_asked = member.seat, now + HELD, None
    here.save(update_fields=list(DOWN))


@appends()
def put_down_pen(*, strategy: Strategy, seat: Seat, now: datetime) -> None:  # noqa: ARG001 -- an action is told the time
    """Put the pen down; who wrote, and until when, is then kept nowhere."""
    Strategy.objects.filter(pk=strategy.pk, pen__person=seat.person_id).update(**DOWN)


def _locked(strategy: Strategy) -> Strategy:
    return Strategy.objects.select_for_update().get(pk=strategy.pk)


@appends()
@transaction.atomic
def destroy(*, strategy: Strategy, seat: Seat, now: datetime) -> bool:
    """Ask to destroy a strategy, or agree to what another lead asked; say whether it is gone.

    Two leads of it must agree, within WISH and while both are leads. The last one who has a seat waits ALONE after asking, then says so again. It goes with
    all its versions and who was in it; only its random id, the day and the seats of those two stay.
    """
    here = _locked(strategy)
    refuse_under_hold(here.program)
    today = local_date(now, pack_of(here.program))
    asked = queries.wish_to_end(here, seat, today)
    if asked is None:
        asked = here.end_asked = seat
        here.end_asked_on = today
        here.save(update_fields=["end_asked", "end_asked_on"])
    is_second = asked.person_id != seat.person_id
    if not is_second and not queries.may_end_alone(here, seat, today):
        return False
    agreed = seat if is_second else None
    Destroyed.objects.create(pk=here.pk, program=here.program, seat=asked, agreed=agreed, on=today)
    Strategy.objects.filter(pk=here.pk).delete()
    return True


@appends()
@transaction.atomic
def keep(*, strategy: Strategy, seat: Seat, now: datetime) -> None:  # noqa: ARG001 -- an action is told who and when
    """Say no to destroying a strategy, or take back that one asked for it."""
    Strategy.objects.filter(pk=strategy.pk).update(end_asked=None, end_asked_on=None)


@appends()
@transaction.atomic
def erase_left(*, program: Program, now: datetime) -> int:
    """Erase the strategies that all leads left longer ago than they stay; nothing under a hold. Give how many."""
    if is_under_hold(program):
        return 0
    today = local_date(now, pack_of(program))
    gone = queries.left_by_all(program, today)
    Destroyed.objects.bulk_create(Destroyed(pk=one, program=program, on=today) for one in gone)
    Strategy.objects.filter(pk__in=gone).delete()
    return len(gone)


@appends()
@transaction.atomic
def drop_side_version(*, strategy: Strategy, side: UUID, now: datetime) -> None:  # noqa: ARG001 -- an action is told the time
    """Drop a version that was kept beside, once leads have taken over what they need."""
    refuse_under_hold(strategy.program)
    strategy.side_versions.filter(pk=side).delete()


@appends()
def forget_pens(*, program: Program, now: datetime) -> int:
    """Forget the pens whose time is over; give how many there were."""
    return Strategy.objects.filter(program=program, pen_until__lte=now).update(**DOWN)


MOST_KEPT = 50  # side versions of one strategy; beyond it leads must merge some first
MOST_STRATEGIES = 200  # of one lead


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
        raise Refused(_("This strategy is there already. Load the list again."))
    if Member.objects.filter(seat=seat).count() >= MOST_STRATEGIES:
        raise Refused(_("You are in as many strategies as fit. Destroy one first."))
    seats = _seats(program, seat, members, now)
    pack = pack_of(program)
    made = Strategy.objects.create(
        pk=strategy,
        program=program,
        sealed=sealed,
        bucket=_bucket(sealed, len(seats)),
        saved_on=local_date(now, pack),
        days_kept=pack.kept.days_of_strategies,
        pen=seat,
        pen_until=now + HELD,
    )
    Member.objects.bulk_create(Member(strategy=made, seat=one) for one in seats)
    return made


@appends()
@transaction.atomic
def keep_version(*, strategy: Strategy, seat: Seat, version: int, sealed: bytes, now: datetime) -> Saved:
    """Keep what was written on top of `version`; nothing is ever written over.

    Where that version is no longer the newest, or another lead has the pen, it is kept as a side version.
    """
    here = _locked(strategy)
    bucket = _bucket(sealed, here.members.count())
    if here.version != version or take_pen(strategy=here, seat=seat, now=now) != seat:
        return _keep_beside(here, sealed, bucket, now)
    return _next(here, sealed, bucket, now)


def _keep_beside(here: Strategy, sealed: bytes, bucket: int, now: datetime) -> Saved:
    if here.side_versions.count() >= MOST_KEPT:
        raise Refused(_("Too many versions stand beside it. Merge some, then save again."))
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
    here = _locked(strategy)
    if here.version != version or take_pen(strategy=here, seat=seat, now=now) != seat:
        raise Refused(_("Another lead saved or is writing. Load the strategy again, then choose."))
    seats = _seats(here.program, seat, members, now)
    bucket = _bucket(sealed, len(seats))
    here.members.exclude(seat__in=seats).delete()
    for one in seats:
        Member.objects.get_or_create(strategy=here, seat=one)
    # else one lead takes the others out, and the wait is over
    keep(strategy=here, seat=seat, now=now)
    return _next(here, sealed, bucket, now)


def _next(here: Strategy, sealed: bytes, bucket: int, now: datetime) -> Saved:
    here.version, here.sealed, here.bucket = here.version + 1, sealed, bucket
    here.saved_on = local_date(now, pack_of(here.program))
    here.save(update_fields=["version", "sealed", "bucket", "saved_on"])
    return Saved(here.version)


def _seats(program: Program, seat: Seat, members: Collection[str], now: datetime) -> list[Seat]:
    """Give the seats of those who will be in it; refuse anyone without a key that leads vouched for."""
    able = queries.seats_with_keys(program, local_date(now, pack_of(program)))
    if seat.public_id not in members or len(set(members)) > MOST_LEADS:
        raise Refused(_("Stay in the strategy yourself. Another lead can take you out."))
    if not set(members) <= set(able):
        raise Refused(_("One of these leads has no key that two leads vouched for, or is a lead no longer."))
    return [able[one] for one in sorted(set(members))]


def _bucket(sealed: bytes, most: int) -> int:
    try:
        return check_strategy(sealed, most)
    except SealedError as error:
        words = _("What arrived was not sealed to this strategy’s leads, so it was not kept.")
        raise Refused(words) from error
