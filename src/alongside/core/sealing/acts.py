"""An act of leads in bytes: the entries that they sign, without place and day, and the words under which each puts a signature."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from alongside.core.canonical import canonical
from alongside.core.salted import SALT_BYTES


def act_bytes(
    *,
    v: int,
    origin: str,
    nonce: str,
    drafts: Iterable[Mapping[str, Any]],
    write: Callable[[Any], bytes] = canonical,
) -> bytes:
    """Write an act as canonical JSON: {v, origin, nonce, drafts}, each draft as `draft_of` gives it."""
    return write({"v": v, "origin": origin, "nonce": nonce, "drafts": list(drafts)})


def draft_of(value: Mapping[str, Any], first: int) -> dict[str, Any]:
    """Give an entry without index and day, as a lead signs it; one that it cites from index `first` on is of the same act: "+n"."""
    cites = {
        role: [f"+{one - first}" if one >= first else one for one in cited]
        for role, cited in value["cites"].items()
    }
    return {name: value[name] for name in ("kind", "by", "data", "texts")} | {"cites": cites}


def act_statement(*, origin: str, seat: str, act: bytes, day: str, size: int, root: str) -> bytes:
    """Write what a lead signs for an act: it, the day (YYYY-MM-DD), and the head that was shown (entries, root in hex)."""
    digest = hashlib.sha256(act).hexdigest()
    parts: Sequence[str] = ("alongside/lead-act/v1", origin, seat, digest, day, str(size), root)
    return "".join(f"{part}\n" for part in parts).encode()


def salt_in_reader(*, nonce: str, seed: str, place: int, name: str) -> bytes:
    """Give the salt of a text that leads sign in their readers: of a seed that the first device drew, and of the act's nonce, so that no text has that of another."""
    parts = ("alongside/reader-salt/v1", nonce, seed, str(place), name)
    return hashlib.sha256("".join(f"{part}\n" for part in parts).encode()).digest()[:SALT_BYTES]
