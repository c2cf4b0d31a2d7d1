"""Who helps with a call: the steward invites and ends; whoever was invited finds all that waits for them on one page."""

from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from alongside.cohort.calls.actions import helping as actions
from alongside.cohort.calls.forms.assisting import HelperForm
from alongside.cohort.calls.models.inviting import HELPS
from alongside.cohort.calls.queries import helping as queries
from alongside.cohort.calls.views.choosing import call_or_404, done, go, invitee_or_404, people_here, someone
from alongside.cohort.seats.queries.goodbyes import own_lists
from alongside.cohort.seats.queries.seats import last_seat, removal_of, suspension_of
from alongside.cohort.seats.queries.seconds import CHECKS
from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.context import desk_of


@open_to(Role.PERSON)
def desk(request: ViewerRequest) -> HttpResponseBase:
    """Show what waits here for whoever signed in or sat here; where nothing does, go on to their own desk."""
    program, viewer, today = request.program, request.viewer, request.today
    found = queries.desk(program, viewer, today)
    name = desk_of(request.viewer)
    own = to(request, name) if name and name != "calls:desk" else ""
    sat = None if own else last_seat(program, viewer, today)
    removal = removal_of(program, viewer, today) if sat or viewer.seat else None
    if own and removal and not removal.has_fallen:
        removal = None  # of an earlier seat: whoever has a desk of their own reads it among their messages
    if own and not found and not removal:
        return HttpResponseRedirect(own)
    checks = sat is not None and any(one.list == CHECKS for one in own_lists(program, viewer, today))
    context = {"found": found, "own": own, "sat": sat, "may_check": checks}
    context |= {"removal": removal, "today": today}
    context["suspension"] = suspension_of(program, viewer.person_id, today, lang_of(request)) if sat else None
    return render(request, "calls/desk.html", context)


@open_to(Role.STEWARD)
def helpers(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """List who helps with a call, and invite someone of a community organization."""
    call = call_or_404(request, slug)
    people = people_here(request)
    form = HelperForm(request.POST if request.method == "POST" else None, people=people)
    if form.is_valid():
        typed = form.cleaned_data
        person = someone(typed, lang_of(request), people)
        given = {"organization": typed["organization"], "does": typed["does"]}
        if done(form, lambda: actions.invite_helper(call=call, person=person, now=request.now, **given)):
            return go(request, "helpers", slug=slug)
    context = {"form": form, "call": call, "rows": queries.helpers_of(call)}
    return render(request, "calls/helpers.html", context)


@open_to(Role.STEWARD)
@require_POST
def end_helper(request: ViewerRequest, slug: str, pk: int) -> HttpResponseBase:
    """Say that someone no longer helps with this."""
    actions.end_helping(helper=invitee_or_404(request, slug, HELPS, pk), now=request.now)
    return go(request, "helpers", slug=slug)
