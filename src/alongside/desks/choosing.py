"""What comes of calls on the steward's desk: the last day to apply, the draw, its witnesses, the day everyone has an answer."""

from collections.abc import Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alongside.cohort.calls.queries.coming import NextStep, next_steps
from alongside.desks import saying
from alongside.desks.waiting import Item
from alongside.ground.gate.roles import ViewerRequest
from alongside.ground.ui.addresses import to

STEPS: Mapping[str, Promise] = {
    "closes": gettext_lazy("Invite people to apply until then; then give every application its readers."),
    "draw": gettext_lazy("Draw on that day, with the seed as its source gave it."),
    "witness": gettext_lazy("Let both witnesses run the draw again, and end the selection by then."),
    "decide": gettext_lazy("Choose by the rules of the call, and end the selection by then."),
}
PAGES = {"closes": "steward_call", "draw": "lottery", "witness": "lottery", "decide": "review"}


def coming(request: ViewerRequest, today: date, until: date) -> list[Item]:
    """List the next step of each call that is due up to a day. One query."""
    found = next_steps(request.program, today)
    return [_item(request, one, today) for one in found if one.due <= until]


def _item(request: ViewerRequest, one: NextStep, today: date) -> Item:
    is_late = one.due < today
    return Item(
        _("A call: %(what)s") % {"what": one.call.title or one.call.slug},
        saying.late((today - one.due).days) if is_late else "",
        to(request, f"calls:{PAGES[one.name]}", slug=one.call.slug),
        "city",
        "late" if is_late else "owed",
        owner=saying.steward(),
        step=str(STEPS[one.name]),
        due=one.due,
    )
