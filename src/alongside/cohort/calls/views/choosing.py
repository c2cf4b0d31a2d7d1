"""What the pages of reviewing and selection share: the call, the day, and a refusal put on its form."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_POST

from alongside.cohort.calls.models import Call, Invitee
from alongside.cohort.calls.models.inviting import HELPS
from alongside.cohort.calls.queries.helping import invitee
from alongside.cohort.calls.queries.progress import call_by_slug
from alongside.cohort.seats.queries.people import Someone, people_today
from alongside.core.refusals import Refused
from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.people.actions import find_or_make_person
from alongside.ground.people.models import Person
from alongside.ground.people.views import on_paper
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


def someone(typed: Mapping[str, Any], lang: str, people: Mapping[str, Someone] | None = None) -> Person:
    """Give the person who was chosen from a list, or whose address was typed; or make one."""
    if people and typed["person"]:
        return people[typed["person"]].person
    return find_or_make_person(email=typed.get("email"), language=lang, called=typed["called"])


def people_here(request: ViewerRequest) -> dict[str, Someone]:
    """Give who sits or holds an office today, by the number that a form sends."""
    here = people_today(request.program, request.pack, lang_of(request), request.today)
    return {str(one.person.pk): one for one in here if one.is_lead_or_staff}


def invitee_or_404(request: ViewerRequest, slug: str, roles: Collection[str], pk: int) -> Invitee:
    """Give someone who is invited to a call in one of these roles."""
    found = invitee(call_or_404(request, slug), roles, pk)
    if found is None:
        raise Http404
    return found


@open_to(Role.STEWARD)
@require_POST
def code(request: ViewerRequest, slug: str, roles: Collection[str], pk: int) -> HttpResponseBase:
    """Print a code that signs a reader or a helper in, once."""
    found = invitee_or_404(request, slug, roles, pk)
    shown = {"call": found.call, "is_helper": found.role in HELPS}
    return on_paper(request, "calls/reader_code.html", person=found.person, who=found.person.called, **shown)
