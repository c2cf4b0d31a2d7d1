"""What the pages of reviewing and selection share: the call, the day, and a refusal put on its form."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponseBase, HttpResponseRedirect

from alongside.cohort.calls.models import Call
from alongside.cohort.calls.queries.progress import call_by_slug
from alongside.cohort.seats.queries import Someone, people_today
from alongside.core.refusals import Refused
from alongside.ground.gate.roles import ViewerRequest
from alongside.ground.people.actions import find_or_make_person
from alongside.ground.people.models import Person
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.refusals import refusal_text


def call_or_404(request: ViewerRequest, slug: str) -> Call:
    """Give a published call of this program."""
    found = call_by_slug(request.program, slug)
    if found is None:
        raise Http404
    return found


def done(form: Any, act: Callable[[], object]) -> bool:
    """Do something that may be refused; put the refusal, which says its cure, on the form."""
    try:
        act()
    except Refused as error:
        form.add_error(None, refusal_text(error))
        return False
    return True


def go(request: ViewerRequest, name: str, **where: Any) -> HttpResponseBase:
    """Go on to a page."""
    return HttpResponseRedirect(to(request, f"calls:{name}", **where))


def someone(typed: dict[str, Any], lang: str) -> Person:
    """Give the person whose address was typed, or make one."""
    return find_or_make_person(email=typed.get("email"), language=lang, called=typed["called"])


def people_here(request: ViewerRequest) -> dict[str, Someone]:
    """Give who sits or holds an office today, by the number that a form sends."""
    here = people_today(request.program, request.pack, lang_of(request), request.today)
    return {str(one.person.pk): one for one in here if one.is_lead_or_staff}
