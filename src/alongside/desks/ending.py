"""What waits for a lead near the end of their term."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from alongside.chain.voices.queries import keys_that_leave
from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries import seat_of
from alongside.desks import saying
from alongside.desks.waiting import Item
from alongside.ground.gate.roles import ViewerRequest
from alongside.ground.record import queries as record
from alongside.ground.ui.addresses import lang_of, to

#: So many days before the end of a term it is told.
NEAR = timedelta(days=60)


def for_lead(request: ViewerRequest, today: date) -> list[Item]:
    """Tell a lead whose term ends soon of the handover, of keys that leave with them, and of last words. Four queries."""
    seat = seat_of(request.viewer.person_id or 0, request.program, today)
    if seat is None or seat.until_date - NEAR > today:
        return []
    text = _("Your term ends on %(day)s. Read what the next cohort takes up, and what is missing there.")
    handover = to(request, "desks:handover", slug=seat.cohort.slug)
    said = {"day": saying.day(seat.until_date)}
    last = _("Say what worked and what did not, and take your portfolio along.")
    return [
        Item(_("Hand over to the next cohort"), text % said, handover, "both"),
        *_keys(request, seat),
        Item(_("Goodbye, and thank you"), last, to(request, "seats:goodbye")),
    ]


def _keys(request: ViewerRequest, seat: Seat) -> list[Item]:
    """List the engagements whose voices nobody could open when this lead is gone."""
    held = keys_that_leave(request.program, seat)
    titles = record.titles_of(request.program, held, lang_of(request)) if held else {}
    text, href = _("Nobody who stays can open its voices yet."), to(request, "voices:reader")
    return [
        Item(_("Share the key: %(what)s") % {"what": titles[one].words if one in titles else one}, text, href)
        for one in held
    ]
