"""Write a cohort's charter, put it up, sign it."""

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

from alongside.cohort.seats import actions
from alongside.cohort.seats.forms.papers import CharterForm, SignForm
from alongside.cohort.seats.models import Cohort
from alongside.cohort.seats.queries import charters, cohorts, saying
from alongside.cohort.seats.views.asking import cohort_or_404, done, now_and_today, pen_of, which
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of, to


@open_to(Role.LEAD, Role.STEWARD)
def sign_charter(request: AskedHttpRequest, cohort: str) -> HttpResponseBase:
    """Read the charter and sign it: a lead for their seat, the steward for the program."""
    found, lang = cohort_or_404(request, cohort), lang_of(request)
    now, _today = now_and_today(request)
    standing, by = charters.charter_now(found, lang), pen_of(request)
    if standing is None:
        raise Http404
    form = SignForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and done(
        request,
        form,
        lambda: actions.sign_charter(cohort=found, by=by, read=form.cleaned_data["read"], now=now),
    ):
        return HttpResponseRedirect(to(request, "seats:charter", cohort=found.slug))
    if form.is_bound:
        form.untick()
    context = {
        "form": form,
        "cohort": found,
        "charter": standing,
        "parts": [(saying.PARTS[name], one) for name, one in standing.parts],
        "has_signed": by in standing.signed,
        "who": saying.who(by, request.pack, lang),
    }
    return render(request, "seats/sign_charter.html", context)


def _who_hears(request: AskedHttpRequest, found: Cohort) -> list[tuple[str, str]]:
    """List the offices, then the seats, that a charter can name."""
    _now, today = now_and_today(request)
    named = [*request.pack.offices, *cohorts.seats_in(found, today)]
    return [(one, saying.who(one, request.pack, lang_of(request))) for one in named]


@open_to(Role.STEWARD)
def write_charter(request: AskedHttpRequest) -> HttpResponseBase:
    """Write the charter in the language of the page; keep it, or put it up to be signed."""
    found, lang = cohort_or_404(request), lang_of(request)
    now, _today = now_and_today(request)
    draft, standing = charters.charter_draft(found), charters.charter_now(found, lang)
    posted = request.POST if request.method == "POST" else None
    form = CharterForm(
        posted, hears=_who_hears(request, found), initial=charters.to_begin_with(draft, standing, lang)
    )
    if form.is_valid():
        typed = form.cleaned_data
        words = {**(draft.words if draft else {}), lang: {name: typed[name] for name in saying.PARTS}}
        saved = actions.save_charter(
            cohort=found, words=words, appeals_to=typed["appeals_to"], alarms_to=typed["alarms_to"], now=now
        )
        if "adopt" not in request.POST:
            return HttpResponseRedirect(to(request, "seats:write_charter") + which(request))
        if done(request, form, lambda: actions.adopt_charter(draft=saved, now=now)):
            return HttpResponseRedirect(to(request, "seats:charter", cohort=found.slug))
    written = list(draft.words) if draft else []
    wanting = charters.languages_without(draft, [one.code for one in request.pack.languages], lang)
    context = {"form": form, "cohort": found, "written": written, "charter": standing, "wanting": wanting}
    return render(request, "seats/write_charter.html", context)
