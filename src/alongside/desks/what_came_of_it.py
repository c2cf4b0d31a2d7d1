"""What came of it: every thread, one thread from its promise to what was kept, and one from old sources."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from alongside.core.kinds import EntryKind
from alongside.desks import stage_words
from alongside.desks.leaflets import as_pdf, text_messages
from alongside.desks.outcomes import WhatCame
from alongside.desks.thread_entries import FROM_SOURCES, Thread, thread_today
from alongside.ground.gate.roles import Role, ViewerRequest, from_the_record, open_to, or_404
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record.labels import page_source
from alongside.ground.record.models import MilestoneStanding, Standing
from alongside.ground.record.queries import EntryView
from alongside.ground.texts.models import Sound
from alongside.ground.texts.queries import sounds_of
from alongside.ground.ui import sounds
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.context import others
from alongside.ground.ui.pages import page_of
from alongside.work.engagements.queries.promises import has_statements
from alongside.work.projects.queries import courses_of

#: How many of the newest lists of questions to the City are shown.
LISTS = 5


@from_the_record
@open_to(Role.EVERYONE)
def follow(request: ViewerRequest) -> HttpResponseBase:
    """List every question that people were asked, and the newest lists of questions to the City, with what came of them.

    For people without a receipt.
    """
    lang = lang_of(request)
    promises = record.without_words(request.program, kinds=(EntryKind.ENGAGEMENT_PROMISED,))
    page = page_of(promises[::-1], request.GET.get("page"))
    past = past_threads(request.program, lang)
    shown = record.worded(request.program, page, lang)
    lists = record.latest_entry_views(request.program, lang, (EntryKind.ASK_LISTED,), LISTS)
    every = [told for one in past for told in one.told] + shown + lists
    context = {
        "followed": followed(request, shown),
        "lists": listed(request, lists) if lists else [],
        "page": page,
        "past": past,
        "page_source": page_source(one.entry.kind for one in every),
    }
    return render(request, "desks/what_came_of_it.html", context)


@dataclass(frozen=True)
class Followed:
    """One question of the list, or one list of questions to the City: its entry with its words, and short sentences of what came of it."""

    told: EntryView
    sentences: Sequence[str]
    mark: tuple[str, str]
    has_map: bool = False


def followed(request: ViewerRequest, promises: Sequence[EntryView]) -> list[Followed]:
    """Say of each question what came of it. Five queries."""
    today, (asks, steps) = request.today, _asked(request.program, promises)
    found = []
    for one in courses_of(request.program, promises, today):
        own, promised = asks[one.told.index], steps[one.told.index]
        said = [stage_words.asked_words(own, today), stage_words.promised_words(promised, today)]
        said = [stage_words.hearing_words(one.course, today), *filter(None, said)]
        mark = stage_words.mark_of_all(own, promised, today)
        found.append(Followed(one.told, said, mark, has_map=has_statements(one.told)))
    return found


def listed(request: ViewerRequest, lists: Sequence[EntryView]) -> list[Followed]:
    """Say of each list of questions to the City what came of it. Three queries."""
    today, (asks, steps) = request.today, _asked(request.program, lists)
    found = []
    for told in lists:
        own, promised = asks[told.index], steps[told.index]
        done = stage_words.promised_words(promised, today) or _("The City promised nothing on it so far.")
        said = [one for one in (stage_words.asked_words(own, today), done) if one]
        found.append(Followed(told, said, stage_words.mark_of_all(own, promised, today)))
    return found


def _asked(
    program: Program, above: Sequence[EntryView]
) -> tuple[Mapping[int, list[Standing]], Mapping[int, list[MilestoneStanding]]]:
    """Give where stands what was asked of the City under each entry, and what it promised on that. A few queries."""
    about = record.asked_on(program, [one.index for one in above])
    asks, steps = defaultdict[int, list[Standing]](list), defaultdict[int, list[MilestoneStanding]](list)
    for ask in record.standings(program, ask__in=about):
        asks[about[ask.ask]].append(ask)
    for step in record.milestones(program, ask__in=about):
        steps[about[step.ask]].append(step)
    return asks, steps


@from_the_record
@open_to(Role.EVERYONE)
def thread(request: ViewerRequest, promise: int) -> HttpResponseBase:
    """Show what came of one question: three sentences, what was kept because of it, and every step from the promise on."""
    return _came(request, promise)


@from_the_record
@open_to(Role.EVERYONE)
def poster(request: ViewerRequest, promise: int) -> HttpResponseBase:
    """Give what was kept because of one question as a poster, a page a promise; the page instead where a letter has no font here."""
    came = WhatCame(request, or_404(thread_today(request.program, promise, lang_of(request))))
    if not (because := came.because()):
        raise Http404
    data = came.poster(because, _address(request, promise))
    return as_pdf(data, f"because-of-you-{promise}", lambda note: _came(request, promise, note=note))


@from_the_record
@open_to(Role.EVERYONE)
def report(request: ViewerRequest, promise: int) -> HttpResponseBase:
    """Give what came of one question on one page; the page instead where a letter has no font here."""
    came = WhatCame(request, or_404(thread_today(request.program, promise, lang_of(request))))
    program = request.pack.name.say(lang_of(request))
    data = came.on_a_page(came.because(), program, _address(request, promise))
    return as_pdf(data, f"what-came-of-it-{promise}", lambda note: _came(request, promise, note=note))


@from_the_record
@open_to(Role.EVERYONE)
def tell(request: ViewerRequest, promise: int) -> HttpResponseBase:
    """Give what came of one question to hand on, in the language of the page: its address, one page on paper, words for a message."""
    found = or_404(thread_today(request.program, promise, lang_of(request)))
    came, here = WhatCame(request, found), _address(request, promise)
    said = _said(request, found)
    sound = sounds.address(request, said.about, said.digest, said.kind) if said else ""
    words = came.to_tell(here, sound)
    context = {
        "promise": found.first,
        "reported": came.reported(),
        "is_kept": bool(came.because()),
        "said": said,
        "sound": sound,
        "address": here,
        "words": words,
        "text_messages": text_messages(words),
        "others": others(request, found.first.entry.data["languages"]),
    }
    return render(request, "desks/tell.html", context)


def _said(request: ViewerRequest, found: Thread) -> Sound | None:
    """Give the report-back as a lead says it in the language of the page. One query, where people have heard back."""
    reports = found.about(found.first.index, EntryKind.REPORT_PUBLISHED)
    return sounds_of(request.program, reports[-1].index, lang_of(request)).get("") if reports else None


def _address(request: ViewerRequest, promise: int) -> str:
    """Give the whole address of the page of one question, as it is sent on and printed."""
    return f"{settings.ALONGSIDE.address}{to(request, 'desks:thread', promise=promise)}"


def _came(request: ViewerRequest, promise: int, *, note: str = "") -> HttpResponse:
    lang, today = lang_of(request), request.today
    found = or_404(thread_today(request.program, promise, lang))
    came, here = WhatCame(request, found), _address(request, promise)
    context = {
        "promise": found.first,
        "has_map": has_statements(found.first),
        "state": found.course(found.first).state(today),
        "short": came.in_short(),
        "because": [(one, came.to_send(one, f"{here}{one.href}")) for one in came.because()],
        "stretches": came.stretches(),
        "lines": came.lines(),
        "is_reported": bool(found.about(promise, EntryKind.REPORT_PUBLISHED)),
        "said": _said(request, found),
        "today": today,
        "record_head": record.head_of(request.program),
        "watched_until": found.first.entry.date.year + request.pack.clocks.monitor_years,
        "note": note,
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
