"""What a witness checks before it cosigns, and the request it is asked with (c2sp.org/tlog-witness)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from alongside.core.ledger.checkpoint import Checkpoint
from alongside.core.ledger.hashing import EMPTY_ROOT, MAX_SIZE, LedgerError
from alongside.core.ledger.keys import KeyKind, Signer, VerifierKey, from_base64, to_base64
from alongside.core.ledger.note import MAX_NOTE_BYTES, Note, head_lines, open_note, signature_line, split_note
from alongside.core.ledger.verify import verify_consistency

MAX_STEPS = 63
#: A request has a line of old size, 63 lines of 45 bytes, an empty line, and a note.
MAX_REQUEST_BYTES = MAX_NOTE_BYTES + MAX_STEPS * 45 + 40


class Status(IntEnum):
    """What a witness may answer, by the numbers of HTTP."""

    OK = 200
    BAD_REQUEST = 400
    FORBIDDEN = 403
    NOT_FOUND = 404
    CONFLICT = 409
    UNPROCESSABLE_ENTITY = 422


class NotWitnessedError(LedgerError):
    """A witness does not cosign; `status` is what it answers, and with CONFLICT `size` is that of the head it cosigned last."""

    def __init__(self, status: Status, message: str, size: int = 0) -> None:
        super().__init__(message)
        self.status = status
        self.size = size


@dataclass(frozen=True)
class Asked:
    """A request to cosign a head that its log signed; whether the log only grew is not looked at yet."""

    old: int
    proof: Sequence[bytes]
    head: Checkpoint
    opened: Note


def read_asked(body: bytes, key_of: Callable[[str], VerifierKey | None]) -> Asked:
    """Read a request; `key_of` gives the log key of an origin, or None. Raises NotWitnessedError."""
    try:
        old, proof, note = parse_request(_text(body))
        text, _lines = split_note(note)
        head = Checkpoint(*head_lines(text))
    except LedgerError as error:
        raise NotWitnessedError(Status.BAD_REQUEST, str(error)) from None
    key = key_of(head.origin)
    if key is None:
        raise NotWitnessedError(Status.NOT_FOUND, f"This witness does not know the log {head.origin}.")
    try:
        opened = open_note(note, [key])
    except LedgerError as error:
        raise NotWitnessedError(Status.FORBIDDEN, str(error)) from None
    if old > head.size:
        raise NotWitnessedError(
            Status.BAD_REQUEST, f"{old} entries are more than the {head.size} of the head."
        )
    return Asked(old, proof, head, opened)


def judge(asked: Asked, seen: Checkpoint | None) -> None:
    """Refuse (NotWitnessedError) a head that does not contain everything in the head that this witness cosigned last."""
    size = seen.size if seen else 0
    if asked.old != size:
        raise NotWitnessedError(
            Status.CONFLICT, f"The head cosigned last has {size} entries, not {asked.old}.", size
        )
    try:
        check_growth(seen, asked.head, asked.proof)
    except LedgerError as error:
        raise NotWitnessedError(Status.UNPROCESSABLE_ENTITY, str(error)) from None


def _text(body: bytes) -> str:
    if len(body) > MAX_REQUEST_BYTES:
        raise LedgerError(f"The request is longer than {MAX_REQUEST_BYTES:,} bytes.")
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise LedgerError("The request is not valid UTF-8.") from None


def check_growth(seen: Checkpoint | None, head: Checkpoint, proof: Sequence[bytes]) -> None:
    """Refuse (LedgerError) a head that does not contain everything in the head seen before.

    Nothing seen, or a log seen without entries, is consistent with every head, and then the proof is empty.
    """
    if seen is not None and seen.origin != head.origin:
        raise LedgerError(f"The head is of the log {head.origin}, and {seen.origin} was seen before.")
    if not head.size and head.root != EMPTY_ROOT:
        raise LedgerError("A log without entries must have the root of the empty tree.")
    if seen is None or not seen.size:
        if proof:
            raise LedgerError("Nothing was seen before, so there is nothing to prove; leave the proof empty.")
        return
    if head.size < seen.size:
        raise LedgerError(
            f"The log has shrunk: {seen.size} entries were seen before, and now it has {head.size}."
        )
    verify_consistency(seen.size, head.size, proof, seen.root, head.root)


def cosign(text: str, signer: Signer, timestamp: int) -> str:
    """Give the witness's signature line for the text of a head it has checked, with lines that its log added; `timestamp` in seconds since 1970 (UTC)."""
    if timestamp <= 0 or signer.kind is KeyKind.ED25519:
        raise LedgerError(
            "A witness cosigns with a key for that, and the present time in seconds since 1970."
        )
    return signature_line(text, signer, timestamp)


def format_request(old: int, proof: Sequence[bytes], note: str) -> str:
    """Write the body of an add-checkpoint request."""
    return "\n".join([f"old {old}", *map(to_base64, proof), "", note])


def parse_request(body: str) -> tuple[int, list[bytes], str]:
    """Read an add-checkpoint request: the old size, the proof, and the signed checkpoint."""
    top, gap, note = body.partition("\n\n")
    first, *steps = top.split("\n")
    word, _, number = first.partition(" ")
    plain = number.isascii() and number.isdigit() and (number == "0" or number[0] != "0")
    if not gap or word != "old" or not plain or len(number) > 19 or len(steps) > MAX_STEPS:  # noqa: PLR2004 -- 2**63 has 19 digits
        raise LedgerError(
            "The request must begin with a line such as 'old 12', then the proof, then a checkpoint."
        )
    try:
        proof = [from_base64(step) for step in steps]
    except ValueError:
        raise LedgerError("A step of the proof is not base64.") from None
    if int(number) >= MAX_SIZE:
        raise LedgerError("The old size is larger than any tree.")
    return int(number), proof, note
