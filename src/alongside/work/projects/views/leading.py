"""What leads do on a project: work on it, leave it, name the harm in it, agree that a row of a file is taken down."""

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.text import Truncator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of, to
from alongside.ground.record import agreeing
from alongside.ground.record import queries as record
from alongside.ground.record.forms import GroundForm
from alongside.work.projects import actions, queries
from alongside.work.projects.forms.harms import HarmForm
from alongside.work.projects.views.doors import now, today_of


@require_POST
@open_to(Role.LEAD)
def join(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Say that the lead works on a project, or no longer does, whichever is not so yet."""
    found = queries.project_of(request.program, slug)
    shown = queries.project_page(request.program, lang_of(request), slug, today_of(request))
    if found is None or shown is None:
        raise Http404
    works = request.asker.seat in {one.public_id for one in shown.seats}
    if works == ("leave" in request.POST):
        move = actions.leave_project if works else actions.join_project
        move(project=found, seat=request.asker.seat or "", now=now())
    return HttpResponseRedirect(to(request, "projects:project", slug=slug) + "#leads")


@open_to(Role.LEAD)
def harm(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Name harm in a project, on the record."""
    found, lang = queries.project_of(request.program, slug), lang_of(request)
    shown = queries.project_page(request.program, lang, slug, today_of(request))
    if found is None or shown is None:
        raise Http404
    findings = [
        (str(one.finding.index), Truncator(one.finding.say("statement")).chars(120)) for one in shown.spoken
    ]
    posted = request.POST if request.method == "POST" else None
    form = HarmForm(posted, pack=request.pack, lang=lang, findings=findings)
    if form.is_valid():
        typed = form.cleaned_data
        actions.name_harm(
            project=found,
            seat=request.asker.seat or "",
            harms=typed["harms"],
            communities=typed["communities"],
            findings=[int(one) for one in typed.get("findings", ())],
            words={lang: {"words": typed["words"]}},
            now=now(),
        )
        return HttpResponseRedirect(to(request, "projects:project", slug=slug) + "#harms")
    return render(request, "projects/harm.html", {"form": form, "project": shown})


@never_cache
@open_to(Role.LEAD, Role.MANAGER)
def agree(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Write the ground, and show the code by which a row that came in from a file is taken down. Nothing is kept."""
    listing = queries.listing_of(request.program, slug)
    row = listing.row if listing else None
    if listing is None or row is None or row.erased is not None or row.came_with.entry is None:
        raise Http404
    line, entry = "", row.came_with.entry
    owners = record.who_must_agree(request.program, record.entries_at(request.program, [entry])[entry])
    by = agreeing.pen_of(request.asker, owners)
    form = GroundForm(request.POST or None if by else None)
    if request.method == "POST" and by and form.is_valid():
        given = {"ground": form.cleaned_data["ground"], "by": by}
        code = agreeing.agree(program=request.program.slug, entry=entry, name=slug, **given)
        words = ["alongside", "text", "take-down-row", request.program.slug, slug, given["ground"], code]
        line = agreeing.command(words)
    back = to(request, "projects:project", slug=slug)
    context = {"form": form, "index": entry, "line": line, "back": back, "owners": "" if by else owners}
    return render(request, "record/agree.html", context)
