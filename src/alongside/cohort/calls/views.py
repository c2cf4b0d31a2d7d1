"""Pages of calls: what everyone sees, the steward's drafts, and who helps; and what the pages of a selection share."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from alongside.cohort.calls import actions, queries
from alongside.cohort.calls.forms import (
    NOT_SAID_WORDS,
    AdviceForm,
    CorrectionForm,
    DatesForm,
    HelperForm,
    PartForm,
    QuotasForm,
    TermsForm,
    TextsForm,
    WordsForm,
    numbers_of,
)
from alongside.cohort.calls.models import HELPS, Call, Invitee
from alongside.cohort.calls.queries import (
    CallPage,
    invitee,
    missing_words,
    published_call,
    texts_in,
    told_quotas,
)
from alongside.cohort.seats.queries.people import Someone, people_today
from alongside.core.grammar.calls import CALL_TEXTS
from alongside.core.policy.calls import Category
from alongside.core.policy.pack import Pack
from alongside.core.quotas import Quota
from alongside.core.workflow.calls import Selection
from alongside.ground.gate.roles import Role, ViewerRequest, by_name, from_the_record, open_to, or_404
from alongside.ground.people.actions import find_or_make_person
from alongside.ground.people.models import Person
from alongside.ground.people.views import on_paper
from alongside.ground.programs.actions import note
from alongside.ground.programs.models import Did, Doer
from alongside.ground.ui.addresses import free_slug, lang_of, to
from alongside.ground.ui.context import language
from alongside.ground.ui.earlier import carried_words, earlier_of
from alongside.ground.ui.press import Typed, posted, press, taking


def call_or_404(request: ViewerRequest, slug: str, *near: str) -> Call:
    """Give a published call of this program; `near` names what is read with it."""
    return or_404(published_call(request.program, slug, *near))


def desk_form(
    request: ViewerRequest, form: forms.Form, call: Call, does: str, **more: Any
) -> HttpResponseBase:
    """Show a form of a selection; `does` names it, and `more` is what its words need."""
    return render(request, "calls/desk_form.html", {"form": form, "call": call, "does": does, **more})


def someone(typed: Mapping[str, Any], lang: str, people: Mapping[str, Someone] | None = None) -> Person:
    """Give the person who was chosen from a list, or whose address was typed; or make one."""
    if people and typed["person"]:
        return people[typed["person"]].person
    return find_or_make_person(email=typed.get("email"), language=lang, called=typed["called"])


def people_here(request: ViewerRequest) -> dict[str, Someone]:
    """Give who sits or holds an office today, or was invited to a call, by the number that a form sends. Five queries."""
    here = people_today(request.program, request.pack, lang_of(request), request.today)
    found = {str(one.person.pk): one for one in here if one.is_lead_or_staff}
    for one in queries.invited_now(request.program):
        found.setdefault(str(one.person.pk), Someone(one.person))
    return found


def invitee_or_404(request: ViewerRequest, slug: str, roles: Collection[str], pk: int) -> Invitee:
    """Give someone who is invited to a call in one of these roles."""
    return or_404(invitee(call_or_404(request, slug), roles, pk))


@open_to(Role.STEWARD)
@require_POST
def code(request: ViewerRequest, slug: str, roles: Collection[str], pk: int) -> HttpResponseBase:
    """Print a code that signs a reader or a helper in, once."""
    found = invitee_or_404(request, slug, roles, pk)
    shown = {"call": found.call, "is_helper": found.role in HELPS}
    tell = partial(note, program=request.program, by=Doer.STEWARD, did=Did.CODE_PRINTED, on=request.today)
    return on_paper(
        request, "calls/reader_code.html", person=found.person, who=found.person.called, tell=tell, **shown
    )


def _ways(pack: Pack, lang: str) -> list[dict[str, str | None]]:
    """List the other ways to apply, in words."""
    return [
        {
            "kind": one.kind,
            "words": one.words.say(lang),
            "answered_by": one.answered_by.say(lang),
            "tel": one.tel,
            "tel_shown": one.tel_shown,
        }
        for one in pack.calls.ways
    ]


@from_the_record
@open_to(Role.EVERYONE)
def calls(request: ViewerRequest) -> HttpResponseBase:
    """List the calls: open and coming ones first, then those that are over."""
    today = request.today
    found = [(one, one.state(today)) for one in queries.call_list(request.program, lang_of(request))]
    order = ("open", "coming", "choosing", "late", "over")
    rows = sorted(found, key=lambda row: order.index(row[1]))
    return render(request, "calls/calls.html", {"rows": rows})


@from_the_record
@open_to(Role.EVERYONE)
def call(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show one call with all its rules."""
    return _public(request, slug, "calls/call.html")


@from_the_record
@open_to(Role.EVERYONE)
def paper(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show the form of a call for print."""
    return _public(request, slug, "calls/paper.html")


def _public(request: ViewerRequest, slug: str, template: str) -> HttpResponseBase:
    found = or_404(queries.call_page(request.program, lang_of(request), slug))
    return render(request, template, shown(request, found, request.today))


def shown(request: ViewerRequest, found: CallPage, today: date) -> dict[str, Any]:
    """Give what the page of a call needs beside the call itself."""
    lang = lang_of(request)
    return {
        "page": found,
        "state": found.state(today),
        "spoken": [language(code) for code in found.data["languages"]],
        "ways": _ways(request.pack, lang),
        "sheet": [
            (one.words.say(lang), [*(each.words.say(lang) for each in one.choices), NOT_SAID_WORDS])
            for one in request.pack.calls.asked
        ],
        "quotas": told_quotas(found.data.get("quotas", []), request.pack, lang),
        "declared": queries.declared(),
        "record_head": found.head,
    }


def the_call(request: ViewerRequest, slug: str, *, draft: bool = False) -> Call:
    """Give a call that the viewer writes, or raise Http404; where a draft is wanted, only one that is not published."""
    found = or_404(queries.call_for(request.program, request.viewer, slug))
    return or_404(None if draft and found.entry is not None else found)


def title_of(call: Call) -> str:
    """Give the first words of a call, or its name."""
    return call.title or call.slug


@open_to(Role.STEWARD)
def steward_calls(request: ViewerRequest) -> HttpResponseBase:
    """List drafts and published calls."""
    found = queries.calls_for(request.program, request.viewer)
    rows = [(one, title_of(one), one.entry is not None) for one in found]
    return render(request, "calls/steward_calls.html", {"rows": rows, "today": request.today})


@open_to(Role.STEWARD)
def steward_call(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show the steps of a draft and what is missing, or what can be done with a published call. Publish it."""
    found, form = the_call(request, slug), forms.Form(posted(request))
    if found.entry is None:
        there = to(request, "calls:call", slug=slug)
        if done := press(request, form, taking(actions.publish_call, call=found, now=request.now), there):
            return done
    missing = missing_words(found)
    context = {
        "call": found,
        "title": title_of(found),
        "is_published": found.entry is not None,
        "form": form,
        "has_quotas": bool(request.pack.calls.categories) and found.selection != Selection.PANEL,
        "is_counted": bool(request.pack.calls.asked),
        "others": [(language(code), code, missing[code]) for code in found.languages[1:]],
        "lacking": missing[found.first_lang],
        "is_open": found.is_open(request.today),
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
    form = CorrectionForm(posted(request))
    act = taking(actions.correct_call, call=found, lang=lang_of(request), now=request.now)
    return press(request, form, act, to(request, "calls:call", slug=slug)) or render(
        request, "calls/correct.html", {"form": form, "call": found, "title": title_of(found)}
    )


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
    form = QuotasForm(posted(request), **given)

    def act(_typed: Typed) -> None:
        actions.save_quotas(call=draft, quotas=form.chosen(), now=request.now)

    if done := press(request, form, act, to(request, "calls:steward_call", slug=slug)):
        return done
    off = {one.id for one in _unadvised(request)}
    parts = [
        (one.words.say(lang), one.words.lang_of(lang), one, one.id in off, use, numbers)
        for one, use, numbers in form.parts()
    ]
    context = {"form": form, "call": draft, "parts": parts, "has_lottery": draft.selection != Selection.PANEL}
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
    form = AdviceForm(posted(request), protected=list(names.items()))
    given = {"program": request.program, "lang": lang, "by": request.user, "now": request.now}
    if done := press(request, form, taking(actions.record_advice, **given), to(request, "calls:advice")):
        return done
    rows = [
        (one, [names.get(category, category) for category in one.categories])
        for one in queries.advice_of(request.program)
    ]
    return render(request, "calls/advice.html", {"form": form, "rows": rows, "protected": protected})


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


def _save(
    request: ViewerRequest,
    form: forms.Form,
    draft: Call,
    changes: Callable[[Typed], Mapping[str, Any]],
    step: str,
    **where: object,
) -> HttpResponseRedirect | None:
    """Save columns of a draft, and lead on to the next step."""

    def act(typed: Typed) -> None:
        actions.save_call(call=draft, changes=changes(typed), now=request.now)

    return press(request, form, act, to(request, step, slug=draft.slug, **where))


def _page(
    request: ViewerRequest, heading: str | Promise, draft: Call | None, **context: Any
) -> HttpResponseBase:
    given = {"heading": heading, "call": draft, "title": title_of(draft) if draft else "", **context}
    return render(request, "calls/draft_step.html", given)


@open_to(Role.STEWARD)
def new(request: ViewerRequest) -> HttpResponseBase:
    """Begin a call with its words, in the language of the address; empty, or from an earlier one."""
    lang, known = lang_of(request), queries.calls_for(request.program, request.viewer)
    earlier = earlier_of(request, ((one.slug, title_of(one), one) for one in known))
    before = earlier.chosen.words if earlier.chosen else {}
    form = TextsForm(posted(request), initial=before.get(lang, {}))

    def act(typed: Typed) -> Call:
        languages = [lang, *(one for one in before if one != lang)]
        return actions.begin_call(
            program=request.program,
            slug=free_slug([one.slug for one in known], typed["title"], "call"),
            languages=languages,
            words=carried_words(before, languages, typed),
            now=request.now,
            **_beginning(request) | queries.carried(earlier.chosen),
        )

    done = press(request, form, act, lambda made: to(request, "calls:terms", slug=made.slug))
    return done or _page(request, _("Write a call"), None, form=form, earlier=earlier)


@open_to(Role.STEWARD)
def texts(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Write the words of the call."""
    draft = the_call(request, slug, draft=True)
    first = draft.words.get(draft.first_lang, {})
    form = TextsForm(posted(request), initial=first)

    def changes(typed: Typed) -> dict[str, Any]:
        return {"words": {**draft.words, draft.first_lang: {**first, **typed}}}

    done = _save(request, form, draft, changes, "calls:steward_call")
    return done or _page(request, _("The words of the call"), draft, form=form)


@open_to(Role.STEWARD)
def terms(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Set seats, pay, time and money."""
    draft = the_call(request, slug, draft=True)
    form = TermsForm(posted(request), initial=vars(draft))
    done = _save(request, form, draft, dict, "calls:dates")
    return done or _page(request, _("Places, pay and time"), draft, form=form)


@open_to(Role.STEWARD)
def dates(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Set days, languages, and how people are chosen."""
    draft = the_call(request, slug, draft=True)
    langs = [(one.code, one.name) for one in request.pack.languages if one.code != draft.first_lang]
    form = DatesForm(posted(request), initial={**vars(draft), "also": draft.languages[1:]}, langs=langs)

    def changes(typed: Typed) -> dict[str, Any]:
        days = {name: said for name, said in typed.items() if name != "also"}
        return {**days, "languages": [draft.first_lang, *typed["also"]]}

    done = _save(request, form, draft, changes, "calls:part", part="questions")
    return done or _page(request, _("Days and languages"), draft, form=form)


@open_to(Role.STEWARD)
def part(request: ViewerRequest, slug: str, part: str) -> HttpResponseBase:
    """Write the questions, the rubric or what is sought. The linter reads every word that applicants answer to."""
    draft = the_call(request, slug, draft=True)
    or_404(part if part in PARTS else None)
    form = PartForm(posted(request), call=draft, part=part, pack=request.pack, lang=lang_of(request))

    def act(typed: Typed) -> None:
        actions.save_part(call=draft, part=part, lines=form.lines(), words=typed, now=request.now)

    done = press(request, form, act, to(request, "calls:steward_call", slug=slug))
    return done or _page(request, PARTS[part], draft, form=form, part=part)


@open_to(Role.STEWARD)
def words(request: ViewerRequest, slug: str, code: str) -> HttpResponseBase:
    """Write the call in one more language."""
    draft = the_call(request, slug, draft=True)
    or_404(code if code in draft.languages[1:] else None)
    first = texts_in(draft, draft.first_lang)
    checked, was = queries.is_checked(draft, code), draft.words.get(code, {}).get("checked")
    form = WordsForm(
        posted(request),
        initial={**texts_in(draft, code), "checked": checked, "first": queries.first_words(draft)},
        changed=bool(was) and not checked,
        first={name: first[name] for name in sorted(first, key=lambda one: one not in CALL_TEXTS)},
        pack=request.pack,
        lang=lang_of(request),
    )

    def act(typed: Typed) -> None:
        said = {name: one for name, one in typed.items() if name not in {"checked", "first"}}
        read = typed["first"] if typed["checked"] else ""
        actions.save_words(call=draft, lang=code, texts=said, checked=read, now=request.now)

    done = press(request, form, act, to(request, "calls:steward_call", slug=slug))
    return done or _page(request, _("The call in another language"), draft, form=form, told=language(code))


@by_name
@open_to(Role.STEWARD)
def helpers(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """List who helps with a call, and invite someone of a community organization."""
    call, people = call_or_404(request, slug), people_here(request)
    form = HelperForm(posted(request), people=people)

    def act(typed: Typed) -> None:
        person = someone(typed, lang_of(request), people)
        given = {"organization": typed["organization"], "does": typed["does"]}
        actions.invite_helper(call=call, person=person, now=request.now, **given)

    return press(request, form, act, to(request, "calls:helpers", slug=slug)) or render(
        request, "calls/helpers.html", {"form": form, "call": call, "rows": queries.helpers_of(call)}
    )


@open_to(Role.STEWARD)
@require_POST
def end_helper(request: ViewerRequest, slug: str, pk: int) -> HttpResponseBase:
    """Say that someone no longer helps with this."""
    actions.end_helping(helper=invitee_or_404(request, slug, HELPS, pk), now=request.now)
    return HttpResponseRedirect(to(request, "calls:helpers", slug=slug))
