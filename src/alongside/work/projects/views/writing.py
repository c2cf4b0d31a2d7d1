"""What staff and the steward write on the register: a project, its facts, and its decisions."""

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

from alongside.core.grammar import GrammarError
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of, to
from alongside.ground.look.refusals import said
from alongside.work.projects import actions, queries
from alongside.work.projects.forms.writing import DecisionForm, FactsForm, MadeForm, MoveForm, ProjectForm
from alongside.work.projects.models import Listing
from alongside.work.projects.views.doors import (
    levels_of,
    now,
    offices_of,
    their_point,
    theirs,
    today_of,
    units_of,
)


@open_to(Role.STAFF, Role.STEWARD)
def register(request: AskedHttpRequest) -> HttpResponseBase:
    """Put a project on the register, and on the record."""
    return _register(request, None)


@open_to(Role.STAFF, Role.STEWARD)
def adopt(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Put a project that came in from a file on the record by itself, at the address that it has."""
    listing = queries.listing_of(request.program, slug)
    if listing is None or listing.project or listing.row is None:
        raise Http404
    return _register(request, listing)


def _register(request: AskedHttpRequest, listing: Listing | None) -> HttpResponseBase:
    lang, named = lang_of(request), units_of(request)
    units = {unit.slug: unit for unit in queries.units_for(request.program, request.asker)}
    choices = [(slug, words) for slug, words in named.items() if slug in units]
    facts = listing.row.facts if listing and listing.row else {}
    begun = {"title": str(facts.get("name", ""))[:140], "summary": facts.get("summary", "")}
    begun |= {"unit": listing.unit if listing else ""}
    form = ProjectForm(request.POST if request.method == "POST" else None, units=choices, initial=begun)
    if not form.is_valid():
        return render(request, "projects/register.html", {"form": form})
    typed = form.cleaned_data
    taken = queries.slugs_like(request.program, typed["title"])
    made = actions.register_project(
        program=request.program,
        slug=listing.slug if listing else queries.free_slug(taken, typed["title"], "project"),
        unit=units[typed["unit"]],
        by=queries.pen_of(request.asker, typed["unit"]),
        words={lang: {name: typed[name] for name in ("title", "summary")}},
        listing=listing,
        now=now(),
    )
    return HttpResponseRedirect(to(request, "projects:project", slug=made.slug))


@open_to(Role.STAFF, Role.STEWARD)
def describe(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Tell facts of a project, on the record."""
    found, lang = theirs(request, slug), lang_of(request)
    shown = queries.project_page(request.program, lang, slug, today_of(request))
    if shown is None:
        raise Http404
    standing = queries.facts_for_form(shown) | {"summary": shown.summary.say("summary")}
    posted = request.POST if request.method == "POST" else None
    form = FactsForm(posted, pack=request.pack, lang=lang, standing=standing)
    if form.is_valid():
        choices, words = form.told
        if choices or words:
            actions.describe_project(
                project=found,
                by=queries.pen_of(request.asker, found.unit.slug),
                choices=choices,
                words={lang: words} if words else {},
                now=now(),
            )
        return HttpResponseRedirect(to(request, "projects:project", slug=slug))
    return render(request, "projects/describe.html", {"form": form, "project": shown})


@open_to(Role.STAFF, Role.STEWARD)
def schedule(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Put a dated decision of a project on the record."""
    found, lang = theirs(request, slug), lang_of(request)
    posted = request.POST if request.method == "POST" else None
    form = DecisionForm(
        posted, offices=offices_of(request), levels=levels_of(request), today=today_of(request)
    )
    if form.is_valid():
        typed = form.cleaned_data
        framework, _, level = typed["level"].partition("/")
        made = actions.schedule_decision(
            project=found,
            slug=queries.free_slug(queries.decisions_of(found), typed["decision"], "decision"),
            on=typed["on"],
            office=queries.office_by_id(request.program, typed["office"]),
            by=queries.pen_of(request.asker, found.unit.slug),
            words={lang: {name: typed[name] for name in ("decision", "open")}},
            level=(framework, level) if level else None,
            asked=typed["asked"],
            now=now(),
        )
        return HttpResponseRedirect(to(request, "projects:decision", slug=slug, decision=made.slug))
    return render(request, "projects/schedule.html", {"form": form, "slug": slug})


@open_to(Role.STAFF, Role.STEWARD)
def move(request: AskedHttpRequest, slug: str, decision: str) -> HttpResponseBase:
    """Give a decision another day, with the reason, on the record."""
    point = their_point(request, slug, decision)
    form = MoveForm(request.POST if request.method == "POST" else None, today=today_of(request))
    if form.is_valid():
        try:
            actions.move_decision(
                point=point,
                on=form.cleaned_data["on"],
                by=queries.pen_of(request.asker, point.project.unit.slug),
                words={lang_of(request): {"reason": form.cleaned_data["reason"]}},
                now=now(),
            )
        except GrammarError as refused:
            form.add_error("on", said(refused, request.pack))
        else:
            return HttpResponseRedirect(to(request, "projects:decision", slug=slug, decision=decision))
    return render(request, "projects/move.html", {"form": form})


@open_to(Role.STAFF, Role.STEWARD)
def made(request: AskedHttpRequest, slug: str, decision: str) -> HttpResponseBase:
    """Tell what was decided, on the record."""
    point = their_point(request, slug, decision)
    form = MadeForm(request.POST if request.method == "POST" else None, today=today_of(request))
    if form.is_valid():
        try:
            actions.make_decision(
                point=point,
                on=form.cleaned_data["on"],
                by=queries.pen_of(request.asker, point.project.unit.slug),
                words={lang_of(request): {"outcome": form.cleaned_data["outcome"]}},
                now=now(),
            )
        except GrammarError as refused:
            form.add_error("on", said(refused, request.pack))
        else:
            return HttpResponseRedirect(to(request, "projects:decision", slug=slug, decision=decision))
    return render(request, "projects/made.html", {"form": form})
