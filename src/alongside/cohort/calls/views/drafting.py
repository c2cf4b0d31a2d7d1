"""The steps of a draft: its words, its terms, its days, its parts, and every other language."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alongside.cohort.calls.actions import calls as actions
from alongside.cohort.calls.forms.drafting import DatesForm, PartRows, TermsForm, TextsForm, WordsForm
from alongside.cohort.calls.models import Call
from alongside.cohort.calls.queries import stewarding as queries
from alongside.cohort.calls.queries.rules import texts_in
from alongside.cohort.calls.views.stewarding import the_call, title_of
from alongside.core.grammar.calls import CALL_TEXTS
from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.ui.addresses import free_slug, lang_of, to
from alongside.ground.ui.context import language

PARTS: dict[str, str | Promise] = {
    "questions": _("The questions"),
    "criteria": _("What readers judge by"),
    "sought": _("Whom the call seeks"),
}


def _beginning(request: ViewerRequest) -> dict[str, Any]:
    """Give the terms that a new draft begins with; the next steps change them."""
    day = request.today
    return {
        "seats": 5,
        "hours_a_month": 20,
        "budget": Decimal(0),
        "not_to_exceed": Decimal(0),
        "opens": day + timedelta(days=14),
        "closes": day + timedelta(days=60),
        "decides_by": day + timedelta(days=100),
        "term_from": day + timedelta(days=130),
        "term_until": day + timedelta(days=430),
    }


def _on(request: ViewerRequest, name: str, slug: str, **more: object) -> HttpResponseBase:
    return HttpResponseRedirect(to(request, name, slug=slug, **more))


def _page(
    request: ViewerRequest, heading: str | Promise, draft: Call | None, **context: Any
) -> HttpResponseBase:
    given = {"heading": heading, "call": draft, "title": title_of(draft) if draft else "", **context}
    return render(request, "calls/draft_step.html", given)


@open_to(Role.STEWARD)
def new(request: ViewerRequest) -> HttpResponseBase:
    """Begin a call with its words, in the language of the address."""
    form = TextsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        lang = lang_of(request)
        taken = [one.slug for one in queries.calls_for(request.program, request.viewer)]
        made = actions.begin_call(
            program=request.program,
            slug=free_slug(taken, form.cleaned_data["title"], "call"),
            languages=[lang],
            words={lang: form.cleaned_data},
            now=request.now,
            **_beginning(request),
        )
        return _on(request, "calls:terms", made.slug)
    return _page(request, _("Write a call"), None, form=form)


@open_to(Role.STEWARD)
def texts(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Write the words of the call."""
    draft = the_call(request, slug, draft=True)
    form = TextsForm(request.POST or None, initial=draft.words.get(draft.first_lang, {}))
    if request.method == "POST" and form.is_valid():
        own = {**draft.words.get(draft.first_lang, {}), **form.cleaned_data}
        changes = {"words": {**draft.words, draft.first_lang: own}}
        actions.save_call(call=draft, changes=changes, now=request.now)
        return _on(request, "calls:steward_call", slug)
    return _page(request, _("The words of the call"), draft, form=form)


@open_to(Role.STEWARD)
def terms(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Set seats, pay, time and money."""
    draft = the_call(request, slug, draft=True)
    form = TermsForm(request.POST or None, initial=vars(draft))
    if request.method == "POST" and form.is_valid():
        actions.save_call(call=draft, changes=form.cleaned_data, now=request.now)
        return _on(request, "calls:dates", slug)
    return _page(request, _("Seats, pay and time"), draft, form=form)


@open_to(Role.STEWARD)
def dates(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Set days, languages, and how people are chosen."""
    draft = the_call(request, slug, draft=True)
    langs = [(one.code, one.name) for one in request.pack.languages if one.code != draft.first_lang]
    initial = {**vars(draft), "also": draft.languages[1:]}
    form = DatesForm(request.POST or None, initial=initial, langs=langs)
    if request.method == "POST" and form.is_valid():
        changes = dict(form.cleaned_data)
        changes["languages"] = [draft.first_lang, *changes.pop("also")]
        actions.save_call(call=draft, changes=changes, now=request.now)
        return _on(request, "calls:part", slug, part="questions")
    return _page(request, _("Days and languages"), draft, form=form)


@open_to(Role.STEWARD)
def part(request: ViewerRequest, slug: str, part: str) -> HttpResponseBase:
    """Write the questions, the rubric or what is sought. The linter reads every word that applicants answer to."""
    draft = the_call(request, slug, draft=True)
    if part not in PARTS:
        raise Http404
    known = {"part": part, "pack": request.pack, "lang": lang_of(request)}
    rows = PartRows(request.POST or None, initial=queries.part_rows(draft, part), form_kwargs=known)
    if request.method == "POST" and rows.is_valid():
        typed = [one.cleaned_data for one in rows]
        actions.save_part(call=draft, part=part, rows=queries.part_made(draft, part, typed), now=request.now)
        return _on(request, "calls:steward_call", slug)
    return _page(request, PARTS[part], draft, rows=rows, part=part)


@open_to(Role.STEWARD)
def words(request: ViewerRequest, slug: str, code: str) -> HttpResponseBase:
    """Write the call in one more language."""
    draft = the_call(request, slug, draft=True)
    if code not in draft.languages[1:]:
        raise Http404
    first = texts_in(draft, draft.first_lang)
    checked = bool(draft.words.get(code, {}).get("checked"))
    form = WordsForm(
        request.POST or None,
        initial={**texts_in(draft, code), "checked": checked},
        first={name: first[name] for name in sorted(first, key=lambda one: one not in CALL_TEXTS)},
        pack=request.pack,
        lang=lang_of(request),
    )
    if request.method == "POST" and form.is_valid():
        typed = {name: said for name, said in form.cleaned_data.items() if name != "checked"}
        done = form.cleaned_data["checked"]
        actions.save_words(call=draft, lang=code, texts=typed, checked=done, now=request.now)
        return _on(request, "calls:steward_call", slug)
    return _page(request, _("The call in another language"), draft, form=form, told=language(code))
