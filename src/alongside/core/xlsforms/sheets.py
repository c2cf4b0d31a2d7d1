"""The sheets of an XLSForm, out of an .xlsx or .xls file of bounded size: rows of cells, and what is wrong with the file."""

import io
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any
from zipfile import ZipFile

import openpyxl
import xlrd
from pyxform.constants import SUPPORTED_SHEET_NAMES
from pyxform.xls2json_backends import (
    get_excel_column_headers,
    get_excel_rows,
    xls_value_to_unicode,
    xlsx_value_to_str,
)

from alongside.core.refusals import Refused

# openpyxl warns of what it does not keep when it writes; nothing that is read here is written again.
warnings.filterwarnings("ignore", module="openpyxl")

#: The most bytes of a file, and of all that an .xlsx file unpacks to, so that a small file cannot fill the memory.
MOST_BYTES, MOST_UNPACKED = 1 << 20, 12 << 20
MOST_PARTS = 200
MOST_COLUMNS = 100
MOST_ROWS = {"survey": 500, "choices": 3_000}
#: Rows of any other sheet.
FEW_ROWS = 500
#: The longest text of a cell, and all cells together.
MOST_SIGNS, MOST_SIGNS_IN_ALL = 4_000, 300_000
#: How the bytes of the two kinds of files begin.
XLSX, XLS = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: What Excel writes for a sign by its number: _x000D_ (ECMA-376, ST_Xstring).
BY_NUMBER = re.compile(r"_x([0-9A-Fa-f]{4})_")
#: Signs that no words hold, and no database takes.
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
#: Headings of three parts, such as media::image::English (en), begin with one of these.
DEEP = frozenset({"media", "bind", "body", "control", "instance"})


@dataclass(frozen=True)
class Sheet:
    """One sheet: the headings of its columns, and its rows from the second on, empty ones too, so that numbers fit."""

    heads: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]


def read_sheets(data: bytes) -> dict[str, Sheet]:
    """Read the sheets of an XLSForm by their names in small letters; what is no such sheet is left. Raises Refused.

    What a file is, its first bytes say: its name may say something else.
    """
    if len(data) > MOST_BYTES:
        raise Refused(
            "This file has more than {most} KB. Take out pictures and sheets that are no part of the form, then choose it again.",
            values={"most": MOST_BYTES >> 10},
        )
    if not data.startswith((XLSX, XLS)):
        raise Refused("This file is no Excel file. Save the form as .xlsx or .xls, then choose that file.")
    try:
        return dict(_bounded(_xlsx(data) if data.startswith(XLSX) else _xls(data)))
    except Refused:
        raise
    except Exception as error:
        raise Refused(
            "This file is damaged, or locked with a password. Open it in your office program, save it anew as .xlsx, then choose that file."
        ) from error


def as_workbook(sheets: Mapping[str, Sheet]) -> dict[str, Any]:
    """Give the sheets as pyxform takes them."""
    book: dict[str, Any] = {"sheet_names": list(sheets)}
    for name, sheet in sheets.items():
        book[name] = [dict(one) for one in sheet.rows]
        book[f"{name}_header"] = [dict.fromkeys(sheet.heads)] if sheet.heads else []
    return book


def _xlsx(data: bytes) -> Iterator[tuple[str, Sheet]]:
    with ZipFile(io.BytesIO(data)) as parts:
        found = parts.infolist()
    if len(found) > MOST_PARTS or sum(one.file_size for one in found) > MOST_UNPACKED:
        raise Refused(
            "This file unpacks to far more than a form needs. Copy the sheets of the form into a new file, then choose that."
        )
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        for sheet, name in _wanted([(one, str(one.title)) for one in book.worksheets]):
            sheet.reset_dimensions()
            first = next(sheet.iter_rows(max_row=1, max_col=MOST_COLUMNS + 1), ())
            heads = [None if one.value is None else _xlsx_words(one.value) for one in first]
            rows = sheet.iter_rows(min_row=2, max_col=MOST_COLUMNS + 1)
            yield name, _sheet(name, heads, rows, lambda cell, _row, _head: _xlsx_words(cell.value))
    finally:
        book.close()


def _xls(data: bytes) -> Iterator[tuple[str, Sheet]]:
    told = io.StringIO()  # else it tells the terminal what it thinks of the file
    with xlrd.open_workbook(file_contents=data, on_demand=True, ragged_rows=True, logfile=told) as book:
        mode = book.datemode
        for place, name in _wanted(list(enumerate(book.sheet_names()))):
            sheet = book.sheet_by_index(place)
            first = sheet.row(0)[: MOST_COLUMNS + 1] if sheet.nrows else []
            heads = [
                str(xls_value_to_unicode(one.value, one.ctype, mode)) if one.value != "" else None
                for one in first
            ]
            rows = (tuple(sheet.row(number)) for number in range(1, sheet.nrows))
            yield (
                name,
                _sheet(name, heads, rows, lambda cell, _row, _head: _xls_words(cell.value, cell.ctype, mode)),
            )
            book.unload_sheet(place)


def _xlsx_words(value: Any) -> str:
    return BY_NUMBER.sub(lambda found: chr(int(found[1], 16)), xlsx_value_to_str(value))


def _xls_words(value: Any, kind: int, mode: int) -> str:
    """Give a cell as words. A fault (#N/A) says nothing."""
    return "" if kind == xlrd.XL_CELL_ERROR else str(xls_value_to_unicode(value, kind, mode))


def _wanted[T](named: list[tuple[T, str]]) -> Iterator[tuple[T, str]]:
    """Give the sheets of a form among all; where there is one sheet alone, it is the questions."""
    if len(named) == 1:
        yield named[0][0], "survey"
        return
    seen = set()
    for sheet, title in named:
        name = title.lower()
        if name in SUPPORTED_SHEET_NAMES and name not in seen:
            seen.add(name)
            yield sheet, name


def _sheet(
    name: str,
    first: Iterable[str | None],
    rows: Iterable[tuple[Any, ...]],
    words: Callable[[Any, int, str], str],
) -> Sheet:
    """Read one sheet. pyxform ends it where 20 columns or 60 rows are empty."""
    try:
        heads = get_excel_column_headers(list(first))
    except Exception as error:
        raise Refused(
            "Two columns of the sheet {sheet} have the same heading. Take one out, then choose the file again.",
            values={"sheet": name},
        ) from error
    if len(heads) > MOST_COLUMNS:
        raise _too_much(name)
    found = get_excel_rows(heads, _counted(name, rows), words)
    cells = ({head: _plain(said) for head, said in one.items()} for one in found)
    kept = tuple({head: said for head, said in one.items() if said} for one in cells)
    return Sheet(tuple(one for one in heads if one is not None), kept)


def _plain(said: str) -> str:
    return CONTROLS.sub("", said.replace("\r\n", "\n")).strip()


def _counted(name: str, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    most = MOST_ROWS.get(name, FEW_ROWS)
    rest = iter(rows)
    yield from islice(rest, most)
    if any(cell.value not in {None, ""} for row in islice(rest, most) for cell in row):
        raise _too_much(name)


def _too_much(name: str) -> Refused:
    return Refused(
        "The sheet {sheet} is too large. A form here has {rows} rows and {columns} columns at most. Take out what you do not need, then choose the file again.",
        values={"sheet": name, "rows": MOST_ROWS.get(name, FEW_ROWS), "columns": MOST_COLUMNS},
    )


def _bounded(sheets: Iterable[tuple[str, Sheet]]) -> Iterator[tuple[str, Sheet]]:
    """Let sheets pass whose cells are no longer than a form needs, and which have one language a column."""
    signs = 0
    for name, sheet in sheets:
        for head in sheet.heads:
            first, _split, rest = head.partition("::")
            if "::" in rest and first.strip().lower() not in DEEP:
                raise Refused(
                    "The heading “{head}” of the sheet {sheet} names more than one column. Write a column for each, then choose the file again.",
                    values={"head": head[:80], "sheet": name},
                )
        for number, row in enumerate(sheet.rows, 2):
            longest = max(map(len, row.values()), default=0)
            signs += sum(map(len, row.values()))
            if longest > MOST_SIGNS or signs > MOST_SIGNS_IN_ALL:
                raise Refused(
                    "Row {row} of the sheet {sheet} holds more text than a form needs. Shorten it, then choose the file again.",
                    values={"row": number, "sheet": name},
                )
        yield name, sheet
