"""The register of city projects: a page for each project and each decision on it."""

from datetime import UTC, date, datetime

from django.http import Http404, HttpResponseBase
from django.shortcuts import render

from alongside.core.clocks import local_date
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of
from alongside.work.projects import queries


def _today(request: AskedHttpRequest) -> date:
    return local_date(datetime.now(tz=UTC), request.pack)


@open_to(Role.EVERYONE)
def projects(request: AskedHttpRequest) -> HttpResponseBase:
    """List every project on the register."""
    found = queries.all_projects(request.program, lang_of(request))
    units = {unit.slug: unit.name.say(lang_of(request)) for unit in request.pack.units}
    rows = [(one, units.get(one.entry.data["unit"], one.entry.data["unit"])) for one in found]
    return render(request, "projects/projects.html", {"rows": rows})


@open_to(Role.EVERYONE)
def project(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Show a project, its decisions, and where people can speak on them."""
    lang = lang_of(request)
    found = queries.project_page(request.program, lang, slug, _today(request))
    if found is None:
        raise Http404
    unit = found.told.entry.data["unit"]
    named = {one.slug: one.name.say(lang) for one in request.pack.units}
    offices = {one.slug: request.pack.office_title(one.office, lang) for one in found.decisions}
    rows = [(one, offices[one.slug]) for one in found.decisions]
    context = {"project": found, "unit": named.get(unit, unit), "rows": rows, "record_head": found.head}
    return render(request, "projects/project.html", context)


@open_to(Role.EVERYONE)
def decision(request: AskedHttpRequest, slug: str, decision: str) -> HttpResponseBase:
    """Show one decision: what is decided, by which office, when, what is open, and the engagements on it."""
    today = _today(request)
    found = queries.project_page(request.program, lang_of(request), slug, today)
    point = found.decision(decision) if found else None
    if found is None or point is None:
        raise Http404
    office = request.pack.office_title(point.office, lang_of(request))
    context = {
        "project": found,
        "point": point,
        "office": office,
        "days": (point.on - today).days,
        "record_head": found.head,
    }
    return render(request, "projects/decision.html", context)
