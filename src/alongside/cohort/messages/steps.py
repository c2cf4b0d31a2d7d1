"""What waits of messages and alarms. A step says that something waits; only a lead's own week has the first words of a message."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from alongside.cohort.messages.models import Alarm, Message
from alongside.cohort.messages.queries import (
    alarms_for,
    first_words,
    messages_to,
    raised,
    to_stewards,
    written_by,
)
from alongside.ground.gate.roles import Role
from alongside.ground.record.steps import is_any
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.steps import Desk, Step


def _open(desk: Desk) -> QuerySet[Alarm]:
    return raised(desk.program).filter(closed_on=None)


def _to_stewards(desk: Desk) -> QuerySet[Message] | None:
    is_steward = desk.role is Role.STEWARD
    return to_stewards(desk.program, desk.viewer, desk.today) if is_steward else None


#: What waits seldom.
SELDOM = (_open, _to_stewards)


def steps(desk: Desk) -> list[Step]:
    """List the messages that a lead or the steward has not marked as read, and the alarms that the viewer hears. Four queries at most."""
    reads = desk.role is Role.LEAD or (desk.role is Role.STEWARD and is_any(desk, _to_stewards))
    messages = messages_to(desk.program, desk.viewer, desk.today, is_read=False) if reads else []
    items = [
        Step(
            _("Read a message"),
            _("%(who)s wrote it on %(day)s.")
            % {"who": written_by(one.message), "day": day_in_words(one.message.written_on)},
            desk.to("messages:message", key=one.message.key),
            is_own=True,
            is_soon=desk.role is Role.LEAD,
            wrote=first_words(one.message) if desk.role is Role.LEAD else "",
            wrote_in=one.message.lang,
        )
        for one in messages
    ]
    alarms = [
        Step(
            _("Hear an alarm"),
            _("You are named to hear it, by %(day)s.") % {"day": day_in_words(one.due_on)},
            desk.to("messages:raised", key=one.key),
            "both",
            desk.state(one.due_on),
            due=one.due_on if desk.role is Role.LEAD else None,
            is_own=True,
        )
        for one in (alarms_for(desk.program, desk.pack, desk.viewer) if is_any(desk, _open) else ())
        if one.closed_on is None
    ]
    return [*items, *alarms]
