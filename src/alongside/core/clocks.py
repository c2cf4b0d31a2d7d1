"""When something is due by a policy pack, and how far off it may be in every city. All in whole days of the program's own time zone."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from alongside.core.policy.holidays import days_off
from alongside.core.policy.pack import Pack

SATURDAY = 5


class Stage(NamedTuple):
    """A day on which silence is told, and its label: `silence-1`, `silence-30`, then `quarter-1`, `quarter-2`."""

    on: date
    label: str


def local_date(now: datetime, pack: Pack) -> date:
    """Give the day it is for the program at an aware time. Raises ValueError for a time without a zone."""
    if now.tzinfo is None:
        raise ValueError("A time has no time zone; pass an aware one.")
    return now.astimezone(ZoneInfo(pack.time_zone)).date()


def due(start: date, days: int) -> date:
    """Give the day that is `days` calendar days after a start, the last one of the calendar at most. A weekend or holiday moves nothing."""
    return start + timedelta(days=min(days, (date.max - start).days))


def is_business_day(day: date, pack: Pack) -> bool:
    """Say whether the government works on a day."""
    return day.weekday() < SATURDAY and day not in days_off(pack.holidays, day.year)


def working_days(start: date, pack: Pack) -> int:
    """Count the days on which the government works in the twelve months from a day."""
    days = (plus_months(start, 12) - start).days
    return sum(is_business_day(start + timedelta(days=one), pack) for one in range(days))


def business_due(start: date, days: int, pack: Pack) -> date:
    """Give the day of the n-th business day after a start; the start itself does not count."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= is_business_day(day, pack)
    return day


def plus_months(start: date, months: int) -> date:
    """Give the same day some months later, or the last day of a shorter month, or of the calendar: a far day stops no clock."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def after_decision(decision: date | None, **days: date | None) -> dict[str, date]:
    """Give the days that lie after a decision, by their names: what they bring cannot change it any more."""
    return {name: one for name, one in days.items() if decision and one and one > decision}


#: No office moves its own answer further off, and no milestone lies further: a mistyped year would end the clock for good.
ANSWER_YEARS, MILESTONE_YEARS = 2, 10
#: Nobody keeps sealed voices for longer: a mistyped year would keep a key for good.
KEPT_YEARS = 10
#: For so long two ways to tell silence are compared.
TOLD_YEARS = 10


def latest_answer(today: date) -> date:
    """Give the last day to which an office can move its answer today, by more time or "not yet"."""
    return plus_months(today, 12 * ANSWER_YEARS)


def latest_milestone(today: date) -> date:
    """Give the last day that a milestone promised today can have."""
    return plus_months(today, 12 * MILESTONE_YEARS)


def latest_kept(today: date) -> date:
    """Give the last day to which a promise made today can keep sealed voices."""
    return plus_months(today, 12 * KEPT_YEARS)


#: More time is taken so often, and to a day that lies no more months after the one first due.
MORE_TIMES, MORE_MONTHS = 2, 12


def latest_more_time(first_due: date) -> date:
    """Give the last day to which more time can move an answer that was first due on a day."""
    return plus_months(first_due, MORE_MONTHS)


#: How long one side may pause an engagement alone; then people can speak again by themselves.
PAUSE_ALONE = timedelta(days=7)
#: Leads look, and do not look every day: what they disputed is not claimed again before so many days.
CLAIM_AGAIN_DAYS = 14
#: So long the clocks of a lead stand still who reported a key lost, and so long after it no other report of theirs counts.
STANDS_STILL, REPORTED_AGAIN = timedelta(days=14), timedelta(days=90)


def claim_again_from(disputed: date) -> date:
    """Give the first day on which a milestone can be claimed again after leads disputed its claim."""
    return due(disputed, CLAIM_AGAIN_DAYS)


def acknowledge_due(asked: date, pack: Pack) -> date:
    """Give the day by which an ask must be acknowledged; never after its answer is due by the policy."""
    return min(
        business_due(asked, pack.clocks.acknowledge_business_days, pack),
        due(asked, pack.clocks.answer_days),
    )


def answer_due(asked: date, pack: Pack, promised: date | None = None) -> date:
    """Give the day by which an ask must be answered: the policy's, or the engagement's own day if sooner.

    A promised day that had passed when the ask was made does not count: an ask is never born late.
    """
    latest = due(asked, pack.clocks.answer_days)
    return latest if promised is None or promised < asked else min(latest, promised)


def silence_stages(answer_by: date, pack: Pack, until: date) -> list[Stage]:
    """List the days on which silence after a due day is told, up to and with `until`, oldest first.

    The days of the policy, then every quarter. The list for a later `until` begins with the list for an
    earlier one, and each stage has its own label, so a clock that missed runs tells each stage once.
    """
    return stages_of(answer_by, pack.clocks.silence_days, pack.clocks.silence_repeat_months, until)


def stages_of(answer_by: date, days: Sequence[int], months: int, until: date) -> list[Stage]:
    """List the days on which silence is told: these days after a due day, and then again after so many months each."""
    stages = [Stage(due(answer_by, one), f"silence-{one}") for one in days]
    last, turn = stages[-1].on, 1
    while stages[-1].on < until:
        stages.append(Stage(plus_months(last, turn * months), f"quarter-{turn}"))
        turn += 1
    return [one for one in stages if one.on <= until]


def is_told_less(before: Sequence[int], after: Sequence[int], months: int) -> bool:
    """Say whether silence is told less with the days after than before: on some day within ten years fewer times in all."""
    start = date(2001, 1, 1)
    was, now = (
        stages_of(start, days, months, plus_months(start, 12 * TOLD_YEARS)) for days in (before, after)
    )
    return any(sum(each.on <= one.on for each in now) < place for place, one in enumerate(was, start=1))


def reminder_dates(answer_by: date, pack: Pack, asked: date | None = None) -> list[date]:
    """List the days on which an office is reminded before a due day, oldest first, none before it was asked."""
    days = sorted({due(answer_by, -one) for one in pack.clocks.remind_days_before})
    return [one for one in days if asked is None or one > asked]


def escalation_date(answer_by: date, pack: Pack) -> date:
    """Give the day on which the escalation office hears of silence."""
    return due(answer_by, pack.clocks.escalate_days_after)


def reply_due(contested: date, pack: Pack) -> date:
    """Give the day by which a contest must have its reply."""
    return due(contested, pack.clocks.reply_days)


def vacancy_due(vacant: date, pack: Pack) -> date:
    """Give the day on which an empty seat raises an alarm."""
    return due(vacant, pack.clocks.vacancy_days)


def vacancy_stages(vacant: date, pack: Pack, until: date) -> list[Stage]:
    """List the days on which an empty seat is told, up to and with `until`, oldest first: the alarm, then every quarter."""
    return vacancy_stages_of(vacant, pack.clocks.vacancy_days, pack.clocks.silence_repeat_months, until)


def vacancy_stages_of(vacant: date, days: int, months: int, until: date) -> list[Stage]:
    """List the days on which an empty seat is told: so many days after it became empty, and then again after so many months each."""
    alarm = due(vacant, days)
    stages, turn = [Stage(alarm, "alarm")], 1
    while stages[-1].on < until:
        stages.append(Stage(plus_months(alarm, turn * months), f"quarter-{turn}"))
        turn += 1
    return [one for one in stages if one.on <= until]


def appeal_due(removed: date, pack: Pack) -> date:
    """Give the last day on which a removal can be appealed."""
    return due(removed, pack.clocks.appeal_days)


def pay_due(logged: date, pack: Pack) -> date:
    """Give the day by which work is paid, in business days from the day it was logged; approval stops no clock."""
    return business_due(logged, pack.clocks.pay_business_days, pack)


def invitation_due(made: date, pack: Pack) -> date:
    """Give the day by which leads answer a unit that asks them for help."""
    return business_due(made, pack.clocks.invitation_business_days, pack)
