"""What every request knows before its view runs: language, program, pack and who asks."""

import inspect
from collections.abc import Callable
from contextlib import ExitStack, nullcontext, suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.csp import CSP, build_policy
from django.utils.translation import gettext as _

from alongside.cohort.seats.queries.seats import chosen_names, shown_names, viewer_for
from alongside.core.clocks import local_date
from alongside.core.refusals import Refused
from alongside.ground.gate.roles import NOBODY, Role, Viewer, ViewerRequest
from alongside.ground.record.actions.entries import A_DAY
from alongside.ground.record.acts import (
    CosignerNeededError,
    Posted,
    SignatureNeededError,
    signed_beside,
    signed_by,
)
from alongside.ground.record.signing import HaltedLogError, halted
from alongside.ground.ui import governments, untranslated
from alongside.ground.ui.addresses import LARGEST
from alongside.ground.ui.context import offered_here
from alongside.ground.ui.done import AlreadyDoneError
from alongside.ground.ui.leads import name_leads
from alongside.ground.ui.press import ACT, BESIDE, SIGNED, led_before
from alongside.site import pages, places
from alongside.site.converters import language_of
from alongside.site.languages import preferred

type Next = Callable[[HttpRequest], HttpResponseBase]
type View = Callable[..., HttpResponseBase]

#: Pages that can be read at an address that names no language: the first page, the demonstration, the look-up of a receipt.
NO_LANGUAGE = frozenset({"/", "/demo/", "/r"})
#: Their names. They name no program either.
OF_NO_PROGRAM = frozenset({"front", "demonstration", "receipts:follow"})

READS = frozenset({"GET", "HEAD", "OPTIONS"})


class PlaceMiddleware:
    """Reads the language, the program and its pack from the address. Sets no cookie.

    The pages that have an address without a language also look at the header in which a browser says what its
    person reads, and say so in `Vary`, so that no cache gives one person's language to another.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the language of the address, and say so in the reply."""
        request.program = request.pack = request.stand = request.agreed_day = None  # type: ignore[attr-defined]  # ViewerRequest declares them
        request.now = datetime.now(tz=UTC)  # type: ignore[attr-defined]  # as above
        request.today = request.now.date()  # type: ignore[attr-defined]  # as above
        request.lang = language_of(request.path_info) or _asked_for(request)  # type: ignore[attr-defined]  # as above
        with translation.override(request.lang), governments.calling():  # type: ignore[attr-defined]  # as above
            request.LANGUAGE_CODE = request.lang  # type: ignore[attr-defined]  # as above
            with untranslated.marking() if request.method in READS else nullcontext():
                response = _without_marks(self.get_response(request))
        response.headers.setdefault("Content-Language", request.lang)  # type: ignore[attr-defined]  # as above
        if request.path_info in NO_LANGUAGE:
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    def process_view(
        self, request: ViewerRequest, view: View, _args: Any, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Find the program; hand its slug and the language only to views that name them.

        Where its record may not go on, nothing is taken in: neither an answer nor a voice could be kept.
        """
        if any(isinstance(one, int) and one > LARGEST for one in kwargs.values()):
            raise Http404
        slug, lang = kwargs.get("program"), kwargs.get("lang")
        if slug is not None:
            place = places.at(slug)
            if place is None or (lang is not None and lang not in place.languages):
                raise Http404
            request.program, request.pack, request.stand = place.program, place.pack, place.stand
            request.agreed_day = place.agreed_day
        elif _is_of_one_program(request) and (place := places.of_next(request.GET.get("next", ""))):
            request.program, request.pack = place.program, place.pack
        if request.pack is not None:
            request.today = local_date(request.now, request.pack)
            governments.call(request.pack)
        spoken = {"lang": request.lang} if language_of(request.path_info) else {}
        request.resolver_match.kwargs = kwargs | spoken  # type: ignore[union-attr]  # a view was found
        for name in {"program", "lang"} - _named(view):
            kwargs.pop(name, None)
        writes = request.method not in READS and not getattr(view, "while_halted", False)
        if writes and request.stand is not None and halted(request.program, request.stand.size):
            return pages.halted(request)
        return None


def _without_marks(response: HttpResponseBase) -> HttpResponseBase:
    """Say by an attribute what is in English on a page of another language; what is no page only loses its marks."""
    kind = response.headers.get("Content-Type", "")
    if not (kind.startswith("text/") and isinstance(response, HttpResponse)):
        return response
    if untranslated.BEGINS.encode() in response.content:
        said = response.content.decode()
        is_page = kind.startswith("text/html")
        response.content = untranslated.with_lang(said) if is_page else untranslated.bare(said)
        if "Content-Length" in response.headers:
            response.headers["Content-Length"] = str(len(response.content))
    return response


def _asked_for(request: HttpRequest) -> str:
    """Give the language of a page whose address names none."""
    header = request.headers.get("Accept-Language", "") if request.path_info in NO_LANGUAGE else ""
    return preferred(header, offered_here(request)) or settings.LANGUAGE_CODE


def _is_of_one_program(request: HttpRequest) -> bool:
    """Say whether a page without a program in its address is read as a page of one: those of signing in."""
    match = request.resolver_match
    named = match is not None and match.view_name in OF_NO_PROGRAM
    return not named and language_of(request.path_info) is not None


@lru_cache(maxsize=1024)
def _named(view: View) -> frozenset[str]:
    """Give the names of a view's arguments."""
    return frozenset(inspect.signature(view).parameters)


def _name_leads(request: ViewerRequest) -> None:
    """Call leads by the names they chose where a lead or the steward reads, and where staff do by those they show to everyone."""
    if request.viewer.has(Role.LEAD, Role.STEWARD):
        name_leads(chosen_names(request.program))
    elif request.viewer.has(Role.STAFF):
        name_leads(shown_names(request.program, request.today))


class ViewerMiddleware:
    """Fills in who asks, from seats and unit posts, once the program is known; leads on who pressed a button twice."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Start from nobody in particular, and from no names."""
        name_leads(None)
        request.viewer, request.clock_waits = NOBODY, False  # type: ignore[attr-defined]  # ViewerRequest declares them
        return self.get_response(request)

    def process_view(
        self, request: ViewerRequest, view: View, _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        """Look at the session only where its cookie came along (residents have none) and the door is for someone."""
        if getattr(view, "for_no_one", False):
            return None
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return None
        if request.program is None:
            roles = frozenset({Role.EVERYONE, Role.PERSON})
            request.viewer = Viewer(person_id=request.user.pk, roles=roles)
            return None
        request.viewer = viewer_for(request.user, request.program, request.today, request.pack)
        if getattr(view, "by_name", False):
            _name_leads(request)
        request.clock_waits = request.agreed_day is not None and request.today > request.agreed_day + A_DAY
        is_read = request.method == "POST" and not getattr(view, "csrf_exempt", False)
        there = led_before(request) if is_read else ""
        return HttpResponseRedirect(there) if there else None


class PolicyMiddleware:
    """Says what a browser may load on a page. It is the same for every page but one that plays sounds, so it is put together once."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.policy = build_policy(settings.SECURE_CSP)  # type: ignore[arg-type]  # the stubs call any setting of Django an object

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Set the header where nothing did."""
        response = self.get_response(request)
        response.headers.setdefault(CSP.HEADER_ENFORCE.value, self.policy)
        return response


class OriginMiddleware:
    """Guards the doors that take no form token (sealed intake, readers): a browser must say it comes from here."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; the check needs the view."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, _args: Any, _kwargs: Any) -> None:
        """Refuse a write from another site where the view is exempt from form tokens."""
        if request.method in READS or not getattr(view, "csrf_exempt", False):
            return
        if getattr(view, "unseen", False):  # a token alone opens it, and to others nothing is there
            return
        given = request.META.get("HTTP_ORIGIN", "")  # `headers` would be put together whole, for every voice
        reader = settings.READER_ORIGIN if getattr(view, "for_readers", False) else ""
        if reader and given == reader:
            return
        if given != f"{request.scheme}://{request.get_host()}":
            raise PermissionDenied(
                _("This was sent from another site. Open the page here and send it again.")
            )


class SigningMiddleware:
    """Hands what a lead's own device signed to whatever the form that it came with appends to the public log."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; what is no form, and what nobody signed, as it is."""
        is_form = request.method == "POST" and request.content_type == "application/x-www-form-urlencoded"
        # A view may still choose how its files come in; so nothing is parsed where nobody signed or was chosen to.
        if not is_form or not any(name.encode() in request.body for name in (SIGNED, BESIDE)):
            return self.get_response(request)
        with ExitStack() as hands:
            hands.enter_context(signed_beside(request.POST.get(BESIDE, "")))
            with suppress(ValueError, KeyError):  # then the page to sign comes again
                hands.enter_context(signed_by(Posted(request.POST.get(ACT, ""), request.POST[SIGNED])))
            return self.get_response(request)

    def process_exception(self, request: ViewerRequest, exception: Exception) -> HttpResponseBase | None:
        """Show what waits for a lead's key, or for a lead who signs beside another."""
        if isinstance(exception, CosignerNeededError):
            return pages.alone(request, exception)
        return pages.sign(request, exception) if isinstance(exception, SignatureNeededError) else None


class RefusalMiddleware:
    """Makes pages of what a view refused and no form told: one place for all of them."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; a view raises what `process_exception` answers."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Answer a refusal with its page; anything else goes its way."""
        if isinstance(exception, AlreadyDoneError):
            return pages.done_already(request, exception)
        if isinstance(exception, Refused):
            return pages.refusal(request, exception)
        if isinstance(exception, HaltedLogError):
            return pages.cannot_grow(request, exception)
        return None


class CachingMiddleware:
    """Says who may keep a page: anyone for a minute if it is everyone's, otherwise no one. And that none may listen or look, but where a view says so."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Set Cache-Control and Permissions-Policy where the view did not."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", "microphone=(), camera=(), geolocation=()")
        match = request.resolver_match
        everyone = match is not None and Role.EVERYONE in getattr(match.func, "open_to", ())
        plain = settings.SESSION_COOKIE_NAME not in request.COOKIES and not response.cookies
        if everyone and plain and request.method in {"GET", "HEAD"} and response.status_code == 200:  # noqa: PLR2004 -- the HTTP status OK
            response.headers.setdefault("Cache-Control", "public, max-age=60")
            response.headers.setdefault("Vary", "Cookie")
        else:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
