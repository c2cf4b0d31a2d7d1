"""Write the questions of an engagement as an XLSForm that other survey tools take. Plain data in, bytes out: the same ones each time."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet.worksheet import Worksheet

from alongside.core.xlsforms.reading import EARLIER, FIRST, LAST, STEP

#: Other tools keep this name for themselves. No id of ours ends so, and the reader takes the line away again.
RESERVED, INSTEAD = "meta", "meta_"
TYPES = {"text": "text", "one": "select_one", "several": "select_multiple", "scale": "range"}
#: What Excel reads as one sign by its number; openpyxl reads it so that nothing else is meant.
ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
#: The library writes when it wrote; we know no clock, and the same questions are the same file.
WHEN = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
THEN, THEN_IN_ZIP = rb"\g<1>2000-01-01T00:00:00Z", (2000, 1, 1, 0, 0, 0)


def write(form: Mapping[str, Any], *, name: str, title: str, tongues: Mapping[str, str]) -> bytes:
    """Write a form in the shape of core.questions as an .xlsx file.

    `name` is the id that other tools know it by, `tongues` gives by its tag what each language is called, the first one
    first: "English" makes the column "label::English (en)".
    """
    called = {tag: f"{words.replace(':', ' ')} ({tag})" for tag, words in tongues.items()}
    asked: Sequence[Mapping[str, Any]] = form["questions"]
    book = Workbook()
    survey = book.active
    if not isinstance(survey, Worksheet):  # a new book has one sheet; its type allows for none
        survey = book.create_sheet()
    survey.title = "survey"
    heads = [f"{part}::{one}" for part in ("label", "hint") for one in called.values()]
    _fill(survey, [["type", "name", *heads, "parameters"], *(_row(one, called) for one in asked)])
    options = [each for one in asked for each in _options(one, called)]
    if options:
        labels = [f"label::{one}" for one in called.values()]
        _fill(book.create_sheet("choices"), [["list_name", "name", *labels], *options])
    settings = ["form_title", "form_id", "default_language"], [title, name, next(iter(called.values()))]
    _fill(book.create_sheet("settings"), settings)
    file = io.BytesIO()
    book.save(file)
    return _without_time(file.getvalue())


def _row(question: Mapping[str, Any], called: Mapping[str, str]) -> list[str]:
    kind, named = question["kind"], question["id"]
    of = TYPES[kind] if kind in {"text", "scale"} else f"{TYPES[kind]} {named}"
    words = [part.get(tag, "") for part in (question["words"], question.get("hint", {})) for tag in called]
    scale = f"start={FIRST} end={LAST} step={STEP} tick_labelset={named}" if kind == "scale" else ""
    return [of, INSTEAD if named == RESERVED else named, *words, scale]


def _options(question: Mapping[str, Any], called: Mapping[str, str]) -> Iterator[list[str]]:
    ends = zip((FIRST, LAST), question.get("ends", ()), strict=False)
    for name, words in [*((one["id"], one["words"]) for one in question.get("options", ())), *ends]:
        yield [question["id"], name, *(words.get(tag, "") for tag in called)]


def _fill(sheet: Worksheet, rows: Sequence[Sequence[str]]) -> None:
    """Write rows of words. None of them is a formula, whatever it begins with, and none stands for an earlier answer."""
    for number, row in enumerate(rows, 1):
        for place, said in enumerate(row, 1):
            if said:
                plain = ILLEGAL_CHARACTERS_RE.sub("", said).replace(EARLIER, "$ {")
                cell: Any = sheet.cell(number, place)
                cell.value = ESCAPE.sub("_x005F_", plain)
                cell.data_type = "s"  # words, also where they begin as a formula or a fault does
                cell.quotePrefix = True


def _without_time(data: bytes) -> bytes:
    file = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = ZipInfo(name, THEN_IN_ZIP)
            info.compress_type = ZIP_DEFLATED
            new.writestr(
                info, WHEN.sub(THEN, old.read(name)) if name == "docProps/core.xml" else old.read(name)
            )
    return file.getvalue()
