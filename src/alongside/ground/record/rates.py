"""The two measures in the auditors' words, of what is due: the response rate, the implementation rate, and what came on its day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from alongside.ground.record.models import MilestoneStanding, Standing

#: From how many on a rate is told in percent beside its counts: one late answer of two is not "50 percent late".
LEAST_FOR_A_RATE = 10


@dataclass(frozen=True)
class Rate:
    """A rate in the auditors' words: how many of how many that were due."""

    done: int
    due: int

    @property
    def late(self) -> int:
        """Count those that were due and are not done, or not on time."""
        return self.due - self.done

    @property
    def percent(self) -> int | None:
        """Give whole percent, computed, never typed in; None under ten, where a count says more."""
        return round(100 * self.done / self.due) if self.due >= LEAST_FOR_A_RATE else None


def counts_in(one: Standing) -> int:
    """Give the year in whose response rate an answer counts: when it was due, or when it came, if it came early."""
    early = one.answered if one.is_answered else None
    return min(early or one.late_from, one.late_from).year


def response_rate(found: Iterable[Standing], today: date) -> Rate:
    """Say how many answers are written, of those whose day is past and those that came early.

    An answer that was put off is due on its new day, and not before. The one place where this is counted.
    """
    due = [one for one in found if one.is_answered or one.is_answer_past(today)]
    return Rate(done=sum(1 for one in due if one.is_answered), due=len(due))


def on_time(found: Iterable[Standing], today: date) -> Rate:
    """Say how many answers came by their day, of those that the response rate counts.

    One of which the record told a silence came late, also where its office took more time afterwards.
    """
    due = [one for one in found if one.is_answered or one.is_answer_past(today)]
    timely = [one for one in due if one.is_answered and one.answered and not one.came_late]
    return Rate(done=len(timely), due=len(due))


@dataclass(frozen=True)
class Timely:
    """Of the answers that the response rate counts: how many came by their day, came late, and have not come."""

    on_time: int
    late: int
    missing: int

    @property
    def due(self) -> int:
        """Count them all."""
        return self.on_time + self.late + self.missing


def on_their_day(found: Iterable[Standing], today: date) -> Timely:
    """Say how many answers came by their day, how many late, and how many that were due have not come."""
    asks = list(found)
    written, timely = response_rate(asks, today), on_time(asks, today)
    return Timely(timely.done, written.done - timely.done, written.late)


def implementation_rate(found: Iterable[MilestoneStanding], today: date) -> Rate:
    """Say how many milestones that were due by today are kept, and the community agrees."""
    due = [
        one for one in found if one.is_kept or (one.due <= today and (one.quiet is None or one.quiet < today))
    ]
    return Rate(done=sum(1 for one in due if one.is_kept), due=len(due))
