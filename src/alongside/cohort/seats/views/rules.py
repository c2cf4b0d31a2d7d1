"""The page where leads agree to milder rules, or do not."""

from django.forms import Form
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

from alongside.cohort.seats import actions
from alongside.cohort.seats.queries.rules import proposed_rules
from alongside.cohort.seats.queries.seats import agrees_from
from alongside.cohort.seats.views.asking import now_and_today, own_seat
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of, to
from alongside.ground.look.done import Done, after
from alongside.ground.look.refusals import said


@open_to(Role.LEAD, Role.STEWARD)
def proposed(request: AskedHttpRequest) -> HttpResponseBase:
    """Show what would become milder; agree as a lead."""
    now, today = now_and_today(request)
    found = proposed_rules(request.program, today, lang_of(request))
    if found is None:
        raise Http404
    form = Form(request.POST if request.method == "POST" and request.asker.has(Role.LEAD) else None)
    if form.is_valid():
        seat, read = own_seat(request), request.POST.get("read", "")
        try:
            entry = actions.agree_to_rules(proposal=found.proposal, seat=seat, read=read, now=now)
        except (actions.RulesHaveChanged, actions.TooNew) as error:
            form.add_error(None, said(error, request.pack))
        else:
            there = to(request, "record:entry", index=entry.index) if entry else to(request, "seats:rules")
            return HttpResponseRedirect(after(there, Done.SIGNED))
    own = request.asker.seat
    context = {
        "form": form,
        "found": found,
        "mine": own in found.agreed,
        "new_until": agrees_from(request.program, own, today) if own else None,
    }
    return render(request, "seats/rules.html", context)
