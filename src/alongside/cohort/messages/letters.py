"""Which letters about alarms are due, when, and to whom."""

from datetime import date, timedelta

from alongside.cohort.messages.models import Alarm
from alongside.cohort.messages.queries import raised, recipients_of
from alongside.cohort.seats.letters import WEEK, Due
from alongside.core.policy.pack import Pack
from alongside.ground.programs.models import Program


def alarms_to_tell(program: Program, pack: Pack, today: date) -> list[Due]:
    """List the alarms that nobody has read by half of their days, and each week those past their day and not closed."""
    return [
        Due(f"alarm {one.key}", stage, recipients_of(one, one.to, pack, today))
        for one in raised(program).filter(closed_on=None)
        if (stage := _stage(one, timedelta(days=pack.charter.alarm_days), today))
    ]


def _stage(alarm: Alarm, days: timedelta, today: date) -> str:
    if today > alarm.due_on:
        return f"late {alarm.due_on} {(today - alarm.due_on).days // WEEK}"
    return f"half {alarm.due_on}" if today >= alarm.due_on - days / 2 and alarm.taken_on is None else ""
