"""Which letters about alarms are due, when, and to whom."""

from datetime import date

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
        if (stage := _stage(one, today))
    ]


def _stage(alarm: Alarm, today: date) -> str:
    if today > alarm.due_on:
        return f"late {alarm.due_on} {(today - alarm.due_on).days // WEEK}"
    half = alarm.raised_on + (alarm.due_on - alarm.raised_on) / 2
    return "half" if today >= half and alarm.taken_on is None else ""
