"""Short-lived tokens of the leads' reader: it signs in with a key, not by cookie, so that it can live elsewhere."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

SALT = "alongside.reader"
MINUTES = 30
READ, ENROL = "read", "enrol"  # what a token is for: everything a reader does, or offering a first keyring

type View = Callable[..., HttpResponseBase]


def give_token(*, program: str, seat: str, use: str) -> str:
    """Give a token for a seat (its public id) in a program (its slug), good for half an hour."""
    return signing.dumps({"program": program, "seat": seat, "use": use}, salt=SALT)


def seat_of(request: HttpRequest, program: str, use: str) -> str | None:
    """Give the seat whose token a request carries, or None where it carries none that is good here and now."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    try:
        held = signing.loads(token, salt=SALT, max_age=MINUTES * 60)
    except signing.BadSignature:
        return None
    fits = scheme == "Bearer" and (held["program"], held["use"]) == (program, use)
    return str(held["seat"]) if fits else None


def for_readers(view: View) -> View:
    """Answer a reader that lives at the configured address (settings.READER_ORIGIN), and let no one keep the reply."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        reply = HttpResponse(status=204) if request.method == "OPTIONS" else view(request, *args, **kwargs)
        reply.headers["Cache-Control"] = "no-store"
        origin = settings.READER_ORIGIN
        if origin and request.headers.get("Origin") == origin:
            reply.headers["Access-Control-Allow-Origin"] = origin
            reply.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
            reply.headers["Vary"] = "Origin"
        return reply

    answered.for_readers = True  # type: ignore[attr-defined]  # the mark that the origin check reads
    return answered


def refuse(words: str, status: int) -> JsonResponse:
    """Refuse with one sentence for the page to show."""
    return JsonResponse({"words": words}, status=status)
