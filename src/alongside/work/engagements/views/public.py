"""What residents see: the list, the promise with the form, and the form on paper."""

from datetime import UTC, date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from alongside.core.clocks import local_date
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of, to, to_if_there
from alongside.ground.record.queries import packs_of
from alongside.work.engagements.queries import public as queries
from alongside.work.engagements.queries.drafts import open_for
from alongside.work.engagements.queries.public import Page
from alongside.work.engagements.queries.wording import government, items_of, says_who_reads, wording
from alongside.work.engagements.views.keeping import corrects


def _today(request: AskedHttpRequest) -> date:
    return local_date(datetime.now(tz=UTC), request.pack)


@open_to(Role.EVERYONE)
def open_list(request: AskedHttpRequest) -> HttpResponseBase:
    """List what people can take part in, what comes to a close, and what is over."""
    today, lang = _today(request), lang_of(request)
    found = queries.listing(request.program, lang, today)
    groups = {
        name: items_of(getattr(found, name), request.pack, lang, today)
        for name in ("open", "closing", "paused", "over")
    }
    context = {**groups, "government": government(request.pack, lang), "record_head": found.head}
    return render(request, "engagements/open.html", context)


@open_to(Role.EVERYONE)
def engagement(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Show the promise first, then the form, on one page."""
    page = queries.engagement_page(request.program, lang_of(request), slug, _today(request))
    if page is None:
        raise Http404
    context = {**_shown(request, page), "correct_href": _correction(request, page)}
    response = render(request, "engagements/engagement.html", context)
    if page.state == "open":
        # What was typed must not come back with Back; a cache in front may still keep the page (RFC 9213).
        response["Cache-Control"] = "no-store"
        if request.asker.person_id is None:
            response["CDN-Cache-Control"] = "public, max-age=60"
    return response


@open_to(Role.EVERYONE)
def paper(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Show the form for print, with its promise."""
    page = queries.engagement_page(request.program, lang_of(request), slug, _today(request))
    if page is None or page.state != "open":
        raise Http404
    reading = page.texts.get("reading")
    says = reading is not None and says_who_reads(reading.words, reading.lang)
    return render(request, "engagements/paper.html", {**_shown(request, page), "says_who_reads": says})


def _shown(request: AskedHttpRequest, page: Page) -> dict[str, Any]:
    """Give what the page of a promise needs beside the promise itself."""
    decider = str(page.decision.entry.data["office"]) if page.decision else ""
    frozen = packs_of(request.program).at(page.entry or 0)
    post = to_if_there(request, "voices:take_in", slug=page.slug)
    return {
        "page": page,
        "say": wording(page.data, decider, frozen, lang_of(request), now=request.pack),
        "keyholders": ["community"] * min(page.readers, 12),
        "post_href": post,
        "can_speak": bool(post) and page.entry is not None and page.state == "open" and bool(page.questions),
        "neutral_href": _neutral(lang_of(request)),
        "thread_href": _thread(request, page),
        "record_head": page.head,
    }


def _correction(request: AskedHttpRequest, page: Page) -> str:
    """Give the address of the form that corrects a promise to whoever may sign a correction; else an empty string."""
    if page.state == "closed" or not request.asker.roles & {Role.LEAD, Role.MANAGER}:
        return ""
    found = open_for(request.program, request.asker, page.slug)
    return to(request, "engagements:correct", slug=page.slug) if found and corrects(request, found) else ""


def _neutral(lang: str) -> str:
    """Give the address of the receipt page, which names no program; a tab that loads it again speaks as before."""
    try:
        return reverse("receipts:follow", args=[lang])
    except NoReverseMatch:
        return "/r"


def _thread(request: HttpRequest, page: Page) -> str:
    """Give the address of the thread of an engagement, or an empty string."""
    return to_if_there(request, "desks:thread", promise=page.entry)
