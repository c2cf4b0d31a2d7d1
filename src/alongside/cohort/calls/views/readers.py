"""The pages of readers: what is theirs to read, one application without names, and the panel after the shortlist."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.shortcuts import render

from alongside.cohort.calls.actions import reviewing as actions
from alongside.cohort.calls.forms.reviewing import RecuseForm, ScoreForm
from alongside.cohort.calls.models import Reading
from alongside.cohort.calls.queries import choosing
from alongside.cohort.calls.queries import reading as queries
from alongside.cohort.calls.queries.progress import PAGE
from alongside.cohort.calls.views.choosing import call_or_404, done, go
from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.ui.addresses import lang_of


@open_to(Role.PERSON)
def readings(request: ViewerRequest) -> HttpResponseBase:
    """List what the viewer has to read; a person who reads for no call has an empty list."""
    try:
        after = UUID(request.GET["after"]) if "after" in request.GET else None
    except ValueError:
        after = None
    found, more = queries.queues(request.viewer.person_id, request.program, after)
    return render(request, "calls/readings.html", {"queues": found, "more": more, "lang": lang_of(request)})


def _mine(request: ViewerRequest, pk: UUID) -> Reading:
    found = queries.reading_of(request.viewer.person_id, request.program, pk)
    if found is None:
        raise Http404
    return found


@open_to(Role.PERSON)
def reading(request: ViewerRequest, pk: UUID) -> HttpResponseBase:
    """Read one application without names, and judge it."""
    mine = _mine(request, pk)
    seen = queries.blind(mine, lang_of(request))
    form = ScoreForm(request.POST if request.method == "POST" else None, rubric=seen.rubric, notes=mine.notes)
    if form.is_valid() and done(
        form,
        lambda: actions.score(
            reading=mine, given=form.given(), notes=form.cleaned_data["notes"], now=request.now
        ),
    ):
        return go(request, "readings")
    context: dict[str, Any] = {
        "seen": seen,
        "form": form,
        "pairs": [(form[f"points-{one.key}"], form[f"words-{one.key}"]) for one in seen.rubric],
        "is_over": hasattr(mine.reader.call, "shortlist"),
        "pk": pk,
    }
    return render(request, "calls/reading.html", context)


@open_to(Role.PERSON)
def recuse(request: ViewerRequest, pk: UUID) -> HttpResponseBase:
    """Lay an application down because of a conflict."""
    mine = _mine(request, pk)
    form = RecuseForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and done(
        form, lambda: actions.recuse(reading=mine, ground=form.cleaned_data["ground"], now=request.now)
    ):
        return go(request, "readings")
    return render(request, "calls/recuse.html", {"form": form, "pk": pk})


@open_to(Role.PERSON)
def panel(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show the shortlist with names to those who read for the call, once it is made."""
    call = call_or_404(request, slug)
    if not choosing.is_on_the_panel(request.viewer.person_id, call):
        raise Http404
    rows = choosing.shortlist_page(call, request.GET.get("after", ""))
    return render(request, "calls/panel.html", {"call": call, **paged(rows)})


def paged(rows: list[choosing.Listed]) -> dict[str, Any]:
    """Give a page of rows and where the next one begins."""
    shown = rows[:PAGE]
    return {"rows": shown, "more": shown[-1].application.reference if len(rows) > len(shown) else ""}
