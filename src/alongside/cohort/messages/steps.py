"""What waits of messages and alarms. A step says that something waits, never its words."""

from django.utils.translation import gettext as _

from alongside.cohort.messages.queries import alarms_for, messages_to, written_by
from alongside.ground.gate.roles import Role
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.steps import Desk, Step


def steps(desk: Desk) -> list[Step]:
    """List the messages that a lead or the steward has not marked as read, and the alarms that the viewer hears. Four queries at most."""
    reads = desk.role in {Role.LEAD, Role.STEWARD}
    messages = messages_to(desk.program, desk.viewer, desk.today, is_read=False) if reads else []
    items = [
        Step(
            _("Read a message"),
            _("%(who)s wrote it on %(day)s.")
            % {"who": written_by(one.message), "day": day_in_words(one.message.written_on)},
            desk.to("messages:message", key=one.message.key),
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
        )
        for one in alarms_for(desk.program, desk.pack, desk.viewer)
        if one.closed_on is None
    ]
    return [*items, *alarms]
