"""The register for everyone: its list, and a page for each project and each decision on it."""

from http import HTTPStatus

from django.http import Http404, HttpResponseBase
from django.shortcuts import render

from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of
from alongside.ground.record.queries import head_of, packs_of
from alongside.work.projects import queries
from alongside.work.projects.forms.narrowing import NarrowForm
from alongside.work.projects.queries import facts
from alongside.work.projects.queries.looking import is_as_it_came
from alongside.work.projects.queries.proving import erased_row
from alongside.work.projects.views.doors import key_of, today_of, units_of


@open_to(Role.EVERYONE)
def projects(request: AskedHttpRequest) -> HttpResponseBase:
    """List the register, a page at a time, narrowed by what is asked for."""
    lang, today = lang_of(request), today_of(request)
    form = NarrowForm(request.GET, pack=request.pack, lang=lang)
    page = queries.list_page(request.program, lang, form.narrow, today, form.number)
    units = units_of(request)
    rows = [(one, units.get(one.listing.unit) or one.body or one.listing.unit) for one in page.lines]
    context = {"page": page, "rows": rows, "form": form, "record_head": page.head}
    context["may_register"] = request.asker.has(Role.STAFF, Role.STEWARD)
    return render(request, "projects/projects.html", context)


@open_to(Role.EVERYONE)
def project(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Show a project: its facts, decisions, harm that was named, what communities said, and who works on it."""
    lang = lang_of(request)
    listing = queries.listing_of(request.program, slug)
    found = queries.project_page(request.program, lang, slug, today_of(request)) if listing else None
    if listing is None or (found is None and listing.row is None):
        return _gone(request, slug)
    units, row = units_of(request), listing.row
    context = {
        "listing": listing,
        "row": row,
        "unit": units.get(listing.unit) or (row.facts.get("body") if row else "") or listing.unit,
        "may_write": queries.may_write_about(request.asker, listing.unit),
        "vkey": key_of(request) if row else "",
        "is_changed": row is not None and not is_as_it_came(row),
        "today": today_of(request),
        "is_unit": request.asker.works_for(listing.unit),
        "may_agree": request.asker.has(Role.LEAD, Role.MANAGER),
    }
    if found is None:
        context["lines"] = lines = facts.row_lines(row, request.pack, lang) if row else []
        context["gaps"] = [one.label for one in lines if not one.parts]
        context["record_head"] = head_of(request.program)
        context["may_adopt"] = request.asker.has(Role.STAFF, Role.STEWARD)
        return render(request, "projects/imported.html", context)
    context |= facts.page_of(found, packs_of(request.program), request.pack, lang, request.asker)
    return render(request, "projects/project.html", context)


def _gone(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Say that what stood here was taken down, and where the record says why; else there is no such page."""
    row = erased_row(request.program, slug)
    if row is None:
        raise Http404
    return render(request, "projects/taken_down.html", {"row": row}, status=HTTPStatus.GONE)


@open_to(Role.EVERYONE)
def decision(request: AskedHttpRequest, slug: str, decision: str) -> HttpResponseBase:
    """Show one decision: what is decided, by which office, when, what is open, and the engagements on it."""
    today, lang = today_of(request), lang_of(request)
    found = queries.project_page(request.program, lang, slug, today)
    point = found.decision(decision) if found else None
    if found is None or point is None:
        raise Http404
    packs = packs_of(request.program)
    context = {
        "project": found,
        "point": point,
        "office": packs.at(point.told.index).office_title(point.office, lang),
        "level": facts.level_in_words(point, packs.at(point.promise.index), lang),
        "days": (point.on - today).days,
        "record_head": found.head,
        "may_write": queries.may_write_about(request.asker, found.unit),
    }
    return render(request, "projects/decision.html", context)
