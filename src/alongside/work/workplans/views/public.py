"""Workplans as everyone sees them: the list, the version in force, and what one side changed."""

from django.http import Http404, HttpResponseBase
from django.shortcuts import render

from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of
from alongside.work.workplans.queries import plans as rows
from alongside.work.workplans.queries import showing, versions
from alongside.work.workplans.views.doors import naming_of


@open_to(Role.EVERYONE)
def plans(request: AskedHttpRequest) -> HttpResponseBase:
    """List the workplans on the record; the asker's own drafts first."""
    lang, asker = lang_of(request), request.asker
    naming = naming_of(request)
    found = versions.shown_plans(request.program, lang)
    titles = {one.slug: one for one in found}
    may_write = asker.has(Role.LEAD, Role.STAFF)
    mine = rows.plans_for(request.program, asker) if may_write else []
    context = {
        "listed": [(one, showing.one_sided_of(one, naming), naming.sides(one.units)) for one in found],
        "mine": [(one, titles.get(one.slug), naming.sides(rows.units_of(one, request.pack))) for one in mine],
        "may_begin": may_write,
    }
    return render(request, "workplans/plans.html", context)


@open_to(Role.EVERYONE)
def plan(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Show the version in force with its progress and what answers its questions; printable."""
    lang = lang_of(request)
    found = versions.shown_plan(request.program, lang, slug)
    if found is None:
        raise Http404
    naming = naming_of(request)
    written = versions.shown_plan(request.program, versions.AS_WRITTEN, slug) or found
    says = found.says(found.shown)
    answers = versions.answers_to(request.program, found, lang)
    is_party = rows.plan_for(request.program, request.asker, slug) is not None
    context = {
        "plan": found,
        "sheet": showing.sheet_of(says, naming, answers, found.progress) if says else None,
        "sheet_lang": found.original(found.shown),
        "shown_plan": found.told[found.shown.proposed.index].texts.get("plan"),
        "signatures": showing.signatures_of(found, found.shown, naming),
        "one_sided": showing.one_sided_of(written, naming),
        "units": naming.sides(found.units),
        "is_party": is_party,
        "record_head": versions.head(request.program),
    }
    return render(request, "workplans/plan.html", context)


@open_to(Role.EVERYONE)
def changes(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Show, version by version, what was changed and who signed it; the newest first."""
    found = versions.shown_plan(request.program, versions.AS_WRITTEN, slug)
    if found is None:
        raise Http404
    naming = naming_of(request)
    steps = []
    for before, after in zip((None, *found.standing.versions), found.standing.versions, strict=False):
        old, new = found.says(before), found.says(after)
        told = showing.changes_told(old, new, naming) if old and new else []
        steps.append((after, told, showing.signatures_of(found, after, naming), naming.sides(after.missing)))
    named = versions.shown_plan(request.program, lang_of(request), slug) or found
    context = {
        "plan": found,
        "named": named,
        "steps": steps[::-1],
        "record_head": versions.head(request.program),
    }
    return render(request, "workplans/changes.html", context)
