"""What a witness checks before it cosigns, and the request it is asked with (c2sp.org/tlog-witness)."""

from collections.abc import Sequence

from alongside.core.ledger.checkpoint import Checkpoint
from alongside.core.ledger.hashing import EMPTY_ROOT, MAX_SIZE, LedgerError
from alongside.core.ledger.keys import Signer, from_base64, to_base64
from alongside.core.ledger.note import signature_line
from alongside.core.ledger.verify import verify_consistency

MAX_STEPS = 63


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


def cosign(head: Checkpoint, signer: Signer, timestamp: int) -> str:
    """Give the witness's signature line for a head it has checked; `timestamp` in seconds since 1970 (UTC)."""
    if timestamp <= 0:
        raise LedgerError("A witness cosigns with the present time, in seconds since 1970.")
    return signature_line(head.text, signer, timestamp)


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
