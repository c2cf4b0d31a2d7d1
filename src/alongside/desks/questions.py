"""Questions to the City: the list, with what each unit has not answered, and one question with everything about it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.shortcuts import render

from alongside.chain.answers.queries import to_contest
from alongside.chain.asks import queries as asks
from alongside.chain.asks.forms import StateForm
from alongside.core.kinds import EntryKind
from alongside.desks import stage_words
from alongside.ground.gate.roles import Role, ViewerRequest, open_to, or_404
from alongside.ground.record import queries as record
from alongside.ground.record.labels import ANSWERS
from alongside.ground.record.models import Standing
from alongside.ground.record.queries import EntryView
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.addresses import lang_of


@dataclass(frozen=True)
class QuestionView:
    """One question of the list, in words: where it stands, how many days are left, what was told, and what follows up on it."""

    told: EntryView
    office: str
    status: str
    raised: str
    mark: tuple[str, str]
    days: int | None
    answer: EntryView | None
    reply: EntryView | None
    follow_up: EntryView | None
    #: Whether its answer has the same words as that of another question of the page.
    is_shared: bool


def shown(request: ViewerRequest, found: Sequence[Standing]) -> list[QuestionView]:
    """Say in words where questions stand. Four queries."""
    lang, today, packs = lang_of(request), request.today, record.packs_of(request.program)
    follow_ups = asks.follow_ups(request.program, found)
    told = asks.beside(request.program, found, lang, follow_ups.values())
    words = {one.ask: told[one.answer].say("reasons") for one in found if one.answer is not None}
    said = Counter(filter(None, words.values()))
    return [
        QuestionView(
            told=told[one.ask],
            office=stage_words.asked_of(one, told.get(one.answer or 0), packs, lang),
            status=stage_words.first_answer(one, told.get(one.answer or 0), today),
            raised=stage_words.raised_words(one, told, packs, lang, today),
            mark=stage_words.marks_of(one, [], today)[-1],
            days=(one.late_from - today).days if one.owes_answer and not one.is_learning(today) else None,
            answer=told.get(one.answer or 0),
            reply=told.get(one.raise_reply or 0),
            follow_up=told.get(follow_ups.get(one.ask, 0)),
            is_shared=said[words.get(one.ask, "")] > 1,
        )
        for one in found
    ]


@open_to(Role.EVERYONE)
def questions(request: ViewerRequest) -> HttpResponseBase:
    """List the questions to the City: how many each unit has not answered, and every question with its answer."""
    lang, today = lang_of(request), request.today
    units = [
        (one["unit"], request.pack.unit_name(one["unit"], lang), one)
        for one in asks.counts(request.program, today)
    ]
    # A bureau that was asked nothing is led to as well, and has an empty list.
    names = {one.slug: one.name.say(lang) for one in request.pack.units}
    names |= {slug: name for slug, name, _count in units}
    form = StateForm(request.GET or None, units=list(names.items()))
    wanted = form.wanted()
    listed = wanted.get("list")
    found = asks.page_of_questions(
        request.program,
        today,
        unit=wanted.get("unit", ""),
        state=wanted.get("state", ""),
        listed=listed,
        number=wanted.get("page", 1),
    )
    its_list = record.entry_views(request.program, [listed], lang).get(listed) if listed is not None else None
    about = its_list.entry.cites.get("project", ()) if its_list else ()
    context = {
        "form": form,
        "units": units,
        "found": found,
        "rows": shown(request, list(found.object_list)),
        "listed": its_list,
        "about": next(iter(record.entry_views(request.program, about, lang).values()), None),
        "filters": urlencode({name: value for name, value in wanted.items() if name != "page"}),
        "may_ask": request.viewer.has(Role.LEAD),
    }
    return render(request, "desks/questions.html", context)


@open_to(Role.EVERYONE)
def question(request: ViewerRequest, ask: int) -> HttpResponseBase:
    """Show one question: what was asked, what was answered, contested, raised and followed up on."""
    lang, today = lang_of(request), request.today
    found, packs = or_404(asks.whole_question(request.program, ask, lang)), record.packs_of(request.program)
    standing, is_lead = found.standing, request.viewer.has(Role.LEAD)
    said = [*found.of_kind(EntryKind.ANSWER_CONTESTED), *found.of_kind(EntryKind.CONTEST_JOINED)]
    is_contested = standing.owes_reply
    may_join = is_contested and not any(request.viewer.seat in one.entry.by for one in said)
    rows = RowsLog.at(request.program, request.stand.log, request.stand.size)
    open_still = [standing] if standing.answer is not None and standing.contest is None else []
    contest = next(iter(to_contest(request.program, rows, today, open_still)), None)
    could = found.may_be_raised(today) or found.may_be_followed_up or contest or may_join
    told = {one.index: one for one in found.steps}
    answer = told.get(standing.answer or 0)
    left = is_lead and could and asks.LeftToOthers(rows, request.viewer, today).ask(ask)
    is_theirs = is_lead and not left
    context = {
        "found": found.asked,
        "whole": found,
        "office": stage_words.asked_of(standing, answer, packs, lang),
        "answered_by": stage_words.who_answered(answer, packs, lang),
        "status": stage_words.first_answer(standing, answer, today),
        "raised": stage_words.raised_words(standing, told, packs, lang, today),
        "mark": stage_words.marks_of(standing, [], today)[-1],
        "may_raise": is_theirs and found.may_be_raised(today),
        "may_follow_up": is_theirs and found.may_be_followed_up,
        "may_contest": is_theirs and contest is not None,
        "contest": contest,
        "decision": ANSWERS.get(standing.decision or "", ""),
        "may_join": is_theirs and may_join,
        "is_left_to_others": left,
        "record_head": record.head_of(request.program),
    }
    return render(request, "desks/question.html", context)
