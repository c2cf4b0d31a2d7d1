"""Pages that cross rooms. A view asks the gate, makes its calls, picks a page."""

from django.http import Http404, HttpResponseBase
from django.shortcuts import render

from alongside.chain.asks.queries import to_hand_on
from alongside.cohort.pay.queries import quick_of
from alongside.core.kinds import EntryKind
from alongside.desks import (
    ahead,
    caring,
    ending,
    gathering,
    inviting,
    learning,
    paying,
    planning,
    queries,
    reviewing,
    seating,
    translating,
    waiting,
)
from alongside.desks.queries.coming import coming
from alongside.desks.threads import Layout
from alongside.ground.gate.roles import Role, ViewerRequest, from_the_record, open_to
from alongside.ground.record import queries as record
from alongside.ground.record.labels import told_from
from alongside.ground.record.sentences import Row
from alongside.ground.ui.addresses import lang_of
from alongside.ground.ui.languages import listed
from alongside.work.strategies.queries import may_hold_strategies

LATEST = 5


@from_the_record
@open_to(Role.EVERYONE)
def home(request: ViewerRequest) -> HttpResponseBase:
    """Show what is open, the city's clock, the latest entries, and help."""
    lang, today = lang_of(request), request.today
    rates, asks, _steps = queries.rates(request.program, today)
    latest = record.told_where_latest(request.program, lang, queries.LATEST_KINDS, LATEST)
    past = queries.past_threads(request.program, lang)
    context = {
        "open": queries.open_now(request.program, lang, today),
        "tallies": queries.tallies(
            asks,
            queries.lists_of(request.program, asks),
            queries.without_reasons(request.program),
            request.pack,
            lang,
            today,
        ),
        "rates": rates,
        "latest": [Row.of(one, "", request.pack, lang, signed=True, titles={}) for one in latest],
        "past": past,
        "told_from": "both" if past else "",
        "sanctuary": {
            "title": request.pack.words("sanctuary.title", lang),
            "words": request.pack.words("sanctuary.words", lang),
        },
        "record_head": record.head_of(request.program),
        "today": today,
    }
    return render(request, "desks/home.html", context)


@from_the_record
@open_to(Role.EVERYONE)
def follow(request: ViewerRequest) -> HttpResponseBase:
    """List every thread, for people without a receipt."""
    lang = lang_of(request)
    threads = record.told_where(request.program, lang, kinds=(EntryKind.ENGAGEMENT_PROMISED,))
    past = queries.past_threads(request.program, lang)
    every = [told for one in past for told in one.told] + threads
    context = {
        "threads": threads,
        "past": past,
        "told_from": told_from(one.entry.kind for one in every),
    }
    return render(request, "desks/follow.html", context)


@from_the_record
@open_to(Role.EVERYONE)
def thread(request: ViewerRequest, promise: int) -> HttpResponseBase:
    """Show one thread from its promise to what was kept."""
    lang, today = lang_of(request), request.today
    gathered = gathering.gather(request.program, promise, lang, today)
    if gathered is None:
        raise Http404
    layout = Layout(request, request.pack, gathered, lang, today)
    context = {
        "promise": gathered.promise,
        "stretches": layout.stretches(),
        "lines": layout.lines(),
        "is_reported": bool(gathered.citing(promise, EntryKind.REPORT_PUBLISHED)),
        "today": today,
        "record_head": record.head_of(request.program),
        "watched_until": gathered.promise.entry.date.year + request.pack.clocks.monitor_years,
    }
    return render(request, "desks/thread.html", context)


@from_the_record
@open_to(Role.EVERYONE)
def past(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show a thread that was reconstructed from old sources."""
    found = next(
        (one for one in queries.past_threads(request.program, lang_of(request)) if one.slug == slug), None
    )
    if found is None:
        raise Http404
    context = {"past": found, "first": found.told[0], "told_from": "sources"}
    return render(request, "desks/past.html", context)


@open_to(Role.LEAD)
def week(request: ViewerRequest) -> HttpResponseBase:
    """Show a lead what waits for them, and where the engagements are."""
    lang, today = lang_of(request), request.today
    courses = queries.under_way(request.program, lang, today)
    left = queries.LeftToOthers(request.program, request.viewer.seat, today)
    pay = paying.account(request, today)
    context = {
        "items": [
            *waiting.for_lead(request, courses, left, lang, today),
            *seating.for_lead(request, today),
            *caring.for_lead(request, today),
            *planning.for_lead(request),
            *inviting.for_lead(request, today),
            *reviewing.for_lead(request, today),
            *paying.for_lead(request, pay),
            *ending.for_lead(request, today),
        ],
        "quick": quick_of(pay, request.pack, lang) if pay else [],
        "courses": courses,
        "reported_by_others": {one.promise for one in courses if one.findings and left.report(one.promise)},
        "drafts": queries.drafts_of_leads(request.program, lang),
        "may_hold_strategies": may_hold_strategies(request.viewer),
        "today": today,
    }
    return render(request, "desks/week.html", context)


@open_to(Role.STAFF)
def unit(request: ViewerRequest) -> HttpResponseBase:
    """Show what the viewer's units owe, by date, and what waits for a signature."""
    lang, today, units = lang_of(request), request.today, sorted(request.viewer.units)
    ours = sorted(request.viewer.answers_for)
    handed_on = {one.ask for one in to_hand_on(request.program, request.viewer)}
    owed = queries.owed(request.program, request.pack, lang, today, units=ours)
    rows = [one for one in owed if one.ask not in handed_on]
    lines = queries.together(rows)
    shown, folded = queries.folded(lines)
    context = {
        "owed": lines,
        "shown": shown,
        "folded": folded,
        "drafts": queries.drafts_of_unit(request.program, ours),
        "duties": queries.duties(request.program, request.pack, lang, today, ours),
        "under_way": [
            (one, request.viewer.signs_for(one.unit))
            for one in queries.promised_by(request.program, lang, ours)
        ],
        "coming": coming(request.program, lang, today, units=units),
        "items": [
            *waiting.for_unit(request, rows, today),
            *planning.for_unit(request),
            *inviting.for_unit(request, today),
            *reviewing.for_unit(request, today),
            *seating.appeals(request),
            *caring.for_unit(request, today),
        ],
        "place": listed(queries.unit_name(request.pack, one, lang) for one in units),
        "today": today,
    }
    return render(request, "desks/unit.html", context)


@open_to(Role.STEWARD)
def steward(request: ViewerRequest) -> HttpResponseBase:
    """Show the steward one screen: what is late, what waits, each with its owner and next step."""
    lang, today = lang_of(request), request.today
    courses = queries.under_way(request.program, lang, today)
    decisions = coming(request.program, lang, today)
    shown, away = queries.folded(queries.together(queries.owed(request.program, request.pack, lang, today)))
    items = [
        *seating.for_steward(request, today),
        *paying.for_steward(request, today),
        *learning.for_steward(request, today),
        *waiting.for_steward(request, today),
        *planning.for_steward(request, today),
        *translating.for_steward(request, today),
    ]
    context = {
        "owed": shown,
        "folded": away,
        "courses": courses,
        "coming": decisions,
        "dates": ahead.coming_dates(request, courses, decisions, today),
        "items": sorted(items, key=lambda one: one.state != "late"),
        "today": today,
    }
    return render(request, "desks/steward.html", context)
