"""The guard on the clock: no day begins on the record that only one machine has seen, and a fault of the clock is told."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from alongside.core.clocks import local_date
from alongside.core.grammar import Entry
from alongside.core.grammar.shape import SEAT
from alongside.core.grammar.v1.cohort import refuse_new_seats
from alongside.core.grammar.v1.program import WRONG_AT_ONCE
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.appending import A_DAY, Draft, Text, append
from alongside.ground.record.declared import appends
from alongside.ground.record.models import DayConfirmed, Log
from alongside.ground.record.queries import told_ahead
from alongside.ground.record.rows import RowsLog


@appends("clock.agreed")
def begin_day(*, program: Program, now: datetime, is_seen: bool) -> bool:
    """Begin the day that the clock shows, and give whether it may begin; `is_seen` says that another clock shows it too.

    A day after one that was agreed begins by itself, and so does every day of a demonstration.
    """
    today = local_date(now, pack_of(program))
    if Log.objects.filter(program=program, agreed_day=today).exists():
        return True
    with transaction.atomic():
        log = Log.objects.select_for_update().get(program=program)
        if not (is_seen or program.is_demonstration or _follows(log.agreed_day, today)):
            return False
        _agree(log, today, ["clock"], now)
    return True


def _follows(agreed: date | None, today: date) -> bool:
    return agreed is None or today <= agreed + A_DAY


def _agree(log: Log, today: date, by: Sequence[str], now: datetime) -> None:
    """Keep the day as agreed; where the clock had jumped, an entry tells the gap."""
    last = log.agreed_day
    if last is not None and today <= last:
        return
    log.agreed_day = today
    log.save(update_fields=["agreed_day"])
    if last is not None and not _follows(last, today):
        data = {"from": last.isoformat(), "until": today.isoformat()}
        append(program=log.program, drafts=[Draft(kind="clock.agreed", by=by, data=data)], now=now)


@appends("clock.agreed")
@transaction.atomic
def confirm_day(*, program: Program, day: date, person: Person, by: str, now: datetime) -> bool:
    """Say that it is this day, as a seat or as the steward; give whether the clock goes on now.

    It goes on with the word of two people, of whom one sits in the cohort. Raises ValueError where the clock does not show
    this day, or does not wait, GrammarError for a lead whose seat is too new.
    """
    log = Log.objects.select_for_update().get(program=program)
    if day != local_date(now, pack_of(program)) or _follows(log.agreed_day, day):
        raise ValueError("The clock does not wait for this day.")
    if SEAT.match(by):
        refuse_new_seats(RowsLog(log), [by], day)
    DayConfirmed.objects.get_or_create(log=log, day=day, person=person, defaults={"by": by})
    words = sorted({one.person_id: one.by for one in DayConfirmed.objects.filter(log=log, day=day)}.values())
    seats = [one for one in words if one.startswith("seat-")]
    others = [one for one in words if one not in seats[:1]]
    if not seats or not others:
        return False
    _agree(log, day, [seats[0], others[0]], now)
    return True


@appends("clock.faulted")
@transaction.atomic
def tell_fault(*, program: Program, reason: Text, by: Sequence[str], now: datetime) -> list[Entry]:
    """Say that the clock was ahead: what it told of anyone's lateness on days that had not come counts for nothing.

    What one entry cannot cite is cut from its end, so that each part is followed by none that still counts.
    Raises ValueError where nothing was told on a day that is still to come.
    """
    log = Log.objects.select_for_update().get(program=program)
    today = local_date(now, pack_of(program))
    wrong = list(told_ahead(log, today))
    if not wrong:
        raise ValueError("Nothing was told on a day that is still to come.")
    log.agreed_day = today
    log.save(update_fields=["agreed_day"])
    parts = [wrong[max(0, end - WRONG_AT_ONCE) : end] for end in range(len(wrong), 0, -WRONG_AT_ONCE)]
    drafts = [
        Draft(kind="clock.faulted", by=by, cites={"wrong": one}, texts={"reason": reason}) for one in parts
    ]
    return append(program=program, drafts=drafts, now=now)
