"""What waits for a lead near the end of their term."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from alongside.cohort.seats.queries import seat_of
from alongside.desks import saying
from alongside.desks.waiting import Item
from alongside.ground.gate import AskedHttpRequest
from alongside.ground.look.addresses import to

#: So many days before the end of a term it is told.
NEAR = timedelta(days=60)


def for_lead(request: AskedHttpRequest, today: date) -> list[Item]:
    """Tell a lead whose term ends soon of the handover and of last words. One query."""
    seat = seat_of(request.asker.person_id or 0, request.program, today)
    if seat is None or seat.until_date - NEAR > today:
        return []
    text = _("Your term ends on %(day)s. Read what the next cohort takes up, and what is missing there.")
    handover = to(request, "desks:handover", slug=seat.cohort.slug)
    said = {"day": saying.day(seat.until_date)}
    last = _("Say what worked and what did not, and take your portfolio along.")
    return [
        Item(_("Hand over to the next cohort"), text % said, handover, "both"),
        Item(_("Goodbye, and thank you"), last, to(request, "seats:goodbye")),
    ]
