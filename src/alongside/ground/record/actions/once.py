"""Append what a person sends, once: a second press of the same button finds the entry that the first one made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from alongside.core.canonical import canonical
from alongside.core.grammar import Entry
from alongside.ground.programs.models import Program
from alongside.ground.record.actions.appending import Draft, Here, append, day_of
from alongside.ground.record.models import Citation, Line, Log, PublicText
from alongside.ground.record.rows import RowsLog


@dataclass(frozen=True)
class Entered:
    """The entries that say what was sent, and whether this press made them."""

    entries: list[Entry]
    is_new: bool


@transaction.atomic
def append_once(
    *, program: Program, drafts: Sequence[Draft], now: datetime, step_of: int | None = None
) -> Entered:
    """Append entries unless the very same stand on the record since today: then give those, and write nothing.

    The same means all of it: kind, pens, data, citations and every word. One that differs in a word is another.
    `step_of` is the entry that this is a step of: once another step was taken after it, the same words say a new thing.
    Takes the lock of `append` before it looks, so that of two presses at one moment the later sees the earlier.
    Raises GrammarError like `append`.
    """
    log = Log.objects.select_for_update().get(program=program)
    standing = _standing(log, drafts, day_of(program, log, now))
    if standing and (step_of is None or _last_step(log, step_of) == standing[0].index):
        return Entered(standing, is_new=False)
    return Entered(append(program=program, drafts=drafts, now=now), is_new=True)


def _standing(log: Log, drafts: Sequence[Draft], today: date) -> list[Entry]:
    """Find a row of entries of today that says all that these drafts say; else nothing."""
    rows = RowsLog(log)
    lines = Line.objects.filter(log=log, date=today, kind=drafts[0].kind).order_by("-index")
    for first in lines.values_list("index", flat=True):
        found = [rows.get(first + place) for place in range(len(drafts))]
        whole = [one for one in found if one is not None]
        if len(whole) == len(drafts) and all(
            _says(log, one, draft, first) for one, draft in zip(whole, drafts, strict=True)
        ):
            return whole
    return []


def _last_step(log: Log, index: int) -> int | None:
    steps = Citation.objects.filter(log=log, cited=index).order_by("-citing")
    return steps.values_list("citing", flat=True).first()


def _says(log: Log, entry: Entry, draft: Draft, first: int) -> bool:
    """Say whether an entry says what a draft would say, in the same words."""
    cites = {
        role: sorted(first + one.place if isinstance(one, Here) else one for one in cited)
        for role, cited in draft.cites.items()
        if cited
    }
    return (
        entry.kind == draft.kind
        and sorted(entry.by) == sorted(draft.by)
        and canonical(dict(entry.data)) == canonical(dict(draft.data))
        and {role: sorted(cited) for role, cited in entry.cites.items()} == cites
        and _words(log, entry) == {name: (text.lang, text.words) for name, text in draft.texts.items()}
    )


def _words(log: Log, entry: Entry) -> dict[str, tuple[str, str]]:
    rows = PublicText.objects.filter(log=log, entry=entry.index)
    return {one.name: (one.lang, one.words) for one in rows}
