"""The learning periods of bureaus: a manager asks for one, a lead agrees."""

from datetime import UTC, datetime

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

from alongside.chain.asks import actions
from alongside.chain.asks.queries.learning import learnings
from alongside.core.grammar.v1.bureaus import bureau_of
from alongside.core.grammar.v1.learning import DAYS
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of
from alongside.ground.look.done import Done, after
from alongside.ground.programs.queries import signing_office


@open_to(Role.STAFF, Role.LEAD)
def learning(request: AskedHttpRequest) -> HttpResponseBase:
    """Show who learns until when; let a manager ask for a learning period, and a lead agree: one in each bureau."""
    found, now, lang = learnings(request.program), datetime.now(tz=UTC), lang_of(request)
    within = request.pack.within
    over = {bureau_of(one.unit, within) for one in found if one.until}
    may_ask = sorted(
        one
        for one in request.asker.manages - {one.unit for one in found}
        if bureau_of(one, within) not in over
    )
    open_ones = [one for one in found if bureau_of(one.unit, within) not in over]
    waiting = {one.unit: one for one in open_ones} if request.asker.seat else {}
    if request.method == "POST":
        unit = request.POST.get("unit", "")
        if unit in waiting:
            seat = request.asker.seat or ""
            actions.agree_to_learn(
                program=request.program, asked=waiting[unit].asked, unit=unit, seat=seat, now=now
            )
        elif unit in may_ask:
            office = signing_office(request.program, unit) or ""
            actions.ask_to_learn(program=request.program, office=office, now=now)
        elif unit not in {one.unit for one in found}:
            raise Http404
        return HttpResponseRedirect(after(request.path, Done.RECORDED))
    rows = [(one, request.pack.words(f"units.{one.unit}.name", lang), one.unit in waiting) for one in found]
    asking = [(unit, request.pack.words(f"units.{unit}.name", lang)) for unit in may_ask]
    return render(request, "asks/learning.html", {"rows": rows, "asking": asking, "days": DAYS})
