"""Agree which day it is: no clock alone moves the record ahead, and what a wrong one told counts for nothing."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from alongside.core.clocks import local_date
from alongside.core.entries import SEAT, Entry
from alongside.core.grammar.program import WRONG_AT_ONCE
from alongside.core.grammar.seats import refuse_new_seats
from alongside.core.kinds import EntryKind
from alongside.ground.gate.presses import is_pressed, mark_of
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.entries import A_DAY, Draft, Text, append
from alongside.ground.record.declared import appends
from alongside.ground.record.models import DayConfirmed, Log
from alongside.ground.record.queries import dated_ahead
from alongside.ground.record.rows import RowsLog

#: A day that is no longer sure counts as one after which the clock jumped, in every time zone.
UNSURE = timedelta(days=3)


@appends(EntryKind.CLOCK_AGREED)
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


@appends()
def doubt_day(*, program: Program, now: datetime) -> None:
    """Let the day be sure no more, where another clock shows a later one: nothing is entered until it is confirmed."""
    unsure = local_date(now, pack_of(program)) - UNSURE
    Log.objects.filter(program=program, agreed_day__gt=unsure).update(agreed_day=unsure)


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
        append(program=log.program, drafts=[Draft(kind=EntryKind.CLOCK_AGREED, by=by, data=data)], now=now)


@appends(EntryKind.CLOCK_AGREED)
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
    said, _new = DayConfirmed.objects.update_or_create(log=log, day=day, person=person, defaults={"by": by})
    said.mark = mark_of(said)
    said.save(update_fields=["mark"])
    found = DayConfirmed.objects.filter(log=log, day=day)
    words = sorted({one.person_id: one.by for one in found if is_pressed(one)}.values())
    seats = [one for one in words if one.startswith("seat-")]
    others = [one for one in words if one not in seats[:1]]
    if not seats or not others:
        return False
    _agree(log, day, [seats[0], others[0]], now)
    return True


@appends(EntryKind.CLOCK_FAULTED)
@transaction.atomic
def tell_fault(*, program: Program, reason: Text, by: Sequence[str], now: datetime) -> list[Entry]:
    """Say that the clock was ahead: what it told of anyone's lateness on days that had not come counts for nothing.

    What one entry cannot cite is cut from its end, so that each part is followed by none that still counts.
    Raises ValueError where nothing was told on a day that is still to come.
    """
    log = Log.objects.select_for_update().get(program=program)
    today = local_date(now, pack_of(program))
    wrong = list(dated_ahead(log, today))
    if not wrong:
        raise ValueError("Nothing was told on a day that is still to come.")
    log.agreed_day = today
    log.save(update_fields=["agreed_day"])
    parts = [wrong[max(0, end - WRONG_AT_ONCE) : end] for end in range(len(wrong), 0, -WRONG_AT_ONCE)]
    drafts = [
        Draft(kind=EntryKind.CLOCK_FAULTED, by=by, cites={"wrong": one}, texts={"reason": reason})
        for one in parts
    ]
    return append(program=program, drafts=drafts, now=now)
