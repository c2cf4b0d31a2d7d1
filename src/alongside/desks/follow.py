"""What came of it: every thread, one thread from its promise to what was kept, and one from old sources."""

from collections import defaultdict
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.shortcuts import render

from alongside.core.kinds import EntryKind
from alongside.desks.threads import FROM_SOURCES, thread_today
from alongside.desks.timeline import Timeline
from alongside.ground.gate.roles import Role, ViewerRequest, from_the_record, open_to, or_404
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record.labels import page_source
from alongside.ground.record.queries import EntryView
from alongside.ground.ui.addresses import lang_of
from alongside.ground.ui.pages import page_of


@from_the_record
@open_to(Role.EVERYONE)
def follow(request: ViewerRequest) -> HttpResponseBase:
    """List every thread, for people without a receipt."""
    lang = lang_of(request)
    promises = record.without_words(request.program, kinds=(EntryKind.ENGAGEMENT_PROMISED,))
    page = page_of(promises[::-1], request.GET.get("page"))
    threads = record.worded(request.program, page, lang)
    past = past_threads(request.program, lang)
    every = [told for one in past for told in one.told] + threads
    context = {
        "threads": threads,
        "page": page,
        "past": past,
        "page_source": page_source(one.entry.kind for one in every),
    }
    return render(request, "desks/follow.html", context)


@from_the_record
@open_to(Role.EVERYONE)
def thread(request: ViewerRequest, promise: int) -> HttpResponseBase:
    """Show one thread from its promise to what was kept."""
    lang, today = lang_of(request), request.today
    found = or_404(thread_today(request.program, promise, lang))
    timeline = Timeline(request, found)
    context = {
        "promise": found.first,
        "stretches": timeline.stretches(),
        "lines": timeline.lines(),
        "is_reported": bool(found.about(promise, EntryKind.REPORT_PUBLISHED)),
        "today": today,
        "record_head": record.head_of(request.program),
        "watched_until": found.first.entry.date.year + request.pack.clocks.monitor_years,
    }
    return render(request, "desks/thread.html", context)


@from_the_record
@open_to(Role.EVERYONE)
def past(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show a thread that was reconstructed from old sources."""
    found = or_404(
        next((one for one in past_threads(request.program, lang_of(request)) if one.slug == slug), None)
    )
    context = {"past": found, "first": found.told[0], "page_source": "sources"}
    return render(request, "desks/past.html", context)


@dataclass(frozen=True)
class Past:
    """A thread from old sources."""

    slug: str
    told: list[EntryView]


def past_threads(program: Program, lang: str) -> list[Past]:
    """List the threads that were reconstructed from old sources. Two queries."""
    by_slug: dict[str, list[EntryView]] = defaultdict(list)
    for one in record.entry_views_where(program, lang, kinds=FROM_SOURCES):
        by_slug[one.entry.data["thread"]].append(one)
    return [
        Past(slug, sorted(found, key=lambda one: (one.entry.data["event_date"], one.index)))
        for slug, found in by_slug.items()
    ]
