"""Compare two signed heads of one log: two of one size with two roots prove that it was forked."""

from collections.abc import Sequence
from pathlib import Path

from alongside.check.log import WHOLE, RecordError
from alongside.check.source import SourceError
from alongside.core.ledger.checkpoint import Checkpoint, open_checkpoint
from alongside.core.ledger.hashing import LedgerError
from alongside.core.ledger.keys import parse_vkey, to_base64


def verify_fork(files: Sequence[Path], *, vkey: str | None) -> str:
    """Say whether two heads, in files as their log serves them, are one. Raises RecordError where they prove a fork.

    SourceError where they prove nothing: another key than the given one, other logs, other sizes.
    """
    if not vkey:
        raise SourceError(
            "Two heads prove a fork by the key that signed both; name the log's key with --vkey."
        )
    first, second = (_head(one, vkey) for one in files)
    if first.size != second.size:
        raise SourceError(
            f"The heads have {first.size} and {second.size} entries, so these two files alone show nothing. Look at the record "
            f"with one --state file where each was shown: {WHOLE}"
        )
    if first.root == second.root:
        return f"Both are the same head of {first.size} entries of the log {first.origin}: {to_base64(first.root)}"
    raise RecordError(
        f"The log {first.origin} signed two heads of {first.size} entries with two roots: {to_base64(first.root)} and "
        f"{to_base64(second.root)}. It was rewritten or forked. Keep both files; they prove it to everyone who has the key."
    )


def _head(file: Path, vkey: str) -> Checkpoint:
    try:
        return open_checkpoint(file.read_bytes(), [parse_vkey(vkey.strip())])[0]
    except LedgerError as error:
        raise SourceError(f"{file} is no head that this key signed. {error}") from None
    except OSError as error:
        raise SourceError(f"{file} cannot be read ({error.strerror}).") from None
