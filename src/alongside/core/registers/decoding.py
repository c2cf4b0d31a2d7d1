"""Find out how a file writes letters while it streams by, and give its lines."""

import codecs
import io
from collections.abc import Buffer, Iterable, Iterator
from typing import override

from alongside.core.refusals import UnusableInputError

HEAD = 4096
#: No line of a register is longer; a longer one is a file without lines, and would fill the memory.
LONGEST_LINE = 1 << 20
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
MANY = 0.3


def unreadable(why: str, row: int = 0) -> UnusableInputError:
    """Refuse a file as a whole: `why` is line, cell, empty or json; `row` is the last one that could be read."""
    message = f"The file cannot be read after row {row} ({why}); save it again as CSV or JSON."
    return UnusableInputError(why, message, (str(row),))


class Sniffer:
    """Says in which encoding a file is, after its bytes were fed to it: a mark, UTF-16 by its zeros, UTF-8, else Windows."""

    def __init__(self) -> None:
        self._head = b""
        self._utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()

    def feed(self, data: bytes, *, last: bool = False) -> None:
        """Take in the next bytes; say `last` with the last ones."""
        if len(self._head) < HEAD:
            self._head += data[: HEAD - len(self._head)]
        if self._utf8 is None:
            return
        try:
            self._utf8.decode(data, final=last)
        except UnicodeDecodeError:
            self._utf8 = None

    @property
    def encoding(self) -> str:
        """Give the name of the encoding, as Python knows it."""
        for mark, name in MARKS:
            if self._head.startswith(mark):
                return name
        half = max(1, len(self._head) // 2)
        if self._head[1::2].count(0) > MANY * half:
            return "utf-16-le"
        if self._head[0::2].count(0) > MANY * half:
            return "utf-16-be"
        return "utf-8" if self._utf8 is not None else "cp1252"


class _Pieces(io.RawIOBase):
    """Pieces of bytes as a stream that can be read once."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._rest = memoryview(b"")

    @override
    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    @override
    def readinto(self, buffer: Buffer, /) -> int:
        """Fill a buffer as far as the next piece goes; 0 at the end."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        room = memoryview(buffer)
        size = min(len(room), len(self._rest))
        room[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def text_stream(pieces: Iterable[bytes], encoding: str) -> io.TextIOWrapper:
    """Give pieces of bytes as a stream of text, line ends as they are. What is no letter becomes U+FFFD."""
    buffered = io.BufferedReader(_Pieces(pieces), 1 << 16)
    return io.TextIOWrapper(buffered, encoding=encoding, errors="replace", newline="")


def lines_of(stream: io.TextIOBase) -> Iterator[str]:
    """Give the lines of a text with their ends. Raises UnusableInputError for a line without an end in sight."""
    while line := stream.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
            raise unreadable("line")
        yield line
