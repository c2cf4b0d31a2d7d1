"""Pages for anyone in trouble, and the register of federal requests for staff."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render

from alongside.core.tables import write
from alongside.ground.directory import actions, queries
from alongside.ground.directory.forms import RequestForm
from alongside.ground.directory.models import FederalRequest
from alongside.ground.directory.queries import (
    AGENCIES,
    ASKED,
    HEAD_KNOWS,
    IMMIGRATION,
    NOTES,
    PAPERS,
    STEPS,
    WAYS,
    help_of,
)
from alongside.ground.gate.roles import Role, View, ViewerRequest, from_the_record, open_to, or_404
from alongside.ground.ui.addresses import has_page, lang_of, to
from alongside.ground.ui.languages import listed
from alongside.ground.ui.press import Typed, posted, press


def _row(one: FederalRequest, request: ViewerRequest) -> dict[str, Any]:
    """Give a request as pages say it."""
    lang, taken = lang_of(request), queries.steps_of(one)
    units = {unit.slug: unit for unit in request.pack.units}
    return {
        "key": one.key,
        "received_on": one.received_on,
        "unit": units[one.unit.slug].name.say(lang) if one.unit.slug in units else one.unit.slug,
        "agency": AGENCIES[one.agency],
        "came_by": WAYS[one.came_by],
        "asked": listed(str(ASKED[each]) for each in one.asked),
        "paper": PAPERS[one.paper],
        "immigration": IMMIGRATION[one.immigration],
        "steps": [(STEPS[step], day) for step, day in sorted(taken.items(), key=lambda each: each[1])],
        "undone": listed(queries.left_in_words(one, request.viewer)),
        "waits_to_decide": "decide" in queries.undone(one),
        "is_judicial": one.paper == "judicial",
        "head": _head(request, one.unit.slug),
        "is_mine": request.viewer.signs_for(one.unit.slug),
        "routed": one.routed_on,
        "left": [
            (step, HEAD_KNOWS if step == "head" and request.viewer.signs_for(one.unit.slug) else NOTES[step])
            for step in queries.steps_left(one, request.pack, request.viewer)
        ],
    }


def _head(request: ViewerRequest, unit: str) -> str:
    """Say which office heads a unit: the one that signs for it."""
    return str(
        request.pack.office_title(queries.head_office(request.pack, unit) or f"{unit}/", lang_of(request))
    )


def _rules(request: ViewerRequest) -> dict[str, Any]:
    """Give the pack's rules, and to which lawyers a request goes."""
    rules, lang = request.pack.federal, lang_of(request)
    words = rules.attorney_words.say(lang) if rules.attorney_words else ""
    return {
        "rules": rules,
        "attorney": request.pack.office_title(rules.attorney, lang) if rules.attorney else words,
    }


def _only_with(name: str) -> Callable[[View], View]:
    """Let a page be there only where the pack of the program has what it tells."""

    def only(view: View) -> View:
        @wraps(view)
        def shown(request: ViewerRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not has_page(request.pack, name):
                raise Http404
            return view(request, *args, **kwargs)

        return shown

    return only


@open_to(Role.STAFF, Role.STEWARD)
@_only_with("directory:requests")
def requests(request: ViewerRequest) -> HttpResponseBase:
    """Show what to say, who hears of it, and the requests that the viewer may see."""
    found = queries.requests_for(request.program, request.pack, request.viewer)
    context = {
        **_rules(request),
        "rows": [_row(one, request) for one in found],
        "months": queries.months(found),
        "may_record": request.viewer.has(Role.STAFF),
        "heads": [_head(request, unit) for unit in sorted(request.viewer.units)],
    }
    return render(request, "directory/requests.html", context)


@open_to(Role.STAFF)
@_only_with("directory:record")
def record(request: ViewerRequest) -> HttpResponseBase:
    """Let staff write a request down for a unit they work for."""
    lang = lang_of(request)
    units = queries.units_to_record(request.program, request.viewer)
    names = {one.slug: one.name.say(lang) for one in request.pack.units}
    pairs = [(one.slug, names.get(one.slug, one.slug)) for one in units]
    form = RequestForm(posted(request), units=pairs, initial={"received_on": request.today})

    def act(typed: Typed) -> str:
        slug = typed.pop("unit", units[0].slug)
        unit = next(one for one in units if one.slug == slug)
        unit.program = request.program
        made = actions.record_request(unit=unit, by=request.user, now=request.now, **typed)
        return to(request, "directory:request", key=made.key)

    return press(request, form, act, str) or render(
        request, "directory/record.html", {"form": form, **_rules(request)}
    )


@open_to(Role.STAFF, Role.STEWARD)
def one_request(request: ViewerRequest, key: str) -> HttpResponseBase:
    """Show one request with what is left to do; a button notes each step."""
    found = or_404(queries.request_for(request.program, request.pack, request.viewer, key))
    form = Form(posted(request))

    def act(_typed: Typed) -> None:
        given = {"viewer": request.viewer, "by": request.user, "now": request.now}
        actions.take_step(request=found, step=request.POST.get("step", ""), **given)

    if went := press(request, form, act, to(request, "directory:request", key=key)):
        return went
    hears = queries.routed_to(found, request.pack, request.today)
    context = {"row": _row(found, request), "hears": bool(hears), "form": form}
    return render(request, "directory/request.html", {**context, **_rules(request)})


@open_to(Role.STAFF, Role.STEWARD)
def month(request: ViewerRequest, month: str, form: str) -> HttpResponseBase:
    """Give the file of a month, as CSV or JSON; a month without requests has none."""
    found = queries.requests_for(request.program, request.pack, request.viewer)
    rows = queries.month_rows(found, month)
    if not rows:
        raise Http404
    if form == "json":
        response: HttpResponse = JsonResponse({"month": month, "requests": rows})
    else:
        text = write(list(queries.COLUMNS), [list(row.values()) for row in rows])
        response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="federal-requests-{month}.{form}"'
    return response


def _help(request: ViewerRequest, kinds: Iterable[str]) -> dict[str, Any]:
    """Give the help lines of some kinds, and whether numbers on the page were made up for a demonstration."""
    is_made_up = any(one.demonstration for one in request.pack.help_shown)
    in_demonstration = request.program.is_demonstration
    return {
        "groups": help_of(request.pack, kinds),
        "about": queries.about_questions(request.program, request.pack),
        # The banner of a demonstration says that numbers are made up; on this page real ones must not be doubted.
        "is_demonstration": in_demonstration and is_made_up,
        "is_real_in_demonstration": in_demonstration and not is_made_up,
    }


@from_the_record
@open_to(Role.EVERYONE)
@_only_with("directory:help")
def help_page(request: ViewerRequest) -> HttpResponseBase:
    """Show the help lines of the program's pack. Knows nothing of who asks and keeps nothing."""
    context = {"sanctuary": request.pack.sanctuary, "sources": queries.sources_of(request.pack)}
    return render(request, "directory/help.html", {**context, **_help(request, queries.KINDS)})


#: The help lines that this page shows, in their order.
WHO_TO_CALL = ("urgent", "legal", "sanctuary")


@from_the_record
@open_to(Role.EVERYONE)
@_only_with("directory:papers")
def papers(request: ViewerRequest) -> HttpResponseBase:
    """Say, step by step, what to do with a subpoena or a request from a federal agency. Knows nothing of who asks."""
    context = {"rules": request.pack.federal, **_help(request, WHO_TO_CALL)}
    return render(request, "directory/papers.html", context)


@open_to(Role.EVERYONE)
@_only_with("directory:federal")
def counts(request: ViewerRequest) -> HttpResponseBase:
    """Show how many requests there were, in ranges, of those that counsel cleared."""
    rows = queries.public_years(request.program, request.pack, request.program.opened_on, request.today)
    context = {"rows": rows, "k": request.pack.k, "is_exact": request.pack.federal.exact_counts}
    return render(request, "directory/counts.html", context)
