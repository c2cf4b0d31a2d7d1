"""Write in the draft of a workplan: by an update of the page's script, or by a form that is merged."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pycrdt import Doc, Map, Text

from alongside.core.merging import merge, splices
from alongside.ground.record.declared import appends
from alongside.work.workplans.models import PlanUpdate, Workplan
from alongside.work.workplans.queries.drafting import (
    GONE,
    ROWS,
    SET,
    judge,
    open_document,
    read,
    taken_in,
    updates_of,
)
from alongside.work.workplans.queries.shape import KINDS, is_choice, is_text


class NoSuchRow(ValueError):  # noqa: N818 -- the name is a sentence
    """There is no such row in this draft."""


@dataclass(frozen=True)
class Taken:
    """What the server holds of a draft after an update: the newest number, and its Yjs state vector."""

    number: int
    state: bytes


@dataclass(frozen=True)
class FieldClash:
    """Both sides changed the same words of a field, or chose differently. Nothing is lost: both are told."""

    name: str
    mine: str
    theirs: str


@appends()
@transaction.atomic
def take_update(*, plan: Workplan, update: bytes) -> Taken:
    """Take one change of a draft in. Raises BadUpdate, and keeps nothing of it, where it is not one of a workplan.

    It is tried on a scratch document first; what it really changes is kept, as a new row.
    """
    held = locked(plan=plan)
    document = open_document(data for _number, data in held)
    changed = taken_in(document, update)
    number = held[-1][0] if held else 0
    if changed:
        number += 1
        PlanUpdate.objects.create(plan=plan, number=number, data=changed)
    return Taken(number, document.get_state())


def locked(*, plan: Workplan) -> list[tuple[int, bytes]]:
    """Lock the plan, so that numbers have no gap and are seen in their order; give its updates."""
    Workplan.objects.select_for_update().get(pk=plan.pk)
    return updates_of(plan)


def _write(plan: Workplan, change: Callable[[Doc[Any]], object]) -> None:
    """Change the draft as one more writer would."""
    held = locked(plan=plan)
    document = open_document(data for _number, data in held)
    made: list[bytes] = []
    watching = document.observe(lambda event: made.append(event.update))
    with document.transaction():
        change(document)
    document.unobserve(watching)
    judge(document)
    if made:
        PlanUpdate.objects.create(plan=plan, number=(held[-1][0] if held else 0) + 1, data=made[0])


@appends()
@transaction.atomic
def merge_form(*, plan: Workplan, base: Mapping[str, str], typed: Mapping[str, str]) -> list[FieldClash]:
    """Merge a form into the draft: `base` is what the page showed, `typed` what came back, both by name.

    Names that are no fields are passed over. Where both sides changed the same words of a text, both stand in it
    afterwards; where both chose differently, the other's choice stands. Both are given back as clashes.
    """
    clashes: list[FieldClash] = []

    def change(document: Doc[Any]) -> None:
        draft = read(document)
        known = {*draft.rows, *draft.gone, "plan"}
        for name, words in typed.items():
            if name.partition(".")[0] not in known:
                continue
            now, before = draft.say(name), _lines(base.get(name, ""))
            if is_text(name):
                clashes.extend(_merge_text(document, name, before, _lines(words), now))
            elif is_choice(name):
                clashes.extend(_merge_choice(document, name, before, words, now))

    _write(plan, change)
    return clashes


def _lines(words: str) -> str:
    """Give words with the line ends that the draft has; browsers send others."""
    return words.replace("\r\n", "\n").replace("\r", "\n")


def _merge_text(document: Doc[Any], name: str, base: str, mine: str, theirs: str) -> list[FieldClash]:
    merged = merge(base, mine, theirs)
    text: Text = document.get(name, type=Text)
    for at, gone, come in splices(theirs, merged.text):
        start = len(theirs[:at].encode())  # pycrdt counts bytes
        if gone:
            del text[start : start + len(theirs[at : at + gone].encode())]
        if come:
            text.insert(start, come)
    return [FieldClash(name, one.mine, one.theirs) for one in merged.clashes]


def _merge_choice(document: Doc[Any], name: str, base: str, mine: str, theirs: str) -> list[FieldClash]:
    if mine in (base, theirs):
        return []
    if theirs == base:
        chosen: Map[Any] = document.get(SET, type=Map)
        chosen[name] = mine
        return []
    return [FieldClash(name, mine, theirs)]


@appends()
@transaction.atomic
def add_row(*, plan: Workplan, kind: str) -> str:
    """Add an empty row of a kind at the end; give its id."""
    if kind not in KINDS:
        raise NoSuchRow(_("There is no such kind of row; choose one that the page offers."))
    row = f"{kind}-{secrets.token_hex(4)}"

    def change(document: Doc[Any]) -> None:
        places: Map[Any] = document.get(ROWS, type=Map)
        last = max((int(str(place)) for place in places.values()), default=0)
        places[row] = f"{last + 1:06}"

    _write(plan, change)
    return row


@appends()
@transaction.atomic
def take_out(*, plan: Workplan, row: str) -> None:
    """Take a row out of the plan. Its words stay in the draft, and anyone can put it back."""
    _mark(plan, row, "1")


@appends()
@transaction.atomic
def put_back(*, plan: Workplan, row: str) -> None:
    """Put a row back that was taken out."""
    _mark(plan, row, "0")


def _mark(plan: Workplan, row: str, gone: str) -> None:
    def change(document: Doc[Any]) -> None:
        if row not in document.get(ROWS, type=Map):
            raise NoSuchRow(_("There is no such row in this draft; open the page again."))
        marks: Map[Any] = document.get(GONE, type=Map)
        marks[row] = gone

    _write(plan, change)
