"""The proof of one row: its words and its salt, the way to the root of its register, and the proof of the entry with that root."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from alongside.core.canonical import read_json
from alongside.core.entries import Entry
from alongside.core.kinds import EntryKind
from alongside.core.ledger.hashing import LedgerError
from alongside.core.ledger.verify import verify_inclusion
from alongside.core.registers.roots import leaf_of
from alongside.core.salted import SALT_BYTES

#: What the file of a row proof holds, and nothing beside it.
FIELDS = {"format", "key", "cells", "salt", "place", "path", "proof"}
FORMAT = "alongside-row-proof@v1"
#: A shorter salt would let the words of a row be guessed from its hash.
IMPORTED = EntryKind.REGISTER_IMPORTED


@dataclass(frozen=True)
class RowProof:
    """A row with its salt (16 bytes), its place among the rows by their hashes, and the way (32 bytes a step) to the root.

    `proof` is the tlog-proof file of the entry that holds the root; it carries the entry along.
    """

    key: str
    cells: Mapping[str, str]
    salt: bytes
    place: int
    path: Sequence[bytes]
    proof: str

    @property
    def text(self) -> str:
        """Write the file, to be stored with the ending .row-proof.json."""
        kept: dict[str, Any] = {
            "format": FORMAT,
            "key": self.key,
            "cells": dict(self.cells),
            "salt": self.salt.hex(),
            "place": self.place,
            "path": [step.hex() for step in self.path],
            "proof": self.proof,
        }
        return json.dumps(kept, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Read a file. Nothing is believed yet. Raises LedgerError."""
        try:
            kept = read_json(content)
            cells, proof = kept["cells"], kept["proof"]
            made = cls(
                key=kept["key"],
                cells=cells,
                salt=bytes.fromhex(kept["salt"]),
                place=kept["place"],
                path=[bytes.fromhex(step) for step in kept["path"]],
                proof=proof,
            )
            words = [made.key, proof, *cells, *cells.values()]
            fits = set(kept) == FIELDS and kept["format"] == FORMAT and type(made.place) is int
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
            raise LedgerError("This is not the proof of a row; download it again from its page.") from None
        if not fits or not all(isinstance(one, str) for one in words):
            raise LedgerError("This is not the proof of a row; download it again from its page.")
        return made

    def check(self, entry: Entry) -> None:
        """Refuse unless the root in an entry stands over this row. That the entry is in a record is checked by itself."""
        if entry.kind != IMPORTED:
            raise LedgerError(f"Entry {entry.index} holds no root of a register; it is {entry.kind}.")
        if len(self.salt) != SALT_BYTES:
            raise LedgerError(f"The salt has not {SALT_BYTES} bytes; download the proof again from its page.")
        leaf = leaf_of(self.key, self.cells, self.salt)
        try:
            root = bytes.fromhex(entry.data["root"])
            verify_inclusion(self.place, entry.data["listed"], leaf, self.path, root)
        except (LookupError, TypeError, ValueError) as error:  # nobody judged the entry yet
            raise LedgerError(
                f"The root in entry {entry.index} does not stand over this row: it was changed, or is another's. {error}"
            ) from None


def is_row_proof(content: bytes) -> bool:
    """Say whether a file is meant to be the proof of a row."""
    return content.lstrip()[:1] == b"{"
