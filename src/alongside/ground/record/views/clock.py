"""The page where people say which day it is, and where a lead agrees that the clock was wrong."""

from datetime import UTC, date, datetime

from django.forms import Form
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from alongside.core.clocks import local_date
from alongside.core.grammar import GrammarError
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import to
from alongside.ground.look.done import Done, after
from alongside.ground.look.refusals import said
from alongside.ground.people.models import Person
from alongside.ground.record import actions, agreeing, queries
from alongside.ground.record.forms import FaultForm
from alongside.ground.record.views.agreeing import has_weight


@never_cache
@open_to(Role.LEAD, Role.STEWARD)
def clock(request: AskedHttpRequest) -> HttpResponseBase:
    """Confirm the day that the clock shows; or, as a lead, get the code that tells its fault."""
    now = datetime.now(tz=UTC)
    today, program = local_date(now, request.pack), request.program
    stand = queries.clock_of(program, today)
    if stand is None:
        raise Http404
    here = to(request, "record:clock")
    if request.method == "POST" and "day" in request.POST:
        by = request.asker.seat or "steward"
        person = Person.objects.get(pk=request.asker.person_id or 0)
        form = Form(request.POST)
        if stand.waits and request.POST["day"] == today.isoformat():
            try:
                actions.confirm_day(program=program, day=today, person=person, by=by, now=now)
            except GrammarError as error:
                form.add_error(None, said(error, request.pack))
                return render(request, "record/clock.html", {"stand": stand, "today": today, "form": form})
        return HttpResponseRedirect(after(here, Done.KEPT))
    is_asked = request.method == "POST" and bool(stand.ahead and request.asker.seat)
    asked = FaultForm(request.POST if is_asked else None)
    is_told = asked.is_valid() and has_weight(request, asked, request.asker.seat or "")
    line = _line(request, asked, today) if is_told else ""
    mine = request.asker.person_id in stand.confirmed
    return render(
        request,
        "record/clock.html",
        {"stand": stand, "today": today, "mine": mine, "form": asked, "line": line},
    )


def _line(request: AskedHttpRequest, form: FaultForm, today: date) -> str:
    """Write the command that tells the fault, with the code of the lead who agrees."""
    program, reason = request.program.slug, form.cleaned_data["reason"]
    asked = {
        "entry": today.toordinal(),
        "name": agreeing.FAULT,
        "ground": reason,
        "by": request.asker.seat or "",
    }
    return agreeing.command(
        ["alongside", "record", "fault", program, reason, agreeing.agree(program=program, **asked)]
    )
