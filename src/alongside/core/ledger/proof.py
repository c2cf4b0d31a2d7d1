"""Proof files: all that a stranger needs to check one entry offline (c2sp.org/tlog-proof)."""

from collections.abc import Iterable
from dataclasses import dataclass

from alongside.core.ledger.checkpoint import Checkpoint, open_checkpoint
from alongside.core.ledger.hashing import HASH_SIZE, MAX_SIZE, LedgerError
from alongside.core.ledger.keys import VerifierKey, from_base64, to_base64
from alongside.core.ledger.note import MAX_NOTE_BYTES
from alongside.core.ledger.policy import Policy
from alongside.core.ledger.verify import verify_inclusion

HEADER = "c2sp.org/tlog-proof@v1"
#: A tree of fewer than 2**63 entries needs no more steps.
MAX_STEPS = 63
MAX_EXTRA = 100_000


@dataclass(frozen=True)
class ProofFile:
    """An entry's index, the way from it to the root, and the signed checkpoint.

    `extra` is carried along and is not authenticated by anything.
    """

    index: int
    path: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None

    @property
    def text(self) -> str:
        """Write the file, to be stored with the ending .tlog-proof."""
        extra = [] if self.extra is None else [f"extra {to_base64(self.extra)}"]
        steps = [to_base64(step) for step in self.path]
        return "\n".join([HEADER, *extra, f"index {self.index}", *steps, "", self.checkpoint])


def parse_proof(file: str | bytes) -> ProofFile:
    """Read a proof file; anything out of form is a LedgerError. Nothing is believed yet."""
    try:
        text = file.decode() if isinstance(file, bytes) else file
    except UnicodeDecodeError:
        raise LedgerError("The proof file is not valid UTF-8.") from None
    if len(text) > MAX_NOTE_BYTES + MAX_EXTRA * 2:
        raise LedgerError("The proof file is too long to be one.")
    top, gap, checkpoint = text.partition("\n\n")
    lines = top.split("\n")
    if not gap or lines.pop(0) != HEADER:
        raise LedgerError(f"This is not a proof file; it must begin with the line {HEADER}.")
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = _decode(lines.pop(0).removeprefix("extra "))
    if not lines or len(lines) > MAX_STEPS + 1:
        raise LedgerError("The proof file lacks its index, or has more steps than any tree.")
    index = _index(lines.pop(0))
    path = tuple(_decode(line) for line in lines)
    if any(len(step) != HASH_SIZE for step in path):
        raise LedgerError("A step of the proof is not a hash of 32 bytes.")
    return ProofFile(index, path, checkpoint, extra)


def verify_proof(
    proof: ProofFile, leaf: bytes, keys: Iterable[VerifierKey] = (), policy: Policy | None = None
) -> Checkpoint:
    """Check that the entry with this leaf hash is in the log, and give the checkpoint that says so.

    The log is one of `keys` or of the policy's logs; with a policy its quorum of witnesses is demanded too.
    Raises LedgerError.
    """
    head = policy.check(proof.checkpoint, keys) if policy else open_checkpoint(proof.checkpoint, keys)[0]
    verify_inclusion(proof.index, head.size, leaf, proof.path, head.root)
    return head


def _decode(line: str) -> bytes:
    try:
        return from_base64(line)
    except ValueError:
        raise LedgerError(f"A line of the proof is not base64: {line[:60]!r}.") from None


def _index(line: str) -> int:
    word, _, number = line.partition(" ")
    plain = number.isascii() and number.isdigit() and (number == "0" or number[0] != "0")
    if word != "index" or not plain or len(number) > 19 or int(number) >= MAX_SIZE:  # noqa: PLR2004 -- 2**63 has 19 digits
        raise LedgerError(f"The proof file lacks a line such as 'index 12'; it says {line[:60]!r}.")
    return int(number)
