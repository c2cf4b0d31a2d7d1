"""What everyone sees: what is open, and threads from old sources."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from alongside.core.kinds import EntryKind, is_from_sources
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record.queries import EntryView
from alongside.work.projects.queries import courses_of


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


def open_now(program: Program, lang: str, today: date) -> list[Open]:
    """List the engagements that are open, those that close first in front."""
    promises = record.told_where(program, lang, kinds=(EntryKind.ENGAGEMENT_PROMISED,))
    found = [
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
        for one in courses_of(program, promises, today)
        if one.state == "open"
    ]
    return sorted(found, key=lambda one: (one.closes, one.promise))


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


@dataclass(frozen=True)
class Past:
    """A thread from old sources."""

    slug: str
    told: list[EntryView]


def past_threads(program: Program, lang: str) -> list[Past]:
    """List the threads that were reconstructed from old sources. Two queries."""
    by_slug: dict[str, list[EntryView]] = defaultdict(list)
    for one in record.told_where(program, lang, kinds=RECONSTRUCTED):
        by_slug[one.entry.data["thread"]].append(one)
    return [
        Past(slug, sorted(found, key=lambda one: (one.entry.data["event_date"], one.index)))
        for slug, found in by_slug.items()
    ]


RECONSTRUCTED = tuple(filter(is_from_sources, EntryKind))
