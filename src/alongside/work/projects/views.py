"""The register of city projects: its list, a page for each project and decision, and what staff and leads do there."""

import json
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.text import Truncator
from django.views.decorators.http import require_POST

from alongside.core.entries import unit_of
from alongside.core.tables import csv_lines
from alongside.ground.gate.roles import Role, ViewerRequest, by_name, open_to, or_404
from alongside.ground.programs.models import Unit
from alongside.ground.record.machine import archive_sha256
from alongside.ground.record.queries import head_of, packs_of, texts_of
from alongside.ground.record.signing import vkey_if_any
from alongside.ground.ui.addresses import free_slug, lang_of, to
from alongside.ground.ui.pages import download
from alongside.ground.ui.press import Typed, posted, press
from alongside.work.projects import actions, forms, queries
from alongside.work.projects.models import DecisionPoint, Project
from alongside.work.registers import queries as registers
from alongside.work.registers.models import Listing


def offices_of(request: ViewerRequest) -> list[tuple[str, str]]:
    """List the offices of the pack with what they are called, for a choice."""
    return [(one, request.pack.office_title(one, lang_of(request))) for one in request.pack.offices]


def _lines(request: ViewerRequest) -> Iterator[queries.Exported]:
    form = forms.NarrowForm(request.GET, pack=request.pack, lang=lang_of(request))
    return queries.exported(request.program, lang_of(request), form.narrow, request.today)


def _cell(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


@open_to(Role.EVERYONE)
def projects_csv(request: ViewerRequest) -> HttpResponseBase:
    """Give the register as CSV; cells that a spreadsheet would run are made harmless."""
    rows = ([_cell(one.get(name, "")) for name in queries.HEADINGS] for one in _lines(request))
    return _file(csv_lines(queries.HEADINGS, rows), "text/csv; charset=utf-8", "projects.csv")


@open_to(Role.EVERYONE)
def projects_json(request: ViewerRequest) -> HttpResponseBase:
    """Give the register as JSON, imported projects with everything their file says, without email addresses."""

    def parts() -> Iterator[str]:
        yield '{"projects": ['
        for place, one in enumerate(_lines(request)):
            yield f"{',' if place else ''}\n{json.dumps(one, ensure_ascii=False)}"
        yield "\n]}\n"

    return _file(parts(), "application/json", "projects.json")


def _file(parts: Iterator[str], content_type: str, name: str) -> HttpResponseBase:
    reply = download(parts, name, content_type)
    reply["Access-Control-Allow-Origin"] = "*"
    return reply


@require_POST
@open_to(Role.LEAD)
def join(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Say that the lead works on a project, or no longer does, whichever is not so yet."""
    found = or_404(queries.project_of(request.program, slug))
    shown = or_404(queries.project_page(request.program, lang_of(request), slug, request.today))
    works = request.viewer.seat in {one.public_id for one in shown.seats}
    if works == ("leave" in request.POST):
        move = actions.leave_project if works else actions.join_project
        move(project=found, seat=request.viewer.seat or "", now=request.now)
    return HttpResponseRedirect(to(request, "projects:project", slug=slug) + "#leads")


@open_to(Role.LEAD)
def harm(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Name harm in a project, on the record."""
    lang = lang_of(request)
    found = or_404(queries.project_of(request.program, slug))
    shown = or_404(queries.project_page(request.program, lang, slug, request.today))
    findings = [
        (str(one.finding.index), Truncator(one.finding.say("statement")).words(22)) for one in shown.spoken
    ]
    form = forms.HarmForm(posted(request), pack=request.pack, lang=lang, findings=findings)

    def act(typed: Typed) -> None:
        actions.name_harm(
            project=found,
            seat=request.viewer.seat or "",
            harms=typed["harms"],
            communities=typed["communities"],
            findings=[int(one) for one in typed.get("findings", ())],
            words={lang: {"words": typed["words"]}},
            now=request.now,
        )

    onward = to(request, "projects:project", slug=slug) + "#harms"
    return press(request, form, act, onward) or render(
        request, "projects/harm.html", {"form": form, **_about(request, found)}
    )


@open_to(Role.EVERYONE)
def projects(request: ViewerRequest) -> HttpResponseBase:
    """List the register, a page at a time, narrowed by what is asked for."""
    lang, today = lang_of(request), request.today
    form = forms.NarrowForm(request.GET, pack=request.pack, lang=lang)
    page, lines = queries.list_page(request.program, lang, form.narrow, today, request.GET.get("page", "1"))
    units = request.pack.units_in(lang)
    context = {
        "page": page,
        "rows": [(one, units.get(one.listing.unit) or one.body or one.listing.unit) for one in lines],
        "form": form,
        "is_narrowed": form.narrow.narrows,
        "may_register": request.viewer.has(Role.STAFF, Role.STEWARD),
        "record_head": head_of(request.program),
    }
    return render(request, "projects/projects.html", context)


@by_name
@open_to(Role.EVERYONE)
def project(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show a project: its facts, decisions, harm that was named, what communities said, and who works on it."""
    lang = lang_of(request)
    listing = registers.listing_of(request.program, slug)
    found = queries.project_page(request.program, lang, slug, request.today) if listing else None
    if listing is None or (found is None and listing.row is None):
        return _gone(request, slug)
    units, row = request.pack.units_in(lang_of(request)), listing.row
    context = {
        "listing": listing,
        "row": row,
        "unit": units.get(listing.unit) or (row.facts.get("body") if row else "") or listing.unit,
        "may_write": queries.may_write_about(request.viewer, listing.unit),
        "vkey": vkey_if_any(request.program) if row else "",
        "verifier": archive_sha256() if row else "",
        "is_changed": row is not None and not registers.is_as_it_came(row),
        "today": request.today,
        "is_unit": request.viewer.works_for(listing.unit),
        "may_agree": request.viewer.has(Role.LEAD, Role.MANAGER),
        "record_head": head_of(request.program),
    }
    if found is None:
        context["lines"] = lines = queries.row_lines(row, request.pack, lang) if row else []
        context["gaps"] = [one.label for one in lines if not one.parts]
        context["may_adopt"] = bool(_units_for(request, listing))
        return render(request, "projects/imported.html", context)
    context |= queries.page_of(found, packs_of(request.program), request.pack, lang, request.viewer)
    lists = queries.lists_to(request.program, listing.unit, lang)
    context["lists"] = [one for one in lists if one.index not in {each.told.index for each in found.asked}]
    return render(request, "projects/project.html", context)


def _gone(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Say that what stood here was taken down, and where the record says why; else there is no such page."""
    row = or_404(registers.erased_row(request.program, slug))
    return render(request, "projects/taken_down.html", {"row": row}, status=HTTPStatus.GONE)


@open_to(Role.EVERYONE)
def decision(request: ViewerRequest, slug: str, decision: str) -> HttpResponseBase:
    """Show one decision: what is decided, by which office, when, what is open, and the engagements on it."""
    today, lang = request.today, lang_of(request)
    found = or_404(queries.project_page(request.program, lang, slug, today))
    point = or_404(found.decision(decision))
    packs = packs_of(request.program)
    context = {
        "project": found,
        "point": point,
        "office": packs.at(point.told.index).office_title(point.office, lang),
        "level": queries.level_in_words(point, packs.at(point.promise.index), lang),
        "days": (point.on - today).days,
        "record_head": head_of(request.program),
        "may_write": any(
            queries.may_write_about(request.viewer, one) for one in (found.unit, unit_of(point.office))
        ),
    }
    return render(request, "projects/decision.html", context)


@open_to(Role.STAFF, Role.STEWARD)
def register(request: ViewerRequest) -> HttpResponseBase:
    """Put a project on the register, and on the record."""
    return _register_writing(request, None)


@open_to(Role.STAFF, Role.STEWARD)
def adopt(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Put a project that came in from a file on the record by itself, at the address that it has."""
    listing = registers.listing_of(request.program, slug)
    if listing is None or listing.entry is not None or listing.row is None:
        raise Http404
    or_404(_units_for(request, listing) or None)
    return _register_writing(request, listing)


def _units_for(request: ViewerRequest, listing: Listing | None) -> dict[str, Unit]:
    """Give the bureaus whose project the viewer may put on the record: where it came in as one bureau's, that one alone."""
    if not request.viewer.has(Role.STAFF, Role.STEWARD):
        return {}
    of = listing.unit if listing and listing.unit in request.pack.units_in("en") else ""
    units = registers.units_for(request.program, request.viewer)
    return {unit.slug: unit for unit in units if of in ("", unit.slug)}


def _register_writing(request: ViewerRequest, listing: Listing | None) -> HttpResponseBase:
    lang, named = lang_of(request), request.pack.units_in(lang_of(request))
    units = _units_for(request, listing)
    choices = [(slug, words) for slug, words in named.items() if slug in units]
    facts = listing.row.facts if listing and listing.row else {}
    begun = {"title": str(facts.get("name", ""))[:140], "summary": facts.get("summary", "")}
    begun |= {"unit": listing.unit if listing else ""}
    form = forms.ProjectForm(posted(request), units=choices, initial=begun)

    def act(typed: Typed) -> str:
        taken = queries.slugs_like(request.program, typed["title"])
        made = actions.register_project(
            program=request.program,
            slug=listing.slug if listing else free_slug(taken, typed["title"], "project"),
            unit=units[typed["unit"]],
            by=registers.pen_of(request.viewer, typed["unit"]),
            words={lang: {name: typed[name] for name in ("title", "summary")}},
            listing=listing,
            now=request.now,
        )
        return to(request, "projects:project", slug=made.slug)

    return press(request, form, act, str) or render(request, "projects/register.html", {"form": form})


@open_to(Role.STAFF, Role.STEWARD)
def describe(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Tell facts of a project, on the record."""
    found, lang = or_404(queries.project_for(request.program, request.viewer, slug)), lang_of(request)
    shown = or_404(queries.project_page(request.program, lang, slug, request.today))
    standing = queries.facts_for_form(shown) | {"summary": shown.summary.say("summary")}
    form = forms.FactsForm(posted(request), pack=request.pack, lang=lang, standing=standing)

    def act(_typed: Typed) -> None:
        choices, words = form.told
        if choices or words:
            actions.describe_project(
                project=found,
                by=registers.pen_of(request.viewer, found.unit.slug),
                choices=choices,
                words={lang: words} if words else {},
                now=request.now,
            )

    return press(request, form, act, to(request, "projects:project", slug=slug)) or render(
        request, "projects/describe.html", {"form": form, **_about(request, found)}
    )


@open_to(Role.STAFF, Role.STEWARD)
def schedule(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Put a dated decision of a project on the record."""
    found, lang = or_404(queries.project_for(request.program, request.viewer, slug)), lang_of(request)
    form = forms.DecisionForm(
        posted(request),
        offices=offices_of(request),
        levels=forms.levels_of(request.pack, lang),
        today=request.today,
    )

    def act(typed: Typed) -> str:
        made = actions.schedule_decision(
            project=found,
            slug=free_slug(queries.decisions_of(found), typed["decision"], "decision"),
            on=typed["on"],
            office=queries.office_by_id(request.program, typed["office"]),
            by=registers.pen_of(request.viewer, found.unit.slug),
            words={lang: {name: typed[name] for name in ("decision", "open")}},
            level=typed["level"],
            asked=typed["asked"],
            now=request.now,
        )
        return to(request, "projects:decision", slug=slug, decision=made.slug)

    return press(request, form, act, str) or render(
        request, "projects/schedule.html", {"form": form, **_about(request, found)}
    )


@open_to(Role.STAFF, Role.STEWARD)
def move(request: ViewerRequest, slug: str, decision: str) -> HttpResponseBase:
    """Give a decision another day, with the reason, on the record."""
    form = forms.MoveForm(posted(request), today=request.today)
    return _date(request, slug, decision, form, actions.move_decision, "reason", "projects/move.html")


@open_to(Role.STAFF, Role.STEWARD)
def made(request: ViewerRequest, slug: str, decision: str) -> HttpResponseBase:
    """Tell what was decided, on the record."""
    form = forms.MadeForm(posted(request), today=request.today)
    return _date(request, slug, decision, form, actions.make_decision, "outcome", "projects/made.html")


def _date(
    request: ViewerRequest,
    slug: str,
    decision: str,
    form: forms.MoveForm | forms.MadeForm,
    action: Callable[..., object],
    text: str,
    page: str,
) -> HttpResponseBase:
    """Give a decision the day of a form, with a text that says why, or what was decided."""
    point = or_404(queries.point_for(request.program, request.viewer, slug, decision))

    def act(typed: Typed) -> None:
        units = (point.project.unit.slug, point.office.unit.slug)
        by = next((one for unit in units if (one := request.viewer.office_in(unit))), "steward")
        words = {lang_of(request): {text: typed[text]}}
        action(point=point, on=typed["on"], by=by, words=words, now=request.now)

    onward = to(request, "projects:decision", slug=slug, decision=decision)
    return press(request, form, act, onward, at="on") or render(
        request, page, {"form": form, **_about(request, point)}
    )


def _about(request: ViewerRequest, one: Project | DecisionPoint) -> dict[str, Any]:
    """Name the project or the decision that a form is about, and give the page of it. One query."""
    name, page, where = "title", "projects:project", {"slug": one.slug}
    if isinstance(one, DecisionPoint):
        name, page = "decision", "projects:decision"
        where = {"slug": one.project.slug, "decision": one.slug}
    words = texts_of(request.program, [one.entry], lang_of(request)).get(one.entry, {}).get(name)
    return {"about": words, "about_slug": one.slug, "about_href": to(request, page, **where)}
