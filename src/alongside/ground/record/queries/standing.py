"""Where logs, asks and milestones stand, and the two rates in the auditors' words."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from alongside.core.grammar import Entry, parse
from alongside.core.grammar.standings import is_past
from alongside.core.grammar.v1.asks import promised_at
from alongside.core.grammar.v1.program import ENDED_BY_A_FAULT
from alongside.core.grammar.v1.texts import hold_stands
from alongside.core.policy import Pack
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_under
from alongside.ground.record.models import Line, Log, MilestoneStanding, Standing
from alongside.ground.record.rows import RowsLog


class Stand(NamedTuple):
    """How far a log has come: its id, its size, and the leaf of its last entry, which no other log has."""

    log: int
    size: int
    last: bytes


#: Written out, because what is read often asks it.
STAND = """
    SELECT log.id, log.size, line.leaf FROM record_log log
    JOIN record_line line ON line.log_id = log.id AND line."index" = log.size - 1
    WHERE log.program_id = %s
"""


def stand_of(program: Program) -> Stand | None:
    """Say where a program's log stands, or None where it has none. One small query."""
    with connection.cursor() as cursor:
        cursor.execute(STAND, [program.pk])
        found = cursor.fetchone()
    return Stand(found[0], found[1], bytes(found[2])) if found else None


def is_under_hold(program: Program) -> bool:
    """Say whether a legal hold stands: nothing is erased and no key destroyed then."""
    return hold_stands(RowsLog(Log.objects.get(program=program)))


@dataclass(frozen=True)
class Packs:
    """The packs that were in force, by the entry that adopted each: what was promised keeps the clocks and words of its own."""

    adopted: tuple[tuple[int, str], ...]

    def at(self, index: int) -> Pack:
        """Give the pack that was in force before an entry; the first one for what stands before any."""
        before = [sha256 for adopted, sha256 in self.adopted if adopted < index]
        return pack_under(before[-1] if before else self.adopted[0][1])

    @property
    def most_days_to_contest(self) -> int:
        """Give the longest time in which an answer could ever be contested."""
        return max(pack_under(sha256).clocks.contest_days for _index, sha256 in self.adopted)

    def of(self, ask: Entry) -> Pack:
        """Give the pack by whose clocks an ask runs."""
        return self.at(promised_at(ask))


def packs_of(program: Program) -> Packs:
    """Read which packs were in force. One query."""
    lines = Line.objects.filter(log__program=program, kind="policy.adopted").order_by("index")
    return Packs(tuple((one.index, json.loads(bytes(one.raw))["data"]["pack"]) for one in lines))


@dataclass(frozen=True)
class ClockStand:
    """The last day that was sure, whether the clock waits for somebody, who confirmed today, and how much was told ahead."""

    agreed: date | None
    waits: bool
    confirmed: frozenset[int]
    ahead: int


def clock_of(program: Program, today: date) -> ClockStand | None:
    """Say how the clock of a program stands, or None where it has no log. Three queries."""
    log = Log.objects.filter(program=program).first()
    if log is None:
        return None
    waits = log.agreed_day is not None and today > log.agreed_day + timedelta(days=1)
    said = log.days_confirmed.filter(day=today).values_list("person_id", flat=True)
    return ClockStand(log.agreed_day, waits, frozenset(said), told_ahead(log, today).count())


def told_otherwise(program: Program) -> list[int]:
    """List the entries of which rows of the database told something else, when they were compared last. One query."""
    return list(Log.objects.filter(program=program).values_list("differing", flat=True).first() or ())


def told_ahead(log: Log, today: date) -> QuerySet[Line, int]:
    """Give the numbers of what the clock told of lateness on days after today, and that still counts."""
    ended = log.citations.filter(kind="clock.faulted").values("cited")
    lines = Line.objects.filter(log=log, kind__in=ENDED_BY_A_FAULT, date__gt=today).exclude(index__in=ended)
    return lines.order_by("index").values_list("index", flat=True)


def standings(program: Program, **where: Any) -> list[Standing]:
    """List where asks stand, by the day of what is owed. One query."""
    return list(Standing.objects.filter(log__program=program, **where).order_by("answer_due", "ask"))


def milestones(program: Program, **where: Any) -> list[MilestoneStanding]:
    """List where milestones stand, by their day. One query."""
    return list(MilestoneStanding.objects.filter(log__program=program, **where).order_by("due", "pk"))


#: From how many on a rate is told in percent beside its counts: one late answer of two is not "50 percent late".
LEAST_FOR_A_RATE = 10


@dataclass(frozen=True)
class Rate:
    """A rate in the auditors' words: how many of how many that were due."""

    done: int
    due: int

    @property
    def percent(self) -> int | None:
        """Give whole percent, computed, never typed in; None under ten, where a count says more."""
        return round(100 * self.done / self.due) if self.due >= LEAST_FOR_A_RATE else None


def is_written(one: Standing) -> bool:
    """Say whether an ask has its answer. One that is put off to a day has none yet."""
    return one.answer is not None and one.decision != "deferred"


def counts_in(one: Standing) -> int:
    """Give the year in whose response rate an answer counts: when it was due, or when it came, if it came early."""
    early = one.answered if is_written(one) else None
    return min(early or one.answer_due, one.answer_due).year


def response_rate(found: Iterable[Standing], today: date) -> Rate:
    """Say how many answers are written, of those whose day is past and those that came early.

    An answer that was put off is due on its new day, and not before. The one place where this is counted.
    """
    due = [one for one in found if is_written(one) or is_past(one.answer_due, one.quiet, today)]
    return Rate(done=sum(1 for one in due if is_written(one)), due=len(due))


def on_time(found: Iterable[Standing], today: date) -> Rate:
    """Say how many answers came by their day, of those that the response rate counts."""
    due = [one for one in found if is_written(one) or is_past(one.answer_due, one.quiet, today)]
    timely = sum(
        1
        for one in due
        if is_written(one) and one.answered and not is_past(one.answer_due, one.quiet, one.answered)
    )
    return Rate(done=timely, due=len(due))


def implementation_rate(found: Iterable[MilestoneStanding], today: date) -> Rate:
    """Say how many milestones that were due by today are kept, and the community agrees."""
    due = [
        one
        for one in found
        if one.verdict == "verified" or (one.due <= today and (one.quiet is None or one.quiet < today))
    ]
    return Rate(done=sum(1 for one in due if one.verdict == "verified"), due=len(due))


def learning_of(program: Program, size: int | None = None) -> dict[str, date]:
    """Give the last day of the learning period of each unit that has one, up to a size of the log. One query."""
    lines = Line.objects.filter(log__program=program, kind="learning.agreed").order_by("index")
    lines = lines if size is None else lines.filter(index__lt=size)
    found = [parse(one.index, bytes(one.raw)) for one in lines]
    return {one.data["unit"]: date.fromisoformat(one.data["until"]) for one in found}


def learns(program: Program, unit: str, today: date) -> bool:
    """Say whether a unit is in its learning period today. One query."""
    until = learning_of(program).get(unit)
    return until is not None and today <= until
