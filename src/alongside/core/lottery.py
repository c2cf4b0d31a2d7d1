r"""A lottery that anyone can run again: a pool fixed beforehand, a public seed, one order that follows from both.

1. Every ticket is 32 hexadecimal digits drawn at random. Tickets are sorted. The leaf of a ticket is
   SHA-256(0x00 || salt || ticket), with the salt as 32 bytes and the ticket as ASCII; the pool's root is the Merkle
   tree hash of the leaves (RFC 6962, section 2.1). It is on the record before the seed exists.
2. The seed is the public value as text: Unicode NFC, every run of white space one space, none at the ends; as UTF-8.
3. The place of a ticket is by HMAC-SHA256(key = seed, message = "alongside/lottery/v1\n" root "\n" ticket), smallest
   first, the root as 64 small hexadecimal digits. The first tickets get the seats, the next ones are alternates in order.
"""

import hashlib
import hmac
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alongside.core.canonical import read_json
from alongside.core.ledger.tree import Tree
from alongside.core.refusals import Refused

METHOD = "alongside/lottery/v1"
TICKET = re.compile(r"[0-9a-f]{32}\Z")
HEX64 = re.compile(r"[0-9a-f]{64}\Z")


class LotteryError(Refused):
    """A lottery does not hold together; the message says what and how to cure it."""


@dataclass(frozen=True)
class Result:
    """Who gets a seat and who waits, each in the order of the draw."""

    seats: tuple[str, ...]
    alternates: tuple[str, ...]


def pool_root(tickets: Sequence[str], salt: str) -> str:
    """Give the root of a pool, 64 hexadecimal digits. `salt` is 64 hexadecimal digits; the order given does not matter.

    Raises LotteryError for an empty pool, a malformed or doubled ticket, or a malformed salt.
    """
    if not HEX64.match(salt):
        raise LotteryError("The salt must be 64 hexadecimal digits; take it from the drawing file.")
    if not tickets or len(set(tickets)) != len(tickets) or not all(TICKET.match(one) for one in tickets):
        raise LotteryError(
            "Every ticket must be 32 hexadecimal digits, each in the pool once; check the pool."
        )
    tree = Tree(bytes.fromhex(salt) + one.encode() for one in sorted(tickets))
    return tree.root().hex()


def seed_bytes(seed: str) -> bytes:
    """Bring a seed as people write it to the bytes that are used. Raises LotteryError where nothing is left."""
    plain = " ".join(unicodedata.normalize("NFC", seed).split())
    if not plain:
        raise LotteryError("The seed is empty; write the value that the public source gave.")
    return plain.encode()


#: Digits, also hexadecimal ones, and the marks that people put between them.
SEED = re.compile(r"\A[0-9A-Fa-f .,:;/+-]{1,300}\Z")


def seed_as_written(seed: str) -> str:
    """Bring a seed to the one way in which the record writes it: no choice of marks or zeros is left to who types it.

    Runs of digits, 0 to 9 or a to f, with one space between; zeros in front only make all as long as the longest.
    Raises LotteryError for anything but digits and marks.
    """
    plain = " ".join(seed.lower().split())
    runs = [one.lstrip("0") for one in re.findall(r"[0-9a-f]+", plain)]
    if not runs or not SEED.match(plain):
        raise LotteryError("The seed is digits, 0 to 9 or a to f; write those that the public source gave.")
    width = max(1, *map(len, runs))
    return " ".join(one.zfill(width) for one in runs)


def places(tickets: Iterable[str], *, root: str, seed: str) -> list[str]:
    """Put the tickets of a pool in the order of the draw."""
    key = seed_bytes(seed)
    return sorted(
        tickets, key=lambda one: hmac.digest(key, f"{METHOD}\n{root}\n{one}".encode(), hashlib.sha256)
    )


def draw(tickets: Sequence[str], *, salt: str, seed: str, seats: int, alternates: int) -> Result:
    """Draw seats and alternates. Raises LotteryError where the pool is too small or malformed."""
    if seats < 1 or alternates < 0 or len(tickets) < seats + alternates:
        raise LotteryError("The pool holds fewer tickets than there are places; announce fewer places.")
    order = places(tickets, root=pool_root(tickets, salt), seed=seed)
    return Result(tuple(order[:seats]), tuple(order[seats : seats + alternates]))


def drawing_file(
    tickets: Sequence[str], *, salt: str, seed: str, seats: int, alternates: int, entries: Mapping[str, int]
) -> str:
    """Write all that one needs to run a lottery again, as JSON. `entries` holds the numbers `announced` and `drawn`."""
    result = draw(tickets, salt=salt, seed=seed, seats=seats, alternates=alternates)
    value = {
        "method": METHOD,
        "record": dict(entries),
        "root": pool_root(tickets, salt),
        "salt": salt,
        "seed": seed,
        "seats": seats,
        "alternates": alternates,
        "pool": sorted(tickets),
        "result": {"seats": list(result.seats), "alternates": list(result.alternates)},
    }
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


@dataclass(frozen=True)
class Rerun:
    """What running a lottery again gave, beside what the file says."""

    root: str
    result: Result
    root_fits: bool
    result_fits: bool
    entries: Mapping[str, int]
    method: str
    seed: str
    tickets: int

    @property
    def fits(self) -> bool:
        """Say whether the pool and the result are what the file says."""
        return self.root_fits and self.result_fits


def rerun(text: str) -> Rerun:
    """Run a lottery again from its drawing file. Raises LotteryError where the file cannot be read as one."""
    try:
        value: dict[str, Any] = read_json(text)
        method, said = value["method"], value["result"]
        salt, seed = str(value["salt"]), str(value["seed"])
        pool = [str(one) for one in value["pool"]]
        seats, alternates = int(value["seats"]), int(value["alternates"])
        told = Result(tuple(said["seats"]), tuple(said["alternates"]))
        entries = {name: int(number) for name, number in value["record"].items()}
        root_told = str(value["root"])
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise LotteryError("This is no drawing file; download it again from the page of the draw.") from error
    if method != METHOD:
        raise LotteryError(
            "The file names the method {method}, and here {ours} runs. Use the release that drew it.",
            values={"method": str(method), "ours": METHOD},
        )
    root = pool_root(pool, salt)
    result = draw(pool, salt=salt, seed=seed, seats=seats, alternates=alternates)
    return Rerun(root, result, root == root_told, result == told, entries, method, seed, len(pool))
