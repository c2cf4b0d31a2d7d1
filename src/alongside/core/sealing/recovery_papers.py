"""The recovery papers of the leads: a key cut into shares (Shamir), each as four rows of digits with a check digit of their own.

The arithmetic is that of npm's shamir-secret-sharing 0.0.4, which cuts in the reader; vectors/papers.json holds its shares.
"""

import hashlib
import os
import unicodedata
from collections.abc import Callable, Sequence
from functools import reduce
from operator import xor

from alongside.core.sealing.keys import KEY_BYTES
from alongside.core.sealing.receipt import BETWEEN, damm

#: A share is the value of a polynomial for each byte of the secret, and behind them the one byte at which it was taken.
SHARE_BYTES = KEY_BYTES + 1
#: 80 digits hold a share. No row has the length of a receipt, so that nobody types the one for the other.
ROWS, ROW_DIGITS, GROUP = 4, 20, 3
FIELD = 0x11B  # x^8 + x^4 + x^3 + x + 1
FEWEST, MOST = 2, 15
#: What a file of locked keys calls itself, which the reader saves and `alongside key recover` opens.
KEYS_FILE = "alongside locked keys 1"


class PaperError(ValueError):
    """What was typed is no recovery paper, or these papers do not fit each other; the message says the cure."""


def split(
    secret: bytes, papers: int, needed: int, random: Callable[[int], bytes] = os.urandom
) -> list[bytes]:
    """Cut a secret into shares of which any `needed` give it back; fewer tell nothing."""
    if not FEWEST <= needed <= papers <= MOST:
        raise PaperError(f"At least {FEWEST} papers are needed, of {MOST} at most; choose other numbers.")
    curves = [bytes([byte]) + random(needed - 1) for byte in secret]
    return [bytes([*(_value(curve, at) for curve in curves), at]) for at in range(1, papers + 1)]


def combine(shares: Sequence[bytes]) -> bytes:
    """Give what shares were cut from; another secret, and no error, where they are too few or of different ones.

    Whoever calls compares the recipient of what comes out. Raises PaperError where two are of one paper, or one is not whole.
    """
    places = [share[-1] for share in shares if len(share) == SHARE_BYTES]
    if len(places) != len(shares) or len(set(places)) != len(places) or 0 in places or len(places) < FEWEST:
        raise PaperError("Type each paper once, each of them whole.")
    weights = [_weight(place, places) for place in places]
    return bytes(
        reduce(xor, (_times(share[at], weight) for share, weight in zip(shares, weights, strict=True)))
        for at in range(SHARE_BYTES - 1)
    )


def check_of(share: bytes) -> str:
    """Compute the 64 hex digits by which the record knows a paper: of 33 bytes that nobody can guess."""
    return hashlib.sha256(b"alongside/recovery-paper/v1\n" + share).hexdigest()


def set_of(recipient: str) -> str:
    """Name a set of papers so that people can compare it: the end of its public key."""
    return recipient[-6:]


def rows(share: bytes) -> list[str]:
    """Write a share as a paper shows it: four rows of seven groups of three digits, the last of each checks the row and its place."""
    number = f"{int.from_bytes(share, 'big'):0{ROWS * ROW_DIGITS}d}"
    cut = [number[at : at + ROW_DIGITS] for at in range(0, len(number), ROW_DIGITS)]
    whole = [row + str(damm(f"{place}{row}")) for place, row in enumerate(cut, start=1)]
    return [" ".join(row[at : at + GROUP] for at in range(0, len(row), GROUP)) for row in whole]


def parse(typed: str) -> bytes:
    """Read a share from what a person typed of a paper, in the digits of any script. Raises PaperError, which names the row."""
    row = "".join(_digit(letter) for letter in BETWEEN.sub("", typed))
    length = ROW_DIGITS + 1
    if len(row) != ROWS * length:
        raise PaperError(f"A paper has {ROWS * length} digits, you wrote {len(row)}; type all four rows.")
    cut = [row[at : at + length] for at in range(0, len(row), length)]
    for place, one in enumerate(cut, start=1):
        if damm(f"{place}{one}"):
            raise PaperError(f"A digit of row {place} is wrong; compare it with the paper.")
    number = int("".join(one[:-1] for one in cut))
    if number >= 1 << 8 * SHARE_BYTES:
        raise PaperError("These digits are of no paper; compare each row with it.")
    return number.to_bytes(SHARE_BYTES, "big")


def _digit(letter: str) -> str:
    value = unicodedata.decimal(letter, None)
    if value is None:
        raise PaperError(f"A paper has only digits; take out “{letter}”.")
    return str(value)


def _times(one: int, other: int) -> int:
    """Multiply in the field of 256 elements."""
    found = 0
    while other:
        found ^= one if other & 1 else 0
        one = one << 1 ^ (FIELD if one & 0x80 else 0)
        other >>= 1
    return found


def _inverse(one: int) -> int:
    """Give what times `one` is 1: its 254th power."""
    return reduce(_times, [one] * 254)


def _weight(place: int, places: Sequence[int]) -> int:
    """Give how much the value at a place counts at zero (Lagrange)."""
    others = [_times(one, _inverse(one ^ place)) for one in places if one != place]
    return reduce(_times, others, 1)


def _value(curve: bytes, at: int) -> int:
    """Evaluate a polynomial, its lowest coefficient first (Horner)."""
    return reduce(lambda found, one: _times(found, at) ^ one, reversed(curve), 0)
