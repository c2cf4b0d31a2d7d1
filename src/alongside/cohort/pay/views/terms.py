"""The steward sets budgets and agreements, and raises a sum agreed."""

from datetime import UTC, datetime

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

from alongside.cohort.pay import actions, queries
from alongside.cohort.pay.forms import BudgetForm, RaiseForm, TermsForm, in_words
from alongside.cohort.pay.forms.saying import REFUSALS
from alongside.cohort.seats.queries.cohorts import name_in, names_in
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of, to


@open_to(Role.STEWARD)
def agreements(request: AskedHttpRequest) -> HttpResponseBase:
    """List cohorts with their budget and what is agreed with each seat."""
    names = names_in(request.program, lang_of(request))
    rows = [(*row, *names[row[0].pk]) for row in queries.terms_of(request.program)]
    return render(request, "pay/agreements.html", {"cohorts": rows})


@open_to(Role.STEWARD)
def budget(request: AskedHttpRequest, cohort: str) -> HttpResponseBase:
    """Set what a cohort may be paid in all."""
    found = queries.cohort_of(request.program, cohort)
    if found is None:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = BudgetForm(posted, currencies=request.pack.pay.currencies)
    if form.is_valid():
        amount, now = form.cleaned_data["amount"], datetime.now(tz=UTC)
        try:
            actions.set_budget(cohort=found, amount=amount, asker=request.asker, now=now)
            return HttpResponseRedirect(to(request, "pay:agreements"))
        except REFUSALS as error:
            form.add_error("amount", in_words(error))
    name, lang = name_in(found, lang_of(request))
    context = {"form": form, "name": name, "lang": lang, "budget": queries.budget_of(found)}
    return render(request, "pay/budget.html", context)


@open_to(Role.STEWARD)
def agreement(request: AskedHttpRequest, seat: str) -> HttpResponseBase:
    """Write what is agreed with a seat; it begins with what is in force, else with the terms of the call."""
    found = queries.seat_terms(request.program, seat)
    if found is None:
        raise Http404
    call = queries.call_terms(request.program, found.seat.cohort)
    posted = request.POST if request.method == "POST" else None
    form = TermsForm(posted, initial=_begins(found, call), currencies=request.pack.pay.currencies)
    if form.is_valid():
        entry = call.get("call")
        terms = form.terms(entry if isinstance(entry, int) else None)
        try:
            actions.agree(seat=found.seat, terms=terms, asker=request.asker, now=datetime.now(tz=UTC))
            return HttpResponseRedirect(to(request, "pay:agreements"))
        except REFUSALS as error:
            form.add_error(None, in_words(error))
    context = {"form": form, "terms": found, "call": call.get("call")}
    context["proposal"] = queries.proposed_to(found.seat, found.agreement)
    return render(request, "pay/agreement.html", context)


def _begins(found: queries.SeatTerms, call: dict[str, object]) -> dict[str, object]:
    seat, agreed, limit = found.seat, found.agreement, found.limit
    begins = {"per": "hour", "from_date": seat.from_date, "until_date": seat.until_date, **call}
    if agreed and limit:
        begins |= {"per": agreed.per, "rate": agreed.money.plain(), "limit": limit.plain()}
        begins |= {
            "from_date": agreed.from_date,
            "until_date": agreed.until_date,
            "currency": agreed.currency,
        }
    return begins


@open_to(Role.STEWARD)
def raised(request: AskedHttpRequest, seat: str) -> HttpResponseBase:
    """Raise the sum that is not to be exceeded."""
    found = queries.seat_terms(request.program, seat)
    if found is None or found.agreement is None:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = RaiseForm(posted, currency=found.agreement.currency)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            actions.raise_limit(
                agreement=found.agreement,
                limit=typed["limit"],
                reason=typed["reason"],
                asker=request.asker,
                now=datetime.now(tz=UTC),
            )
            return HttpResponseRedirect(to(request, "pay:agreements"))
        except REFUSALS as error:
            form.add_error("limit", in_words(error))
    return render(request, "pay/raise.html", {"form": form, "terms": found})
