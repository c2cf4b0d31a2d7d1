"""The page on which leads open their strategies. It holds a keyring and the names of leads; all else is behind doors."""

from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from alongside.chain.asks.queries import offices_to_ask
from alongside.chain.keys.queries import keyrings_today, to_unlock
from alongside.ground.gate.roles import NothingHere, Role, ViewerRequest, open_to, unseen
from alongside.ground.ui.addresses import lang_of, to
from alongside.work.engagements.steps import under_way, with_titles
from alongside.work.strategies.queries import ALONE, may_hold_strategies, names_of


@unseen
@open_to(Role.LEAD)
@never_cache
def strategies(request: ViewerRequest) -> HttpResponseBase:
    """Show where leads open their strategies; to everyone else there is nothing here, not even a refusal."""
    if not may_hold_strategies(request.viewer) or request.method not in {"GET", "HEAD"}:
        raise NothingHere
    lang, today = lang_of(request), request.today
    rings = keyrings_today(request.program, request.viewer, today)
    if not rings:
        return HttpResponseRedirect(to(request, "keys:keyring"))
    courses = [one for one in under_way(request.program, today) if one.findings]
    context = {
        **to_unlock(request.program, rings),
        "is_new": rings[0][0].pk != request.viewer.seat_id,
        "is_again": len(rings) > 1,
        "api": to(request, "reader:api"),
        "today": today,
        "names": names_of(request.program, today),
        "alone_days": ALONE.days,
        "strategy_days": request.pack.kept.days_of_strategies,
        "offices": [title for _office, title in offices_to_ask(request.pack, lang)],
        "recommends": [
            (one.promise, to(request, "asks:recommend", promise=one.promise), title.words if title else "")
            for one, title in with_titles(request.program, courses, lang)
        ],
    }
    return render(request, "desks/strategies.html", context)
