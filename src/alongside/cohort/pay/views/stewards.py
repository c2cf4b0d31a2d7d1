"""The steward decides on what leads logged, the longest waiting first."""

from datetime import UTC, datetime

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from alongside.cohort.pay import actions, queries
from alongside.cohort.pay.forms import SendBackForm, in_words
from alongside.cohort.pay.forms.saying import REFUSALS
from alongside.cohort.pay.views.leads import today_of
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of, number_in, to


@open_to(Role.STEWARD)
def desk(request: AskedHttpRequest) -> HttpResponseBase:
    """List what waits for approval and what a run would pay."""
    return desk_with(request, "")


def desk_with(request: AskedHttpRequest, problem: str) -> HttpResponseBase:
    """Show the list, with what was refused if something was."""
    program, pack = request.program, request.pack
    due = queries.to_pay(program, pack)
    rows = queries.open_claims(program, pack, lang_of(request), today_of(request), due)
    context = {
        "waiting": [one for one in rows if one.shown.state == "waiting"],
        "approved": [one for one in rows if one.shown.state == "approved"],
        "again": [(queries.called(one.seat), one, money) for one, money in due.again],
        "sums": due.sums,
        "problem": problem,
        "today": today_of(request),
    }
    return render(request, "pay/desk.html", context)


@open_to(Role.STEWARD)
@require_POST
def approve(request: AskedHttpRequest) -> HttpResponseBase:
    """Approve the claims that were chosen."""
    now = datetime.now(tz=UTC)
    for number in request.POST.getlist("claim"):
        claim = queries.open_claim(request.program, number_in(number))
        if claim is None:
            continue
        try:
            actions.approve(claim=claim, asker=request.asker, now=now)
        except REFUSALS as error:
            return desk_with(request, in_words(error))
    return HttpResponseRedirect(to(request, "pay:desk"))


@open_to(Role.STEWARD)
def send_back(request: AskedHttpRequest, claim: int) -> HttpResponseBase:
    """Send a claim back with a reason."""
    found = queries.open_claim(request.program, claim)
    if found is None:
        raise Http404
    form = SendBackForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            actions.send_back(claim=found, reason=reason, asker=request.asker, now=datetime.now(tz=UTC))
            return HttpResponseRedirect(to(request, "pay:desk"))
        except REFUSALS as error:
            form.add_error(None, in_words(error))
    called = request.pack.pay.called(found.what, lang_of(request))
    return render(request, "pay/send_back.html", {"form": form, "claim": found, "called": called})
