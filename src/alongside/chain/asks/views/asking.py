"""Leads ask and say what they mean; a unit says that it has the ask, asks back, takes time, or moves it."""

from datetime import UTC, date, datetime
from typing import Any

from django.forms import Form
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from alongside.chain.asks import actions, queries
from alongside.chain.asks.forms import MoreTimeForm, QuestionForm, RecommendForm, TransferForm, WordsForm
from alongside.core.clocks import latest_more_time, local_date
from alongside.core.grammar import GrammarError
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of, to, to_if_there
from alongside.ground.look.done import Done, DoneAlready, after
from alongside.ground.look.refusals import said


def _now() -> datetime:
    return datetime.now(tz=UTC)


def _offices(request: AskedHttpRequest) -> list[tuple[str, str]]:
    """List the offices to choose from, saying where nobody holds one today."""
    today = local_date(_now(), request.pack)
    return queries.offices_and_holders(request.program, request.pack, lang_of(request), today)


def _thread(request: AskedHttpRequest, found: queries.Asked) -> str:
    promises = found.told.entry.cites.get("engagement", ())
    page = to_if_there(request, "desks:thread", promise=promises[0]) if promises else ""
    return f"{page}#ask-{found.told.index}" if page else to(request, "record:entry", index=found.told.index)


def _words(form: Form, lang: str) -> dict[str, dict[str, str]]:
    return {lang: {"title": form.cleaned_data["title"], "ask": form.cleaned_data["ask"]}}


@open_to(Role.LEAD)
def recommend(request: AskedHttpRequest, promise: int) -> HttpResponseBase:
    """Recommend something that rests on an engagement's findings."""
    lang = lang_of(request)
    findings = queries.findings_of(request.program, promise, lang)
    if not findings:
        raise Http404
    offices = _offices(request)
    form = RecommendForm(
        request.POST or None,
        findings=findings,
        offices=offices,
        driving=queries.driving_choices(request.program, lang),
    )
    if request.method == "POST" and form.is_valid():
        entry = actions.recommend(
            program=request.program,
            seat=request.asker.seat or "",
            office=form.cleaned_data["office"],
            findings=[int(one) for one in form.cleaned_data["findings"]],
            words=_words(form, lang),
            driving=form.driven,
            now=_now(),
        )
        thread = f"{to(request, 'desks:thread', promise=promise)}#ask-{entry.index}"
        return HttpResponseRedirect(after(thread, Done.RECORDED))
    context = {"form": form, "heading": _("Recommend something"), "is_recommendation": True}
    return render(request, "asks/ask.html", context)


@open_to(Role.LEAD)
def question(request: AskedHttpRequest) -> HttpResponseBase:
    """Ask an office to tell something."""
    lang = lang_of(request)
    form = QuestionForm(
        request.POST or None,
        offices=_offices(request),
        driving=queries.driving_choices(request.program, lang),
    )
    if request.method == "POST" and form.is_valid():
        entry = actions.question(
            program=request.program,
            seat=request.asker.seat or "",
            office=form.cleaned_data["office"],
            words=_words(form, lang),
            driving=form.driven,
            now=_now(),
        )
        return HttpResponseRedirect(after(to(request, "record:entry", index=entry.index), Done.RECORDED))
    return render(request, "asks/ask.html", {"form": form, "heading": _("Ask the City a question")})


@open_to(Role.LEAD)
def clarify(request: AskedHttpRequest, ask: int) -> HttpResponseBase:
    """Say what the leads mean, where an office asked."""
    found = queries.asked(request.program, ask, lang_of(request))
    if found is None:
        raise Http404
    if found.unclear is None:
        _refuse_if_said(request, found, "ask.clarified")
        raise Http404
    form = WordsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.clarify(
            program=request.program,
            ask=ask,
            unclear=found.unclear.index,
            seat=request.asker.seat or "",
            words=form.cleaned_data["words"],
            lang=lang_of(request),
            now=_now(),
        )
        return HttpResponseRedirect(after(_thread(request, found), Done.RECORDED))
    context = {
        "form": form,
        "found": found,
        "heading": _("Say what you mean"),
        "button": _("Put it on the record"),
    }
    return render(request, "asks/step.html", context)


def _refuse_if_said(request: AskedHttpRequest, found: queries.Asked, kind: str) -> None:
    """Raise DoneAlready where a step of this kind is on the record of the ask."""
    if texts := [shown.words if shown else "" for one, _told, shown in found.between if one == kind]:
        raise DoneAlready(_thread(request, found), texts=texts)


def _owed(request: AskedHttpRequest, ask: int) -> tuple[queries.Asked, str]:
    """Give an ask that the asker's unit owes, and the office they act as."""
    found = queries.asked_of(request.program, request.asker, ask, lang_of(request))
    office = request.asker.office_in(found.standing.unit) if found else None
    if found is None or office is None:
        if done := queries.done_by(request.program, request.asker, ask, lang_of(request)):
            raise DoneAlready(to(request, "record:entry", index=done.index), texts=done.texts)
        raise Http404
    return found, office


@open_to(Role.STAFF)
@require_POST
def acknowledge(request: AskedHttpRequest, ask: int) -> HttpResponseBase:
    """Say that the office has the ask."""
    found, office = _owed(request, ask)
    if found.standing.acknowledged is None:  # a second press says nothing new
        actions.acknowledge(program=request.program, ask=ask, office=office, now=_now())
    return HttpResponseRedirect(after(to(request, "answers:answer", about=ask), Done.RECORDED))


def _step(
    request: AskedHttpRequest,
    ask: int,
    form: Form,
    heading: str,
    act: Any,
    may_act: tuple[queries.Asked, str] | None = None,
) -> HttpResponseBase:
    found, office = may_act or _owed(request, ask)
    if request.method == "POST" and form.is_valid():
        given = {
            "program": request.program,
            "ask": ask,
            "office": office,
            "lang": lang_of(request),
            "now": _now(),
        }
        try:
            act(**given, words=form.cleaned_data["words"], form=form)
        except GrammarError as error:
            form.add_error(None, said(error, request.pack))
        else:
            return HttpResponseRedirect(after(to(request, "desks:unit"), Done.RECORDED))
    context = {"form": form, "found": found, "heading": heading, "button": _("Put it on the record")}
    return render(request, "asks/staff_step.html", context | {"is_above": may_act is not None})


@open_to(Role.STAFF)
def unclear(request: AskedHttpRequest, ask: int) -> HttpResponseBase:
    """Ask the leads what they mean."""
    form = WordsForm(request.POST or None)

    def act(form: Form, **given: Any) -> None:  # noqa: ARG001 -- every act is given the form
        actions.ask_what_is_meant(**given)

    return _step(request, ask, form, _("Ask the leads what they mean"), act)


@open_to(Role.STAFF)
def more_time(request: AskedHttpRequest, ask: int) -> HttpResponseBase:
    """Take more time, with a reason."""
    found, _office = _owed(request, ask)
    if found.was_taken(request.POST.get("until", ""), request.POST.get("words", "")):
        return HttpResponseRedirect(after(to(request, "desks:unit"), Done.RECORDED))  # pressed twice
    latest = latest_more_time(date.fromisoformat(found.told.entry.data["answer_due"]))
    today = local_date(_now(), request.pack)
    form = MoreTimeForm(request.POST or None, due=found.standing.answer_due, latest=latest, today=today)

    def act(form: Form, **given: Any) -> None:
        actions.take_more_time(until=form.cleaned_data["until"], **given)

    return _step(request, ask, form, _("Take more time, with a reason"), act)


@open_to(Role.STAFF)
def transfer(request: AskedHttpRequest, ask: int) -> HttpResponseBase:
    """Move an ask to the office that can answer it."""
    form = TransferForm(request.POST or None, offices=_offices(request))

    def act(form: Form, **given: Any) -> None:
        actions.transfer(to=form.cleaned_data["office"], **given)

    is_above = ask in {one.ask for one in queries.to_hand_on(request.program, request.asker)}
    found = queries.asked(request.program, ask, lang_of(request)) if is_above else None
    office = request.asker.office_in(found.standing.unit) if found else None
    may_act = (found, office) if found and office else None
    return _step(request, ask, form, _("Move it to the right unit"), act, may_act)
