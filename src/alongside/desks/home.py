"""The first page of a program: what is open, the city's clock, the latest entries, and help."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponseBase
from django.shortcuts import render

from alongside.core.kinds import EntryKind
from alongside.core.workflow.engagements import EngagementStage
from alongside.desks.answers_due import rates, tallies
from alongside.desks.follow import past_threads
from alongside.ground.gate.roles import Role, ViewerRequest, from_the_record, open_to
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record.sentences import Row
from alongside.ground.ui.addresses import lang_of
from alongside.ground.ui.pages import ROWS
from alongside.work.projects.queries import courses_of, worded_courses

LATEST = 5
LATEST_KINDS = (
    EntryKind.FINDING_PUBLISHED,
    EntryKind.ASK_RECOMMENDED,
    EntryKind.ASK_QUESTIONED,
    EntryKind.ADVICE_PUBLISHED,
    EntryKind.CONSULTATION_OPENED,
    EntryKind.ASK_SILENT,
    EntryKind.ANSWER_GIVEN,
    EntryKind.ANSWER_CONTESTED,
    EntryKind.CONTEST_JOINED,
    EntryKind.ANSWER_UNREASONED,
    EntryKind.CONTEST_REPLIED,
    EntryKind.DELIVERY_VERIFIED,
    EntryKind.DELIVERY_DISPUTED,
    EntryKind.REPORT_PUBLISHED,
    EntryKind.ENGAGEMENT_PROMISED,
)


@from_the_record
@open_to(Role.EVERYONE)
def home(request: ViewerRequest) -> HttpResponseBase:
    """Show what is open, the city's clock, the latest entries, and help."""
    lang, today = lang_of(request), request.today
    shown, count = open_now(request.program, lang, today)
    asks = record.standings(request.program)
    latest = record.latest_entry_views(request.program, lang, LATEST_KINDS, LATEST)
    past = past_threads(request.program, lang)
    context = {
        "open": shown,
        "open_count": count,
        "tallies": tallies(request.program, asks, request.pack, lang, today),
        "rates": rates(request.program, asks, today),
        "latest": [Row.of(one, "", request.pack, lang, signed=True, titles={}) for one in latest],
        "past": past,
        "page_source": "both" if past else "",
        "sanctuary": {
            "title": request.pack.words("sanctuary.title", lang),
            "words": request.pack.words("sanctuary.words", lang),
        },
        "record_head": record.head_of(request.program),
        "today": today,
    }
    return render(request, "desks/home.html", context)


@dataclass(frozen=True)
class Open:
    """An engagement that people can take part in now."""

    slug: str
    promise: int
    title: str
    lang: str
    decision: str
    decision_lang: str
    closes: date
    languages: int
    is_community: bool


def open_now(program: Program, lang: str, today: date) -> tuple[list[Open], int]:
    """Give the engagements that are open and close first, and how many are open. Four queries."""
    promises = record.without_words(program, kinds=(EntryKind.ENGAGEMENT_PROMISED,))
    found = [one for one in courses_of(program, promises, today) if one.state == EngagementStage.OPEN]
    found.sort(key=lambda one: (one.course.closes, one.told.index))
    shown = [
        Open(
            slug=one.slug,
            promise=one.told.index,
            title=one.told.say("title"),
            lang=one.told.lang("title"),
            decision=one.told.say("decision"),
            decision_lang=one.told.lang("decision"),
            closes=one.course.closes,
            languages=len(one.told.entry.data["languages"]),
            is_community=one.told.entry.data["community"],
        )
        for one in worded_courses(program, found[:ROWS], lang)
    ]
    return shown, len(found)
