"""A version beside what leads said of it: which comment stands where, and what the program's own checks say."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from alongside.core.policy import Pack
from alongside.core.policy.linter import lint_question
from alongside.core.reading import LANGUAGES, grade
from alongside.ground.look.addresses import number_in
from alongside.work.consultations.models import Version
from alongside.work.consultations.queries.leads import Said
from alongside.work.consultations.queries.showing import Block, Sheet


@dataclass(frozen=True)
class Noted:
    """A sheet with the comments at their places."""

    blocks: list[tuple[Block, list[Said]]] = field(default_factory=list)
    columns: list[tuple[int, str, list[Said]]] = field(default_factory=list)
    rows: list[tuple[int, list[tuple[int, str]], list[Said]]] = field(default_factory=list)


def noted(sheet: Sheet, said: Sequence[Said]) -> Noted:
    """Put comments beside the paragraphs, columns and rows that they are about. Asks nothing."""
    by_column: dict[int, list[Said]] = defaultdict(list)
    by_row: dict[int, list[Said]] = defaultdict(list)
    by_start: list[tuple[int, Said]] = []
    for one in said:
        place = one.place
        if place is None or one.is_gone or hasattr(one.row, "taken_back"):
            continue
        if place.row:
            by_row[place.row].append(one)
        elif place.column:
            by_column[place.column].append(one)
        elif place.start is not None:
            by_start.append((place.start, one))
    return Noted(
        [(one, _inside(one, by_start)) for one in sheet.paragraphs],
        [(place, name, by_column[place]) for place, name in sheet.columns],
        [(place, cells, by_row[place]) for place, cells in sheet.part],
    )


def _inside(block: Block, by_start: Sequence[tuple[int, Said]]) -> list[Said]:
    return [one for start, one in by_start if block.start <= start < block.start + len(block.words)]


def first_row(asked: Mapping[str, str]) -> int:
    """Give the first row or paragraph to show: the one that is asked for, or the one to comment on."""
    for name in ("from", "row", "paragraph"):
        if found := number_in(str(asked.get(name, ""))):
            return found
    return 1


@dataclass(frozen=True)
class Checked:
    """What the program's own checks say of a form's text: forbidden topics (found, why, law), how hard it is to read."""

    hits: list[tuple[str, str, str]]
    grade: float | None
    is_graded: bool


def checked(version: Version, sheet: Sheet, pack: Pack, lang: str, product: str) -> Checked | None:
    """Check the text of a form or survey; None for anything else. Asks nothing."""
    if product != "form" or version.shown not in {"text", "table"}:
        return None
    text = sheet.text or "\n".join(" ".join(one) for one in (sheet.head, *sheet.rows))
    hits = [
        (hit.found, hit.reason.say(lang), hit.statute)
        for part in text.split("\n")
        for hit in lint_question(part, pack)
    ]
    is_graded = version.lang in LANGUAGES
    return Checked(hits, grade(text) if is_graded else None, is_graded)
