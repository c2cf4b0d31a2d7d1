"""Everybody in a program, as whoever runs it sees them: leads, offices, and who was invited to a call."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.cohort.calls.models import READER, TYPES_IN, WITNESS, WRITES_DOWN, Invitee
from alongside.cohort.calls.queries import invited_now
from alongside.cohort.seats.forms import PeopleForm
from alongside.cohort.seats.queries.people import list_of_people, waiting_people
from alongside.core.grammar.seats import SUSPENDED
from alongside.ground.gate.roles import Role, ViewerRequest, by_name, open_to
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.leads import lead_in_words

#: What somebody is invited to do, and where that stands.
INVITED: dict[str, tuple[str | Promise, str]] = {
    READER: (pgettext_lazy("of applications", "Reader"), "reviews:review"),
    TYPES_IN: (_("Helper: types applications in"), "calls:helpers"),
    WRITES_DOWN: (_("Helper: writes recordings down"), "calls:helpers"),
    WITNESS: (_("Witness of the lottery"), "lotteries:lottery"),
}


@by_name
@open_to(Role.STEWARD)
def people(request: ViewerRequest) -> HttpResponseBase:
    """List the people of today, those whose post is to come, and who was invited: all of them, or those of one sort.

    A name that is looked for is posted: it stands in no address, and so in no history and no log.
    """
    today, pack, form = request.today, request.pack, PeopleForm(request.POST or request.GET)
    invited = [(one.person, _invited(request, one)) for one in invited_now(request.program)]
    also = [(person, _also(request, seat)) for person, seat in waiting_people(request.program, today)]
    found = list_of_people(request.program, pack, lang_of(request), today, invited, also, **form.wanted())
    context = {"people": found, "appeal_days": pack.clocks.appeal_days, "today": today}
    context |= {"suspended_days": SUSPENDED.days, "form": form, "is_narrowed": "find" in form.wanted()}
    return render(request, "desks/people.html", context)


def _also(request: ViewerRequest, seat: str) -> tuple[str, str, str]:
    """Say what somebody without a seat of today waits for or does, and where that stands; a former lead comes with their seat."""
    if seat:
        return say("Checks promises"), lead_in_words(seat), to(request, "pay:agreements")
    return say("Alternate"), say("Places of the cohort"), to(request, "seats:seats")


def _invited(request: ViewerRequest, one: Invitee) -> tuple[str, str, str]:
    """Say what somebody is invited to do, for which call, and where that stands."""
    what, page = INVITED[one.role]
    return str(what), one.call.title or one.call.slug, to(request, page, slug=one.call.slug)
