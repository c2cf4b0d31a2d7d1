"""The page on which leads read what would change in the rules, and agree."""

from django.forms import Form
from django.http import HttpResponseBase
from django.shortcuts import render

from alongside.cohort.rules import actions, queries
from alongside.cohort.seats.queries import seats
from alongside.core.grammar.program import policy
from alongside.core.grammar.seats import WAITS
from alongside.ground.gate.roles import Role, ViewerRequest, by_name, open_to
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.done import Done, after
from alongside.ground.ui.press import Typed, posted, press


@by_name
@open_to(Role.LEAD, Role.STEWARD)
def proposed(request: ViewerRequest) -> HttpResponseBase:
    """Show everything that would change in the rules; agree as a lead. Where nothing is proposed, say so, and since when they hold."""
    found = queries.proposed_rules(request.program, request.today, lang_of(request))
    if found is None:
        in_force = policy(RowsLog.of(request.program))
        return render(request, "rules/in_force.html", {"in_force": in_force})
    own = request.viewer.seat
    form = Form(posted(request) if request.viewer.has(Role.LEAD) else None)

    def act(_typed: Typed) -> str:
        seat, read = seats.seat_of_viewer(request.viewer), request.POST.get("read", "")
        if "no" in request.POST:
            actions.withdraw_consent(proposal=found.proposal, seat=seat)
            return to(request, "rules:proposed")
        entry = actions.agree_to_rules(proposal=found.proposal, seat=seat, read=read, now=request.now)
        return to(request, "record:entry", index=entry.index) if entry else to(request, "rules:proposed")

    context = {
        "form": form,
        "found": found,
        "mine": own in found.agreed,
        "new_until": queries.agrees_from(request.program, own, request.today) if own else None,
        "counts_days": queries.COUNTS.days,
        "new_days": WAITS.days,
        "for_others": queries.is_left_to_others(request.program, own, request.today) if own else False,
    }
    said = Done.WITHDRAWN if "no" in request.POST else Done.SIGNED
    return press(request, form, act, lambda there: after(there, said)) or render(
        request, "rules/proposed.html", context
    )
