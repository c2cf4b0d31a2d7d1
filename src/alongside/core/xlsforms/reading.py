"""Read an XLSForm as questions of ours: what fits, in every language, and what is left out with why. Bytes in, plain data out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from pyxform import aliases
from pyxform.errors import PyXFormError
from pyxform.parsing.parameters import parse as parse_parameters
from pyxform.parsing.sheet_headers import process_header
from pyxform.question import MultipleChoiceQuestion, Option
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT
from pyxform.xls2json import RE_BEGIN_CONTROL, RE_END_CONTROL, RE_SELECT
from pyxform.xls2xform import convert

from alongside.core.questions import CHOICES, ID, OTHER_FIELDS, STATEMENT, are_alike
from alongside.core.refusals import Refused
from alongside.core.words import has_words, is_turned
from alongside.core.xlsforms.sheets import Sheet, as_workbook, read_sheets
from alongside.core.xlsforms.tongues import guess

#: Questions that are shown, and answers of one of them; nobody reads so many.
MOST_QUESTIONS, MOST_OPTIONS = 100, 100
#: The steps of our scale, as a range of XLSForm says them.
FIRST, LAST, STEP = "1", "5", "1"
#: What a cell holds that puts an earlier answer into a sentence, or a list.
EARLIER = "${"
YES = frozenset({"yes", "true", "true()"})


class Left(StrEnum):
    """Why a row is left out, or what of a row that is brought along is not."""

    NOTE = "note"
    HEADING = "heading"
    REPEAT = "repeat"
    CALCULATED = "calculated"
    MEDIA = "media"
    PLACE = "place"
    DEVICE = "device"
    RANKED = "ranked"
    EXTERNAL = "external"
    RANGE = "range"
    EARLIER = "earlier"
    ALIKE = "alike"
    TURNED = "turned"
    EMPTY = "empty"
    UNKNOWN = "unknown"
    ENTITY = "entity"
    MANY = "many"
    LONG = "long"
    # What is not brought along of a question that is.
    CONDITION = "condition"
    FILTER = "filter"
    LIMIT = "limit"
    PICTURE = "picture"
    BEGUN = "begun"
    OTHER = "other"
    MUST = "must"
    IN_WORDS = "in-words"


#: What is said of rows whose question is brought along.
PARTLY = tuple(Left)[tuple(Left).index(Left.CONDITION) :]


@dataclass(frozen=True)
class LeftOut:
    """Something that is not brought along: the row of the sheet of the questions, its name, and why."""

    row: int
    name: str
    why: str


@dataclass(frozen=True)
class Tongue:
    """A language as the file names it (empty where a column names none), and the tag that is guessed for it."""

    name: str
    guess: str


@dataclass
class Found:
    """What a file holds. Questions are in the shape of core.questions, with `row` and `name` as the file has them, and their words stand by the file's names of languages."""

    tongues: list[Tongue] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    left: list[LeftOut] = field(default_factory=list)

    def kept(self) -> dict[str, Any]:
        """Give it as JSON."""
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Found":
        """Take what `kept` gave."""
        tongues = [Tongue(**one) for one in kept["tongues"]]
        return cls(tongues, list(kept["questions"]), [LeftOut(**one) for one in kept["left"]])


def read(data: bytes) -> Found:
    """Read an .xlsx or .xls file as an XLSForm. Raises Refused with the row and the cure."""
    sheets = read_sheets(data)
    refuse_broken(sheets)
    try:
        return _Reader(sheets).found()
    except Exception as error:
        raise _unknown() from error


def in_tongues(
    found: Found, tongues: Mapping[str, str], first: str
) -> tuple[list[dict[str, Any]], list[int]]:
    """Give the questions with their words by tags of languages, and the rows of those that cannot be asked in the first one.

    These lack a word in it, or have two answers that read alike. `tongues` says by the names of the file which language
    each is; what is not in it is left out. Where two are one language, the words of the one that is named first are taken.
    """
    kept, lacking = [], []
    for one in found.questions:
        made = _told(one, tongues)
        choices = [*(each["words"] for each in made.get("options", ())), *made.get("ends", ())]
        whole = all(first in part for part in [made["words"], *choices])
        if whole and not any(_alike(choices, tag) for tag in tongues.values()):
            kept.append(made)
        else:
            lacking.append(one["row"])
    return kept, lacking


def _alike(parts: Sequence[Mapping[str, str]], tag: str) -> bool:
    return are_alike([part[tag] for part in parts if tag in part])


def _told(question: Mapping[str, Any], tongues: Mapping[str, str]) -> dict[str, Any]:
    def said(words: Mapping[str, str]) -> dict[str, str]:
        by_tag: dict[str, str] = {}
        for name in sorted(words, key=lambda name: not name):
            if tongues.get(name):
                by_tag.setdefault(tongues[name], words[name])
        return by_tag

    made = {"id": question["id"], "kind": question["kind"], "words": said(question["words"])}
    if hint := said(question.get("hint", {})):
        made["hint"] = hint
    if "options" in question:
        made["options"] = [{"id": one["id"], "words": said(one["words"])} for one in question["options"]]
    if "ends" in question:
        made["ends"] = [said(one) for one in question["ends"]]
    return made


#: How pyxform names a row and a sheet in what it refuses.
ROW = re.compile(r"\[row\s*:\s*(\d+)\]")
ON_SHEET = re.compile(r"On the '(\w+)' sheet")
LIST = re.compile(r"[Ll]ist name not in (?:external )?choices sheet: (.+)")
NAMED = re.compile(
    r"Could not find the name '([^']+)'|There has been a problem trying to replace \$\{([^}]*)\}"
)
TYPE = re.compile(r"Unknown question type '([^']*)'")
UNSAID = re.compile(r"The survey element named '([^']*)' has no label")
#: The most of a name that is told, and of pyxform's own words.
NAME = 80
QUOTED = 240


def refuse_broken(sheets: Mapping[str, Sheet]) -> None:
    """Raise Refused where pyxform makes no form of these sheets."""
    if not sheets.get("survey", Sheet((), ())).rows:
        raise Refused(
            "This file has no questions. They stand on a sheet named “survey”, one on each row. Name the sheet so, or choose another file."
        )
    try:
        convert(as_workbook(sheets), validate=False)
    except PyXFormError as error:
        raise _in_plain_words(str(error), sheets) from error
    except Exception as error:
        raise _unknown() from error


def _unknown() -> Refused:
    return Refused(
        "Something in this file is no XLSForm, and we cannot tell in which row. Check it in the tool that it comes from, save it there anew, then choose that file."
    )


def _in_plain_words(told: str, sheets: Mapping[str, Sheet]) -> Refused:
    """Say what pyxform refuses in a sentence with its row and its cure; in pyxform's own words where it is rare."""
    row, on_sheet = ROW.search(told), ON_SHEET.search(told)
    number, sheet = int(row[1]) if row else 0, on_sheet[1] if on_sheet else "survey"
    if found := UNSAID.search(told):
        rows = (each for each, one in enumerate(sheets["survey"].rows, 2) if found[1] in one.values())
        return Refused(
            "Row {row} of the sheet survey has no words to read. Write them in its label; if a formula makes them, write what it gives.",
            values={"row": next(rows, 0)},
        )
    if row and (found := LIST.search(told)):
        return Refused(
            "Row {row} takes its answers from the list “{list}”, which the sheet “choices” does not have. Add the list there, or take the row out.",
            values={"row": number, "list": found[1].strip()[:NAME]},
        )
    if row and (found := NAMED.search(told)):
        return Refused(
            "Row {row} of the sheet {sheet} speaks of “{name}”, and no row has that name. Mend the name, or empty the cell.",
            values={"row": number, "sheet": sheet, "name": (found[1] or found[2] or "")[:NAME]},
        )
    if found := TYPE.search(told):
        return Refused(
            "“{type}” is no type of question. Write a type that XLSForm knows, such as text or select_one.",
            values={"type": found[1][:NAME]},
        )
    return _in_their_words(told, number, sheet)


def _in_their_words(told: str, number: int, sheet: str) -> Refused:
    plain = " ".join(ROW.sub("", told).split())
    why = plain if len(plain) <= QUOTED else f"{plain[:QUOTED]}…"
    if number:
        return Refused(
            "Row {row} of the sheet {sheet} cannot be read. XLSForm says: “{why}” Mend the row, or take it out.",
            values={"row": number, "sheet": sheet, "why": why},
        )
    return Refused(
        "This form cannot be read. XLSForm says: “{why}” Mend it in the tool that it comes from.",
        values={"why": why},
    )


type Cells = dict[tuple[str, ...], str]


def _cells(sheet: Sheet, known: Mapping[str, Any], columns: set[str]) -> Iterator[tuple[int, Cells]]:
    """Give each row by its number, its cells by the parts of their headings as pyxform reads them."""
    double = any("::" in one for one in sheet.heads)
    parts = {one: process_header(one, double, known, columns)[1] for one in sheet.heads}
    for number, row in enumerate(sheet.rows, 2):
        yield number, {parts[head]: said for head, said in row.items()}


def _words(cells: Cells, column: str) -> dict[str, str]:
    """Give the words of a column by the names of languages; empty for the column that names none."""
    found = {parts[-1] if len(parts) > 1 else "": said for parts, said in cells.items() if parts[0] == column}
    return {name: said for name, said in found.items() if has_words(said)}


class _Reader:
    """Reads the rows of one form."""

    def __init__(self, sheets: Mapping[str, Sheet]) -> None:
        columns = set(MultipleChoiceQuestion.get_slot_names())
        self.rows = list(_cells(sheets["survey"], aliases.survey_header, columns))
        settings = list(
            _cells(sheets.get("settings", Sheet((), ())), aliases.settings_header, {"default_language"})
        )
        self.spoken = settings[0][1].get(("default_language",), "") if settings else ""
        self.choices: dict[str, list[tuple[str, dict[str, str]]]] = {}
        options = sheets.get("choices", Sheet((), ()))
        for _number, cells in _cells(options, aliases.list_header, set(Option.get_slot_names())):
            listed, name = (
                cells.get(("list name",)) or cells.get(("list_name",), ""),
                cells.get(("name",), ""),
            )
            if listed and name:
                words = {lang: " ".join(said.split()) for lang, said in _words(cells, "label").items()}
                self.choices.setdefault(listed, []).append((name, words))
        self.entities = sheets.get("entities", Sheet((), ())).rows
        self.result = Found()
        self.taken: set[str] = set()

    def found(self) -> Found:
        """Read every row."""
        inside: list[str] = []
        for number, cells in self.rows:
            kind = " ".join(cells.get(("type",), "").split())
            if not kind or cells.get(("disabled",), "").lower() in YES:
                continue
            if begun := RE_BEGIN_CONTROL.search(kind):
                inside.append(aliases.control[begun["type"]])
                self._begin(number, cells, inside)
            elif RE_END_CONTROL.search(kind):
                inside[-1:] = []
            elif {"repeat", "loop"} & set(inside):
                self._leave(number, cells, Left.REPEAT)
            else:
                self._question(number, cells, kind)
        for number, _row in enumerate(self.entities, 2):
            self.result.left.append(LeftOut(number, "entities", Left.ENTITY))
        self.result.tongues = self._tongues()
        return self.result

    def _leave(self, number: int, cells: Cells, why: Left) -> None:
        self.result.left.append(LeftOut(number, cells.get(("name",), "")[:NAME], why))

    def _begin(self, number: int, cells: Cells, inside: Sequence[str]) -> None:
        if {"repeat", "loop"} & set(inside):
            self._leave(number, cells, Left.REPEAT)
            return
        if _words(cells, "label"):
            self._leave(number, cells, Left.HEADING)
        if ("bind", "relevant") in cells:
            self._leave(number, cells, Left.CONDITION)

    def _question(self, number: int, cells: Cells, kind: str) -> None:
        """Take one question along, or say why not."""
        made, why = self._made(cells, kind)
        if made and not why:
            why = Left.MANY if len(self.result.questions) >= MOST_QUESTIONS else _unfit(made)
        if why or not made:
            self._leave(number, cells, why or Left.UNKNOWN)
            return
        name = cells.get(("name",), "")
        self.result.questions.append({"id": self._id_of(name), "row": number, "name": name[:NAME], **made})
        for each in _partly(cells, kind):
            self._leave(number, cells, each)

    def _made(self, cells: Cells, kind: str) -> tuple[dict[str, Any], Left | None]:
        """Make a question of a row, without its id; and say why none where it is none."""
        made: dict[str, Any] = {"kind": "text", "words": _words(cells, "label")}
        if hint := _words(cells, "hint"):
            made["hint"] = hint
        if chosen := RE_SELECT.search(kind):
            command, listed = chosen["select_command"], chosen["list_name"]
            asked = {"select one": "one", "select all that apply": "several"}.get(aliases.select[command])
            if asked is None:
                return {}, Left.RANKED if command == "rank" else Left.EXTERNAL
            if command in aliases.select_from_file:
                return {}, Left.EXTERNAL
            if EARLIER in listed or len(self.choices.get(listed, ())) > MOST_OPTIONS:
                return {}, Left.EARLIER if EARLIER in listed else Left.LONG
            return {**made, "kind": asked, "options": self._options(listed)}, None
        if kind == "range":
            return self._scale(made, cells)
        return made, _why_not_text(kind)

    def _id_of(self, name: str) -> str:
        """Give a question an id: s1, s2 and so on are what statements are called."""
        free = _id(name, self.taken)
        return _id(f"q-{free}", self.taken) if STATEMENT.match(free) else free

    def _options(self, listed: str) -> list[dict[str, Any]]:
        taken: set[str] = set()
        return [{"id": _id(name, taken), "words": words} for name, words in self.choices.get(listed, ())]

    def _scale(self, made: dict[str, Any], cells: Cells) -> tuple[dict[str, Any], Left | None]:
        """Make a scale of a range from 1 to 5 whose ends have words."""
        said = {"start": "1", "end": "10", "step": "1"} | parse_parameters(cells.get(("parameters",), ""), 0)
        labels = dict(self.choices.get(self._labelset(cells), ()))
        ours = (said["start"], said["end"], said["step"]) == (FIRST, LAST, STEP)
        if not ours or not labels.get(FIRST) or not labels.get(LAST):
            return {}, Left.RANGE
        return {**made, "kind": "scale", "ends": [labels[FIRST], labels[LAST]]}, None

    @staticmethod
    def _labelset(cells: Cells) -> str:
        """Give the name of the list of words for the steps of a range, with its capitals."""
        found = re.search(r"tick_labelset\s*=\s*([^\s=,;]+)", cells.get(("parameters",), ""), re.IGNORECASE)
        return found[1] if found else ""

    def _tongues(self) -> list[Tongue]:
        """Name the languages of the questions that are brought along, those that a column names first."""
        parts = [part for one in self.result.questions for part in parts_of(one)]
        names = dict.fromkeys(name for part in parts for name in part)
        named = [Tongue(name, guess(name)) for name in names if name]
        if "" not in names:
            return named
        tag = guess(self.spoken) or (named[0].guess if len(named) == 1 else "")
        return [*named, Tongue("", tag)]


def parts_of(question: Mapping[str, Any]) -> list[Mapping[str, str]]:
    """Give every part of a question that has words: by language, or by the name of one."""
    options = [one["words"] for one in question.get("options", ())]
    return [question["words"], question.get("hint", {}), *options, *question.get("ends", ())]


def _unfit(made: Mapping[str, Any]) -> Left | None:
    """Say why a question that was made cannot be asked as it is."""
    parts = parts_of(made)
    said = [words for part in parts for words in part.values()]
    choices = [*(one["words"] for one in made.get("options", ())), *made.get("ends", ())]
    names = dict.fromkeys(name for part in choices for name in part)
    if any(EARLIER in words for words in said):
        return Left.EARLIER
    if any(is_turned(words) for words in said):
        return Left.TURNED
    if not made["words"] or not all(choices) or (made["kind"] in CHOICES and not choices):
        return Left.EMPTY
    if any(_alike(choices, name) for name in names):
        return Left.ALIKE
    return None


def _why_not_text(kind: str) -> Left | None:
    """Say why a row of this type is no question that people answer in words; None where it is one."""
    known = QUESTION_TYPE_DICT.get(kind, {})
    bind, tag = known.get("bind", {}), known.get("control", {}).get("tag", "")
    of = str(bind.get("type", ""))
    whys = {
        Left.NOTE: kind in {"note", "q note", "add note prompt"},
        Left.EXTERNAL: kind.endswith("-external"),
        Left.PLACE: kind.startswith("osm ") or of.startswith("geo") or "geopoint" in kind,
        Left.DEVICE: "jr:preload" in bind or kind in {"audit", "hidden"},
        Left.CALCULATED: kind in {"calculate", "q calculate", "add calculate prompt"},
        Left.MEDIA: tag == "upload" or of in {"binary", "barcode"} or kind.startswith("background-"),
        Left.UNKNOWN: tag != "input",
    }
    return next((why for why, is_so in whys.items() if is_so), None)


def _partly(cells: Cells, kind: str) -> Iterator[Left]:
    """Say what of a question is not brought along with it."""
    told = {
        ("bind", "relevant"): Left.CONDITION,
        ("choice_filter",): Left.FILTER,
        ("bind", "constraint"): Left.LIMIT,
        ("default",): Left.BEGUN,
        ("bind", "calculate"): Left.BEGUN,
    }
    yield from dict.fromkeys(why for parts, why in told.items() if parts in cells)
    if any(parts[0] == "media" for parts in cells):
        yield Left.PICTURE
    if cells.get(("bind", "required"), "").lower() in YES:
        yield Left.MUST
    chosen = RE_SELECT.search(kind)
    if chosen and chosen["specify_other"]:
        yield Left.OTHER
    of = QUESTION_TYPE_DICT.get(kind, {}).get("bind", {}).get("type", "string")
    if not chosen and kind != "range" and of != "string":
        yield Left.IN_WORDS


def _id(name: str, taken: set[str]) -> str:
    """Give a name as an id that core.questions takes and that is not taken yet, and take it."""
    made = name
    if not ID.match(name):
        plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        made = (plain if plain[:1].isalpha() else f"q-{plain}".rstrip("-"))[:28].rstrip("-")
    tries = (made if number == 1 else f"{made[:27]}-{number}" for number in range(1, 10_000))
    found = next(one for one in tries if one not in taken and one not in OTHER_FIELDS)
    taken.add(found)
    return found
