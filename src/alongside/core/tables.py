"""Read a small table as people send it, CSV or TSV, in whatever letters their office writes; write one that no spreadsheet runs. Text in, text out."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from alongside.core.refusals import UnusableInputError

MOST_COLUMNS = 500
MOST_CELL = 131_072
DELIMITERS = ",\t;|"
#: Control characters that no text holds.
CONTROLS = bytes(one for one in range(32) if one not in (9, 10, 12, 13))
#: What a spreadsheet may take for the start of a formula, once wide and raised forms are read as plain ones.
RUNS = frozenset("=+-@\t\r\n\u2212")
#: Letters and signs that take room and show nothing.
BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Cn", "Co", "Mn", "Me"})


@dataclass(frozen=True)
class Table:
    """A header and rows of equal length. Two columns may have one name."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def decoded(data: bytes) -> str:
    """Give the words of a text file with plain line ends. Tries UTF-8 and UTF-16 (told by its mark), then Windows-1252.

    Raises UnusableInputError for bytes that no text holds.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = _tried(data, "utf-16")
    elif any(one in CONTROLS for one in data):
        text = None
    else:
        text = _tried(data, "utf-8-sig") or _tried(data, "cp1252") or data.decode("latin-1")
    if text is None or "\0" in text:
        raise UnusableInputError(
            "text", "This file is no text. Send a PDF, PNG, JPEG, CSV, TSV or text file."
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _tried(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def read_table(text: str) -> Table:
    """Read a table whose first row names its columns. Short rows are filled up with nothing. Raises UnusableInputError."""
    csv.field_size_limit(MOST_CELL)
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        found = [one for one in csv.reader(io.StringIO(text), delimiter=delimiter) if any(one)]
    except csv.Error as error:
        raise UnusableInputError(
            "quotes", "The quotes in this table do not match. Save it as CSV again, then send it."
        ) from error
    if not found or len(found[0]) < 1:
        raise UnusableInputError("empty", "The table is empty. The first row names the columns.")
    wide = max(map(len, found))
    if wide > MOST_COLUMNS:
        raise UnusableInputError(
            "columns",
            f"The table has more than {MOST_COLUMNS} columns. Send the part that leads should review.",
        )
    head, *rows = ((*(cell.strip() for cell in one), *[""] * (wide - len(one))) for one in found)
    return Table(head, tuple(rows))


def looks_like_a_table(text: str, name: str, delimiters: str = "\t;") -> bool:
    """Say whether a text is meant as a table: its name says so, or its first rows are cut alike by one of these."""
    if name.lower().endswith((".csv", ".tsv", ".tab")):
        return True
    lines = [one for one in text.split("\n")[:5] if one.strip()]
    return len(lines) > 1 and any(_cut_alike(lines, each) for each in delimiters)


def _cut_alike(lines: list[str], delimiter: str) -> bool:
    """Say whether each of these lines has as many cells as the others, and more than one."""
    try:
        wide = {len(one) for one in csv.reader(lines, delimiter=delimiter)}
    except csv.Error:
        return False
    return len(wide) == 1 and wide != {1}


def harmless(cell: str) -> str:
    """Give a cell that no spreadsheet runs as a formula, whatever stands unseen before it."""
    for char in cell:
        if unicodedata.normalize("NFKC", char)[0] in RUNS:
            return f"'{cell}"
        if char not in BLANKS and unicodedata.category(char) not in UNSEEN:
            return cell
    return cell


class _Echo:
    """What a CSV writer writes to, so that each line can be sent on at once."""

    @staticmethod
    def write(line: str) -> str:
        """Give the line back."""
        return line


def csv_lines(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Give the lines of a CSV whose cells are harmless, one by one, with CRLF line ends (RFC 4180)."""
    writer = csv.writer(_Echo())
    for row in chain([headings], rows):
        yield writer.writerow([harmless(cell) for cell in row])


def write(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a whole CSV as `csv_lines` does."""
    return "".join(csv_lines(headings, rows))
