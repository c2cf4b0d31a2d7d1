"""The steward's calls: draft one step by step, read it as the public will, publish it, correct it, see what came in."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from alongside.cohort.calls.actions import calls as actions
from alongside.cohort.calls.actions.correcting import correct_call
from alongside.cohort.calls.forms.drafting import CorrectionForm
from alongside.cohort.calls.models import Call
from alongside.cohort.calls.queries import stewarding as queries
from alongside.cohort.calls.queries.counts import counts_of, shown_from
from alongside.cohort.calls.queries.rules import missing_words
from alongside.cohort.calls.views.public import shown
from alongside.core.disclosure import Band, band
from alongside.core.entries import GrammarError
from alongside.core.refusals import Refused
from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.ui.addresses import lang_of, number_in, to
from alongside.ground.ui.context import language
from alongside.ground.ui.refusals import refusal_text


def the_call(request: ViewerRequest, slug: str, *, draft: bool = False) -> Call:
    """Give a call that the viewer writes, or raise Http404; where a draft is wanted, only one that is not published."""
    found = queries.call_for(request.program, request.viewer, slug)
    if found is None or (draft and found.entry is not None):
        raise Http404
    return found


def title_of(call: Call) -> str:
    """Give the first words of a call, or its name."""
    return call.title or call.slug


@open_to(Role.STEWARD)
def calls(request: ViewerRequest) -> HttpResponseBase:
    """List drafts and published calls."""
    found = queries.calls_for(request.program, request.viewer)
    rows = [(one, title_of(one), one.entry is not None) for one in found]
    return render(request, "calls/steward_calls.html", {"rows": rows})


@open_to(Role.STEWARD)
def call(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show the steps of a draft and what is missing, or what can be done with a published call. Publish it."""
    found = the_call(request, slug)
    problem = ""
    if request.method == "POST" and found.entry is None:
        try:
            actions.publish_call(call=found, now=request.now)
        except (Refused, actions.ForbiddenTopic) as error:
            problem = refusal_text(error, request.pack)
        else:
            return HttpResponseRedirect(to(request, "calls:call", slug=slug))
    missing = missing_words(found)
    context = {
        "call": found,
        "title": title_of(found),
        "is_published": found.entry is not None,
        "problem": problem,
        "has_quotas": bool(request.pack.calls.categories) and found.selection != "panel",
        "is_counted": bool(request.pack.calls.asked),
        "others": [(language(code), code, missing[code]) for code in found.languages[1:]],
        "lacking": missing[found.first_lang],
        "is_open": found.opens <= request.today <= found.closes,
    }
    return render(request, "calls/steward_call.html", context)


@open_to(Role.STEWARD)
def preview(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show a draft as the public will read it, in the language of the address."""
    found = the_call(request, slug, draft=True)
    page = queries.preview_of(found, lang_of(request), request.today)
    context = {**shown(request, page, request.today), "state": "open", "is_preview": True}
    return render(request, "calls/call.html", context)


@open_to(Role.STEWARD)
def correct(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Enter a dated correction, before the first application."""
    found = the_call(request, slug)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _corrected(request, found, form):
        return HttpResponseRedirect(to(request, "calls:call", slug=slug))
    return render(request, "calls/correct.html", {"form": form, "call": found, "title": title_of(found)})


def _corrected(request: ViewerRequest, found: Call, form: forms.Form) -> bool:
    typed: dict[str, Any] = form.cleaned_data
    names = ("about", "words", "day", "count")
    given = {name: typed[name] for name in names}
    try:
        correct_call(call=found, lang=lang_of(request), now=request.now, **given)
    except Refused:
        form.add_error(None, _("Someone has applied under these rules, so nobody can change them any more."))
    except (GrammarError, ValueError):
        form.add_error(None, _("This correction does not fit the call: look at its other days and numbers."))
    return not form.errors


@open_to(Role.STEWARD)
def applications(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """List what came in, without names, in an order that tells nothing."""
    found = the_call(request, slug)
    asked = request.GET.get("page", "1")
    page = queries.applications_of(found, number_in(asked, 1))
    withdrawn = band(page.counts["withdrawn"], request.pack)
    context = {
        "call": found,
        "title": title_of(found),
        "found": page,
        "k": request.pack.k,
        "withdrawn": withdrawn if isinstance(withdrawn, Band) else None,
    }
    return render(request, "calls/applications.html", context)


@open_to(Role.STEWARD)
def counts(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show what the pack demands to be counted about applicants, as ranges, once the call has closed; never joined to anything."""
    found, today = the_call(request, slug), request.today
    context = {
        "call": found,
        "rows": counts_of(found, request.pack, lang_of(request), today),
        "is_asked": bool(request.pack.calls.asked),
        "shown_from": shown_from(found),
        "k": request.pack.k,
    }
    return render(request, "calls/counts.html", context)
