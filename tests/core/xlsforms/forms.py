"""XLSForms for tests: the real ones that lie beside the house, made ones, and drawn ones."""

import io
from pathlib import Path

import openpyxl
import pytest
from hypothesis import strategies as st

from alongside.core.questions import ID, OTHER_FIELDS, STATEMENT
from alongside.core.words import as_seen, has_words, is_turned

SHARED = Path(__file__).parents[4] / "shared/data/xlsform"


def real_forms() -> list[Path]:
    """List the real forms; none where the folder is not here."""
    return sorted(SHARED.rglob("*.xls*"))


def real(name: str) -> bytes:
    found = [one for one in real_forms() if one.name == name]
    if not found:
        pytest.skip(f"{name} is not here; the real XLSForms lie in ../shared/data/xlsform")
    return found[0].read_bytes()


def made(survey, choices=(), settings=(), **others) -> bytes:
    """Make an .xlsx file of sheets, each a list of rows, the headings first."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    sheets = {"survey": survey, "choices": choices, "settings": settings, **others}
    for name, rows in sheets.items():
        if rows:
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


SURVEY = [
    ["type", "name", "label::English (en)", "label::Español (es)", "hint::English (en)", "parameters"],
    ["select_one sides", "side", "Which side?", "¿Qué lado?", "Where you walk.", None],
    ["select_multiple whens", "when", "When?", "¿Cuándo?", None, None],
    ["text", "why", "Why there?", "¿Por qué ahí?", None, None],
    ["range", "safe", "How safe is it?", "¿Qué tan seguro?", None, "start=1 end=5 step=1 tick_labelset=ends"],
]
CHOICES = [
    ["list_name", "name", "label::English (en)", "label::Español (es)"],
    ["sides", "n", "North", "Norte"],
    ["sides", "s", "South", "Sur"],
    ["whens", "am", "In the morning", "Por la mañana"],
    ["whens", "pm", "At night", "Por la noche"],
    ["ends", "1", "Not safe", "Nada seguro"],
    ["ends", "5", "Very safe", "Muy seguro"],
]


def good() -> bytes:
    return made(SURVEY, CHOICES)


names = st.from_regex(ID, fullmatch=True).filter(lambda one: one not in OTHER_FIELDS)
LETTERS = st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n")


def _stays(words: str) -> bool:
    """Say whether words are such as a form of ours can hold and a cell gives back."""
    plain = "${" not in words and not is_turned(words) and has_words(words)
    return (
        plain
        and "\N{NO-BREAK SPACE}" not in words
        and not any(one.isspace() and one not in " \n" for one in words)
    )


words = st.one_of(
    st.sampled_from(
        [
            "=1+1",
            "@SUM(A1)",
            "#N/A",
            "“Who?”",
            "Why  not",
            "a\nb",
            "_x0041_",
            "TRUE",
            "5",
            "<b>&",
            "نعم",
            "1.0",
        ]
    ),
    st.text(LETTERS, min_size=1, max_size=60).map(str.strip),
).filter(_stays)
lines = words.map(lambda one: " ".join(one.split()))


@st.composite
def drawn_forms(draw):
    """Draw questions in the shape of core.questions, with the tags of their languages."""
    tags = draw(
        st.lists(st.sampled_from(["en", "es", "vi", "ar", "zh-hans"]), min_size=1, max_size=3, unique=True)
    )

    def said(of=words):
        return {tag: draw(of) for tag in tags}

    def apart(count):
        return {tag: draw(st.lists(lines, min_size=count, max_size=count, unique_by=as_seen)) for tag in tags}

    questions = []
    asked = names.filter(lambda one: not STATEMENT.match(one))
    for name in draw(st.lists(asked, min_size=1, max_size=5, unique=True)):
        kind = draw(st.sampled_from(["text", "one", "several", "scale"]))
        one = {"id": name, "kind": kind, "words": said()}
        if draw(st.booleans()):
            one["hint"] = said()
        if kind in {"one", "several"}:
            ids = draw(st.lists(names, min_size=1, max_size=4, unique=True))
            columns = apart(len(ids))
            one["options"] = [
                {"id": each, "words": {tag: columns[tag][place] for tag in tags}}
                for place, each in enumerate(ids)
            ]
        if kind == "scale":
            columns = apart(2)
            one["ends"] = [{tag: columns[tag][place] for tag in tags} for place in (0, 1)]
        questions.append(one)
    return {"v": 1, "questions": questions}, tags
