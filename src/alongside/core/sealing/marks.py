"""The list of seal marks that a browser downloads to look for its own: 13 bytes a row, so that it stays small."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

MARK_BYTES = 8  # enough of a seal mark to find it; the entry holds all of it
ENTRY_BYTES = 4
ROW_BYTES = 1 + MARK_BYTES + ENTRY_BYTES


class MarkState(IntEnum):
    """Where a voice stands: in a published batch, opened by the leads, or in an engagement with fewer than k."""

    PUBLISHED = 1
    OPENED = 2
    FEWER = 3


class MarkListError(ValueError):
    """The bytes are no list of seal marks; the message says the cure."""


@dataclass(frozen=True)
class MarkRow:
    """One state, the first 8 bytes of a seal mark (zeros where fewer than k), and the entry that says it."""

    state: MarkState
    mark: bytes
    entry: int


def pack(rows: Iterable[tuple[MarkState, bytes, int]]) -> bytes:
    """Write rows of state, seal mark and entry index as 13 bytes each: state, 8 bytes of the mark, 4 big-endian."""
    return b"".join(
        bytes([state])
        + (bytes(MARK_BYTES) if state is MarkState.FEWER else mark[:MARK_BYTES])
        + entry.to_bytes(ENTRY_BYTES, "big")
        for state, mark, entry in rows
    )


def unpack(raw: bytes) -> list[MarkRow]:
    """Read a downloaded list; raise MarkListError where it is cut short or names a state we do not know."""
    if len(raw) % ROW_BYTES:
        raise MarkListError("The list of seal marks was cut short; fetch it again.")
    rows = [raw[start : start + ROW_BYTES] for start in range(0, len(raw), ROW_BYTES)]
    try:
        return [
            MarkRow(MarkState(row[0]), row[1 : 1 + MARK_BYTES], int.from_bytes(row[1 + MARK_BYTES :], "big"))
            for row in rows
        ]
    except ValueError as error:
        raise MarkListError("The list of seal marks names an unknown state; update this program.") from error


def find(rows: Iterable[MarkRow], mark: bytes) -> list[MarkRow]:
    """Return the rows of one seal mark, the furthest state first."""
    own = [row for row in rows if row.state is not MarkState.FEWER and row.mark == mark[:MARK_BYTES]]
    return sorted(own, key=lambda row: -row.state)
