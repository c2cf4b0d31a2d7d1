"""The first page of a program: what people can say now, what came of what they said, and where to get help."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext

from alongside.chain.asks.queries import places_of
from alongside.core.kinds import EntryKind
from alongside.core.workflow.engagements import EngagementStage
from alongside.desks import stage_words
from alongside.desks.stage_words import mark_of_all
from alongside.desks.what_came_of_it import past_threads
from alongside.ground.directory.queries import to_call_now
from alongside.ground.gate.roles import Role, ViewerRequest, from_the_record, open_to
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record import rates
from alongside.ground.record.labels import where_it_stands
from alongside.ground.record.models import Standing
from alongside.ground.record.queries import EntryView
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.pages import ROWS
from alongside.work.engagements.queries.promises import has_statements
from alongside.work.engagements.steps import not_closed
from alongside.work.projects.queries import courses_of, worded_courses

#: How many outcomes the page shows; another has all.
OUTCOMES = 3


@from_the_record
@open_to(Role.EVERYONE)
def home(request: ViewerRequest) -> HttpResponseBase:
    """Show what people can say now, what came of what they said, and where to get help."""
    lang, today, pack = lang_of(request), request.today, request.pack
    shown, count = open_now(request.program, lang, today)
    asks = record.standings(request.program)
    past = past_threads(request.program, lang)
    context = {
        "open": shown,
        "open_count": count,
        "outcomes": outcomes(request, asks),
        "timely": rates.on_their_day(asks, today),
        "past": past,
        "page_source": "both" if past else "",
        "sanctuary": pack.sanctuary.title.say(lang) if pack.sanctuary else gettext("Help and safety"),
        **to_call_now(request.program, pack),
        "record_head": record.head_of(request.program),
    }
    return render(request, "desks/home.html", context)


@dataclass(frozen=True)
class Outcome:
    """What became of one recommendation or question: its title, where it stands, and its place in its thread."""

    title: str
    lang: str
    state: str
    mark: tuple[str, str]
    href: str
    #: The promise of what people were asked, where it rests on one.
    about: EntryView | None = None


def outcomes(request: ViewerRequest, asks: Sequence[Standing]) -> list[Outcome]:
    """Give what was answered, checked or became late last, of what rests on what people said. Four queries."""
    today, steps = request.today, record.milestones(request.program)
    checked = {one.ask: one.checked for one in sorted(steps, key=lambda one: one.checked or date.min)}
    moved = [
        (max(filter(None, [one.answered or one.due, checked.get(one.ask)])), one)
        for one in asks
        if one.kind == EntryKind.ASK_RECOMMENDED and (one.answered or one.is_late(today))
    ]
    moved.sort(key=lambda each: (each[0], each[1].ask), reverse=True)
    last = [one for _day, one in moved[:OUTCOMES]]
    places = places_of(request.program, [one.ask for one in last])
    on = {ask: place for (ask, role), place in places.items() if role == "engagement"}
    told = record.entry_views(request.program, {*on.values(), *(one.ask for one in last)}, lang_of(request))
    found = []
    for one in last:
        view, promise = told[one.ask], on.get(one.ask)
        place = (
            f"{to(request, 'desks:thread', promise=promise)}#now-{one.ask}"
            if promise is not None
            else to(request, "desks:question", ask=one.ask)
        )
        own = [step for step in steps if step.ask == one.ask]
        state = where_it_stands(one, own, today)
        late = stage_words.late_promises(own, today) if one.owes else ""
        state = f"{state} {late}." if late else state
        mark = mark_of_all([one], own, today)
        found.append(
            Outcome(
                view.say("title"),
                view.lang("title"),
                state,
                mark,
                place,
                None if promise is None else told.get(promise),
            )
        )
    return found


@dataclass(frozen=True)
class Open:
    """An engagement that people can take part in now."""

    slug: str
    promise: int
    title: str
    lang: str
    closes: date
    is_community: bool
    has_statements: bool


def open_now(program: Program, lang: str, today: date) -> tuple[list[Open], int]:
    """Give the engagements that are open and close first, and how many are open. Four queries."""
    going = courses_of(program, not_closed(program), today)
    found = [one for one in going if one.state == EngagementStage.OPEN]
    found.sort(key=lambda one: (one.course.closes, one.told.index))
    shown = [
        Open(
            slug=one.slug,
            promise=one.told.index,
            title=one.told.say("title"),
            lang=one.told.lang("title"),
            closes=one.course.closes,
            is_community=one.told.entry.data["community"],
            has_statements=has_statements(one.told),
        )
        for one in worded_courses(program, found[:ROWS], lang)
    ]
    return shown, len(found)
