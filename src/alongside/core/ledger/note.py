"""Signed notes: a text with signature lines under it (c2sp.org/signed-note, c2sp.org/tlog-cosignature)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from alongside.core.ledger.hashing import HASH_SIZE, MAX_SIZE, LedgerError
from alongside.core.ledger.keys import (
    KeyKind,
    Signer,
    VerifierKey,
    check_name,
    from_base64,
    to_base64,
)

#: Well above sixteen signatures of the longest kind; longer notes are refused unread.
MAX_NOTE_BYTES = 400_000
MAX_SIGNATURES = 64
_DASH = "\u2014 "
_ID_SIZE = 4
_TIME_SIZE = 8


@dataclass(frozen=True)
class Signature:
    """One signature that was checked: by which key, and for a cosignature when, in seconds since 1970 (UTC)."""

    key: VerifierKey
    timestamp: int | None = None


@dataclass(frozen=True)
class Note:
    """A text, and who signed it as far as we know them; `lines` are the signature lines of these, by their keys."""

    text: str
    signatures: tuple[Signature, ...]
    lines: Mapping[VerifierKey, str] = field(default_factory=dict, compare=False, repr=False)


def sign_note(text: str, *signers: Signer, timestamp: int | None = None) -> str:
    """Write the text with a signature line by each signer. Cosigners need `timestamp`, in seconds since 1970."""
    if not text.endswith("\n") or _has_control(text):
        raise LedgerError("The text of a note ends with a new line and has no control characters.")
    return text + "\n" + "".join(signature_line(text, signer, timestamp) for signer in signers)


def signature_line(text: str, signer: Signer, timestamp: int | None = None) -> str:
    """Sign the text of a note and give the line to put under it."""
    stamp = b""
    if signer.kind is not KeyKind.ED25519:
        if timestamp is None or not 0 <= timestamp < MAX_SIZE:
            raise LedgerError(f"{signer.name} cosigns with a time; give the seconds since 1970.")
        stamp = timestamp.to_bytes(_TIME_SIZE, "big")
    signature = signer.sign(_message(signer.verifier, text, timestamp or 0))
    return f"{_DASH}{signer.name} {to_base64(signer.verifier.key_id + stamp + signature)}\n"


def open_note(note: str | bytes, keys: Iterable[VerifierKey]) -> Note:
    """Read a note, and refuse it unless a known key signed it and no line of a known key is wrong.

    Lines of unknown keys are ignored. Anything out of form is a LedgerError and nothing else.
    """
    text, lines = split_note(note)
    known = {(key.name, key.key_id): key for key in keys}
    good: dict[VerifierKey, Signature] = {}
    kept: dict[VerifierKey, str] = {}
    for line in lines:
        name, raw = _parse_line(line)
        signature = _check(text, name, raw, known)
        if signature:
            good.setdefault(signature.key, signature)
            kept.setdefault(signature.key, f"{line}\n")
    if not good:
        raise LedgerError("No key that you trust has signed this note.")
    return Note(text, tuple(good.values()), kept)


def split_note(note: str | bytes) -> tuple[str, list[str]]:
    """Take a note apart into its text and its signature lines, without checking any signature."""
    try:
        size = len(note.encode() if isinstance(note, str) else note)
        whole = note if isinstance(note, str) else note.decode()
    except UnicodeError:
        raise LedgerError("The note is not valid UTF-8.") from None
    if size > MAX_NOTE_BYTES:
        raise LedgerError(f"The note is longer than {MAX_NOTE_BYTES:,} bytes.")
    if _has_control(whole):
        raise LedgerError("The note holds a control character.")
    text, gap, tail = whole.rpartition("\n\n")
    if not gap or not tail.endswith("\n"):
        raise LedgerError("The note has no signature lines under an empty line, or its last line is cut off.")
    lines = tail[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise LedgerError(f"The note has more than {MAX_SIGNATURES} signatures.")
    return text + "\n", lines


def _has_control(text: str) -> bool:
    return any(one < " " and one != "\n" for one in text)


def _parse_line(line: str) -> tuple[str, bytes]:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    try:
        raw = from_base64(encoded)
        check_name(name)
    except ValueError:
        raise LedgerError(f"A signature line is not readable: {line[:60]!r}.") from None
    if not line.startswith(_DASH) or not space or len(raw) <= _ID_SIZE:
        raise LedgerError(f"A signature line is not readable: {line[:60]!r}.")
    return name, raw


def _check(
    text: str, name: str, raw: bytes, known: Mapping[tuple[str, bytes], VerifierKey]
) -> Signature | None:
    """Check one line if it is by a known key."""
    key = known.get((name, raw[:_ID_SIZE]))
    if key is None:
        return None
    timestamp, signature = None, raw[_ID_SIZE:]
    if key.kind is not KeyKind.ED25519:
        timestamp, signature = int.from_bytes(signature[:_TIME_SIZE], "big"), signature[_TIME_SIZE:]
        if timestamp >= MAX_SIZE:
            raise LedgerError(f"The cosignature of {name} carries a time that cannot be.")
    if not key.verifies(signature, _message(key, text, timestamp or 0)):
        raise LedgerError(f"The signature of {name} does not fit the text of the note.")
    return Signature(key, timestamp)


def _message(key: VerifierKey, text: str, timestamp: int) -> bytes:
    """Give the bytes that a key of this kind signs for a note."""
    if key.kind is KeyKind.ED25519:
        return text.encode()
    if key.kind is KeyKind.COSIGNATURE:
        return f"cosignature/v1\ntime {timestamp}\n{text}".encode()
    origin, size, root = head_lines(text)
    names = [one.encode() for one in (key.name, origin)]
    if any(len(one) > 0xFF for one in names):  # noqa: PLR2004 -- each name stands behind one byte of length
        raise LedgerError("A name is longer than 255 bytes, which this kind of cosignature cannot hold.")
    cosigner, log = (bytes([len(one)]) + one for one in names)
    numbers = bytes(8) + size.to_bytes(8, "big")
    return b"subtree/v1\n\0" + cosigner + timestamp.to_bytes(8, "big") + log + numbers + root


def head_lines(text: str) -> tuple[str, int, bytes]:
    """Read origin, size and root (32 bytes) from the first three lines of a checkpoint's text."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or "" in lines[:-1]:  # noqa: PLR2004 -- three lines and the end of the last
        raise LedgerError("A checkpoint has three lines: origin, size and root.")
    origin, size, root = lines[:3]
    digits = size.isascii() and size.isdigit() and (size == "0" or size[0] != "0")
    if not digits or len(size) > 19 or int(size) >= MAX_SIZE:  # noqa: PLR2004 -- 2**63 has 19 digits
        raise LedgerError(f"{size[:40]!r} is not the size of a tree.")
    try:
        hash_ = from_base64(root)
    except ValueError:
        hash_ = b""
    if len(hash_) != HASH_SIZE:
        raise LedgerError("The root in the checkpoint is not a hash of 32 bytes in base64.")
    return origin, int(size), hash_
