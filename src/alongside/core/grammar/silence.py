"""What somebody owes by a day, and whether the record tells that nothing came: the one rule of silence, for all that has a clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from alongside.core.clocks import Stage, stages_of, vacancy_stages_of
from alongside.core.entries import Entry, LogView
from alongside.core.grammar.program import policies_on, policy_for
from alongside.core.grammar.shape import malformed
from alongside.core.kinds import EntryKind

#: The clock tells a silence in the night after; an entry of that same day may come before it. A day is over here
#: before it is over in the west.
GRACE = timedelta(days=1)


class Due(StrEnum):
    """What is owed, as the verifier calls it."""

    ANSWER = "answer"
    REPLY = "reply"
    REPLY_ABOVE = "reply of the office above"
    DELIVERY = "delivery"
    CHECK = "check"
    LEAD = "new lead"
    HELP = "word of a lead"
    INTAKE = "end of the intake"
    PAUSE = "end of a pause"
    REPORT = "report-back"
    KEY = "destroyed key"


#: What one side owes the other, and its silence hides. The rest nobody owes, and the clock tells it all the same.
SILENCES = (Due.ANSWER, Due.REPLY, Due.REPLY_ABOVE, Due.DELIVERY)
#: What leads promised and no clock tells: only the verifier names it.
UNTOLD = (Due.PAUSE, Due.REPORT, Due.KEY)


@dataclass(frozen=True)
class Owed:
    """What is owed now: what, the entry that asked or promised it, its day, and the entries that tell that nothing came.

    `quiet` is the last day on which no silence need be told: the day it is due, or the end of its unit's learning period.
    `empty` is the day from which a seat is empty.
    """

    index: int
    due: date
    told: tuple[Entry, ...]
    quiet: date
    what: Due = Due.ANSWER
    milestone: str = ""
    empty: date | None = None

    @property
    def is_told(self) -> bool:
        """Say whether an entry tells that nothing came."""
        return bool(self.told)

    def is_late(self, on: date) -> bool:
        """Say whether a silence about it is due on this day."""
        return self.quiet < on - GRACE

    def is_hidden(self, on: date) -> bool:
        """Say whether it is late on this day, and the record keeps silent about that."""
        return not self.is_told and self.is_late(on)

    @property
    def place(self) -> str:
        """Name the entry, and which of its milestones it is about."""
        return (
            f"milestone {self.milestone} of entry {self.index}" if self.milestone else f"entry {self.index}"
        )


@dataclass(frozen=True)
class Hidden:
    """What the record keeps silent about: all of it, that it is still so from a day on, or that the office above was told."""

    owed: Owed
    since: date | None = None
    above: date | None = None


def told_after(told: Iterable[Entry], due: date) -> tuple[Entry, ...]:
    """List which of these silences were told of this day; one told before the day was moved tells nothing of the new one."""
    return tuple(one for one in told if one.date > due)


def hidden(log: LogView, owed: Iterable[Owed], last: date) -> list[Hidden]:
    """List what the clock should have told by the day before the last one, and no entry tells.

    The first silence of all that is late; the latest later one that was due, since a clock that stood still tells one entry
    for all that it missed; and that the office above was told.
    """
    found = []
    for one in owed:
        if not one.is_late(last) or one.what in UNTOLD:
            continue
        since = _stage_untold(log, one, last - GRACE)
        above = _escalation_untold(log, one, last - GRACE)
        if not one.is_told:
            found.append(Hidden(one))
        elif since:
            found.append(Hidden(one, since=since))
        elif above:
            found.append(Hidden(one, above=above))
    return found


def _stages(one: Owed, rules: Mapping[str, Any], until: date) -> list[Stage]:
    """List the days on which silence is told under a policy; none where it is told once, or the policy does not say when."""
    if "silence_days" not in rules:
        return []
    months = rules["silence_repeat_months"]
    if one.empty:
        return vacancy_stages_of(one.empty, rules["cohort_clocks"]["vacancy_days"], months, until)
    told_again = one.what in {Due.ANSWER, Due.DELIVERY}
    return stages_of(one.due, rules["silence_days"], months, until) if told_again else []


def _stage_untold(log: LogView, one: Owed, on: date) -> date | None:
    """Give the day from which an entry should tell that nothing has come yet, or None where one does, or none need.

    Where the policy changed on that day, the clock may have gone by either.
    """
    latest = [_stages(one, rules.data, on)[-1:] for rules in policies_on(log, on)]
    untold = [stage.on for stages in latest for stage in stages if not _tells(log, one, stage)]
    return min(untold) if untold and len(untold) == len(latest) else None


def _tells(log: LogView, one: Owed, stage: Stage) -> bool:
    """Say whether a silence was told on the day of a stage or later, or when the policy had that stage on an earlier day."""
    return any(
        told.date >= stage.on
        or (
            told.data["stage"] == stage.label
            and stage.label
            in {was.label for was in _stages(one, policy_for(log, told.index).data, told.date)}
        )
        for told in one.told
    )


def _escalation_untold(log: LogView, one: Owed, on: date) -> date | None:
    """Give the day on which the office above should have heard of a missing answer, or None where an entry says that it did."""
    if one.what is not Due.ANSWER or log.citing(one.index, EntryKind.ASK_ESCALATED):
        return None
    days = [rules.data.get("escalate_days_after") for rules in policies_on(log, on)]
    due = [one.due + timedelta(days=after) for after in days if after]
    return min(due) if due and len(due) == len(days) and max(due) <= on else None


def refuse_hidden(owed: Iterable[Owed], entry: Entry, grace: timedelta = GRACE) -> None:
    """Refuse to end or move a clock that has run out while the record keeps silent about it (promise 4)."""
    for one in owed:
        if one.is_hidden(entry.date + GRACE - grace):
            malformed(
                f"the {one.what} {'of' if one.milestone else 'to'} {one.place} was due on {one.due}, and no entry before "
                "this one says that none came; the clock tells that first."
            )
