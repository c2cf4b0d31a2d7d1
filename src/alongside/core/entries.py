"""One line of the record, parsed, and the log that stands before it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Protocol, Self

from alongside.core.refusals import Refused

SEAT = re.compile(r"seat-[0-9a-f]{8}\Z")
OFFICE = re.compile(r"[a-z0-9][a-z0-9-]*/[a-z0-9][a-z0-9-]*\Z")
STEWARD = "steward"


def unit_of(office: str) -> str:
    """Give the unit of an office."""
    return office.split("/", 1)[0]


class GrammarError(Refused):
    """An entry breaks the grammar; the message says which and how to cure it."""

    index: int | None = None

    def told_of(self, index: int, kind: str = "") -> Self:
        """Say to whoever checks the record which entry this is about, and of which kind."""
        self.index = index
        self.message = f"{kind}: {self.message}" if kind else self.message
        self.args = (f"Entry {index}: {self.message}",)
        return self


class MalformedError(GrammarError):
    """An entry is not shaped as its kind says. Its words name fields, so only whoever checks the record reads them."""

    def __init__(self, message: str) -> None:
        super().__init__("{message}", values={"message": message})


@dataclass(frozen=True)
class Entry:
    """One line of the record, parsed. `index` is its place in the log, counted from 0; `v` the grammar it was written in."""

    index: int
    kind: str
    date: date
    pen: str
    by: tuple[str, ...]
    data: Mapping[str, Any]
    cites: Mapping[str, tuple[int, ...]]
    texts: Mapping[str, Mapping[str, str]]
    v: int
    #: From grammar 4 on, of an entry that leads signed: {nonce, of, place}; place 0 also holds `sigs`.
    act: Mapping[str, Any] = field(default_factory=dict)

    @property
    def value(self) -> dict[str, Any]:
        """Give what its bytes hold, as canonical JSON writes it."""
        named = {name: getattr(self, name) for name in ("v", "kind", "pen", "by", "data", "cites", "texts")}
        return named | {"date": self.date.isoformat()} | ({"act": self.act} if self.act else {})

    @cached_property
    def seats(self) -> tuple[str, ...]:
        """Give the seats that hold the pen of this entry."""
        return tuple(actor for actor in self.by if SEAT.match(actor))

    @cached_property
    def offices(self) -> tuple[str, ...]:
        """Give the offices that hold the pen of this entry."""
        return tuple(actor for actor in self.by if OFFICE.match(actor))


class LogView(Protocol):
    """What a rule may ask of the log before the entry it judges."""

    @property
    def origin(self) -> str:
        """Give the name under which the log signs its heads; leads sign it with what they sign."""

    def get(self, index: int) -> Entry | None:
        """Give the entry at this index, or None."""

    def citing(self, index: int, kind: str) -> Sequence[Entry]:
        """Give the entries of this kind that cite this index, oldest first."""

    def about(self, kind: str, subject: str) -> Sequence[Entry]:
        """Give the entries of this kind about this subject, oldest first."""

    def every(self, kind: str) -> Sequence[Entry]:
        """Give all entries of this kind, oldest first; only asked for kinds that stay few."""

    def act(self, nonce: str) -> int | None:
        """Give the index of the first entry of the act with this nonce, or None."""

    def root(self, size: int) -> bytes:
        """Give the 32-byte root over the first `size` entries. Raises LedgerError where there are fewer."""


def entry_at(index: int | None, log: LogView) -> Entry:
    """Give the entry at this index; refuse where the log has none, as of a link that nobody checked."""
    found = None if index is None else log.get(index)
    if found is None:
        raise GrammarError("what you chose is not on the public log; open the list again.")
    return found
