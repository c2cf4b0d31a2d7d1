"""The desk of whoever signed in and has no other: what waits of calls, and what stays of a seat that they held."""

from dataclasses import dataclass

from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

from alongside.cohort.applications.queries import to_write_down
from alongside.cohort.calls.models import TYPES_IN, Invitee
from alongside.cohort.calls.queries import helps
from alongside.cohort.lotteries.queries import to_attest
from alongside.cohort.pay.queries.terms import agreement_of
from alongside.cohort.reviews.queries import count_to_read
from alongside.cohort.seats.models import CHECKS
from alongside.cohort.seats.queries.goodbyes import own_lists
from alongside.cohort.seats.queries.seats import last_seat, removal_of, suspension_of
from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.links import OTHERS, desk_of
from alongside.ground.ui.pages import page_of
from alongside.work.consultations.queries import own_comments


@dataclass(frozen=True)
class Waiting:
    """What waits in this program for someone who signed in: to read, to type in, to write down, to witness."""

    readings: int
    types_in: list[Invitee]
    writes_down: list[tuple[Invitee, int]]
    witnesses: list[Invitee]

    def __bool__(self) -> bool:
        """Say whether there is anything at all."""
        return bool(self.readings or self.types_in or self.writes_down or self.witnesses)


def _waiting(request: ViewerRequest) -> Waiting:
    """Give what waits for the viewer. Five queries."""
    program, viewer = request.program, request.viewer
    types_in = helps(program, viewer, TYPES_IN)
    return Waiting(
        readings=count_to_read(program, viewer),
        types_in=[one for one in types_in if one.call.is_open(request.today)],
        writes_down=to_write_down(program, viewer),
        witnesses=to_attest(program, viewer),
    )


@open_to(Role.PERSON)
def others(request: ViewerRequest) -> HttpResponseBase:
    """Show what waits here for whoever signed in or sat here; where nothing does, go on to their own desk."""
    program, viewer, today = request.program, request.viewer, request.today
    found = _waiting(request)
    name = desk_of(request.viewer)
    own = to(request, name) if name and name != OTHERS[0] else ""
    sat = None if own else last_seat(program, viewer, today)
    removal = removal_of(program, viewer, today) if sat or viewer.seat else None
    if own and removal and not removal.has_fallen:
        removal = None  # of an earlier seat: whoever has a desk of their own reads it among their messages
    said = own_comments(program, viewer) if (sat or own) and not viewer.has(Role.LEAD) else []
    if own and not found and not removal and not said:
        return HttpResponseRedirect(own)
    checks = sat is not None and any(one.list == CHECKS for one in own_lists(program, viewer, today))
    context = {"found": found, "own": own, "sat": sat, "may_check": checks}
    context["is_unpaid"] = checks and sat is not None and agreement_of(sat) is None
    context |= {"removal": removal, "today": today, "page": page_of(said, request.GET.get("page"))}
    context["suspension"] = suspension_of(program, viewer.person_id, today, lang_of(request)) if sat else None
    return render(request, "desks/others.html", context)
