"""Checkpoints: the signed head of a log (c2sp.org/tlog-checkpoint)."""

from collections.abc import Iterable
from dataclasses import dataclass

from alongside.core.ledger.hashing import EMPTY_ROOT, HASH_SIZE, MAX_SIZE, LedgerError
from alongside.core.ledger.keys import KeyKind, Signer, VerifierKey, to_base64
from alongside.core.ledger.note import Note, head_lines, open_note, sign_note


@dataclass(frozen=True)
class Checkpoint:
    """The head of a log: its origin, how many entries it has, and the 32-byte root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """Write the three lines that are signed. We never add extension lines: no monitor can check them."""
        if not self.origin or any(one < " " for one in self.origin):
            raise LedgerError("A log needs an origin of one line.")
        if not 0 <= self.size < MAX_SIZE or len(self.root) != HASH_SIZE:
            raise LedgerError("A checkpoint needs the number of entries and a root of 32 bytes.")
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"

    def sign(self, *signers: Signer, timestamp: int | None = None) -> str:
        """Write the checkpoint as a note signed by each signer; the first is the log itself."""
        return sign_note(self.text, *signers, timestamp=timestamp)


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint (without its signatures); extension lines of others are read over."""
    origin, size, root = head_lines(text)
    if not size and root != EMPTY_ROOT:
        raise LedgerError("The checkpoint of a log without entries must carry the root of the empty tree.")
    return Checkpoint(origin, size, root)


def open_checkpoint(note: str | bytes, keys: Iterable[VerifierKey]) -> tuple[Checkpoint, Note]:
    """Read a signed checkpoint, and refuse it unless a key that bears its origin's name signed it as the log.

    `keys` may hold keys of logs and of witnesses; witnesses alone do not make a checkpoint.
    """
    opened = open_note(note, keys)
    head = parse_checkpoint(opened.text)
    signed = (one.key for one in opened.signatures)
    if not any(key.kind is KeyKind.ED25519 and key.name == head.origin for key in signed):
        raise LedgerError(
            f"The log {head.origin} itself has not signed this checkpoint with a key you trust."
        )
    return head, opened
