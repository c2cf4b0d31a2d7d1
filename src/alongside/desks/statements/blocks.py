"""A paper as plain parts: headings, paragraphs, points and tables of words. A page, a PDF and a DOCX are drawn from one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from alongside.ground.ui.context import language

#: What no paper shows: control characters, what XML cannot hold, and marks that turn the direction of what follows.
NEVER = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ufeff\ufff9-\uffff\ud800-\udfff]")


def clean(words: str) -> str:
    """Give words without what no paper can show."""
    return NEVER.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))


@dataclass(frozen=True)
class Run:
    """Some words, the language they are in where it is not the paper's own, and where they lead if they do."""

    words: str
    lang: str = ""
    href: str = ""
    is_strong: bool = False
    is_hint: bool = False

    @property
    def shown(self) -> str:
        """Give the words as every paper shows them."""
        return clean(self.words)

    @property
    def is_outside(self) -> bool:
        """Say whether they lead to a place that others named."""
        return bool(self.href) and self.words == self.href


type Line = tuple[Run, ...]
type Cell = tuple[Line, ...]


@dataclass(frozen=True)
class Heading:
    """A heading; level 2 begins a part, level 3 something in it."""

    line: Line
    level: int = 2
    anchor: str = ""
    kind: str = "heading"


@dataclass(frozen=True)
class Para:
    """A paragraph. `style` is plain, hint or data (for machines, left to right)."""

    line: Line
    style: str = "plain"
    kind: str = "para"


@dataclass(frozen=True)
class Points:
    """A list of lines."""

    lines: tuple[Line, ...]
    kind: str = "points"


@dataclass(frozen=True)
class Grid:
    """A table with a row of headings; each cell holds lines. `widths` weigh the columns against each other."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...]
    kind: str = "grid"

    @property
    def named(self) -> tuple[tuple[tuple[str, Cell], ...], ...]:
        """Give each row's cells with the heading of their column, for a screen too narrow for columns."""
        return tuple(tuple(zip(self.head, row, strict=True)) for row in self.rows)


type Block = Heading | Para | Points | Grid


@dataclass(frozen=True)
class Paper:
    """A whole paper. `maker` is an institution, never a person; `on` the day it stands for; `base` goes before addresses.

    `cited` are the numbers of the entries that it cites.
    """

    title: Line
    lang: str
    maker: str
    on: date
    base: str
    blocks: tuple[Block, ...]
    cited: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """Give the title as plain words."""
        return clean("".join(one.words for one in self.title))

    def address(self, href: str) -> str:
        """Give an address that also works outside the site."""
        return f"{self.base}{href}" if href.startswith("/") else href


def plain(words: str) -> Line:
    """Give a line of nothing but words in the paper's language."""
    return (Run(words),)


def hint(words: str) -> Line:
    """Give a line that says something about the words beside it."""
    return (Run(words, is_hint=True),)


def to_data(paper: Paper) -> dict[str, Any]:
    """Give a paper as data for the template of the PDF."""
    here = language(paper.lang)
    return {
        "title": paper.name,
        "heading": _line(paper, paper.title),
        "lang": here.tag.split("-")[0],
        "dir": here.dir,
        "day": [paper.on.year, paper.on.month, paper.on.day],
        "blocks": list(_blocks(paper)),
    }


def _blocks(paper: Paper) -> Iterator[dict[str, Any]]:
    for one in paper.blocks:
        match one:
            case Heading():
                yield {"kind": one.kind, "level": one.level, "line": _line(paper, one.line)}
            case Para():
                yield {"kind": one.kind, "style": one.style, "line": _line(paper, one.line)}
            case Points():
                yield {"kind": one.kind, "lines": [_line(paper, each) for each in one.lines]}
            case Grid():
                rows = [[[_line(paper, each) for each in cell] for cell in row] for row in one.rows]
                yield {
                    "kind": one.kind,
                    "head": [clean(each) for each in one.head],
                    "rows": rows,
                    "widths": list(one.widths),
                }


def _line(paper: Paper, line: Line) -> list[dict[str, Any]]:
    found = []
    for one in line:
        told = language(one.lang or paper.lang)
        found.append(
            {
                "words": clean(one.words),
                "lang": told.tag.split("-")[0],
                "dir": told.dir,
                "href": paper.address(one.href) if one.href else "",
                "strong": one.is_strong,
                "hint": one.is_hint,
            }
        )
    return found
