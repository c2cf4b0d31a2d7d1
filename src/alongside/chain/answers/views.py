"""Pages on which a unit answers, one or many at a time, and leads contest an answer."""

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from django.forms import Form
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from alongside.chain.answers import actions, queries
from alongside.chain.answers.forms import (
    ADVISED,
    DECISIONS,
    TELLINGS,
    AnswerForm,
    ContestForm,
    HandBackForm,
    ManyAnswersForm,
    WaitingForm,
    filled,
    possible_languages,
)
from alongside.chain.answers.models import AnswerDraft
from alongside.chain.answers.steps import can_stand, who_has
from alongside.chain.asks.actions import acknowledge
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Refused
from alongside.core.workflow.answer_drafts import OUTBOX_MINUTES, waits_in_outbox
from alongside.ground.gate.roles import Role, ViewerRequest, open_to, or_404
from alongside.ground.people.models import Person
from alongside.ground.programs.queries import signing_office
from alongside.ground.record.labels import ANSWERS
from alongside.ground.record.queries import packs_of
from alongside.ground.search.queries import Tongue
from alongside.ground.ui.addresses import lang_of, number_in, to, to_if_there
from alongside.ground.ui.done import AlreadyDoneError, Done, after
from alongside.ground.ui.pages import page_of_many
from alongside.ground.ui.press import Typed, posted, press, taking
from alongside.ground.ui.steps import Desk


@open_to(Role.STAFF)
def answer(request: ViewerRequest, about: int) -> HttpResponseBase:
    """Draft an answer beside what was asked; send it for sign-off; as the manager, sign it off."""
    context = open_to_answer(request, about) or not_owed(request, about)
    return pressed(request, context) or render(request, "answers/answer.html", context)


def pressed(request: ViewerRequest, context: Mapping[str, Any]) -> HttpResponseBase | None:
    """Do what a button of an answer asks for; None where the page, or the desk around it, is to be shown with what was refused."""
    found, form = context["found"], context["form"]
    if request.method == "POST" and "have" in request.POST:
        _have(request, found)
        if form.is_valid() and _is_as_kept(found.draft, form.values()):
            return HttpResponseRedirect(at_desk(request, found.about, Done.RECORDED))
    return press(request, form, lambda _typed: _act(request, found, form), str)


def open_to_answer(request: ViewerRequest, about: int) -> dict[str, Any] | None:
    """Give what the page shows on which an answer is written: the ask, what helps, and the form; None where nothing is owed here.

    `?from=` begins with the words of an answer that stands on the record.
    """
    lang, viewer = lang_of(request), request.viewer
    found = queries.answering(request.program, viewer, about, Tongue.of(request.pack, lang))
    if found is None:
        return None
    unit = found.asked.standing.unit
    begins = number_in(request.GET.get("from", ""))
    words = next((one.answer.say("reasons") for one in found.like if one.answer.index == begins), "")
    form = AnswerForm(
        posted(request),
        initial=dict(filled(found.draft)) or {"reasons": words},
        stands=found.draft.version if found.draft else "",
        offices=queries.owners(request.pack, unit, lang),
        languages=possible_languages(found.draft, lang),
        is_reply=found.is_reply,
        is_advice=found.is_advice,
        is_question=found.is_question,
        is_put_off=found.is_put_off,
    )
    waits = waits_in_outbox(found.asked.standing.due or request.today, request.today)
    context = {"found": found, "form": form, "may_sign": viewer.signs_for(unit)}
    context["minutes"] = OUTBOX_MINUTES if waits else 0
    context["days_late"] = found.days_late(request.today)
    context["who_has"] = who_has(found.draft, request.pack, is_put_off=found.is_put_off)
    context["decision"] = form.said.get(found.draft.decision, "") if found.draft else ""
    owner = found.draft.owner if found.draft else ""
    context["draft_owner"] = request.pack.office_title(owner, lang) if owner else ""
    context["like"] = [
        (one, ANSWERS[one.standing.decision or ""], request.pack.office_title(one.standing.office, lang))
        for one in found.like
    ]
    if found.answer and unit in viewer.merged:
        context["answered_by"] = packs_of(request.program).at(found.answer.index).unit_name(unit, lang)
    return context


def not_owed(request: ViewerRequest, about: int) -> NoReturn:
    """Say that nothing is owed here: it was answered, or there is no such thing. Raises AlreadyDoneError or Http404."""
    _refuse_if_given(request, about)
    raise Http404


def at_desk(request: ViewerRequest, about: int, done: Done) -> str:
    """Give the desk with an answer open beside its queue, from its top, where it says what was done."""
    return after(f"{to_if_there(request, 'desks:unit') or request.path}?at={about}", done)


def _refuse_if_given(request: ViewerRequest, about: int, *, is_in_outbox: bool = True) -> None:
    """Raise AlreadyDoneError where the answer, or the reply, is on the record, or is signed and in the outbox."""
    draft = queries.draft_of(request.program, request.viewer, about) if is_in_outbox else None
    if draft and draft.is_signed:
        raise AlreadyDoneError(f"{to(request, 'desks:unit')}?at={about}")
    given = queries.given(request.program, request.viewer, about)
    if given is not None:
        raise AlreadyDoneError(to(request, "record:entry", index=given))


def _is_as_kept(draft: AnswerDraft | None, values: Mapping[str, Any]) -> bool:
    """Say whether what was typed says no more than the draft does."""
    if draft is None:
        return not any(said for name, said in values.items() if name != "lang")
    return all(getattr(draft, name) == value for name, value in values.items())


def _have(request: ViewerRequest, found: queries.Answering) -> None:
    """Say that the office has the ask, unless it said so."""
    standing = found.asked.standing
    office = request.viewer.office_in(standing.unit)
    if office and standing.acknowledged is None and not found.is_reply:
        acknowledge(program=request.program, ask=standing.ask, office=office, now=request.now)


def _act(request: ViewerRequest, found: queries.Answering, form: AnswerForm) -> str:
    """Do what the pressed button says; give the address that shows it. Raises ValidationError where something is missing."""
    now, unit = request.now, found.asked.standing.unit
    person = Person.objects.get(pk=request.viewer.person_id or 0)
    try:
        draft = actions.save_draft(
            program=request.program,
            about=found.about,
            unit=unit,
            person=person,
            values=form.values(),
            now=now,
        )
        form.renew(draft.version)
        if "sign" in request.POST and request.viewer.signs_for(unit):
            office = signing_office(request.program, unit) or ""
            entries = actions.sign(drafts=[draft], office=office, person=person, now=now)
            if not entries:
                return at_desk(request, found.about, Done.IN_OUTBOX)
            return after(to(request, "record:entry", index=entries[0].index), Done.ANSWERED)
        if "send" in request.POST:
            actions.send_for_sign_off(draft=draft, person=person, now=now)
            return at_desk(request, found.about, Done.SENT)
    except Refused:
        _refuse_if_given(request, found.about)  # somebody else was faster by a moment
        raise
    return at_desk(request, found.about, Done.HAVE if "have" in request.POST else Done.KEPT)


def _to_sign_or_404(request: ViewerRequest, about: int) -> AnswerDraft:
    """Give a draft of a unit for which the viewer signs."""
    draft = or_404(queries.draft_of(request.program, request.viewer, about))
    if not request.viewer.signs_for(draft.unit):
        raise Http404
    return draft


@open_to(Role.STAFF)
def hand_back(request: ViewerRequest, about: int) -> HttpResponseBase:
    """Let the manager give a draft back to whoever writes it, with a note."""
    draft = _to_sign_or_404(request, about)
    form = HandBackForm(posted(request))
    person = Person.objects.get(pk=request.viewer.person_id or 0)
    act = taking(actions.hand_back, draft=draft, person=person, now=request.now)
    onward = after(to(request, "desks:unit"), Done.HANDED_BACK)
    return press(request, form, act, onward) or render(request, "answers/hand_back.html", {"form": form})


@open_to(Role.STAFF)
@require_POST
def call_back(request: ViewerRequest, about: int) -> HttpResponseBase:
    """Let the manager take a signed answer out of the outbox."""
    _refuse_if_given(request, about, is_in_outbox=False)
    actions.call_back(draft=_to_sign_or_404(request, about))
    return HttpResponseRedirect(at_desk(request, about, Done.CALLED_BACK))


@open_to(Role.LEAD)
def contest(request: ViewerRequest, answer: int) -> HttpResponseBase:
    """Contest an answer, once; add one's own words where another lead did."""
    found = queries.contestable(request.program, answer, lang_of(request))
    if found is None:
        return _join(request, or_404(queries.contested(request.program, answer, lang_of(request))))
    form = ContestForm(posted(request))

    def act(typed: Typed) -> str:
        about = {"program": request.program, "answer": answer, "seat": request.viewer.seat or ""}
        entry = actions.contest(**about, words=typed["words"], lang=lang_of(request), now=request.now)
        return to(request, "record:entry", index=entry.index)

    ask = found.asked.told.entry
    stand = can_stand(Desk(request, Role.LEAD), ask, answer)
    return press(request, form, act, lambda there: after(there, Done.RECORDED)) or render(
        request, "answers/contest.html", {"found": found, "form": form, "stand": stand}
    )


@open_to(Role.LEAD)
def unreasoned(request: ViewerRequest, answer: int) -> HttpResponseBase:
    """Say that an answer gives no reasons, once, with its words in view."""
    found = queries.contestable(request.program, answer, lang_of(request))
    if found is None:  # contested meanwhile: its own page leads on
        return HttpResponseRedirect(to(request, "answers:contest", answer=answer))
    if found.mark is not None:
        raise AlreadyDoneError(to(request, "record:entry", index=found.mark))
    form = Form(posted(request))

    def act(_typed: Typed) -> str:
        seat = request.viewer.seat or ""
        entry = actions.mark_unreasoned(program=request.program, answer=answer, seat=seat, now=request.now)
        return to(request, "record:entry", index=entry.index)

    return press(request, form, act, lambda there: after(there, Done.RECORDED)) or render(
        request, "answers/unreasoned.html", {"found": found, "form": form}
    )


def _join(request: ViewerRequest, found: queries.Contested) -> HttpResponseBase:
    """Let a lead join a contest of another one, once, until its reply."""
    seat = request.viewer.seat or ""
    own = found.by(seat)
    if own or not found.is_open:
        raise AlreadyDoneError(to(request, "record:entry", index=(own or found.contest).index))
    form = ContestForm(posted(request))

    def act(typed: Typed) -> str:
        about = {"program": request.program, "contest": found.contest.index, "seat": seat}
        entry = actions.join(**about, words=typed["words"], lang=lang_of(request), now=request.now)
        return to(request, "record:entry", index=entry.index)

    return press(request, form, act, lambda there: after(there, Done.RECORDED)) or render(
        request, "answers/join.html", {"found": found, "form": form}
    )


#: What each decision is called, by the kind of what it answers.
SAID: Mapping[str, Mapping[str, Any]] = {
    EntryKind.ASK_RECOMMENDED: dict(DECISIONS),
    EntryKind.ASK_QUESTIONED: dict([*DECISIONS, *TELLINGS]),
    EntryKind.ASK_ADVISED: dict(ADVISED),
}


@open_to(Role.STAFF)
def many(request: ViewerRequest) -> HttpResponseBase:
    """Answer many questions at once; as the manager, sign the answers that wait, to whatever was asked, together."""
    lang = lang_of(request)
    owed = queries.questions_to_answer(request.program, request.viewer, lang)
    lists, chosen_list = queries.lists_of(request.program, owed, lang), request.GET.get("list", "")
    found = [one for one in owed if chosen_list in {"", str(one.listed)}]
    picked = request.GET.getlist("ask")
    found = [one for one in found if str(one.standing.ask) in picked] if picked else found
    is_answer = "send" in request.POST or "sign" in request.POST
    asks, versions = [one.standing.ask for one in found], [one.version for one in found]
    form = ManyAnswersForm(request.POST if is_answer else None, asks=asks, versions=versions)
    _refuse_if_all_given(request, form.chosen, owed)
    if went := press(request, form, lambda typed: _answer_all(request, form, typed, found), str):
        return went
    every = queries.answers_to_sign(request.program, request.viewer, lang)
    waiting = [one for one in every if chosen_list in {"", str(one.listed)}]
    waiting = [one for one in waiting if str(one.standing.ask) in picked] if picked else waiting
    signs = "sign_waiting" in request.POST
    to_sign = WaitingForm(request.POST if signs else None, versions=[one.version for one in waiting])
    if signs:
        _refuse_if_all_given(request, to_sign.chosen, every)
    signed = [one.draft for one in waiting if one.draft and one.version in to_sign.chosen]
    if went := press(request, to_sign, lambda _typed: _sign_many(request, signed), str):
        return went
    context = {"form": form, "to_sign": to_sign, "may_sign": bool(request.viewer.manages)}
    context |= _rows(request, form, found, to_sign, waiting, is_whole=bool(chosen_list or picked))
    named = [(one, n, str(one.index) == chosen_list) for one, n in lists]
    context |= {"signs_alone": bool(picked and waiting and not found)}
    context |= {"lists": named, "list": chosen_list, "is_mixed": any(n < len(owed) for _one, n in lists)}
    return render(request, "answers/many.html", context)


def _rows(
    request: ViewerRequest,
    form: ManyAnswersForm,
    found: Sequence[queries.ToAnswer],
    to_sign: WaitingForm,
    waiting: Sequence[queries.ToAnswer],
    *,
    is_whole: bool,
) -> dict[str, Any]:
    """Give a page of what is owed and of what waits, and what was chosen, wherever it stands by now.

    What was narrowed stands whole, so that a list can be answered at once.
    """
    page, shown = page_of_many(request.GET.get("page"), found, waiting)

    def stand(rows: Sequence[queries.ToAnswer], chosen: Sequence[str]) -> list[queries.ToAnswer]:
        return [
            one
            for n, one in enumerate(rows)
            if is_whole or n in range(*shown.indices(len(rows))) or one.version in chosen
        ]

    answered = (
        form.chosen if form.is_bound else [one.version for one in found if is_whole and "ask" in request.GET]
    )
    return {
        "page": None if is_whole else page,
        "owed": len(found),
        "to_be_signed": len(waiting),
        "rows": [
            (one, form[f"own_{one.standing.ask}"], one.version in answered)
            for one in stand(found, form.chosen)
        ],
        "waiting": [
            (*_drafted(request, one), one.version in to_sign.chosen) for one in stand(waiting, to_sign.chosen)
        ],
    }


def _drafted(request: ViewerRequest, one: queries.ToAnswer) -> tuple[queries.ToAnswer, Any, str]:
    """Give an answer that waits, what it decides and which office owns it, in words."""
    if one.draft is None:
        return one, "", ""
    owner = request.pack.office_title(one.draft.owner, lang_of(request)) if one.draft.owner else ""
    return one, SAID[one.standing.kind].get(one.draft.decision, ""), owner


def _refuse_if_all_given(
    request: ViewerRequest, versions: Sequence[str], owed: Sequence[queries.ToAnswer]
) -> None:
    """Raise AlreadyDoneError where everything that was chosen has its answer on the record."""
    chosen = [number for one in versions if (number := number_in(one.partition(" ")[0]))]
    are_owed = {one.standing.ask for one in owed}.intersection(chosen)
    if chosen and not are_owed and queries.are_answered(request.program, request.viewer, chosen):
        raise AlreadyDoneError(request.path)


def _sign_many(request: ViewerRequest, drafts: Sequence[AnswerDraft]) -> str:
    """Sign drafts of the units that the viewer signs for; give the address that tells how many are on the record, or wait."""
    person, entered = Person.objects.get(pk=request.viewer.person_id or 0), 0
    for unit in sorted({one.unit for one in drafts}):
        office = signing_office(request.program, unit) or ""
        mine = [one for one in drafts if one.unit == unit]
        entries = actions.sign(drafts=mine, office=office, person=person, now=request.now)
        entered += sum(one.kind == EntryKind.ANSWER_GIVEN for one in entries)
    if entered == len(drafts):
        return after(request.path, Done.ANSWERED, entered)
    return after(request.path, Done.IN_OUTBOX, len(drafts) - entered)


def _answer_all(
    request: ViewerRequest, form: ManyAnswersForm, typed: Typed, found: Sequence[queries.ToAnswer]
) -> str:
    """Draft what was typed for every chosen question, a unit at a time, and sign it where the manager said so.

    Gives the address that tells how many answers are on the record now, or wait for the manager.
    """
    given = {name: typed[name] for name in ("decision", "reasons", "until")}
    person = Person.objects.get(pk=request.viewer.person_id or 0)
    chosen = [one.standing for one in found if one.version in typed["asks"]]
    manages = request.viewer.manages if "sign" in request.POST else frozenset()
    signed: list[AnswerDraft] = []
    for unit in sorted({one.unit for one in chosen}):
        drafts = actions.send_many(
            program=request.program,
            unit=unit,
            asks=[one.ask for one in chosen if one.unit == unit],
            own=form.own,
            lang=lang_of(request),
            person=person,
            now=request.now,
            **given,
        )
        signed += [one for one in drafts if one.unit in manages]
    return _sign_many(request, signed) if signed else after(request.path, Done.SENT, len(chosen))
