"""What leads sign before it goes on the public log: the act in bytes, and the hand that signs it, which no server holds."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Protocol, override

from django.core import signing
from django.utils.crypto import salted_hmac

from alongside.core.act_files import ActFile
from alongside.core.canonical import canonical, read_json
from alongside.core.entries import GrammarError
from alongside.core.grammar.acts import (
    GOOD_FOR,
    act_of_seat,
    good_for,
    is_apart,
    keys_of,
    least_head,
    shape_of_act,
    signers,
    sigs,
)
from alongside.core.grammar.acts import nonce as is_nonce
from alongside.core.grammar.keys import has_lost_key
from alongside.core.grammar.shape import fields
from alongside.core.grammar.versions import KINDS, VERSION
from alongside.core.refusals import Named, Refused
from alongside.core.salted import SALT_BYTES, salted_hash
from alongside.core.sealing.acts import act_statement, salt_in_reader
from alongside.core.sealing.leads import is_signed
from alongside.core.words import gettext_noop
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
    """What leads with a key sign: the part of each as canonical JSON, their signing keys by seat, the words in it, and a head of the log that holds what it cites."""

    parts: Mapping[str, bytes]
    origin: str
    nonce: str
    keys: Mapping[str, str]
    said: Sequence[Said]
    day: date
    size: int
    root: str
    #: So many entries a head holds at least that is signed.
    least: int
    #: Whether leads sign it at different times, each her own part, and so long it may wait.
    is_apart: bool
    good: timedelta

    def said_in(self, seat: str) -> list[Said]:
        """Give the words that the part of a lead holds, each under its name there."""
        names = {
            (place, text["sha256"]): name
            for place, draft in enumerate(read_json(self.parts[seat])["drafts"])
            for name, text in draft["texts"].items()
        }
        told = [(one, names.get((one.place, salted_hash(one.salt, one.words.encode())))) for one in self.said]
        return [Said(one.place, name, one.salt, one.words) for one, name in told if name]

    @property
    def token(self) -> str:
        """Give what draws this act once more, and nobody else can make: its nonce and its salts.

        The nonce of what leads sign apart is none to bring along: a lead could else use it up, and stop what others sign under it.
        """
        salts = {_place(one.place, one.name): one.salt.hex() for one in self.said}
        return signing.dumps([self.nonce, salts, self.is_apart], salt=TOKEN, compress=True)

    @property
    def head(self) -> dict[str, Any]:
        """Give the day, and the head of the log, that a lead signs with it."""
        return {"day": self.day.isoformat(), "size": self.size, "root": self.root}

    def statement(self, seat: str, signed: Signed | None = None) -> bytes:
        """Write what one of the leads signs: over the head of today, or over the one that was signed."""
        told = {name: (signed or self.head)[name] for name in ("day", "size", "root")}
        return act_statement(origin=self.origin, seat=seat, act=self.parts[seat], **told)

    def lacking(self, sigs: Mapping[str, Signed]) -> set[str]:
        """Give the leads of whom nothing signs this very act, or what did is too old, or signs over a log without what it is about."""
        return {seat for seat in self.keys if seat not in sigs or not self._is_signed(seat, sigs[seat])}

    def can_wait(self, sigs: Mapping[str, Signed], rows: RowsLog) -> bool:
        """Say whether all was signed within 14 days, over heads that this log has and that hold what the act is about."""
        return all(
            self.day - date.fromisoformat(one["day"]) <= GOOD_FOR
            and self.least <= one["size"] <= rows.log.size
            and rows.root(one["size"]).hex() == one["root"]
            for one in sigs.values()
        )

    def _is_signed(self, seat: str, signed: Signed) -> bool:
        age = self.day - date.fromisoformat(signed["day"])
        is_hers = is_signed(self.keys[seat], self.statement(seat, signed), signed["sig"])
        is_of_today = (
            self.is_apart or self.least <= signed["size"]
        )  # of apart acts the grammar judges each head
        return is_hers and is_of_today and timedelta(0) <= age <= self.good


@dataclass(frozen=True)
class Part:
    """What one lead signs of an act that others sign, too: kept in the row of her yes until the last of them signs.

    `act` is None where her place has no key; `signed` is empty while she has not signed.
    """

    act: Act | None
    nonce: str
    salts: Mapping[str, str]
    signed: Mapping[str, Signed]
    is_other: bool = False

    @property
    def seats(self) -> set[str]:
        """Name who signs it; nobody where her place has no key."""
        return set(self.act.keys) if self.act else set()

    @property
    def kept(self) -> dict[str, Any]:
        """Give what her row keeps: the nonce, the salts of her words, her signature, and the key that it is by."""
        keys = dict(self.act.keys) if self.act else {}
        told = {"nonce": self.nonce, "salts": dict(self.salts)}
        return told | {"signed": dict(self.signed), "keys": keys}

    def wait(self) -> dict[str, Any]:
        """Give what her row keeps; raise SignatureNeededError where she has a key and has not signed."""
        if self.act and not self.signed:
            raise SignatureNeededError(self.act, is_other=self.is_other, others=())
        return self.kept


@dataclass(frozen=True)
class SignedBefore:
    """What another lead signed of an act before: her part, its words, her key, the day and the head that she signed it over."""

    seat: str
    key: str
    part: bytes
    said: Sequence[Said]
    signed: Signed

    @property
    def told(self) -> dict[str, Any]:
        """Give it as the device draws it and holds it against their key."""
        told = {"act": self.part.decode(), "said": _listed(self.said)}
        return told | {"seat": self.seat, "key": self.key, "signed": dict(self.signed)}


def _listed(said: Iterable[Said]) -> list[list[Any]]:
    return [[one.place, one.name, one.salt.hex(), one.words] for one in said]


class OutdatedSignatureError(Refused):
    """What a lead signed before does not stand under what would go on the log now."""

    def __init__(self, seats: Iterable[str]) -> None:
        words = gettext_noop(
            "Another lead confirms this again: {who}. What they signed is not what would go on the public log now, or it was too long ago."
        )
        super().__init__(words, values={"who": [Named(one) for one in sorted(seats)]})


TOKEN = "alongside.act"  # noqa: S105 -- the salt of a signature, no secret


class SignatureNeededError(Exception):
    """An act waits for the lead's own key: everything else about it was judged, and nothing was written.

    `is_other` says that something was signed, and that this is another thing; `sigs` are those that stand under it. `others` are
    what other leads signed before, or None where nobody else signs. The site shows the act where it can be signed.
    """

    def __init__(
        self,
        act: Act,
        *,
        is_other: bool,
        sigs: Mapping[str, Signed] = MappingProxyType({}),
        others: Iterable[SignedBefore] | None = None,
    ) -> None:
        super().__init__(f"This waits for the key of {', '.join(act.keys)}.")
        self.act, self.is_other, self.sigs = act, is_other, sigs
        self.others = None if others is None else tuple(others)

    def file(self, seat: str, form: str) -> ActFile:
        """Give what one of its leads signs as a file, with what the form held that it came from."""
        act = self.act
        return ActFile(
            seat=seat,
            key=act.keys[seat],
            act=act.parts[seat].decode(),
            said=_listed(act.said_in(seat)),
            head=act.head,
            before=[one.told for one in self.others or ()],
            form=form,
            signed={},
        )

    def before(self) -> list[SignedBefore]:
        """Give what stands under the act already."""
        return [
            SignedBefore(seat, self.act.keys[seat], self.act.parts[seat], self.act.said_in(seat), signed)
            for seat, signed in self.sigs.items()
        ]


class Hand(Protocol):
    """Whoever signs for leads while something is appended."""

    @property
    def nonce(self) -> str:
        """Give the nonce of the next act: 32 hex digits."""

    def salt(self, nonce: str, place: int, name: str) -> bytes:
        """Give the salt of a text of the act with this nonce."""

    def sign(self, act: Act) -> Mapping[str, Signed]:
        """Give what leads signed, by seat; nothing of a lead who did not."""


class Posted:
    """What a lead's own device sent: the token of an act, and what was signed of it."""

    def __init__(self, token: str, signed: str) -> None:
        """Read both; raise ValueError where they are not whole."""
        try:
            self._about, self._salts, is_apart = signing.loads(token, salt=TOKEN)
            self.nonce = Nobody().nonce if is_apart else self._about
            self._sigs = read_json(signed.encode())
            shape_of_act({"nonce": self.nonce, "of": 1, "place": 0, "sigs": self._sigs})
        except (signing.BadSignature, GrammarError) as error:
            raise ValueError(str(error)) from None

    def salt(self, nonce: str, place: int, name: str) -> bytes:
        """Give the salt that the device hashed these words with; of others, and in any other act, a new one."""
        known = self._salts.get(_place(place, name)) if nonce == self._about else None
        return bytes.fromhex(known) if known else os.urandom(SALT_BYTES)

    def sign(self, _act: Act) -> Mapping[str, Signed]:
        """Give what was signed."""
        return dict(self._sigs)


def _place(place: int, name: str) -> str:
    return f"{place} {name}"


def nonce_about(*about: object) -> str:
    """Give the nonce under which all sign who say yes to one thing, whoever comes first.

    It is keyed with the server's secret: it stands on the public log, and tells nothing of words that it is drawn from.
    """
    said = canonical(list(map(str, about)))
    return salted_hmac("alongside.act-of-several", said, algorithm="sha256").hexdigest()[: 2 * NONCE_BYTES]


class Together:
    """A hand that goes on with what several leads signed at different times: their nonce, their salts, what they signed."""

    def __init__(self, nonce: str, salts: Mapping[str, str], signed: Mapping[str, Signed]) -> None:
        self.nonce, self._salts, self._signed, self._hand = nonce, salts, signed, hand_at_work()

    def salt(self, nonce: str, place: int, name: str) -> bytes:
        """Give the salt that these words had; of others, what the hand at work gives."""
        known = self._salts.get(_place(place, name))
        return bytes.fromhex(known) if known else self._hand.salt(nonce, place, name)

    def sign(self, act: Act) -> Mapping[str, Signed]:
        """Give what was signed, and what the hand at work signs."""
        return {
            seat: one for seat, one in ({**self._hand.sign(act), **self._signed}).items() if seat in act.keys
        }


class InReaders(Together):
    """A hand that goes on with what leads signed in their readers, whose devices drew the salts of the words from one seed."""

    def __init__(self, nonce: str, seed: str, signed: Mapping[str, Signed]) -> None:
        super().__init__(nonce, {}, signed)
        self._seed = seed

    @override
    def salt(self, nonce: str, place: int, name: str) -> bytes:
        """Give the salt that follows from the seed; what the hand at work gives where there is none."""
        if not self._seed:
            return self._hand.salt(nonce, place, name)
        return salt_in_reader(nonce=self.nonce, seed=self._seed, place=place, name=name)


@contextmanager
def signed_in_readers(kind: str, origin: str, about: str, told: Mapping[str, Any] | None) -> Iterator[None]:
    """Let what leads signed in their readers (see read_signed) stand under what is appended meanwhile.

    Its nonce is that which `to_sign` told: nobody brings one along.
    """
    told = told or {}
    with signed_by(InReaders(nonce_about(kind, origin, about), told.get("seed", ""), told.get("signed", {}))):
        yield


def to_sign(rows: RowsLog, seat: str, kind: str, about: str, cited: int, upon: int) -> dict[str, Any]:
    """Give what a lead's reader needs to sign her part of an act of one kind, whose words stay there: grammar, nonce, and a head of the log.

    The head holds the entry `cited`, and her key; `path` leads to its root from the entry `upon`, so that her device knows which one it is.
    Raises ValueError where there is no such kind or entry.
    """
    key, rests_on = keys_of(rows, [seat]).get(seat), rows.get(upon)
    least = max(cited, key.index if key else 0) + 1
    if kind not in KINDS or least > rows.log.size or rests_on is None:
        raise ValueError("There is no such kind or entry.")
    size, root = head_to_sign(rows, rows.log.size, least)
    return {
        "v": VERSION,
        "nonce": nonce_about(kind, rows.origin, about),
        "size": size,
        "root": root,
        "entry": canonical(rests_on.value).decode(),
        "path": [one.hex() for one in rows.path(upon, size)],
    }


def read_signed(told: Any) -> Mapping[str, Any]:
    """Take what leads signed in their readers: the seed of the salts, and what each signed, by seat; nothing where it is None.

    Raises ValueError where it has another shape.
    """
    if told is None:
        return {}
    try:
        fields({"seed": is_nonce, "signed": sigs})("act", told)
    except GrammarError as error:
        raise ValueError(str(error)) from None
    return dict(told)


def hand_of_several(values: Sequence[Any], kept: Mapping[str, Mapping[str, Any]], nonce: str) -> Together:
    """Make one hand of what leads signed apart, by seat, for these drafts: the words of each keep the salt that was signed."""
    salts: dict[str, str] = {}
    for place, one in enumerate(values):
        own = KINDS[one.kind].own_texts
        for name in one.texts:
            writer = one.by[own.index(name) : own.index(name) + 1] if name in own else one.by
            given = (
                kept[seat]["salts"].get(_place(place, own[0] if name in own else name))
                for seat in writer
                if kept.get(seat)
            )
            salts |= {_place(place, name): salt for salt in given if salt}
    signed = {seat: each["signed"][seat] for seat, each in kept.items() if seat in each.get("signed", {})}
    return Together(nonce, salts, signed)


def still_signs(rows: RowsLog, seat: str, kept: Mapping[str, Any]) -> bool:
    """Say whether what a lead signed before is by the key that she has today; a lead without a key signs nothing, one who lost it confirms nothing.

    What is by another key counts for nobody: its lead is asked anew, and holds up no others.
    """
    key = signers(rows, [seat]).get(seat)
    if has_lost_key(rows, seat):
        return False
    return key is None or kept.get("keys", {}).get(seat) == key


class Nobody:
    """Nobody is there to sign: the act is drawn, so that it can be shown to its lead."""

    def __init__(self) -> None:
        self.nonce = os.urandom(NONCE_BYTES).hex()

    def salt(self, _nonce: str, _place: int, _name: str) -> bytes:
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


_BESIDE: ContextVar[str] = ContextVar("beside", default="")


@contextmanager
def signed_beside(seat: str) -> Iterator[None]:
    """Let this seat sign beside a lead who reported a key lost, in whatever is appended meanwhile."""
    before = _BESIDE.set(seat)
    try:
        yield
    finally:
        _BESIDE.reset(before)


class CosignerNeededError(Exception):
    """A lead whose key is reported lost does what a key has to sign: another lead has to sign beside them. Nothing was written."""

    def __init__(self, seats: Iterable[str]) -> None:
        super().__init__(f"Another lead signs beside {', '.join(seats)}.")
        self.seats = tuple(seats)


class Penned(Protocol):
    """What is to be entered: its kind, and whose pens it bears."""

    @property
    def kind(self) -> str:
        """Give its kind."""

    @property
    def by(self) -> Sequence[str]:
        """Give the seats and offices that enter it."""


def pens_of(rows: RowsLog, draft: Penned) -> list[str]:
    """Give whose pens an entry bears: those of its draft, and beside a lead who lost their key the seat that was chosen to sign; raise CosignerNeededError where none was.

    What leads sign apart rests on the word of each of them, and what has one pen on theirs, so the grammar refuses it.
    """
    declared, by = KINDS.get(draft.kind), draft.by
    if declared is None or not declared.signed or declared.apart or declared.alone or signers(rows, by):
        return list(by)
    lost = [one for one in by if has_lost_key(rows, one)]
    if not lost:
        return list(by)
    beside = _BESIDE.get()
    if beside in by or not signers(rows, [beside]):
        raise CosignerNeededError(lost)
    return [*by, beside]


def hand_at_work() -> Hand:
    """Give the hand that signs now."""
    return _HAND.get() or Nobody()


def is_signed_by_a_key(rows: RowsLog, entries: Iterable[tuple[str, Iterable[str]]]) -> bool:
    """Say whether a lead who has a key has to sign one of these entries, of which kind and `by` are given."""
    need = {seat for kind, by in entries if kind in KINDS and KINDS[kind].signed for seat in by}
    return bool(need and signers(rows, need))


def head_to_sign(rows: RowsLog, first: int, least: int) -> tuple[int, str]:
    """Give the size and the root of the newest signed head of at most `first` entries; where it lacks what leads sign, the log as far as that."""
    head = Head.objects.filter(log=rows.log, size__lte=first).order_by("-size").first()
    size = max(head.size if head else 0, least)
    return size, rows.root(size).hex()


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
    entered = keys_of(rows, {seat for one in values for seat in one["by"]})
    keys = {seat: str(one.data["sign_key"]) for seat, one in entered.items()}
    least = least_head(values, first, entered.values(), KINDS, rows)
    size, root = head_to_sign(rows, first, least)
    return Act(
        parts={
            seat: act_of_seat(values, first, seat, KINDS, origin=rows.origin, nonce=nonce) for seat in keys
        },
        origin=rows.origin,
        nonce=nonce,
        keys=keys,
        said=said,
        day=date.fromisoformat(values[0]["date"]),
        size=size,
        root=root,
        least=least,
        is_apart=is_apart(values, KINDS),
        good=good_for(values, KINDS),
    )
