"""The rows of a CSV file of any delimiter, as they stream by: headings told apart, newlines in cells kept."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain, islice

from alongside.core.registers.cells import clean
from alongside.core.registers.decoding import lines_of, text_stream, unreadable

DELIMITERS = ",;\t|"
LOOK = 40
HEAD = 1 << 16
LINE_END = re.compile(r"[\r\n]+")
#: A whole cell in quotes, between what may stand between cells.
QUOTED = re.compile(r'(?:(?<=[,;\t|\r\n])|\A)"(?:[^"]++|"")*+"(?=[,;\t|\r\n]|\Z)')
BEYOND = "beyond the headings"


class RowState(StrEnum):
    """What a row of a file says beside the file before it; wrong: it is left out."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    GONE = "gone"
    WRONG = "wrong"


#: Rows that say something that was not there before.
SAYS_ANEW = (RowState.NEW, RowState.CHANGED)


@dataclass(frozen=True)
class RawRow:
    """One row of a file: its number, counted from 1 below the headings, and its cells by heading. `why` says it is wrong."""

    number: int
    cells: Mapping[str, str] = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True)
class Opened:
    """A file whose headings were read; `rows` stream."""

    headings: tuple[str, ...]
    rows: Iterator[RawRow]


def headings_of(first: Sequence[str]) -> tuple[str, ...]:
    """Give a name of its own to every column: "Note", "Note (2)"; "Column 3" where there is none."""
    names: list[str] = []
    taken: set[str] = set()
    for place, cell in enumerate(first, 1):
        base = " ".join(clean(cell).replace("\ufeff", "").split()) or f"Column {place}"
        name, count = base, 1
        while name in taken:
            count += 1
            name = f"{base} ({count})"
        taken.add(name)
        names.append(name)
    return tuple(names)


def delimiter_of(lines: Sequence[str]) -> str:
    """Find what stands between cells: what cuts the first rows into the same number of cells, and into most of them.

    What stands in quotes says nothing of it.
    """
    text = QUOTED.sub("", "".join(lines)[:HEAD])
    rows = [row for row in LINE_END.split(text) if row]
    kept = rows[:-1] if len(rows) > 2 else rows  # noqa: PLR2004 -- the last row may be cut off

    def fit(delimiter: str) -> tuple[float, int]:
        widths = Counter(row.count(delimiter) + 1 for row in kept)
        width, times = widths.most_common(1)[0] if widths else (1, 0)
        return (times / len(kept), width) if width > 1 else (0.0, 0)

    return max(DELIMITERS, key=fit)


def open_csv(pieces: Iterable[bytes], encoding: str) -> Opened:
    """Read the headings of a CSV file; its rows stream. Raises UnusableInputError, from the rows too."""
    lines = lines_of(text_stream(pieces, encoding))
    first = list(islice(lines, LOOK))
    reader = csv.reader(chain(first, lines), delimiter=delimiter_of(first))
    heading = next((row for row in _guarded(reader) if any(cell.strip() for cell in row)), None)
    if heading is None:
        raise unreadable("empty")
    headings = headings_of(heading)
    return Opened(headings, _rows(headings, reader))


def _guarded(reader: Iterable[list[str]]) -> Iterator[list[str]]:
    number = 0
    try:
        for number, row in enumerate(reader, 1):  # noqa: B007 -- the number of the last good row is told
            yield row
    except csv.Error as error:
        raise unreadable("cell", number) from error


def _rows(headings: tuple[str, ...], reader: Iterable[list[str]]) -> Iterator[RawRow]:
    """Give every row that is not a blank line."""
    number = 0
    width = len(headings)
    for row in _guarded(reader):
        if not row:
            continue
        number += 1
        if any("\0" in cell for cell in row):
            row = [clean(cell) for cell in row]  # noqa: PLW2901 -- the row as it can be kept
        cells = dict(zip(headings, [*row, *([""] * (width - len(row)))], strict=False))
        beyond = [one for one in row[width:] if one.strip()]
        if beyond:
            yield RawRow(number, cells | {BEYOND: "\n".join(beyond)}, "more-cells")
        else:
            yield RawRow(number, cells)
