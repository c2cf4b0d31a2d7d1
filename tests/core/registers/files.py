"""Files of registers for tests: made-up ones, and the real ones where they lie beside the house."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from alongside.core.registers.decoding import Sniffer
from alongside.core.registers.objects import open_json
from alongside.core.registers.rows import Opened, open_csv

SHARED = Path(__file__).parents[4] / "shared/data/registers"


def real(name: str) -> Path:
    """Give a real register, or skip and say so."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not here; the real registers lie in ../shared/data/registers")
    return path


def csv_bytes(
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    encoding: str = "utf-8",
    delimiter: str = ",",
    quoting: int = csv.QUOTE_MINIMAL,
    ends: str = "\r\n",
) -> bytes:
    """Write a CSV file as some office would."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=ends)
    writer.writerow(headings)
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def in_pieces(data: bytes, size: int = 1000) -> Iterator[bytes]:
    """Give bytes as they arrive, in pieces."""
    return (data[at : at + size] for at in range(0, len(data), size))


def encoding_of(data: bytes, size: int = 1000) -> str:
    """Find the encoding of a file that arrives in pieces."""
    sniffer = Sniffer()
    for piece in in_pieces(data, size):
        sniffer.feed(piece)
    sniffer.feed(b"", last=True)
    return sniffer.encoding


def opened(data: bytes, size: int = 1000) -> Opened:
    """Open a file that arrives in pieces: CSV, or JSON where it begins like it."""
    encoding = encoding_of(data, size)
    is_json = data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"[", b"{"))
    return (open_json if is_json else open_csv)(in_pieces(data, size), encoding)
