"""What everyone sees: what is open, and threads from old sources."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record.queries import Told


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
    promises = record.told_where(program, lang, kinds=("engagement.promised",))
    ended = {
        cited
        for _citing, _kind, cited in record.indexes_citing(
            program, [one.index for one in promises], ("engagement.closed", "voices.closed")
        )
    }
    paused = _paused(program, [one.index for one in promises])
    found = [
        Open(
            slug=one.entry.data["engagement"],
            promise=one.index,
            title=one.say("title"),
            lang=one.lang("title"),
            decision=one.say("decision"),
            decision_lang=one.lang("decision"),
            closes=date.fromisoformat(one.entry.data["closes"]),
            languages=len(one.entry.data["languages"]),
            is_community=one.entry.data["community"],
        )
        for one in promises
        if one.index not in ended | paused and date.fromisoformat(one.entry.data["closes"]) >= today
    ]
    return sorted(found, key=lambda one: (one.closes, one.promise))


def _paused(program: Program, promises: Sequence[int]) -> set[int]:
    kinds = ("engagement.paused", "engagement.resumed")
    turns = {cited: kind for _citing, kind, cited in record.indexes_citing(program, promises, kinds)}
    return {cited for cited, kind in turns.items() if kind == "engagement.paused"}


LATEST_KINDS = (
    "finding.published",
    "ask.recommended",
    "ask.questioned",
    "advice.published",
    "consultation.opened",
    "ask.silent",
    "answer.given",
    "answer.contested",
    "answer.unreasoned",
    "contest.replied",
    "delivery.verified",
    "delivery.disputed",
    "report.published",
    "engagement.promised",
)


@dataclass(frozen=True)
class Past:
    """A thread from old sources."""

    slug: str
    told: list[Told]


def past_threads(program: Program, lang: str) -> list[Past]:
    """List the threads that were reconstructed from old sources. Two queries."""
    by_slug: dict[str, list[Told]] = defaultdict(list)
    for one in record.told_where(program, lang, kinds=RECONSTRUCTED):
        by_slug[one.entry.data["thread"]].append(one)
    return [
        Past(slug, sorted(found, key=lambda one: (one.entry.data["event_date"], one.index)))
        for slug, found in by_slug.items()
    ]


RECONSTRUCTED = tuple(
    f"reconstructed.{step}"
    for step in ("promise", "voices", "finding", "ask", "answer", "commitment", "delivery", "report", "gap")
)
