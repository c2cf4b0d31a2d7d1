"""Pages that ask, advise, and act on what was asked."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any, NoReturn

from django.forms import Form
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from alongside.chain.asks import actions, queries
from alongside.chain.asks.forms import (
    AdviceForm,
    FollowUpForm,
    ManyForm,
    MoreTimeForm,
    QuestionForm,
    RaiseForm,
    RecommendForm,
    ReplyAboveForm,
    TransferForm,
    WordsForm,
    driven_by,
)
from alongside.chain.asks.queries import learnings
from alongside.core.clocks import latest_more_time
from alongside.core.entries import unit_of
from alongside.core.grammar.asks import who_hears
from alongside.core.grammar.bureaus import bureau_of
from alongside.core.grammar.learning_periods import DAYS
from alongside.core.kinds import EntryKind
from alongside.ground.gate.roles import Role, ViewerRequest, open_to, or_404
from alongside.ground.programs.queries import office_today, signing_office
from alongside.ground.record.actions.entries import Text
from alongside.ground.record.places import page_of_ask
from alongside.ground.record.queries import EntryView, entry_views
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.done import AlreadyDoneError, Done, after
from alongside.ground.ui.press import Typed, posted, press
from alongside.work.projects.models import Project
from alongside.work.projects.queries import project_of


@open_to(Role.LEAD)
def advise(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Write advice with its points, and put it on the record at once."""
    lang = lang_of(request)
    found = or_404(queries.to_advise(request.program, request.viewer, slug, lang))
    driving = queries.driving_choices(request.program, lang)
    form = AdviceForm(posted(request), comments=found.choices, answers=found.answers, driving=driving)

    def act(typed: Typed) -> None:
        actions.advise(
            consultation=found.consultation,
            seat=request.viewer.seat or "",
            words=Text(lang, typed["advice"]),
            points=[(Text(lang, title), Text(lang, ask)) for title, ask in form.said()],
            comments=[found.cited[name] for name in typed.get("comments", [])],
            smaller=typed["smaller"],
            beside=found.beside if typed["smaller"] else [],
            answers=[int(one) for one in typed.get("answers", [])],
            driving=driven_by(typed),
            now=request.now,
        )

    return press(request, form, act, after(to(request, "desks:changes", slug=slug), Done.RECORDED)) or render(
        request, "asks/advise.html", {"form": form, "found": found}
    )


def _offices(request: ViewerRequest) -> list[tuple[str, str]]:
    """List the offices to choose from, saying where nobody holds one today."""
    return queries.offices_and_holders(request.program, request.pack, lang_of(request), request.today)


def _thread(request: ViewerRequest, found: queries.Asked) -> str:
    own = to(request, "record:entry", index=found.told.index)
    return page_of_ask(partial(to, request), found.told.entry, {}) or own


def _words(typed: Typed, lang: str) -> dict[str, dict[str, str]]:
    return {lang: {"title": typed["title"], "ask": typed["ask"]}}


@open_to(Role.LEAD)
def recommend(request: ViewerRequest, promise: int) -> HttpResponseBase:
    """Recommend something that rests on an engagement's findings."""
    lang = lang_of(request)
    findings = or_404(queries.findings_of(request.program, promise, lang) or None)
    form = RecommendForm(
        posted(request),
        initial={"findings": request.GET.getlist("finding")},
        findings=findings,
        offices=_offices(request),
        driving=queries.driving_choices(request.program, lang),
    )

    def act(typed: Typed) -> str:
        entry = actions.recommend(
            program=request.program,
            seat=request.viewer.seat or "",
            office=typed["office"],
            findings=[int(one) for one in typed["findings"]],
            words=_words(typed, lang),
            driving=form.driven,
            now=request.now,
        )
        return f"{to(request, 'desks:thread', promise=promise)}#ask-{entry.index}"

    context = {"form": form, "heading": _("Recommend something"), "is_recommendation": True}
    return press(request, form, act, lambda thread: after(thread, Done.RECORDED)) or render(
        request, "asks/ask.html", context
    )


def _project(request: ViewerRequest) -> tuple[Project | None, EntryView | None]:
    """Give the project that the address names, with its words: what is asked is then about it."""
    project = project_of(request.program, request.GET.get("project", ""))
    told = entry_views(request.program, [project.entry], lang_of(request)) if project else {}
    return project, next(iter(told.values()), None)


@open_to(Role.LEAD)
def question(request: ViewerRequest) -> HttpResponseBase:
    """Ask an office to tell something."""
    lang = lang_of(request)
    project, about = _project(request)
    form = QuestionForm(
        posted(request),
        offices=_offices(request),
        driving=queries.driving_choices(request.program, lang),
    )

    def act(typed: Typed) -> str:
        entry = actions.question(
            program=request.program,
            seat=request.viewer.seat or "",
            office=typed["office"],
            words=_words(typed, lang),
            driving=form.driven,
            project=project,
            now=request.now,
        )
        return to(request, "desks:question", ask=entry.index)

    context = {"form": form, "heading": _("Ask the City a question"), "about": about}
    return press(request, form, act, lambda there: after(there, Done.RECORDED)) or render(
        request, "asks/ask.html", context
    )


@open_to(Role.LEAD)
def clarify(request: ViewerRequest, ask: int) -> HttpResponseBase:
    """Say what the leads mean, where an office asked."""
    found = or_404(queries.asked(request.program, ask, lang_of(request)))
    if found.unclear is None and found.said(EntryKind.ASK_CLARIFIED):
        raise AlreadyDoneError(_thread(request, found))
    unclear = or_404(found.unclear)
    form = WordsForm(posted(request))

    def act(typed: Typed) -> None:
        actions.clarify(
            program=request.program,
            ask=ask,
            unclear=unclear.index,
            seat=request.viewer.seat or "",
            words=typed["words"],
            lang=lang_of(request),
            now=request.now,
        )

    context = {
        "form": form,
        "found": found,
        "heading": _("Say what you mean"),
        "button": _("Put it on the public log"),
    }
    return press(request, form, act, after(_thread(request, found), Done.RECORDED)) or render(
        request, "asks/step.html", context
    )


def _owed(request: ViewerRequest, ask: int) -> tuple[queries.Asked, str]:
    """Give an ask that the viewer's unit owes, and the office they act as."""
    found = queries.asked_of(request.program, request.viewer, ask, lang_of(request))
    office = request.viewer.office_in(found.standing.unit) if found else None
    if found is None or office is None:
        done = queries.done_by(request.program, request.viewer, ask, lang_of(request))
        if done is not None:
            raise AlreadyDoneError(to(request, "record:entry", index=done))
        raise Http404
    return found, office


@open_to(Role.STAFF)
@require_POST
def acknowledge(request: ViewerRequest, ask: int) -> HttpResponseBase:
    """Say that the office has the ask."""
    found, office = _owed(request, ask)
    if found.standing.acknowledged is None:  # a second press says nothing new
        actions.acknowledge(program=request.program, ask=ask, office=office, now=request.now)
    return HttpResponseRedirect(after(to(request, "answers:answer", about=ask), Done.RECORDED))


def _step(
    request: ViewerRequest,
    ask: int,
    form: Form,
    heading: str,
    act: Callable[..., object],
    may_act: tuple[queries.Asked, str] | None = None,
    days: int = 0,
) -> HttpResponseBase:
    found, office = may_act or _owed(request, ask)
    given = {
        "program": request.program,
        "ask": ask,
        "office": office,
        "lang": lang_of(request),
        "now": request.now,
    }
    context = {"form": form, "found": found, "heading": heading, "button": _("Put it on the public log")}
    context["days_late"] = days
    return press(
        request, form, lambda typed: act(typed, **given), after(to(request, "desks:unit"), Done.RECORDED)
    ) or render(request, "asks/staff_step.html", context | {"is_above": may_act is not None})


@open_to(Role.STAFF)
def unclear(request: ViewerRequest, ask: int) -> HttpResponseBase:
    """Ask the leads what they mean."""
    form = WordsForm(posted(request))

    def act(typed: Typed, **given: Any) -> None:
        actions.ask_what_is_meant(**typed, **given)

    return _step(request, ask, form, _("Ask the leads what they mean"), act)


@open_to(Role.STAFF)
def more_time(request: ViewerRequest, ask: int) -> HttpResponseBase:
    """Take more time, with a reason."""
    found, _office = _owed(request, ask)
    latest = latest_more_time(date.fromisoformat(found.told.entry.data["answer_due"]))
    due, today = found.standing.answer_due, request.today
    form = MoreTimeForm(posted(request), due=due, latest=latest, today=today, moves=found.times_left)

    def act(typed: Typed, **given: Any) -> None:
        actions.take_more_time(**typed, **given)

    return _step(
        request, ask, form, _("Take more time, with a reason"), act, days=found.standing.days_late(today)
    )


@open_to(Role.STAFF)
def transfer(request: ViewerRequest, ask: int) -> HttpResponseBase:
    """Move an ask to the office that can answer it."""
    form = TransferForm(posted(request), offices=_offices(request))

    def act(typed: Typed, **given: Any) -> None:
        actions.transfer(to=typed["office"], words=typed["words"], **given)

    is_above = ask in {one.ask for one in queries.to_hand_on(request.program, request.viewer)}
    found = queries.asked(request.program, ask, lang_of(request)) if is_above else None
    office = request.viewer.office_in(found.standing.unit) if found else None
    may_act = (found, office) if found and office else None
    return _step(request, ask, form, _("Move it to the right bureau"), act, may_act)


@open_to(Role.STAFF, Role.LEAD)
def learning(request: ViewerRequest) -> HttpResponseBase:
    """Show who learns until when; let a manager ask for a learning period, and a lead agree: one in each bureau."""
    found, now, lang = (
        learnings(RowsLog.at(request.program, request.stand.log, request.stand.size)),
        request.now,
        lang_of(request),
    )
    within = request.pack.within
    over = {bureau_of(one.unit, within) for one in found if one.until}
    may_ask = sorted(
        one
        for one in request.viewer.manages - {one.unit for one in found}
        if bureau_of(one, within) not in over
    )
    open_ones = [one for one in found if bureau_of(one.unit, within) not in over]
    waiting = {one.unit: one for one in open_ones} if request.viewer.seat else {}
    if request.method == "POST":
        unit = request.POST.get("unit", "")
        if unit in waiting:
            seat = request.viewer.seat or ""
            actions.agree_to_learn(
                program=request.program, asked=waiting[unit].asked, unit=unit, seat=seat, now=now
            )
        elif unit in may_ask:
            office = signing_office(request.program, unit) or ""
            actions.ask_to_learn(program=request.program, office=office, now=now)
        elif unit not in {one.unit for one in found}:
            raise Http404
        return HttpResponseRedirect(after(request.path, Done.RECORDED))
    rows = [(one, request.pack.unit_name(one.unit, lang), one.unit in waiting) for one in found]
    asking = [(unit, request.pack.unit_name(unit, lang)) for unit in may_ask]
    return render(request, "asks/learning.html", {"rows": rows, "asking": asking, "days": DAYS})


@open_to(Role.LEAD)
def many(request: ViewerRequest) -> HttpResponseBase:
    """Ask an office many questions in one go. What was typed stays until it is on the record."""
    form = ManyForm(posted(request), offices=_offices(request))
    project, about = _project(request)

    def act(typed: Typed) -> str:
        entries = actions.question_many(
            program=request.program,
            seat=request.viewer.seat or "",
            office=typed["office"],
            title=typed["title"],
            questions=typed["questions"],
            project=project,
            lang=lang_of(request),
            now=request.now,
        )
        listed = f"{to(request, 'desks:questions')}?list={entries[0].index}"
        return after(listed, Done.ASKED, len(typed["questions"]))

    if "send" in request.POST and (went := press(request, form, act, str)):
        return went
    read = form.cleaned_data["questions"] if form.is_valid() else []
    return render(request, "asks/many.html", {"form": form, "read": read, "about": about})


def _whole(request: ViewerRequest, ask: int) -> queries.WholeQuestion:
    return or_404(queries.whole_question(request.program, ask, lang_of(request)))


def _done_or_404(request: ViewerRequest, ask: int, steps: Sequence[EntryView]) -> NoReturn:
    """Raise AlreadyDoneError where these steps are on the record of a question, else Http404."""
    if steps:
        raise AlreadyDoneError(to(request, "desks:question", ask=ask))
    raise Http404


def _replied_or_404(request: ViewerRequest, ask: int) -> NoReturn:
    """Raise AlreadyDoneError where an office of the viewer's units replied to a raised question, else Http404."""
    found = queries.whole_question(request.program, ask, lang_of(request))
    replies = found.of_kind(EntryKind.RAISE_REPLIED) if found else []
    mine = [one for one in replies if request.viewer.works_for(unit_of(one.entry.by[0]))]
    _done_or_404(request, ask, mine)


@open_to(Role.LEAD)
def follow_up(request: ViewerRequest, ask: int) -> HttpResponseBase:
    """Follow up on an answer with one more question to the same office."""
    found, lang = _whole(request, ask), lang_of(request)
    if not found.may_be_followed_up:
        _done_or_404(request, ask, [found.follow_up] if found.follow_up else [])
    form = FollowUpForm(posted(request))

    def act(typed: Typed) -> None:
        office = office_today(request.program, found.standing.office)
        given = {"program": request.program, "seat": request.viewer.seat or "", "now": request.now}
        actions.question(office=office, words=_words(typed, lang), follows=ask, **given)

    context = {"form": form, "found": found.asked, "heading": _("Follow up on this answer")}
    return press(request, form, act, after(to(request, "desks:question", ask=ask), Done.RECORDED)) or render(
        request, "asks/step.html", context | {"button": _("Put it on the public log")}
    )


@open_to(Role.LEAD)
def raise_it(request: ViewerRequest, ask: int) -> HttpResponseBase:
    """Raise a refused or late question to the office that the policy pack names."""
    found, lang = _whole(request, ask), lang_of(request)
    if not found.may_be_raised(request.today):
        _done_or_404(request, ask, found.of_kind(EntryKind.ASK_RAISED))
    form = RaiseForm(posted(request))

    def act(typed: Typed) -> None:
        given = {
            "program": request.program,
            "ask": ask,
            "seat": request.viewer.seat or "",
            "now": request.now,
        }
        actions.raise_question(words=typed["words"], lang=lang, **given)

    pack, owes = request.pack, found.standing.office
    above = pack.office_title(who_hears(owes, pack.escalate_to, pack.signing_offices)[0], lang)
    context = {"form": form, "found": found.asked, "above": above, "heading": _("Raise this question")}
    return press(request, form, act, after(to(request, "desks:question", ask=ask), Done.RECORDED)) or render(
        request, "asks/raise.html", context
    )


@open_to(Role.STAFF)
def reply_above(request: ViewerRequest, ask: int) -> HttpResponseBase:
    """Reply, as the office above, to a question that was raised to it."""
    raised = queries.raised_to(request.program, request.viewer.answers_for)
    mine = next((one for one in raised if one.ask == ask), None)
    why = (
        entry_views(request.program, [mine.raised or 0], lang_of(request))[mine.raised or 0] if mine else None
    )
    office = request.viewer.office_in(unit_of(why.entry.data["to"])) if why else None
    if office is None:
        _replied_or_404(request, ask)
    found = _whole(request, ask)
    form = ReplyAboveForm(posted(request))

    def act(typed: Typed) -> None:
        given = {"program": request.program, "ask": ask, "office": office, "now": request.now}
        given |= {"person": request.user}
        actions.reply_above(lang=lang_of(request), **given, **typed)

    context = {"form": form, "found": found.asked, "whole": found, "why": why, "standing": mine}
    return press(request, form, act, after(to(request, "desks:unit"), Done.RECORDED)) or render(
        request, "asks/reply_above.html", context
    )
