"""Open a register of any kind: JSON where it begins like it, else CSV."""

from collections.abc import Iterable
from itertools import chain

from alongside.core.registers.objects import open_json
from alongside.core.registers.rows import Opened, open_csv

WHITE = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"


def open_register(pieces: Iterable[bytes], encoding: str) -> Opened:
    """Read the headings of a register; its rows stream. Raises UnreadableError, from the rows too."""
    stream = iter(pieces)
    first = next(stream, b"")
    whole = chain((first,), stream)
    if first.lstrip(WHITE).startswith((b"[", b"{")):
        return open_json(whole, encoding)
    return open_csv(whole, encoding)
