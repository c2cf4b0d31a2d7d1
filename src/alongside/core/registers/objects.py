"""The rows of any file as they stream by; of a JSON file a list of objects, alone or somewhere inside other objects."""

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any

from alongside.core.registers.cells import clean
from alongside.core.registers.decoding import text_stream, unreadable
from alongside.core.registers.rows import Opened, RawRow, open_csv

PIECE = 1 << 16
#: No object of a register is longer; a longer one would fill the memory.
LONGEST = 1 << 23
LOOK = 500
DEEPEST = 8
DECODER = json.JSONDecoder()
WHITE = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"


class _Reader:
    """Reads JSON values one by one from a stream of text, holding one value at a time."""

    def __init__(self, stream: io.TextIOBase) -> None:
        self._stream, self._text, self._at, self._ended = stream, "", 0, False

    def _more(self) -> bool:
        if len(self._text) - self._at > LONGEST:
            raise unreadable("json")
        piece = "" if self._ended else self._stream.read(max(PIECE, len(self._text) - self._at))
        self._ended = self._ended or not piece
        self._text, self._at = self._text[self._at :] + piece, 0
        return bool(piece)

    def peek(self) -> str:
        """Give the next sign that is not white; empty at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in " \t\r\n\ufeff":
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def take(self, sign: str) -> None:
        """Step over a sign. Raises UnusableInputError where another stands."""
        if self.peek() != sign:
            raise unreadable("json")
        self._at += 1

    def value(self) -> Any:
        """Read one whole value."""
        self.peek()
        while True:
            try:
                found, end = DECODER.raw_decode(self._text, self._at)
            except (ValueError, RecursionError) as error:
                if isinstance(error, RecursionError) or not self._more():
                    raise unreadable("json") from error
                continue
            if end == len(self._text) and self._more():
                continue  # a number may go on in the next piece
            self._at = end
            return found


def open_json(pieces: Iterable[bytes], encoding: str) -> Opened:
    """Find the list of objects in a JSON file; its rows stream. Raises UnusableInputError, from the rows too.

    Nested values become columns named as "owner.unit"; lists of plain values are written as "['a', 'b']" is read.
    """
    rows = _rows(_items(_Reader(text_stream(pieces, encoding)), 0))
    first = list(islice(rows, LOOK))
    if not first:
        raise unreadable("empty")
    headings = dict.fromkeys(name for one in first for name in one.cells)
    return Opened(tuple(headings), chain(first, rows))


def _rows(items: Iterator[Any]) -> Iterator[RawRow]:
    for number, item in enumerate(items, 1):
        if isinstance(item, dict):
            yield RawRow(number, dict(_flat(item)))
        else:
            yield RawRow(number, {"value": _cell(item)}, "not-an-object")


def _items(reader: _Reader, depth: int) -> Iterator[Any]:
    """Give the items of the first list that holds an object, looking into objects."""
    if depth > DEEPEST:
        raise unreadable("json")
    if reader.peek() == "[":
        yield from _list(reader)
        return
    reader.take("{")
    while reader.peek() not in {"}", ""}:
        reader.value()
        reader.take(":")
        if reader.peek() == "[":
            found = _list(reader)
            head = list(islice(found, 1))
            if head and isinstance(head[0], dict):
                yield from chain(head, found)
                return
            for _ in found:
                pass
        elif reader.peek() == "{":
            inner = _items(reader, depth + 1)
            head = list(islice(inner, 1))
            if head:
                yield from chain(head, inner)
                return
        else:
            reader.value()
        if reader.peek() == ",":
            reader.take(",")
    reader.take("}")


def _list(reader: _Reader) -> Iterator[Any]:
    reader.take("[")
    while reader.peek() != "]":
        yield reader.value()
        if reader.peek() != "]":
            reader.take(",")
    reader.take("]")


def _flat(item: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in item.items():
        if isinstance(value, dict) and value and before.count(".") < DEEPEST:
            yield from _flat(value, f"{before}{name}.")
        else:
            yield clean(f"{before}{name}"), _cell(value)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return clean(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def open_register(pieces: Iterable[bytes], encoding: str) -> Opened:
    """Read the headings of a register, of JSON where it begins like it, else of CSV. Raises UnusableInputError, from the rows too."""
    stream = iter(pieces)
    first = next(stream, b"")
    whole = chain((first,), stream)
    if first.lstrip(WHITE).startswith((b"[", b"{")):
        return open_json(whole, encoding)
    return open_csv(whole, encoding)
