"""Keeps pages made of nothing but the record, in this process, until the record, a text, the day or the release changes.

They travel packed where the browser can unpack them, those with a query too, which are not kept: nothing in them is secret.
"""

import gzip
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import TypeGuard
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from alongside.site import replica
from alongside.site.converters import CODES

MOST = 1000
LARGEST = 512 * 1024
OK = 200

type Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Left:
    """A page as it left."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
    packed: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """A page that is kept, and what it rested on."""

    state: replica.State
    day: str
    zone: ZoneInfo
    page: Left


class PageCacheMiddleware:
    """Stands before all other middleware. One small query a page; nothing personal is ever kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.pages: OrderedDict[Key, Kept] = OrderedDict()
        self.lock = Lock()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Give the kept page if all it rests on is as it was; otherwise make it, and keep it if it may be kept."""
        if not _plain(request):
            return self.get_response(request)
        slug = request.path_info.split("/", 2)[1]
        if request.META.get("QUERY_STRING"):
            state = replica.state_of(slug) if replica.is_there() else None
            response = replica.answer(request, state, self.get_response)
            return _again(request, _left(response)) if _may_be_kept(response, request) else response
        key = (request.scheme or "", request.META.get("HTTP_HOST", ""), request.path_info)
        kept = self.pages.get(key)
        state = replica.state_of(slug)
        now = datetime.now(tz=UTC)
        if kept and kept.state == state and kept.day == now.astimezone(kept.zone).date().isoformat():
            return _again(request, kept.page)
        response = replica.answer(request, state, self.get_response)
        if not (state and _may_be_kept(response, request)):
            return response
        zone = ZoneInfo(request.pack.time_zone)  # type: ignore[attr-defined]  # the middleware sets it
        kept = Kept(state, now.astimezone(zone).date().isoformat(), zone, _left(response))
        self._keep(key, kept)
        return _again(request, kept.page)

    def _keep(self, key: Key, kept: Kept) -> None:
        """Keep a page; the one that was kept longest goes when there are too many."""
        with self.lock:
            self.pages[key] = kept
            while len(self.pages) > MOST:
                self.pages.popitem(last=False)


def _plain(request: HttpRequest) -> bool:
    """Say whether the request is a plain reading of a program's page by nobody in particular."""
    parts = request.path_info.split("/", 3)
    return (
        request.method == "GET"
        and len(parts) == len(("", "program", "language", "page"))
        and parts[2] in CODES
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
    )


def _may_be_kept(response: HttpResponseBase, request: HttpRequest) -> TypeGuard[HttpResponse]:
    """Say whether a page rests on the record alone and carries nothing for one person."""
    match = request.resolver_match
    return (
        match is not None
        and getattr(match.func, "from_the_record", False)
        and response.status_code == OK
        and not response.cookies
        and isinstance(response, HttpResponse)
        and len(response.content) <= LARGEST
    )


def _left(response: HttpResponse) -> Left:
    headers = tuple(pair for pair in response.items() if pair[0] not in {"Content-Length", "Vary"})
    return Left(headers, response.content, gzip.compress(response.content, 6, mtime=0))


def _again(request: HttpRequest, page: Left) -> HttpResponse:
    """Make the reply from a page as it left; packed where the browser can unpack it (nothing in it is secret)."""
    packed = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
    body = page.packed if packed else page.body
    response = HttpResponse(body)
    for name, value in page.headers:
        response[name] = value
    response["Vary"] = "Cookie, Accept-Encoding"
    if packed:
        response["Content-Encoding"] = "gzip"
    response["Content-Length"] = str(len(body))
    return response
