"""The balance of a lottery: quotas of a draft, counsel's advice, the list of panels, and the sheet for the witnesses."""

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import render

from alongside.cohort.calls.actions import balancing as actions
from alongside.cohort.calls.actions.panels import ask_for_panels
from alongside.cohort.calls.forms.balancing import AdviceForm, QuotasForm, WidenForm, numbers_of
from alongside.cohort.calls.queries import balancing as queries
from alongside.cohort.calls.queries import telling
from alongside.cohort.calls.queries.listing import PanelsPage, panels_page
from alongside.cohort.calls.tasks import make_list
from alongside.cohort.calls.views.choosing import call_or_404, done, go
from alongside.cohort.calls.views.drawing import as_file, witness_of
from alongside.cohort.calls.views.stewarding import the_call
from alongside.core.policy.calls import Category
from alongside.core.quotas import Quota, by_category
from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.ui.addresses import lang_of


@open_to(Role.STEWARD)
def quotas(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Choose by what the lottery of a draft is balanced, with the numbers."""
    draft, lang = the_call(request, slug, draft=True), lang_of(request)
    given: dict[str, Any] = {
        "categories": request.pack.calls.categories,
        "seats": draft.seats,
        "lang": lang,
        "initial": numbers_of(queries.rules_of(draft)),
    }
    form = QuotasForm(request.POST if request.method == "POST" else None, **given)
    if form.is_valid() and done(
        form, lambda: actions.save_quotas(call=draft, quotas=form.chosen(), now=request.now)
    ):
        return go(request, "steward_call", slug=slug)
    off = {one.id for one in _unadvised(request)}
    parts = [
        (one.words.say(lang), one.words.lang_of(lang), one, one.id in off, use, numbers)
        for one, use, numbers in form.parts()
    ]
    context = {"form": form, "call": draft, "parts": parts, "has_lottery": draft.selection != "panel"}
    return render(request, "calls/quotas.html", context)


def _unadvised(request: ViewerRequest) -> list[Category]:
    """List the protected categories of the pack without advice of counsel."""
    every = [Quota(one.id, "", 0, 0) for one in request.pack.calls.categories]
    return queries.lacks_advice(request.program, request.pack, every)


@open_to(Role.STEWARD)
def advice(request: ViewerRequest) -> HttpResponseBase:
    """Record counsel's advice on quotas by what the law protects, and list what was recorded."""
    lang = lang_of(request)
    protected = [one for one in request.pack.calls.categories if one.protected]
    names = {one.id: one.words.say(lang) for one in protected}
    form = AdviceForm(request.POST if request.method == "POST" else None, protected=list(names.items()))
    if form.is_valid():
        given = {**form.cleaned_data, "lang": lang, "by": request.user}
        actions.record_advice(program=request.program, now=request.now, **given)
        return go(request, "advice")
    rows = [
        (one, [names.get(category, category) for category in one.categories])
        for one in queries.advice_of(request.program)
    ]
    return render(request, "calls/advice.html", {"form": form, "rows": rows, "protected": protected})


@open_to(Role.STEWARD)
def panels(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Ask for the list of panels of a lottery with quotas, and see how it came out."""
    call = call_or_404(request, slug)
    rules = queries.rules_of(call)
    if not rules or hasattr(call, "lottery"):
        return go(request, "lottery", slug=slug)
    page = panels_page(call, request.pack, lang_of(request))
    form = _widen(request, page, rules, call.seats)
    if form.is_valid() and done(form, lambda: _ask(request, slug, form, rules)):
        return go(request, "panels", slug=slug)
    parts = [
        (one.words.say(lang_of(request)), one.words.lang_of(lang_of(request)), numbers)
        for one, numbers in form.parts()
    ]
    context = {"form": form, "call": call, "parts": parts, "page": page, "can_make": queries.has_package()}
    return render(request, "calls/panels.html", context)


def _widen(request: ViewerRequest, page: PanelsPage, rules: list[Quota], seats: int) -> WidenForm:
    found = [request.pack.calls.category(one) for one in by_category(rules)]
    return WidenForm(
        request.POST if request.method == "POST" else None,
        categories=[one for one in found if one],
        seats=seats,
        lang=lang_of(request),
        initial=numbers_of(page.quotas or rules),
    )


def _ask(request: ViewerRequest, slug: str, form: WidenForm, rules: list[Quota]) -> None:
    call = call_or_404(request, slug)
    wanted = queries.whole(form.quotas(form.categories), call.seats)
    order = {(one.category, one.value): place for place, one in enumerate(rules)}
    wanted.sort(key=lambda one: order[one.category, one.value])
    asked = ask_for_panels(call=call, quotas=wanted, widened=form.cleaned_data["widened"], now=request.now)
    make_list.enqueue(asked.pk)


@open_to(Role.PERSON)
def sheet(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Give a witness the sheet: what each ticket has and every panel. Nobody else gets it."""
    text = telling.sheet_of(witness_of(request, slug).call.lottery)
    if text is None:
        raise Http404
    return as_file(text, "sheet.json")
