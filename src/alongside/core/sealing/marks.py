"""The lists that a browser downloads to look for its own: seal marks, 13 bytes a row, and what is not published yet."""

import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum

from alongside.core.sealing.header import SealedError

MARK_BYTES = 8  # enough of a seal mark to find it; the entry holds all of it
ENTRY_BYTES = 4
ROW_BYTES = 1 + MARK_BYTES + ENTRY_BYTES
SALT_BYTES = 16
RECEIVED_BYTES = 8  # 1,024 rows and a false hit once in 2^54 looks
PAD_TO = 1024
STEP = 512


class MarkState(IntEnum):
    """Where a voice stands: in a published batch, opened by the leads, or in an engagement with fewer than k."""

    PUBLISHED = 1
    OPENED = 2
    FEWER = 3


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
    """Read a downloaded list; raise SealedError where it is cut short or names a state we do not know."""
    if len(raw) % ROW_BYTES:
        raise SealedError("The list of seal marks was cut short; fetch it again.")
    rows = [raw[start : start + ROW_BYTES] for start in range(0, len(raw), ROW_BYTES)]
    try:
        return [
            MarkRow(MarkState(row[0]), row[1 : 1 + MARK_BYTES], int.from_bytes(row[1 + MARK_BYTES :], "big"))
            for row in rows
        ]
    except ValueError as error:
        raise SealedError("The list of seal marks names an unknown state; update this program.") from error


def find(rows: Iterable[MarkRow], mark: bytes) -> list[MarkRow]:
    """Return the rows of one seal mark, the furthest state first."""
    own = [row for row in rows if row.state is not MarkState.FEWER and row.mark == mark[:MARK_BYTES]]
    return sorted(own, key=lambda row: -row.state)


def pack_received(
    salt: bytes,
    act_hashes: Iterable[bytes],
    *,
    pad_to: int = PAD_TO,
    random: Callable[[int], bytes] = os.urandom,
) -> bytes:
    """Write what is here and not yet published so that only whoever has a receipt finds their own.

    A salt of 16 bytes that no other list has; then the first 8 bytes of SHA-256(salt, act hash) of each, sorted among
    random rows up to a multiple of `pad_to`, so that the list tells no count and two lists have nothing in common.
    """
    rows = [_received(salt, act) for act in act_hashes]
    rows += [random(RECEIVED_BYTES) for _ in range(-len(rows) % pad_to if rows else pad_to)]
    return salt + b"".join(sorted(rows))


def rows_of_the_day(before: int, now: int, shift: Callable[[int], int], step: int = STEP) -> int:
    """Return how long the list of a day is, in rows, so that it moves with no single voice.

    `before` is how many waited when the day began, `now` how many with those that came since, whether they were taken back
    or not: whoever adds rows cannot go back to an edge. The n-th edge stands `shift(n)`, less than a step, below n steps;
    `shift` is secret and another each day, so nobody knows how near an edge is. At least one step more than waited when the
    day began comes before the list grows.
    """

    def steps(rows: int) -> int:
        found = max(1, -(-rows // step))
        return found if rows <= step * found - shift(found) else found + 1

    return step * max(steps(before) + 2, steps(now))


def answering(act_hash: bytes, promise: int) -> bytes:
    """Return what stands for a voice where its list also tells which engagement it answered: its act hash, and the promise."""
    return act_hash + promise.to_bytes(ENTRY_BYTES, "big")


def is_received(raw: bytes, act_hash: bytes) -> bool:
    """Say whether a list that `pack_received` wrote holds an act hash."""
    row = _received(raw[:SALT_BYTES], act_hash)
    return any(
        raw[start : start + RECEIVED_BYTES] == row for start in range(SALT_BYTES, len(raw), RECEIVED_BYTES)
    )


def _received(salt: bytes, act_hash: bytes) -> bytes:
    return hashlib.sha256(salt + act_hash).digest()[:RECEIVED_BYTES]
