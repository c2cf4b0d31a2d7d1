"""The doors that a lead's page knocks at for strategies; to everyone else there is nothing here."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _

from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.seats import seat_as_seen
from alongside.core.ledger.keys import to_base64
from alongside.core.refusals import Refused
from alongside.ground.gate.roles import NothingHere, Role, ViewerRequest, open_to, unseen
from alongside.ground.gate.tokens import READ, for_readers, refuse, seat_of
from alongside.ground.ui.bodies import UnreadableError, blob, number, read_json, strings, uuid, words
from alongside.ground.ui.refusals import refusal_text
from alongside.work.strategies import actions, queries
from alongside.work.strategies.models import Strategy

type View = Callable[..., HttpResponseBase]


def leads_door(*methods: str) -> Callable[[View], View]:
    """Open a view to the token of a lead who works for the city in nothing, for these methods."""

    def mark(view: View) -> View:
        @wraps(view)
        def asked(request: ViewerRequest, **kwargs: Any) -> HttpResponseBase:
            held = seat_of(request, request.program.slug, READ)
            seat = queries.strategist(request.program, held, request.today)
            if seat is None or request.method not in methods:
                raise NothingHere
            try:
                return view(request, seat, **kwargs)
            except UnreadableError:
                return refuse(_("Reload the page and try again."), 400)
            except Refused as error:
                return refuse(refusal_text(error), 409)

        return unseen(open_to(Role.EVERYONE)(_no_strange_preflight(for_readers(asked))))

    return mark


def strategy_door(*methods: str) -> Callable[[View], View]:
    """Open a view of one strategy to the leads who are in it, and hand it the strategy."""

    def mark(view: View) -> View:
        @wraps(view)
        def asked(request: ViewerRequest, seat: Seat, strategy: UUID, **kwargs: Any) -> HttpResponseBase:
            found = queries.strategy_of(seat, strategy)
            if found is None:
                raise NothingHere
            return view(request, seat, found, **kwargs)

        return leads_door(*methods)(asked)

    return mark


def _no_strange_preflight(view: View) -> View:
    """Answer a browser's question whether it may ask only where it comes from the reader's own address."""

    @wraps(view)
    def asked(request: ViewerRequest, **kwargs: Any) -> HttpResponseBase:
        reader = settings.READER_ORIGIN
        if request.method == "OPTIONS" and (not reader or request.headers.get("Origin") != reader):
            raise NothingHere
        return view(request, **kwargs)

    return asked


def state_of(request: ViewerRequest, strategy: Strategy, seat: Seat) -> dict[str, Any]:
    """Say where a strategy stands: its version, who is in it, who writes, who asks for the pen or to destroy it."""
    writer = queries.writer_of(strategy, request.now)
    asked = strategy.pen_asked if writer else None
    return {
        "id": str(strategy.pk),
        "version": strategy.version,
        "members": queries.members_of(strategy),
        "writer": seat_as_seen(writer, seat) if writer else None,
        "asked": asked.public_id if asked else None,
        "kept": len(queries.side_versions_of(strategy)),
        "ending": _ending(strategy, seat, request.today),
    }


def _ending(strategy: Strategy, seat: Seat, today: date) -> dict[str, Any] | None:
    """Say who asked to destroy it, when, and from when they may alone, as the last lead in it; None where nobody asked whose word counts."""
    asked, on = queries.wish_to_end(strategy, seat, today), strategy.end_asked_on
    if asked is None or on is None:
        return None
    is_own = asked.person_id == seat.person_id
    may_alone = is_own and not queries.others_in(strategy, seat, today)
    return {
        "by": seat_as_seen(asked, seat),
        "on": on.isoformat(),
        "alone_from": (on + queries.ALONE).isoformat() if may_alone else None,
        "now": may_alone and today >= on + queries.ALONE,
    }


@leads_door("GET", "POST")
def strategies(request: ViewerRequest, seat: Seat) -> HttpResponseBase:
    """List the lead's own strategies with the leads' keys, or take a new one."""
    if request.method == "POST":
        body = read_json(request)
        made = actions.begin(
            program=request.program,
            seat=seat,
            strategy=uuid(body, "id"),
            members=strings(body, "members"),
            sealed=blob(body, "sealed"),
            now=request.now,
        )
        return JsonResponse(state_of(request, made, seat))
    return JsonResponse(
        {
            "keys": queries.key_entries(request.program),
            "able": sorted(queries.seats_with_keys(request.program, request.today)),
            "strategies": [_listed(one) for one in queries.strategies_of(seat)],
        }
    )


def _listed(one: Strategy) -> dict[str, Any]:
    return {"id": str(one.pk), "version": one.version, "saved_on": one.saved_on.isoformat()}


@strategy_door("GET")
def strategy(request: ViewerRequest, seat: Seat, strategy: Strategy) -> HttpResponseBase:
    """Give one strategy, sealed, and where it stands."""
    return JsonResponse({**state_of(request, strategy, seat), "sealed": to_base64(strategy.sealed)})


@strategy_door("POST")
def save(request: ViewerRequest, seat: Seat, strategy: Strategy) -> HttpResponseBase:
    """Take what was written: the next version, or one that stands beside."""
    body = read_json(request)
    saved = actions.keep_version(
        strategy=strategy,
        seat=seat,
        version=number(body, "version"),
        sealed=blob(body, "sealed"),
        now=request.now,
    )
    return JsonResponse({"version": saved.version, "beside": str(saved.beside) if saved.beside else None})


@strategy_door("POST")
def members(request: ViewerRequest, seat: Seat, strategy: Strategy) -> HttpResponseBase:
    """Take the strategy sealed anew to other leads."""
    body = read_json(request)
    saved = actions.set_members(
        strategy=strategy,
        seat=seat,
        version=number(body, "version"),
        members=strings(body, "members"),
        sealed=blob(body, "sealed"),
        now=request.now,
    )
    return JsonResponse({"version": saved.version, "beside": None})


@strategy_door("GET", "POST")
def versions(request: ViewerRequest, seat: Seat, strategy: Strategy) -> HttpResponseBase:
    """Give the versions that stand beside, sealed; or drop one that was merged."""
    if request.method == "POST":
        side = uuid(read_json(request), "drop")
        actions.drop_side_version(strategy=strategy, side=side, now=request.now)
    found = queries.side_versions_of(strategy)
    listed = [
        {"id": str(one.pk), "kept_on": one.kept_on.isoformat(), "sealed": to_base64(one.sealed)}
        for one in found
    ]
    return JsonResponse({"versions": listed})


@strategy_door("POST")
def destroy(request: ViewerRequest, seat: Seat, strategy: Strategy) -> HttpResponseBase:
    """Ask to destroy a strategy, agree to it, or say no; say whether it is gone."""
    given: dict[str, Any] = {"strategy": strategy, "seat": seat, "now": request.now}
    if words(read_json(request), "do", 40) == "keep":
        actions.keep(**given)
    elif actions.destroy(**given):
        return JsonResponse({"destroyed": True})
    strategy.refresh_from_db()
    return JsonResponse({"destroyed": False, **state_of(request, strategy, seat)})


@strategy_door("POST")
def pen(request: ViewerRequest, seat: Seat, strategy: Strategy) -> HttpResponseBase:
    """Take the pen, ask for it, hand it over, put it down or only look; say who has it then."""
    body = read_json(request)
    given: dict[str, Any] = {"strategy": strategy, "seat": seat, "now": request.now}
    match words(body, "do", 40):
        case "take":
            actions.take_pen(**given)
        case "ask":
            actions.ask_for_pen(**given)
        case "hand":
            actions.hand_pen(**given, to=words(body, "to", 40))
        case "down":
            actions.put_down_pen(**given)
    strategy.refresh_from_db()
    return JsonResponse(state_of(request, strategy, seat))
