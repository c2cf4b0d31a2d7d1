"""What everyone sees of calls: the list, one call, and its form on paper."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import render

from alongside.cohort.calls.forms.declaring import NOT_SAID_WORDS, ConflictsForm
from alongside.cohort.calls.queries import public as queries
from alongside.cohort.calls.queries.balancing import told_quotas
from alongside.cohort.calls.queries.public import CallPage
from alongside.core.policy.pack import Pack
from alongside.ground.gate.roles import Role, ViewerRequest, from_the_record, open_to
from alongside.ground.ui.addresses import lang_of
from alongside.ground.ui.context import language


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
    order = ("open", "coming", "choosing", "over")
    rows = sorted(found, key=lambda row: order.index(row[1]))
    return render(request, "calls/calls.html", {"rows": rows})


@from_the_record
@open_to(Role.EVERYONE)
def call(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show one call with all its rules."""
    return _page(request, slug, "calls/call.html")


@from_the_record
@open_to(Role.EVERYONE)
def paper(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show the form of a call for print."""
    return _page(request, slug, "calls/paper.html")


def _page(request: ViewerRequest, slug: str, template: str) -> HttpResponseBase:
    found = queries.call_page(request.program, lang_of(request), slug)
    if found is None:
        raise Http404
    return render(request, template, shown(request, found, request.today))


def shown(request: ViewerRequest, found: CallPage, today: date) -> dict[str, Any]:
    """Give what the page of a call needs beside the call itself."""
    lang = lang_of(request)
    government = request.pack.words("government.short", lang)
    declared = ConflictsForm(government=government).visible_fields()[:3]
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
        "declared": [field.label for field in declared],
        "record_head": found.head,
    }
