"""`alongside key sign FILE`: sign on another device what the site saved as a file. Needs no database, no network and no browser."""

import argparse
import base64
import getpass
import json
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from alongside.check.verdict import complaint, for_terminal
from alongside.core.act_files import (
    MOST_BYTES,
    ActFile,
    ActFileError,
    read_act_file,
    refuse_unfit_day,
    write_act_file,
)
from alongside.core.canonical import read_json
from alongside.core.grammar.versions import KINDS
from alongside.core.sealing.header import SealedError
from alongside.core.sealing.opening import open_with_words

SIGNED, REFUSED, NOT_DONE = 0, 1, 2
YES = "yes"


def main(argv: Sequence[str]) -> int:
    """Sign a file; 0 where it is signed, 1 where it holds something else than it shows, 2 where nothing was done."""
    parser = argparse.ArgumentParser("alongside key", description=__doc__)
    parser.add_argument("what", choices=("sign",))
    parser.add_argument(
        "file", type=Path, help="what the site saved on the page that asks for your six words"
    )
    parser.add_argument("--keyring", type=Path, required=True, help="your keyring, as the site saved it")
    parser.add_argument(
        "--save", type=Path, help="where to write what is signed; FILE.signed.json if left out"
    )
    given = parser.parse_args(argv)
    try:
        where = sign(given.file, given.keyring, given.save or given.file.with_suffix(".signed.json"))
    except ActFileError as error:
        sys.stderr.write(f"Nothing is signed. {complaint(error)}\n")
        return REFUSED
    except (OSError, SealedError) as error:
        sys.stderr.write(f"Nothing is signed. {complaint(error)}\n")
        return NOT_DONE
    sys.stdout.write(f"Signed. Bring this file back to the site: {where}\n")
    return SIGNED


def sign(file: Path, keyring: Path, where: Path) -> Path:
    """Show what a file holds, ask, and write it signed; raise ActFileError, SealedError or OSError where nothing is signed."""
    with file.open("rb") as opened:
        found = read_act_file(opened.read(MOST_BYTES + 1))
    refuse_unfit_day(found, datetime.now(tz=UTC).date())
    locked = keyring.read_bytes()
    if where.exists():
        raise FileExistsError(f"{where} is there already; delete it, or name another file with --save.")
    sys.stdout.write("\n".join(map(for_terminal, told(found))) + "\n")
    if _asked("Do you sign this? Type yes: ", input).strip().lower() != YES:
        raise InterruptedError("You did not say yes.")
    key = _key_of(open_with_words(locked, _asked("Your six words (they are not shown): ", getpass.getpass)))
    if key.public_key().public_bytes_raw().hex() != found.key:
        raise SealedError(
            "This keyring is not the one of the place that signs this; take the newest one of that place."
        )
    done = found.with_signature(base64.b64encode(key.sign(found.statement)).decode())
    with where.open("xb") as written:
        written.write(write_act_file(done))
    return where


def _asked(words: str, ask: Callable[[str], str]) -> str:
    """Ask in the terminal; where there is none, read a line."""
    return ask(words) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def _key_of(keyring: bytes) -> Ed25519PrivateKey:
    """Read the key that signs in an opened keyring."""
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(read_json(keyring)["seed"]))
    except (ValueError, KeyError, TypeError) as error:
        raise SealedError("This is no keyring; save your keyring again from the site.") from error


def told(file: ActFile) -> list[str]:
    """Say line by line all that would be signed, from the very bytes: every word, what else it holds, and what it is based on."""
    act = file.parsed
    lines = [
        f"For the public log {act['origin']}, place {file.seat}, on {file.head['day']}.",
        f"It can be entered until {file.good_until.isoformat()}.",
        *_drafts(act["drafts"], file.said),
    ]
    for one in file.before:
        lines += ["", f"SIGNED BEFORE by {one['seat']} on {one['signed']['day']}:"]
        lines += _drafts(read_json(one["act"])["drafts"], one["said"])
    return [*lines, ""]


def _drafts(drafts: Sequence[dict[str, Any]], said: Sequence[Sequence[object]]) -> list[str]:
    lines = []
    for place, draft in enumerate(drafts):
        name = str(draft["kind"])
        lines += ["", f"{place + 1}. {KINDS[name].heading if name in KINDS else name} ({name})"]
        for at, text, _salt, words in said:
            if at == place:
                lang = draft["texts"][str(text)]["lang"]
                lines += [f"   {text} ({lang}):", *(f"      {line}" for line in str(words).split("\n"))]
        held = {**draft["data"], **{f"based on ({role})": cited for role, cited in draft["cites"].items()}}
        lines += [
            f"   {label}: {one if isinstance(one, str) else json.dumps(one)}" for label, one in held.items()
        ]
        lines += [f"   by: {', '.join(map(str, draft['by']))}"]
    return lines
