"""Type an application in for someone who called, came by or wrote on paper: leads, staff, steward, invited organizations."""

from typing import Any, cast

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from alongside.cohort.calls.actions.applying import CallIsNotOpen, SomethingIsMissing
from alongside.cohort.calls.actions.assisting import assist, confirm_read_back
from alongside.cohort.calls.actions.counting import add_counts
from alongside.cohort.calls.forms.assisting import ComingForm
from alongside.cohort.calls.forms.declaring import AboutYouForm
from alongside.cohort.calls.queries.applying import Step
from alongside.cohort.calls.queries.assisting import typed_in, typed_in_by
from alongside.cohort.calls.queries.helping import TYPISTS, helper_of, helps, may_type_in
from alongside.cohort.calls.queries.public import call_list
from alongside.cohort.calls.queries.reviewing import review_of
from alongside.cohort.calls.views.saving import form_of, save
from alongside.cohort.calls.views.visit import Visit, visit
from alongside.core.workflow.calls import CallStage
from alongside.ground.gate.roles import NotOpenToYou, Role, ViewerRequest, open_to
from alongside.ground.people.models import Person
from alongside.ground.ui.addresses import lang_of, to


def _me(request: ViewerRequest) -> Person:
    """Give who types; only people who signed in come here."""
    return cast("Person", request.user)


def _open(request: ViewerRequest, slug: str) -> Visit:
    found = visit(request, slug)
    if not may_type_in(found.call, request.viewer):
        raise NotOpenToYou(frozenset(TYPISTS))
    if found.page.state(request.today) != CallStage.OPEN:
        raise Http404
    return found


def _theirs(request: ViewerRequest, slug: str, reference: str) -> Visit:
    found = _open(request, slug)
    found.application = typed_in(found.call, request.viewer, reference)
    if found.application is None:
        raise Http404
    return found


def _pages(found: Visit) -> list[Step]:
    """List the pages to type in; the one that is only counted is typed in apart."""
    return [one for one in found.steps() if one.name not in {"about-you", "review"}]


@open_to(Role.PERSON)
def choose(request: ViewerRequest) -> HttpResponseBase:
    """List the calls that are open, to type an application in: all of them, or those one was invited to help with."""
    today = request.today
    found = [
        one for one in call_list(request.program, lang_of(request)) if one.state(today) == CallStage.OPEN
    ]
    if not request.viewer.has(*TYPISTS):
        invited = {one.call.slug for one in helps(request.program, request.viewer, "types-in")}
        found = [one for one in found if one.slug in invited]
    return render(request, "calls/typing_in.html", {"rows": found})


@open_to(Role.PERSON)
def begin(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Say how an application came, and begin to type it in."""
    found = _open(request, slug)
    langs = [(one.code, one.name) for one in request.pack.languages]
    helper = helper_of(found.call, request.viewer, "types-in")
    form = ComingForm(
        request.POST or None, langs=langs, is_helper=helper is not None, initial={"lang": lang_of(request)}
    )
    if request.method == "POST" and form.is_valid():
        typed = {"organization": helper.organization if helper else "", **form.cleaned_data}
        made = assist(call=found.call, by=_me(request), now=found.now, **typed)
        first = {"slug": slug, "reference": made.reference, "step": "who"}
        return HttpResponseRedirect(to(request, "calls:assist_step", **first))
    waiting = typed_in_by(found.call, request.viewer)
    return found.show(
        "assist", form=form, waiting=waiting, helper=helper, has_sheet=bool(request.pack.calls.asked)
    )


@open_to(Role.PERSON)
def step(request: ViewerRequest, slug: str, reference: str, step: str) -> HttpResponseBase:
    """Type one page in."""
    found = _theirs(request, slug, reference)
    pages = _pages(found)
    names = [one.name for one in pages]
    if step not in names:
        raise Http404
    place = names.index(step)
    form = save(found, pages[place]) if request.method == "POST" else form_of(found, pages[place])
    if form is None:
        return _next(request, slug, reference, names[place + 1 :])
    context: dict[str, Any] = {
        "step": pages[place],
        "form": form,
        "number": place + 1,
        "count": len(pages) + 1,
    }
    return found.show("assist_step", application=found.mine, **context)


def _next(request: ViewerRequest, slug: str, reference: str, left: list[str]) -> HttpResponseBase:
    place = {"slug": slug, "reference": reference}
    if left:
        return HttpResponseRedirect(to(request, "calls:assist_step", step=left[0], **place))
    return HttpResponseRedirect(to(request, "calls:read_back", **place))


@open_to(Role.PERSON)
def read_back(request: ViewerRequest, slug: str, reference: str) -> HttpResponseBase:
    """Show what was typed in, to be read back; once the applicant agrees, send it and print the code."""
    found = _theirs(request, slug, reference)
    problem = ""
    if request.method == "POST":
        if request.POST.get("agreed") != "yes":
            problem = _("Read it back first. Tick the box when the person has heard it and agrees.")
        else:
            try:
                code = confirm_read_back(
                    application=found.mine, by=_me(request), pack=request.pack, now=found.now
                )
            except (SomethingIsMissing, CallIsNotOpen):
                problem = _("Some pages must be filled in first. They are marked “Still missing”.")
            else:
                return found.show("slip", application=found.mine, slip=code)
    rows = review_of(found.mine, _pages(found), lang_of(request), request.pack)
    return found.show("read_back", application=found.mine, rows=rows, problem=problem)


@open_to(Role.PERSON)
def sheet(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Type in a separate sheet about someone: it is counted, and tied to no application."""
    found = _open(request, slug)
    asked = request.pack.calls.asked
    if not asked:
        raise Http404
    form = AboutYouForm(
        request.POST if request.method == "POST" else None, demographics=asked, lang=lang_of(request)
    )
    if request.method == "POST" and form.is_valid():
        add_counts(call=found.call, chosen=form.chosen(), now=found.now)
        return HttpResponseRedirect(to(request, "calls:assist", slug=slug))
    return found.show("sheet", form=form)
