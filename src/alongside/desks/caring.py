"""What waits of messages, alarms and federal requests. An item says that something waits, never its words."""

from datetime import date

from django.utils.translation import gettext as _

from alongside.cohort.messages import queries as messages_queries
from alongside.desks import saying
from alongside.desks.waiting import Item
from alongside.ground.directory import queries
from alongside.ground.gate.roles import ViewerRequest
from alongside.ground.ui.addresses import to


def for_lead(request: ViewerRequest, today: date) -> list[Item]:
    """List the messages that a lead has not marked as read, and the alarms they hear. Four queries at most."""
    items = [
        Item(
            _("Read a message"),
            _("From the steward, %(day)s.") % {"day": saying.day(one.message.written_on)},
            to(request, "messages:message", key=one.message.key),
        )
        for one in messages_queries.unread(request.program, request.viewer, today)
    ]
    return [*items, *_heard(request, today)]


def for_unit(request: ViewerRequest, today: date) -> list[Item]:
    """List the alarms that the viewer's office hears, and the federal requests nobody has decided. Four queries."""
    found = queries.requests_for(request.program, request.pack, request.viewer)
    waiting = [one for one in found if not {"declined", "followed"} & set(queries.steps_of(one))]
    items = [
        Item(
            _("Decide what to do with a federal request"),
            _("It came on %(day)s. Decline it and hand it on.") % {"day": saying.day(one.received_on)},
            to(request, "directory:request", key=one.key),
            "city",
        )
        for one in waiting
    ]
    return [*_heard(request, today), *items]


def _heard(request: ViewerRequest, today: date) -> list[Item]:
    return [
        Item(
            _("Hear an alarm"),
            _("You are named to hear it, by %(day)s.") % {"day": saying.day(one.due_on)},
            to(request, "messages:raised", key=one.key),
            "both",
            "late" if one.due_on < today else "owed",
        )
        for one in messages_queries.alarms_for(request.program, request.pack, request.viewer)
        if not hasattr(one, "closed")
    ]
