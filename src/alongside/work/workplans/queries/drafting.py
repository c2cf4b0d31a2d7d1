"""The draft of a workplan as a Yjs document: read it, judge what comes in, and take its snapshot."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from pycrdt import Doc, Map, Text

from alongside.core.words import has_words
from alongside.work.workplans.models import PlanUpdate, Workplan
from alongside.work.workplans.queries.shape import (
    KINDS,
    MOST_CHARACTERS,
    MOST_CHOICE,
    MOST_ROWS,
    PLAN,
    WHOLE,
    is_choice,
    is_text,
    kind_of,
    shape_of,
)

ROWS, GONE, SET = "rows", "gone", "set"
MOST_UPDATE = 256 * 1024
MOST_DOCUMENT = 1024 * 1024


class BadUpdate(ValueError):  # noqa: N818 -- the name is a sentence
    """What came in cannot become part of the draft; nothing of it was kept."""


@dataclass(frozen=True)
class Draft:
    """A draft as it stands: values by name (`goal-1a2b3c4d.words`), rows in their order, and those taken out."""

    values: dict[str, str] = field(default_factory=dict)
    rows: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    def of(self, kind: str) -> list[str]:
        """List the rows of one kind, in order."""
        return [row for row in self.rows if kind_of(row) == kind]

    def say(self, name: str) -> str:
        """Give a value by its name, or an empty string."""
        return self.values.get(name, "")


def open_document(updates: Iterable[bytes]) -> Doc[Any]:
    """Put a document together from its updates."""
    document: Doc[Any] = Doc()
    for update in updates:
        document.apply_update(update)
    return document


def updates_of(plan: Workplan) -> list[tuple[int, bytes]]:
    """List the updates of a draft with their numbers, in order. One query."""
    rows = PlanUpdate.objects.filter(plan=plan).order_by("number").values_list("number", "data")
    return [(number, bytes(data)) for number, data in rows]


def document_of(plan: Workplan) -> Doc[Any]:
    """Put the draft of a plan together. One query."""
    return open_document(data for _number, data in updates_of(plan))


def draft_of(plan: Workplan) -> Draft:
    """Read the draft of a plan as it stands. One query."""
    return read(document_of(plan))


def read(document: Doc[Any]) -> Draft:
    """Read the values and rows of a document."""
    places: Map[Any] = document.get(ROWS, type=Map)
    gone: Map[Any] = document.get(GONE, type=Map)
    chosen: Map[Any] = document.get(SET, type=Map)
    ordered = sorted(places.keys(), key=lambda row: (str(places[row]), row))
    values = {name: str(value) for name, value in chosen.items()}
    for row in (PLAN, *ordered):
        shape = shape_of(row)
        for one in shape.texts if shape else ():
            values[f"{row}.{one}"] = str(document.get(f"{row}.{one}", type=Text))
    out = [row for row in ordered if row in gone and gone[row] == "1"]
    return Draft(values, tuple(row for row in ordered if row not in out), tuple(out))


def judge(document: Doc[Any]) -> None:
    """Raise BadUpdate where a document holds anything that no page of ours writes, or too much of it."""
    if len(document.get_update()) > MOST_DOCUMENT:
        raise BadUpdate(
            _("This draft holds as much as fits. Sign a version, then begin a new workplan from it.")
        )
    places: Map[Any] = document.get(ROWS, type=Map)
    rows = set(places.keys())
    kinds = [kind_of(row) for row in rows]
    if not set(kinds) <= set(KINDS) or any(kinds.count(kind) > MOST_ROWS for kind in KINDS):
        raise BadUpdate(
            _("A workplan has at most %(n)s rows of a kind; take one out first.") % {"n": MOST_ROWS}
        )
    for name in document.keys():  # noqa: SIM118 -- a document is not a dict
        if name in {ROWS, GONE, SET}:
            _judge_choices(name, document.get(name, type=Map), rows)
        elif is_text(name) and name.partition(".")[0] in {*rows, PLAN}:
            _judge_text(document.get(name, type=Text))
        else:
            raise BadUpdate(_("This is no field of a workplan; open the page again and write it there."))


def _judge_choices(kept: str, held: Map[Any], rows: set[str]) -> None:
    for key, value in held.items():
        known = key in rows if kept != SET else is_choice(key) and key.partition(".")[0] in {*rows, PLAN}
        if not known or not isinstance(value, str) or len(value) > MOST_CHOICE:
            raise BadUpdate(_("This is no choice of a workplan; open the page again and choose there."))


def _judge_text(text: Text) -> None:
    pieces = text.diff()
    if any(not isinstance(words, str) or marks for words, marks in pieces):
        raise BadUpdate(_("A field holds plain words only; write it without pictures or marks."))
    if len(str(text)) > MOST_CHARACTERS:
        raise BadUpdate(
            _("A field holds at most %(n)s characters; shorten it or use another row.")
            % {"n": number_format(MOST_CHARACTERS, use_l10n=True, force_grouping=True)}
        )


def taken_in(document: Doc[Any], update: bytes) -> bytes:
    """Apply an update to a document and give what it really changed, as an update; empty where it changed nothing.

    Give it a scratch document: after BadUpdate it is spoiled. What is not connected to the document yet is left out.
    """
    if len(update) > MOST_UPDATE:
        raise BadUpdate(
            _("A change holds at most %(n)s KB; make it in smaller steps.") % {"n": MOST_UPDATE // 1024}
        )
    changed: list[bytes] = []
    held = document.observe(lambda event: changed.append(event.update))
    try:
        document.apply_update(update)
    except ValueError as error:
        raise BadUpdate(
            _("This change could not be read; open the page again. Your words are still in it.")
        ) from error
    finally:
        document.unobserve(held)
    judge(document)
    return changed[0] if changed else b""


def snapshot(plan: Workplan, draft: Draft) -> dict[str, Any]:
    """Take the snapshot that is signed: every row that holds words, in order, with all its fields."""
    whole = {name: _said(draft, f"{PLAN}.{name}") for name in WHOLE.fields}
    rows = {
        kind: [one for row in draft.of(kind) if _holds_words(kind, one := _row(draft, row))] for kind in KINDS
    }
    return {"v": 1, "workplan": plan.slug, **whole, "rows": rows}


def _said(draft: Draft, key: str) -> str:
    words = draft.say(key).strip()
    return words if has_words(words) else ""


def _row(draft: Draft, row: str) -> dict[str, str]:
    shape = shape_of(row)
    if shape is None:
        return {"id": row}
    said = {one: _said(draft, f"{row}.{one}") for one in shape.fields}
    return {"id": row, **{name: words for name, words in said.items() if words or name not in shape.more}}


def _holds_words(kind: str, row: dict[str, str]) -> bool:
    return any(row.get(name) for name in KINDS[kind].fields)
