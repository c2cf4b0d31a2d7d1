"""Strategies in and out of the server: ciphertext, ids, whole days."""

from typing import Any

from django.http import HttpResponseBase, JsonResponse

from alongside.ground.gate import AskedHttpRequest
from alongside.work.strategies import actions, forms, queries
from alongside.work.strategies.models import Strategy
from alongside.work.strategies.views.doors import Hand, leads_door, state_of, strategy_door, text_of


@leads_door("GET", "POST")
def strategies(request: AskedHttpRequest, hand: Hand) -> HttpResponseBase:
    """List the lead's own strategies with the leads' keys, or take a new one."""
    if request.method == "POST":
        body = forms.read_json(request)
        made = actions.begin(
            program=request.program,
            seat=hand.seat,
            strategy=forms.uuid(body, "id"),
            members=forms.members(body),
            sealed=forms.sealed(body),
            now=hand.now,
        )
        return JsonResponse(state_of(made, hand))
    return JsonResponse(
        {
            "keys": queries.key_entries(request.program),
            "able": sorted(queries.seats_with_keys(request.program, hand.today)),
            "strategies": [_listed(one) for one in queries.strategies_of(hand.seat)],
        }
    )


def _listed(one: Strategy) -> dict[str, Any]:
    return {"id": str(one.pk), "version": one.version, "saved_on": one.saved_on.isoformat()}


@strategy_door("GET")
def strategy(request: AskedHttpRequest, hand: Hand, strategy: Strategy) -> HttpResponseBase:
    """Give one strategy, sealed, and where it stands."""
    del request
    return JsonResponse({**state_of(strategy, hand), "sealed": text_of(strategy.sealed)})


@strategy_door("POST")
def save(request: AskedHttpRequest, hand: Hand, strategy: Strategy) -> HttpResponseBase:
    """Take what was written: the next version, or one that stands beside."""
    body = forms.read_json(request)
    saved = actions.keep_version(
        strategy=strategy,
        seat=hand.seat,
        version=forms.version(body),
        sealed=forms.sealed(body),
        now=hand.now,
    )
    return JsonResponse({"version": saved.version, "beside": str(saved.beside) if saved.beside else None})


@strategy_door("POST")
def members(request: AskedHttpRequest, hand: Hand, strategy: Strategy) -> HttpResponseBase:
    """Take the strategy sealed anew to other leads."""
    body = forms.read_json(request)
    saved = actions.set_members(
        strategy=strategy,
        seat=hand.seat,
        version=forms.version(body),
        members=forms.members(body),
        sealed=forms.sealed(body),
        now=hand.now,
    )
    return JsonResponse({"version": saved.version, "beside": None})


@strategy_door("GET", "POST")
def versions(request: AskedHttpRequest, hand: Hand, strategy: Strategy) -> HttpResponseBase:
    """Give the versions that stand beside, sealed; or drop one that was merged."""
    if request.method == "POST":
        side = forms.uuid(forms.read_json(request), "drop")
        actions.drop_side_version(strategy=strategy, side=side, now=hand.now)
    found = queries.side_versions_of(strategy)
    listed = [
        {"id": str(one.pk), "kept_on": one.kept_on.isoformat(), "sealed": text_of(one.sealed)}
        for one in found
    ]
    return JsonResponse({"versions": listed})


@strategy_door("POST")
def destroy(request: AskedHttpRequest, hand: Hand, strategy: Strategy) -> HttpResponseBase:
    """Ask to destroy a strategy, agree to it, or say no; say whether it is gone."""
    given: dict[str, Any] = {"strategy": strategy, "seat": hand.seat, "now": hand.now}
    if forms.word(forms.read_json(request), "do") == "keep":
        actions.keep(**given)
    elif actions.destroy(**given):
        return JsonResponse({"destroyed": True})
    return JsonResponse({"destroyed": False, **state_of(strategy, hand)})


@strategy_door("POST")
def pen(request: AskedHttpRequest, hand: Hand, strategy: Strategy) -> HttpResponseBase:
    """Take the pen, ask for it, hand it over, put it down or only look; say who has it then."""
    body = forms.read_json(request)
    given: dict[str, Any] = {"strategy": strategy, "seat": hand.seat, "now": hand.now}
    match forms.word(body, "do"):
        case "take":
            actions.take_pen(**given)
        case "ask":
            actions.ask_for_pen(**given)
        case "hand":
            actions.hand_pen(**given, to=forms.word(body, "to"))
        case "down":
            actions.put_down_pen(**given)
    return JsonResponse(state_of(strategy, hand))
