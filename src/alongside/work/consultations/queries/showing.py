"""A version of a material as a page shows it: a part of a text in paragraphs, a part of a table, or only what it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from alongside.core.anchors import LONGEST
from alongside.core.tables import Table, read_table
from alongside.ground.look.addresses import number_in
from alongside.work.consultations.models import Version

#: So many rows or paragraphs stand on a page.
ROWS = 100


@dataclass(frozen=True)
class Block:
    """A paragraph of a text. `start` is where it begins in the whole."""

    number: int
    start: int
    words: str


@dataclass(frozen=True)
class Sheet:
    """What a version holds; a page shows its rows or paragraphs from `first` on, each with its number."""

    shown: str
    text: str = ""
    blocks: list[Block] = field(default_factory=list)
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    first: int = 1

    @property
    def columns(self) -> list[tuple[int, str]]:
        """Give each column with its number."""
        return list(enumerate(self.head, 1))

    @property
    def part(self) -> list[tuple[int, list[tuple[int, str]]]]:
        """Give the rows of this page: a row's number, and its cells with theirs."""
        rows = self.rows[self.first - 1 : self.first - 1 + ROWS]
        return [(place, list(enumerate(one, 1))) for place, one in enumerate(rows, self.first)]

    @property
    def before(self) -> int | None:
        """Give the first row of the page before, or None."""
        return max(1, self.first - ROWS) if self.first > 1 else None

    @property
    def after(self) -> int | None:
        """Give the first row of the next page, or None."""
        return self.first + ROWS if self.first + ROWS <= max(len(self.rows), len(self.blocks)) else None

    @property
    def paragraphs(self) -> list[Block]:
        """Give the paragraphs of this page."""
        return self.blocks[self.first - 1 : self.first - 1 + ROWS]

    def block(self, number: int) -> Block | None:
        """Give a paragraph by its number, or None."""
        return self.blocks[number - 1] if 1 <= number <= len(self.blocks) else None


def sheet_of(version: Version, first: int = 1) -> Sheet:
    """Read what a version holds, to be shown from one of its rows or paragraphs on. Asks nothing."""
    if not version.data:
        return Sheet("link")  # it stands elsewhere, or nowhere any more
    if version.shown == "table":
        table = _table(bytes(version.data))
        start = min(max(1, first), max(1, len(table.rows)))
        return Sheet("table", head=table.head, rows=table.rows, first=start)
    if version.shown == "text":
        text = bytes(version.data).decode(errors="replace")
        blocks = blocks_of(text)
        return Sheet("text", text=text, blocks=blocks, first=min(max(1, first), max(1, len(blocks))))
    return Sheet(version.shown)


@lru_cache(maxsize=2)
def _table(data: bytes) -> Table:
    """Read a table; the last two are kept, as the parts of a long one are asked for one after the other."""
    return read_table(data.decode(errors="replace"))


def blocks_of(text: str) -> list[Block]:
    """Cut a text in paragraphs at blank lines; each knows where it begins."""
    found: list[Block] = []
    place = 0
    for part in text.split("\n\n"):
        words = part.strip()
        if words:
            found.append(Block(len(found) + 1, place + part.index(words[0]), words))
        place += len(part) + 2
    return found


def starting_at(sheet: Sheet, asked: Mapping[str, str]) -> dict[str, object]:
    """Give the place that a link named, as a comment's form begins with it: a paragraph, a row, a column."""
    given = {
        name: number_in(asked[name])
        for name in ("paragraph", "row", "column")
        if asked.get(name, "").isdecimal()
    }
    block = sheet.block(given.pop("paragraph", 0))
    if block:
        words = block.words if len(block.words) <= LONGEST else block.words[:LONGEST].rpartition(" ")[0]
        return {"quote": words, "near": block.start}
    return {name: value for name, value in given.items() if sheet.shown == "table"}
