"""The place that a comment is about, and where that place is in another version: words of a text, rows and columns of a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from alongside.core.refusals import UnusableInputError

#: How much of what stands around some words is kept, to tell them from the same words elsewhere.
AROUND = 40
LONGEST = 400


class PlaceState(StrEnum):
    """Whether a place is in a version: there, elsewhere now, there and reads otherwise, or no more; the worst last."""

    THERE = "there"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True)
class Found:
    """Where a place is in a version.

    `start` and `end` are the span in a text; `row` and `column` count from 1; what a place does not name is None.
    """

    state: PlaceState
    start: int | None = None
    end: int | None = None
    row: int | None = None
    column: int | None = None


GONE = Found(PlaceState.GONE)


def _folded(text: str) -> tuple[str, list[int]]:
    """Give a text with each run of white space as one space, and for each letter where it stood."""
    letters, places, was_space = [], [], False
    for place, letter in enumerate(text):
        is_space = letter.isspace()
        if not (is_space and was_space):
            letters.append(" " if is_space else letter)
            places.append(place)
        was_space = is_space
    return "".join(letters), places


def _spans(text: str, words: str) -> list[tuple[int, int]]:
    """List where words stand in a text, however their white space is set."""
    wanted = " ".join(words.split())
    if not wanted:
        return []
    folded, places = _folded(text)
    found, here = [], folded.find(wanted)
    while here >= 0:
        found.append((places[here], places[here + len(wanted) - 1] + 1))
        here = folded.find(wanted, here + 1)
    return found


def anchor_words(text: str, words: str, near: int = 0) -> dict[str, Any]:
    """Make the anchor of some words in a text, of those nearest to a place where they stand more than once.

    Keeps the words and what stands around them (as the TextQuoteSelector of the W3C Web Annotation Data Model does).
    Raises UnusableInputError.
    """
    spans = _spans(text, words)
    if not spans:
        raise UnusableInputError(
            "words", "These words are not in this version. Copy them from the text as they are."
        )
    start, end = min(spans, key=lambda span: abs(span[0] - near))
    if end - start > LONGEST:
        raise UnusableInputError("words", "Choose fewer words: a sentence or two.")
    return {
        "kind": "words",
        "exact": text[start:end],
        "before": text[max(0, start - AROUND) : start],
        "after": text[end : end + AROUND],
        "start": start,
    }


def find_words(anchor: Mapping[str, Any], text: str) -> Found:
    """Find the words of an anchor in a version of a text.

    Where they stand more than once, the one whose surroundings are most alike is taken, then the nearest.
    """
    spans = _spans(text, anchor["exact"])
    if not spans:
        return GONE

    def unlike(span: tuple[int, int]) -> tuple[int, int]:
        before = _same_end(text[max(0, span[0] - AROUND) : span[0]], anchor["before"])
        after = _same_end(text[span[1] : span[1] + AROUND][::-1], anchor["after"][::-1])
        return -(before + after), abs(span[0] - anchor["start"])

    start, end = min(spans, key=unlike)
    return Found(PlaceState.THERE if start == anchor["start"] else PlaceState.MOVED, start, end)


def _same_end(one: str, other: str) -> int:
    """Count how many letters two texts share at their ends."""
    count = 0
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left != right:
            break
        count += 1
    return count


type Table = Sequence[Sequence[str]]


def anchor_cells(head: Sequence[str], rows: Table, row: int | None, column: int | None) -> dict[str, Any]:
    """Make the anchor of a row, a column or a cell; both count from 1. Raises UnusableInputError."""
    if column is not None and not 1 <= column <= len(head):
        raise UnusableInputError("column", "This version has no such column; choose one that it has.")
    if row is not None and not 1 <= row <= len(rows):
        raise UnusableInputError("row", "This version has no such row; choose one that it has.")
    anchor: dict[str, Any] = {"kind": "cells"}
    if column is not None:
        anchor |= {
            "column": column,
            "name": head[column - 1],
            "nth": list(head[:column]).count(head[column - 1]),
        }
    if row is not None:
        anchor |= {"row": row, "cells": [one[:LONGEST] for one in rows[row - 1]]}
    return anchor


def find_cells(anchor: Mapping[str, Any], head: Sequence[str], rows: Table) -> Found:
    """Find a row by what stands in it, a column by its name, a cell by both, in a version of a table."""
    states, row, column = [PlaceState.THERE], None, None
    if "column" in anchor:
        state, column = _column(anchor, head)
        states.append(state)
    if "row" in anchor:
        state, row = _row(anchor, rows)
        states.append(state)
    worst = max(states, key=[*PlaceState].index)
    return GONE if worst == PlaceState.GONE else Found(worst, row=row, column=column)


def _column(anchor: Mapping[str, Any], head: Sequence[str]) -> tuple[PlaceState, int | None]:
    same = [place for place, name in enumerate(head, 1) if name == anchor["name"]]
    if len(same) < anchor["nth"]:
        return PlaceState.GONE, None
    found = same[anchor["nth"] - 1]
    return (PlaceState.THERE if found == anchor["column"] else PlaceState.MOVED), found


def _row(anchor: Mapping[str, Any], rows: Table) -> tuple[PlaceState, int | None]:
    """Find a row: the same one in its place, the same one elsewhere, else the only one that begins alike."""
    cells = anchor["cells"]
    same = [place for place, one in enumerate(rows, 1) if [cell[:LONGEST] for cell in one] == cells]
    if anchor["row"] in same:
        return PlaceState.THERE, anchor["row"]
    if same:
        return PlaceState.MOVED, min(same, key=lambda place: abs(place - anchor["row"]))
    alike = [
        place for place, one in enumerate(rows, 1) if one and cells and one[0][:LONGEST] == cells[0] != ""
    ]
    return (PlaceState.CHANGED, alike[0]) if len(alike) == 1 else (PlaceState.GONE, None)
