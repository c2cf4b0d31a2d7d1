"""The pages for when something does not work: refused, not here, broken, and what the record does not take."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from alongside.core.refusals import Refusal
from alongside.ground.gate import NOBODY, AskedHttpRequest, NothingHere, NotOpenToYou
from alongside.ground.look.refusals import said
from alongside.ground.look.tongues import listed
from alongside.site import places
from alongside.site.fullness import is_for_want_of_a_turn, is_for_want_of_room
from alongside.site.roles import WORDS


def refused(request: AskedHttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say who may open the page and how to sign in."""
    roles = exception.roles if isinstance(exception, NotOpenToYou) else frozenset()
    context = {
        "who": listed(str(words) for role, words in WORDS.items() if role in roles),
        "cure": "" if roles else str(exception or ""),
        "next": request.get_full_path(),
    }
    return render(request, "site/refused.html", context, status=403)


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django hands it over by name
    """Say that the form was open too long or came from elsewhere (no valid form token)."""
    return render(request, "site/stale.html", status=403)


def not_here(request: AskedHttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is nothing at this address, the same way where something is that the asker may not know of."""
    if isinstance(exception, NothingHere):
        request.resolver_match, request.asker = None, NOBODY
    slug = request.path_info.split("/", 2)[1]
    if getattr(request, "program", None) is None and (place := places.at(slug)):
        request.program, request.pack = place.program, place.pack
    response = render(request, "site/not_here.html", status=404)
    patch_vary_headers(
        response, ("Cookie",)
    )  # on every such page, or it would tell where someone's roles were looked up
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django hands them over by name
    """Say that what was sent cannot be read. Plain, because nothing about it can be trusted."""
    return HttpResponse("This request cannot be read.", status=400, content_type="text/plain; charset=utf-8")


def broken(request: HttpRequest) -> HttpResponse:
    """Say that we made a mistake, that the disk is full or that too many write, with nothing from the request in it.

    What the record refuses, and no form told before, is no mistake: it says why, and what to do instead.
    """
    error = sys.exc_info()[1]
    if isinstance(error, Refusal):
        words = said(error, getattr(request, "pack", None))
        return render(request, "site/refusal.html", {"words": words}, status=409)
    template, status, plain = "site/broken.html", 500, "We made a mistake. Try again in a few minutes."
    later: dict[str, str] = {}
    if is_for_want_of_room(error):
        template, status, plain = "site/no_room.html", 507, "There is no room right now."
    elif is_for_want_of_a_turn(error):
        template, status, plain = "site/no_turn.html", 503, "Many people are here right now. Try again."
        later = {"Retry-After": "10"}
    try:
        response = render(request, template, status=status)
    except Exception:  # noqa: BLE001 -- what broke the page may break this one too; then a plain one must do
        response = HttpResponse(plain, status=status, content_type="text/plain; charset=utf-8")
    for name, value in later.items():
        response[name] = value
    return response
