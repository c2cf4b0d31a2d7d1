"""The register of city projects: a page for each project and each decision on it."""

from datetime import UTC, date, datetime

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

from alongside.core.clocks import local_date
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of, to
from alongside.work.projects import actions, queries
from alongside.work.projects.forms import DecisionForm, ProjectForm


def _today(request: AskedHttpRequest) -> date:
    return local_date(datetime.now(tz=UTC), request.pack)


@open_to(Role.EVERYONE)
def projects(request: AskedHttpRequest) -> HttpResponseBase:
    """List every project on the register."""
    found = queries.all_projects(request.program, lang_of(request))
    units = {unit.slug: unit.name.say(lang_of(request)) for unit in request.pack.units}
    rows = [(one, units.get(one.entry.data["unit"], one.entry.data["unit"])) for one in found]
    return render(
        request,
        "projects/projects.html",
        {"rows": rows, "may_register": request.asker.has(Role.STAFF, Role.STEWARD)},
    )


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
    context["may_schedule"] = request.asker.has(Role.STEWARD) or request.asker.works_for(unit)
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


@open_to(Role.STAFF, Role.STEWARD)
def register(request: AskedHttpRequest) -> HttpResponseBase:
    """Put a project on the register, and on the record."""
    lang = lang_of(request)
    units = {unit.slug: unit for unit in queries.units_for(request.program, request.asker)}
    named = [(one.slug, one.name.say(lang)) for one in request.pack.units if one.slug in units]
    form = ProjectForm(request.POST if request.method == "POST" else None, units=named)
    if form.is_valid():
        typed = form.cleaned_data
        made = actions.register_project(
            program=request.program,
            slug=queries.free_slug(queries.slugs_of(request.program), typed["title"], "project"),
            unit=units[typed["unit"]],
            by=queries.pen_of(request.asker, typed["unit"]),
            words={lang: {name: typed[name] for name in ("title", "summary")}},
            now=datetime.now(tz=UTC),
        )
        return HttpResponseRedirect(to(request, "projects:project", slug=made.slug))
    return render(request, "projects/register.html", {"form": form})


@open_to(Role.STAFF, Role.STEWARD)
def schedule(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Put a dated decision of a project on the record."""
    found = queries.project_for(request.program, request.asker, slug)
    if found is None:
        raise Http404
    lang = lang_of(request)
    offices = [(one, request.pack.office_title(one, lang)) for one in request.pack.offices]
    posted = request.POST if request.method == "POST" else None
    form = DecisionForm(posted, offices=offices, today=_today(request))
    if form.is_valid():
        typed = form.cleaned_data
        made = actions.schedule_decision(
            project=found,
            slug=queries.free_slug(queries.decisions_of(found), typed["decision"], "decision"),
            on=typed["on"],
            office=queries.office_by_id(request.program, typed["office"]),
            by=queries.pen_of(request.asker, found.unit.slug),
            words={lang: {name: typed[name] for name in ("decision", "open")}},
            now=datetime.now(tz=UTC),
        )
        return HttpResponseRedirect(to(request, "projects:decision", slug=slug, decision=made.slug))
    return render(request, "projects/schedule.html", {"form": form, "slug": slug})
