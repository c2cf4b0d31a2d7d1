"""`alongside key recover FILE`: open, with recovery papers, the keys that a lead saved as a file. Needs no database, no network and no browser."""

import base64
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from alongside.core.canonical import read_json
from alongside.core.grammar.shape import fields, hex64, list_of, number, one_of, slug, words
from alongside.core.sealing.envelope import seal
from alongside.core.sealing.header import SealedError
from alongside.core.sealing.keys import identity_text, recipient_bytes, recipient_of
from alongside.core.sealing.opening import open_sealed
from alongside.core.sealing.recovery_papers import (
    FEWEST,
    KEYS_FILE,
    MOST,
    ROWS,
    PaperError,
    check_of,
    combine,
    parse,
)

MOST_BYTES = 8 * 1024 * 1024
#: What the file holds (docs/reference/sealing.md); the site gives `key` and `test` to the reader alone.
MADE = {"recipient": words(80), "needed": number(FEWEST, MOST), "papers": list_of(hex64, FEWEST, MOST)}
WRAP = {"recipient": words(80), "sealed": words(MOST_BYTES)}
KEY = {"slug": slug, "recipient": words(80), "wraps": list_of(fields(WRAP), 0, MOST_BYTES)}
FOR_THE_READER = {"key": number(0, 2**53), "test": words(MOST_BYTES)}
FILE = fields(
    {
        "kind": one_of(KEYS_FILE),
        "origin": words(),
        "made": list_of(fields(MADE), 0, MOST_BYTES),
        "keys": list_of(fields(KEY, FOR_THE_READER), 0, MOST_BYTES),
    }
)


def recover(file: Path, to: str, where: Path, ask: Callable[[str], str]) -> int:
    """Ask for papers until there are enough, and write the keys that they open, sealed to a recipient; give how many.

    Raises PaperError, SealedError, KeyTextError or OSError where nothing is written.
    """
    recipient_bytes(to)
    with file.open("rb") as opened:
        told = _read(opened.read(MOST_BYTES))
    made, shares = _gather(told["made"], ask)
    identity = identity_text(combine(shares))
    if recipient_of(identity) != made["recipient"]:
        raise PaperError("These papers give another key. Look whether each is of the newest ones.")
    lines = list(_opened(told["keys"], made["recipient"], identity))
    if not lines:
        raise SealedError("These papers open no key in this file.")
    with where.open("xb") as written:
        written.write(seal("".join(lines).encode(), to))
    return len(lines)


def _read(raw: bytes) -> dict[str, Any]:
    try:
        told: dict[str, Any] = read_json(raw)
        FILE("the file", told)
    except ValueError as error:
        raise SealedError("This is no file of locked keys; save it again from the reader.") from error
    return told


def _gather(
    made: list[Mapping[str, Any]], ask: Callable[[str], str]
) -> tuple[Mapping[str, Any], list[bytes]]:
    """Ask for papers, each by its rows, until there are as many as their entry on the record says."""
    shares: dict[str, bytes] = {}
    while True:
        typed = [ask(f"Paper {len(shares) + 1}, row {row} of {ROWS}: ") for row in range(1, ROWS + 1)]
        if not any(typed):
            raise PaperError("There are too few papers.")
        try:
            share = parse("".join(typed))
        except PaperError as error:
            sys.stderr.write(f"{error}\n")
            continue
        known = check_of(share)
        of = next((one for one in reversed(made) if known in one["papers"]), None)
        if of is None or not set(shares) <= set(of["papers"]):
            sys.stderr.write("This paper is of none of these recovery keys; is it an old one?\n")
            continue
        shares[known] = share
        sys.stdout.write(f"Paper {of['papers'].index(known) + 1} is here; {of['needed']} are needed.\n")
        if len(shares) >= of["needed"]:
            return of, list(shares.values())


def _opened(keys: list[Mapping[str, Any]], recipient: str, identity: str) -> Iterator[str]:
    """Give each key that opens, with its engagement, as `age` reads it."""
    for key in keys:
        for wrap in key["wraps"]:
            if wrap["recipient"] != recipient:
                continue
            try:
                found = open_sealed(base64.b64decode(wrap["sealed"]), [identity]).decode().strip()
                fits = recipient_of(found) == key["recipient"]
            except ValueError:
                continue  # another lead's may fit
            if fits:
                yield f"# {key['slug']}\n{found}\n"
                break
