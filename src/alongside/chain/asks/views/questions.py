"""Leads ask many questions in one go, follow up once, and raise what was refused; the office above replies."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from django.forms import Form
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from alongside.chain.asks import actions, queries
from alongside.chain.asks.forms import FollowUpForm, ManyForm, RaiseForm, ReplyAboveForm
from alongside.core.clocks import local_date
from alongside.core.grammar import GrammarError
from alongside.core.grammar.v1.bureaus import unit_of
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of, to
from alongside.ground.look.done import Done, DoneAlready, after
from alongside.ground.look.refusals import said
from alongside.ground.programs.queries import office_today
from alongside.ground.record.queries import Told


@open_to(Role.LEAD)
def many(request: AskedHttpRequest) -> HttpResponseBase:
    """Ask an office many questions in one go. What was typed stays until it is on the record."""
    lang, today = lang_of(request), local_date(datetime.now(tz=UTC), request.pack)
    offices = queries.offices_and_holders(request.program, request.pack, lang, today)
    form = ManyForm(request.POST or None, offices=offices)
    if request.method == "POST" and form.is_valid() and "send" in request.POST:
        typed = form.cleaned_data
        entries = actions.question_many(
            program=request.program,
            seat=request.asker.seat or "",
            office=typed["office"],
            title=typed["title"],
            questions=typed["questions"],
            lang=lang,
            now=datetime.now(tz=UTC),
        )
        listed = f"{to(request, 'desks:questions')}?list={entries[0].index}"
        return HttpResponseRedirect(after(listed, Done.ASKED, len(typed["questions"])))
    read = form.cleaned_data["questions"] if form.is_bound and form.is_valid() else []
    return render(request, "asks/many.html", {"form": form, "read": read})


def _whole(request: AskedHttpRequest, ask: int) -> queries.WholeQuestion:
    found = queries.whole_question(request.program, ask, lang_of(request))
    if found is None:
        raise Http404
    return found


def _refuse_if_done(request: AskedHttpRequest, ask: int, steps: Sequence[Told]) -> None:
    """Raise DoneAlready where these steps are on the record of a question."""
    if steps:
        texts = [shown.words for one in steps for shown in one.texts.values()]
        raise DoneAlready(to(request, "desks:question", ask=ask), texts=texts)


def _refuse_if_replied(request: AskedHttpRequest, ask: int) -> None:
    """Raise DoneAlready where an office of the asker's units replied to a raised question."""
    found = queries.whole_question(request.program, ask, lang_of(request))
    replies = found.of_kind("raise.replied") if found else []
    mine = [one for one in replies if request.asker.works_for(unit_of(one.entry.by[0]))]
    _refuse_if_done(request, ask, mine)


def _done(request: AskedHttpRequest, form: Form, act: Callable[[], object]) -> bool:
    """Do it, or say in the form why it cannot be done."""
    try:
        act()
    except (GrammarError, actions.NothingToRaise) as error:
        form.add_error(None, said(error, request.pack))
        return False
    return True


@open_to(Role.LEAD)
def follow_up(request: AskedHttpRequest, ask: int) -> HttpResponseBase:
    """Follow up on an answer with one more question to the same office."""
    found, lang = _whole(request, ask), lang_of(request)
    if not found.may_be_followed_up:
        _refuse_if_done(request, ask, [found.follow_up] if found.follow_up else [])
        raise Http404
    form = FollowUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = {lang: {name: form.cleaned_data[name] for name in ("title", "ask")}}
        given = {"program": request.program, "seat": request.asker.seat or "", "now": datetime.now(tz=UTC)}
        office = office_today(request.program, found.standing.office)
        if _done(request, form, lambda: actions.question(office=office, words=words, follows=ask, **given)):
            return HttpResponseRedirect(after(to(request, "desks:question", ask=ask), Done.RECORDED))
    context = {"form": form, "found": found.asked, "heading": _("Follow up on this answer")}
    return render(request, "asks/step.html", context | {"button": _("Put it on the record")})


@open_to(Role.LEAD)
def raise_it(request: AskedHttpRequest, ask: int) -> HttpResponseBase:
    """Raise a refused or late question to the office that the policy pack names."""
    now, lang = datetime.now(tz=UTC), lang_of(request)
    found = _whole(request, ask)
    if not found.may_be_raised(local_date(now, request.pack)):
        _refuse_if_done(request, ask, found.of_kind("ask.raised"))
        raise Http404
    form = RaiseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {"program": request.program, "ask": ask, "seat": request.asker.seat or "", "now": now}
        words = form.cleaned_data["words"]
        if _done(request, form, lambda: actions.raise_question(words=words, lang=lang, **given)):
            return HttpResponseRedirect(after(to(request, "desks:question", ask=ask), Done.RECORDED))
    above = request.pack.office_title(request.pack.escalate_to, lang)
    context = {"form": form, "found": found.asked, "above": above, "heading": _("Raise this question")}
    return render(request, "asks/raise.html", context)


@open_to(Role.STAFF)
def reply_above(request: AskedHttpRequest, ask: int) -> HttpResponseBase:
    """Reply, as the office above, to a question that was raised to it."""
    raised = queries.raised_to(request.program, lang_of(request), sorted(request.asker.answers_for))
    mine = next((one for one in raised if one[0].ask == ask), None)
    office = request.asker.office_in(unit_of(mine[2].entry.data["to"])) if mine else None
    if mine is None or office is None:
        _refuse_if_replied(request, ask)
        raise Http404
    found, lang = _whole(request, ask), lang_of(request)
    form = ReplyAboveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {"program": request.program, "ask": ask, "office": office, "now": datetime.now(tz=UTC)}
        typed = form.cleaned_data
        if _done(request, form, lambda: actions.reply_above(lang=lang, **given, **typed)):
            return HttpResponseRedirect(after(to(request, "desks:unit"), Done.RECORDED))
    context = {"form": form, "found": found.asked, "whole": found, "why": mine[2], "standing": mine[0]}
    return render(request, "asks/reply_above.html", context)
