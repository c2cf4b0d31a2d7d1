"""What the steward reads of calls: drafts, how far they are, a preview, and the list of applications without names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from alongside.cohort.calls.models import Application, Call
from alongside.cohort.calls.models.applications import happened
from alongside.cohort.calls.queries.public import CallPage
from alongside.cohort.calls.queries.rules import PARTS, published_data, texts_in
from alongside.core.entries import Entry
from alongside.core.grammar.kinds import VERSION
from alongside.core.kinds import EntryKind
from alongside.core.workflow.applications import GONE, EventKind
from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.programs.models import Program
from alongside.ground.record.queries import EntryView, TextView

PAGE = 50
#: Fields of a line's form, in the order of the names of its texts.
FIELDS = ("words", "below")


def calls_for(program: Program, viewer: Viewer) -> list[Call]:
    """List the calls that the viewer writes, newest first. One query."""
    if not viewer.has(Role.STEWARD):
        return []
    return list(Call.objects.filter(program=program).order_by("-pk"))


def call_for(program: Program, viewer: Viewer, slug: str) -> Call | None:
    """Give a call that the viewer writes, or None. One query."""
    if not viewer.has(Role.STEWARD):
        return None
    rows = Call.objects.filter(program=program, slug=slug)
    return rows.select_related("program").first()


def preview_of(call: Call, lang: str, today: date) -> CallPage:
    """Show a draft as the public will read it."""
    first, own = texts_in(call, call.first_lang), texts_in(call, lang)
    texts = {
        name: TextView(
            words=own.get(name, words),
            lang=lang if name in own else call.first_lang,
            original_lang=call.first_lang,
            is_original=lang == call.first_lang or name not in own,
            is_reviewed=bool(call.words.get(lang, {}).get("checked")),
            made_by="person",
            name=name,
        )
        for name, words in first.items()
    }
    data = published_data(call)
    entry = Entry(-1, EntryKind.CALL_PUBLISHED, today, "program", ("steward",), data, {}, {}, VERSION)
    return CallPage(EntryView(entry, texts), data, ())


def part_rows(call: Call, part: str) -> list[dict[str, Any]]:
    """Give the questions, the criteria or what is sought as their form shows them."""
    of, first = PARTS[part], call.words.get(call.first_lang, {})
    return [
        {
            "number": number,
            **{field: first.get(name, "") for field, name in zip(FIELDS, of.names(key), strict=False)},
        }
        for key, number in of.lines(call)
    ]


def part_made(call: Call, part: str, typed: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Make rows of a part from what was typed; a row keeps its key by its place."""
    of, first = PARTS[part], call.first_lang
    keys = [key for key, _number in of.lines(call)]
    free = (one for one in (f"{part[0]}{n}" for n in range(1, 100)) if one not in keys)
    usual = 5 if part == "criteria" else 1
    made = []
    for place, row in enumerate(typed):
        if row.get("words"):
            number = row.get("number")
            one: dict[str, Any] = {
                "key": keys[place] if place < len(keys) else next(free),
                "words": {first: row["words"]},
            }
            if of.below:
                one[of.below] = {first: row["below"]}
            if of.number:
                one[of.number] = usual if number is None else number
            made.append(one)
    return made


@dataclass(frozen=True)
class Received:
    """One page of applications in an order that tells nothing, and how many there are of each state."""

    rows: list[Application]
    counts: Mapping[str, int]
    number: int
    last: int


def applications_of(call: Call, number: int) -> Received:
    """Give a page of applications, ordered by their random references. Three queries, however many there are."""
    here = ~Q(happened(*GONE))
    counts = call.applications.aggregate(
        all=Count("pk"),
        sent=Count("pk", filter=Q(happened(EventKind.SENT)) & here),
        withdrawn=Count("pk", filter=Q(happened(EventKind.WITHDRAWN))),
    )
    last = max(1, -(-counts["all"] // PAGE))
    at = min(max(1, number), last)
    rows = call.applications.prefetch_related("events").order_by("reference")
    return Received(list(rows[(at - 1) * PAGE : at * PAGE]), counts, at, last)
