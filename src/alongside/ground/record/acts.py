"""What leads sign before it goes on the public log: the act in bytes, and the hand that signs it, which no server holds."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.core import signing

from alongside.core.canonical import read_json
from alongside.core.entries import GrammarError
from alongside.core.grammar.acts import least_head, shape_of_act, signers
from alongside.core.grammar.versions import KINDS
from alongside.core.salted import SALT_BYTES
from alongside.core.sealing.acts import act_bytes, act_statement, draft_of
from alongside.core.sealing.leads import is_signed
from alongside.ground.record.models import Head
from alongside.ground.record.rows import RowsLog

NONCE_BYTES = 16
#: What a lead's device signed for one seat: {"day", "size", "root", "sig"}.
type Signed = Mapping[str, Any]


@dataclass(frozen=True)
class Said:
    """Public words of an act, which the act holds by the SHA-256 of salt and words; `place` is that of their entry in it."""

    place: int
    name: str
    salt: bytes
    words: str


@dataclass(frozen=True)
class Act:
    """What leads with a key sign: canonical JSON, their signing keys by seat, the words in it, and a head of the log that holds what it cites."""

    raw: bytes
    origin: str
    nonce: str
    keys: Mapping[str, str]
    said: Sequence[Said]
    day: date
    size: int
    root: str

    @property
    def token(self) -> str:
        """Give what draws this act once more, and nobody else can make: its nonce and its salts."""
        salts = {_place(one.place, one.name): one.salt.hex() for one in self.said}
        return signing.dumps([self.nonce, salts], salt=TOKEN, compress=True)

    @property
    def head(self) -> dict[str, Any]:
        """Give the day, and the head of the log, that a lead signs with it."""
        return {"day": self.day.isoformat(), "size": self.size, "root": self.root}

    def statement(self, seat: str, signed: Signed | None = None) -> bytes:
        """Write what one of the leads signs: over the head of today, or over the one that was signed."""
        told = {name: (signed or self.head)[name] for name in ("day", "size", "root")}
        return act_statement(origin=self.origin, seat=seat, act=self.raw, **told)

    def stands(self, sigs: Mapping[str, Signed]) -> bool:
        """Say whether each of the leads signed this very act; the grammar judges days and heads."""
        return set(sigs) == set(self.keys) and all(
            is_signed(self.keys[seat], self.statement(seat, signed), signed["sig"])
            for seat, signed in sigs.items()
        )


TOKEN = "alongside.act"  # noqa: S105 -- the salt of a signature, no secret


class Unsigned(Exception):  # noqa: N818 -- the name is a sentence
    """An act waits for the lead's own key: everything else about it was judged, and nothing was written.

    `is_other` says that something was signed, and that this is another thing. The site shows the act where it can be signed.
    """

    def __init__(self, act: Act, *, is_other: bool) -> None:
        super().__init__(f"This waits for the key of {', '.join(act.keys)}.")
        self.act, self.is_other = act, is_other


class Hand(Protocol):
    """Whoever signs for leads while something is appended."""

    @property
    def nonce(self) -> str:
        """Give the nonce of the next act: 32 hex digits."""

    def salt(self, place: int, name: str) -> bytes:
        """Give the salt of a text of the act."""

    def sign(self, act: Act) -> Mapping[str, Signed]:
        """Give what leads signed, by seat; nothing of a lead who did not."""


class Posted:
    """What a lead's own device sent: the token of an act, and what was signed of it."""

    def __init__(self, token: str, signed: str) -> None:
        """Read both; raise ValueError where they are not whole."""
        try:
            self.nonce, self._salts = signing.loads(token, salt=TOKEN)
            self._sigs = read_json(signed.encode())
            shape_of_act({"nonce": self.nonce, "of": 1, "place": 0, "sigs": self._sigs})
        except (signing.BadSignature, GrammarError) as error:
            raise ValueError(str(error)) from None

    def salt(self, place: int, name: str) -> bytes:
        """Give the salt that the device hashed these words with; of others, a new one."""
        known = self._salts.get(_place(place, name))
        return bytes.fromhex(known) if known else os.urandom(SALT_BYTES)

    def sign(self, _act: Act) -> Mapping[str, Signed]:
        """Give what was signed."""
        return dict(self._sigs)


def _place(place: int, name: str) -> str:
    return f"{place} {name}"


class Nobody:
    """Nobody is there to sign: the act is drawn, so that it can be shown to its lead."""

    def __init__(self) -> None:
        self.nonce = os.urandom(NONCE_BYTES).hex()

    def salt(self, _place: int, _name: str) -> bytes:
        """Draw a salt."""
        return os.urandom(SALT_BYTES)

    def sign(self, _act: Act) -> Mapping[str, Signed]:
        """Sign nothing."""
        return {}


_HAND: ContextVar[Hand | None] = ContextVar("hand", default=None)


@contextmanager
def signed_by(hand: Hand) -> Iterator[None]:
    """Let this hand sign whatever is appended meanwhile and leads with a key have to sign."""
    before = _HAND.set(hand)
    try:
        yield
    finally:
        _HAND.reset(before)


def hand_at_work() -> Hand:
    """Give the hand that signs now."""
    return _HAND.get() or Nobody()


def is_signed_by_a_key(rows: RowsLog, entries: Iterable[tuple[str, Iterable[str]]]) -> bool:
    """Say whether a lead who has a key has to sign one of these entries, of which kind and `by` are given."""
    need = {seat for kind, by in entries if kind in KINDS and KINDS[kind].signed for seat in by}
    return bool(need and signers(rows, need))


def act_of(
    rows: RowsLog,
    nonce: str,
    values: Sequence[Mapping[str, Any]],
    said: Sequence[Said],
    first: int,
) -> Act | None:
    """Draw the act that these entries are, from index `first` on, or None where no lead who has a key has to sign one of them."""
    if not is_signed_by_a_key(rows, ((one["kind"], one["by"]) for one in values)):
        return None
    head = Head.objects.filter(log=rows.log, size__lte=first).order_by("-size").first()
    size = max(head.size if head else 0, least_head(rows, values, first))
    return Act(
        raw=act_bytes(
            v=values[0]["v"], origin=rows.origin, nonce=nonce, drafts=[draft_of(one, first) for one in values]
        ),
        origin=rows.origin,
        nonce=nonce,
        keys=signers(rows, {seat for one in values for seat in one["by"]}),
        said=said,
        day=date.fromisoformat(values[0]["date"]),
        size=size,
        root=rows.root(size).hex(),
    )
