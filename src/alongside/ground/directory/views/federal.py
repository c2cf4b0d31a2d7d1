"""The register of federal requests: what to say, to whom it goes, what was done, and the monthly file."""

from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render

from alongside.core.clocks import local_date
from alongside.core.reconcile import write
from alongside.ground.directory import actions
from alongside.ground.directory.forms import RequestForm
from alongside.ground.directory.models import FederalRequest
from alongside.ground.directory.queries import federal
from alongside.ground.directory.queries.words import AGENCIES, ASKED, IMMIGRATION, PAPERS, STEPS, WAYS
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of, to
from alongside.ground.look.refusals import said
from alongside.ground.look.tongues import listed


def _row(one: FederalRequest, request: AskedHttpRequest) -> dict[str, Any]:
    """Give a request as pages say it."""
    lang, taken = lang_of(request), federal.steps_of(one)
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
        "is_open": not taken.keys() & {"declined", "followed"},
        "head": _head(request, one.unit.slug),
        "routed": one.routed.on if hasattr(one, "routed") else None,
        "left": [(step, STEPS[step]) for step in federal.steps_left(one, request.pack, request.asker)],
    }


def _head(request: AskedHttpRequest, unit: str) -> str:
    """Say which office heads a unit: the one that signs for it."""
    return str(
        request.pack.office_title(federal.head_office(request.pack, unit) or f"{unit}/", lang_of(request))
    )


def _rules(request: AskedHttpRequest) -> dict[str, Any]:
    """Give the pack's words: how to decline, the laws, the lawyers, and to whom the file goes."""
    rules, lang = request.pack.federal, lang_of(request)
    attorney = rules.attorney_words.say(lang) if rules.attorney_words else ""
    return {
        "decline": rules.says.say(lang),
        "decline_en": rules.says.say("en"),
        "statutes": [
            (one.cites, one.says.say(lang), one.says.lang_of(lang), one.source) for one in rules.shown
        ],
        "attorney": request.pack.office_title(rules.attorney, lang) if rules.attorney else attorney,
        "report": rules.report.say(lang) if rules.report else "",
        "report_source": rules.report_source or "",
    }


@open_to(Role.STAFF, Role.STEWARD)
def requests(request: AskedHttpRequest) -> HttpResponseBase:
    """Show what to say, who hears of it, and the requests that the asker may see."""
    found = federal.requests_for(request.program, request.pack, request.asker)
    context = {
        **_rules(request),
        "rows": [_row(one, request) for one in found],
        "months": federal.months(found),
        "may_record": request.asker.has(Role.STAFF),
        "heads": [_head(request, unit) for unit in sorted(request.asker.units)],
    }
    return render(request, "directory/requests.html", context)


@open_to(Role.STAFF)
def record(request: AskedHttpRequest) -> HttpResponseBase:
    """Let staff write a request down for a unit they work for."""
    now, lang = datetime.now(tz=UTC), lang_of(request)
    units = federal.units_to_record(request.program, request.asker)
    names = {one.slug: one.name.say(lang) for one in request.pack.units}
    pairs = [(one.slug, names.get(one.slug, one.slug)) for one in units]
    initial = {"received_on": local_date(now, request.pack)}
    form = RequestForm(request.POST if request.method == "POST" else None, units=pairs, initial=initial)
    if form.is_valid():
        typed = dict(form.cleaned_data)
        slug = typed.pop("unit", units[0].slug)
        unit = next(one for one in units if one.slug == slug)
        unit.program = request.program
        try:
            made = actions.record_request(unit=unit, what=actions.Asked(**typed), by=request.user, now=now)  # type: ignore[arg-type]  # staff are signed in
            return HttpResponseRedirect(to(request, "directory:request", key=made.key))
        except actions.NotYetCome as error:
            form.add_error("received_on", said(error))
    return render(request, "directory/record.html", {"form": form, **_rules(request)})


@open_to(Role.STAFF, Role.STEWARD)
def one_request(request: AskedHttpRequest, key: str) -> HttpResponseBase:
    """Show one request with what is left to do; a button notes each step."""
    found = federal.request_for(request.program, request.pack, request.asker, key)
    if found is None:
        raise Http404
    problem = ""
    if request.method == "POST":
        try:
            actions.take_step(
                request=found,
                step=request.POST.get("step", ""),
                asker=request.asker,
                by=request.user,  # type: ignore[arg-type]  # somebody is signed in
                now=datetime.now(tz=UTC),
            )
            return HttpResponseRedirect(to(request, "directory:request", key=key))
        except actions.NotNow as error:
            problem = said(error)
    today = local_date(datetime.now(tz=UTC), request.pack)
    hears = federal.routed_to(found, request.pack, today)
    context = {"row": _row(found, request), "hears": bool(hears), "problem": problem, **_rules(request)}
    return render(request, "directory/request.html", context)


@open_to(Role.STAFF, Role.STEWARD)
def month(request: AskedHttpRequest, month: str, form: str) -> HttpResponseBase:
    """Give the file of a month, as CSV or JSON; a month without requests has none."""
    found = federal.requests_for(request.program, request.pack, request.asker)
    rows = federal.month_rows(found, month)
    if not rows:
        raise Http404
    if form == "json":
        response: HttpResponse = JsonResponse({"month": month, "requests": rows})
    else:
        text = write(list(federal.COLUMNS), [list(row.values()) for row in rows])
        response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="federal-requests-{month}.{form}"'
    return response
