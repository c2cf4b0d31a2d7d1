"""The receipt: 12 random bytes as 30 digits, and the four values that come from them."""

import hashlib
import os
import re
import unicodedata
from collections.abc import Callable

from alongside.core.refusals import UnusableInputError
from alongside.core.sealing.kdf import hkdf

SECRET_BYTES = 12
DIGITS = 30  # 29 of the number, one to check them
GROUP = 5
#: What people put between digits: spaces, dashes, points, and marks of direction that cannot be seen.
BETWEEN = re.compile(
    "[\\t-\\r \xa0\xad\u061c\u1680\u2000-\u2015\u2028-\u202f\u205f-\u2069\u2212\u3000\ufe58\ufe63\uff0d\ufeff.,/_\xb7-]+"
)
#: The totally anti-symmetric quasigroup of order 10 that H. Michael Damm gives (Dissertation, Marburg 2004).
DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)


def make(random: Callable[[int], bytes] = os.urandom) -> bytes:
    """Make a new receipt: 12 random bytes, the secret of one voice."""
    return random(SECRET_BYTES)


def digits(secret: bytes) -> str:
    """Write a receipt's 12 bytes as 30 digits: a big-endian number in 29 and the Damm check digit."""
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"A receipt is {SECRET_BYTES} bytes, not {len(secret)}; make a new one.")
    number = f"{int.from_bytes(secret, 'big'):0{DIGITS - 1}d}"
    return number + str(damm(number))


def grouped(secret: bytes) -> str:
    """Write a receipt's 12 bytes as people see it: six groups of five digits."""
    row = digits(secret)
    return " ".join(row[start : start + GROUP] for start in range(0, DIGITS, GROUP))


def parse(typed: str) -> bytes:
    """Read the 12 bytes of a receipt from what a person typed, in the digits of any script.

    Spaces, dashes and points between digits are passed over. Raises UnusableInputError: letter, count, or wrong where a digit is, or two changed places.
    """
    row = "".join(_digit(letter) for letter in BETWEEN.sub("", typed))
    if len(row) != DIGITS:
        raise UnusableInputError(
            "count", f"Write the digits of your receipt: there are {DIGITS}, you wrote {len(row)}."
        )
    number = int(row[:-1])
    if damm(row) or number >= 1 << 8 * SECRET_BYTES:
        raise UnusableInputError(
            "wrong", "One of the digits is different from your receipt; compare them, group by group."
        )
    return number.to_bytes(SECRET_BYTES, "big")


def read_secret(secret: bytes) -> bytes:
    """Derive r, the 32 bytes that are sealed inside the voice."""
    return hkdf(secret, salt=b"", info=b"alongside/read/v1")


def act_secret(secret: bytes) -> bytes:
    """Derive w, the 32 bytes that are shown only to withdraw, never sealed inside."""
    return hkdf(secret, salt=b"", info=b"alongside/act/v1")


def seal_mark(read: bytes) -> bytes:
    """Compute from r the public 32 bytes that stand for the voice."""
    return hashlib.sha256(b"alongside/seal-mark/v1\n" + read).digest()


def offer_tag(read: bytes) -> bytes:
    """Compute from r the 32 bytes under which the record says what became of a statement that somebody offered.

    The author and the leads who opened the voice know r; nobody else can tell which voice, or which mark, it was.
    """
    return hashlib.sha256(b"alongside/offer/v1\n" + read).digest()


def act_hash(act: bytes) -> bytes:
    """Compute from w the 32 bytes that the server keeps, to know who may withdraw."""
    return hashlib.sha256(b"alongside/act-hash/v1\n" + act).digest()


def damm(row: str) -> int:
    """Return the check digit of a row of digits; 0 where the row ends with its own check digit."""
    state = 0
    for digit in row:
        state = int(DAMM[state][int(digit)])
    return state


def _digit(letter: str) -> str:
    value = unicodedata.decimal(letter, None)
    if value is None:
        raise UnusableInputError("letter", f"A receipt has only digits; take out “{letter}”.")
    return str(value)
