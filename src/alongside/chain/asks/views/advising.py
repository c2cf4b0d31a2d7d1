"""Leads write advice on a consultation: what it rests on, and its points. No draft of it is kept (promise 3)."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

from alongside.chain.asks import actions, queries
from alongside.chain.asks.forms import AdviceForm, driven_by
from alongside.core.grammar import GrammarError
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of, to
from alongside.ground.look.done import Done, after
from alongside.ground.look.refusals import said
from alongside.ground.record.actions import Text

if TYPE_CHECKING:
    from alongside.core.grammar import Entry


@open_to(Role.LEAD)
def advise(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Write advice with its points, and put it on the record at once."""
    lang = lang_of(request)
    found = queries.to_advise(request.program, request.asker, slug, lang)
    if found is None:
        raise Http404
    driving = queries.driving_choices(request.program, lang)
    form = AdviceForm(request.POST or None, comments=found.choices, answers=found.answers, driving=driving)
    if request.method == "POST" and form.is_valid():
        try:
            _publish(request, found, form)
        except (GrammarError, actions.NotToBeQuoted) as error:
            form.add_error(None, said(error, request.pack))
        else:
            return HttpResponseRedirect(after(to(request, "desks:changes", slug=slug), Done.RECORDED))
    return render(request, "asks/advise.html", {"form": form, "found": found})


def _publish(request: AskedHttpRequest, found: queries.ToAdvise, form: AdviceForm) -> "list[Entry]":
    typed, lang = form.cleaned_data, lang_of(request)
    return actions.advise(
        consultation=found.consultation,
        seat=request.asker.seat or "",
        words=Text(lang, typed["advice"]),
        points=[(Text(lang, title), Text(lang, ask)) for title, ask in form.said()],
        comments=[found.cited[name] for name in typed.get("comments", [])],
        smaller=typed["smaller"],
        beside=found.beside if typed["smaller"] else [],
        answers=[int(one) for one in typed.get("answers", [])],
        driving=driven_by(typed),
        now=datetime.now(tz=UTC),
    )
