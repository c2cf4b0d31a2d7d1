"""The steward's pages when people are chosen: shortlist, decisions of the panel, the end, the offers."""

from django.http import Http404, HttpResponseBase
from django.shortcuts import render

from alongside.cohort.calls.actions import offering
from alongside.cohort.calls.actions import selection as actions
from alongside.cohort.calls.forms.selection import CloseForm, DecideForm, OfferForm, ShortlistForm
from alongside.cohort.calls.models import Call
from alongside.cohort.calls.queries import choosing, results, stepping
from alongside.cohort.calls.queries.progress import progress
from alongside.cohort.calls.views.choosing import call_or_404, done, go
from alongside.cohort.calls.views.readers import paged
from alongside.cohort.seats.actions import seat_cohort
from alongside.cohort.seats.models import Cohort
from alongside.cohort.seats.queries.cohorts import cohorts_of, names_in
from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.ui.addresses import lang_of


@open_to(Role.STEWARD)
def shortlist(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Draw the line; with the line drawn, list the shortlist and what is decided of it."""
    call = call_or_404(request, slug)
    if hasattr(call, "shortlist"):
        rows = choosing.shortlist_page(call, request.GET.get("after", ""))
        context = {"call": call, "sums": choosing.sums(call), **paged(rows)}
        return render(request, "calls/shortlist.html", context)
    form = ShortlistForm(request.POST if request.method == "POST" else None, initial={"percent": 60})
    if form.is_valid() and done(
        form,
        lambda: actions.make_shortlist(
            call=call,
            share=10 * form.cleaned_data["percent"],
            reasons=form.cleaned_data["reasons"],
            by=request.user,
            now=request.now,
        ),
    ):
        return go(request, "shortlist", slug=slug)
    context = {"form": form, "call": call, "does": "shortlist", "progress": progress(call)}
    return render(request, "calls/desk_form.html", context)


@open_to(Role.STEWARD)
def decide(request: ViewerRequest, slug: str, reference: str) -> HttpResponseBase:
    """Write down what the panel decided of one application on the shortlist."""
    call = call_or_404(request, slug)
    found = choosing.listed(call, reference)
    if found is None:
        raise Http404
    form = DecideForm(
        request.POST if request.method == "POST" else None,
        with_lottery=call.selection == "panel-then-lottery",
    )
    if form.is_valid() and done(
        form, lambda: actions.decide(application=found, now=request.now, **form.cleaned_data)
    ):
        return go(request, "shortlist", slug=slug)
    context = {"form": form, "call": call, "one": found, "readings": choosing.readings_of(found)}
    return render(request, "calls/decide.html", context)


@open_to(Role.STEWARD)
def close(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """End the selection; from then on everyone reads their result."""
    call = call_or_404(request, slug)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and done(
        form,
        lambda: actions.close_selection(
            call=call, reasons=form.cleaned_data["reasons"], lang=lang_of(request), now=request.now
        ),
    ):
        return go(request, "offers", slug=slug)
    lang = lang_of(request)
    balance = [(*call.say(f"sought-{key}", lang), met) for key, met in choosing.balance(call)]
    context = {"form": form, "call": call, "does": "close", "balance": balance}
    return render(request, "calls/desk_form.html", context)


def _cohort(request: ViewerRequest, call: Call, chosen: str, name: str) -> Cohort:
    """Give the cohort that was chosen, or begin a new one for the term of the call."""
    found = next((one for one in cohorts_of(request.program) if str(one.pk) == chosen), None)
    return found or seat_cohort(
        program=request.program,
        slug=call.slug,
        names={lang_of(request): name},
        from_date=call.term_from,
        until_date=call.term_until,
        now=request.now,
    )


@open_to(Role.STEWARD)
def offers(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Offer the free seats, and see who answered."""
    call = call_or_404(request, slug)
    today = request.today
    names = names_in(request.program, lang_of(request))
    cohorts = [one for one in cohorts_of(request.program) if one.until_date >= today]
    form = OfferForm(
        request.POST if request.method == "POST" else None,
        cohorts=[(str(one.pk), names[one.pk][0]) for one in cohorts],
    )
    if form.is_valid() and done(form, lambda: _offer(request, call, form)):
        return go(request, "offers", slug=slug)
    context = {
        "form": form,
        "call": call,
        "rows": results.offers_of(call),
        "waiting": results.next_in_line(call),
        "now": stepping.who_is_next(call) if hasattr(call, "selection_closed") else [],
        "is_balanced": bool(stepping.balanced_by(call)),
        "steps_in": stepping.steps_in_later(call),
        "is_closed": hasattr(call, "selection_closed"),
    }
    return render(request, "calls/offers.html", context)


def _offer(request: ViewerRequest, call: Call, form: OfferForm) -> None:
    typed = form.cleaned_data
    offering.refuse_to_offer(call=call, answer_by=typed["answer_by"], now=request.now)
    cohort = _cohort(request, call, typed["cohort"], typed["name"])
    offering.make_offers(call=call, cohort=cohort, answer_by=typed["answer_by"], now=request.now)
