"""A witness: it keeps the last head of each log that it knows, and cosigns one that only grew (c2sp.org/tlog-witness)."""

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from alongside.check.log import RecordError, fetch_log, fetch_note, fetch_tile, signed_alone
from alongside.check.source import MissingError, Source, SourceError, WebSource, open_source
from alongside.check.state import default_file
from alongside.check.trust import links_to, own_key
from alongside.core.grammar.log import check_log
from alongside.core.ledger.checkpoint import Checkpoint
from alongside.core.ledger.keys import (
    KeyFormatError,
    KeyKind,
    Signer,
    VerifierKey,
    check_name,
    parse_secret,
    parse_vkey,
)
from alongside.core.ledger.nodes import consistency_proof
from alongside.core.ledger.note import head_lines, split_note
from alongside.core.ledger.reader import TileReader
from alongside.core.ledger.tiles import TileRef
from alongside.core.ledger.witness import NotWitnessedError, cosign, format_request, judge, read_asked

PLAIN = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"
#: Where a log of ours gives the head that waits for cosignatures, and takes them.
DOOR = "cosignatures"
#: What a witness does where a verifier would be told another way.
FOR_A_WITNESS = (
    "For a witness: witness log ADDRESS --vkey KEY takes a key that was given by hand, where an entry leads to it. A witness "
    "drops nothing that it cosigned: if the log went on without that, make a new key under another name, and ask to be named anew."
)


@dataclass(frozen=True)
class Answer:
    """What a witness answers over HTTP, and what it would say of it."""

    status: HTTPStatus
    content: bytes
    content_type: str = PLAIN
    says: str = ""


class Witness:
    """A folder with the key of a witness (`key`), and for each log its key (`logs/HASH/vkey`) and last head (`logs/HASH/checkpoint`)."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self.folder = folder
        self._clock = clock

    def make_key(self, name: str, kind: KeyKind = KeyKind.COSIGNATURE) -> VerifierKey:
        """Make the key of this witness, once. Raises SourceError where it has one of another name."""
        with self._alone():
            path = self.folder / "key"
            if not path.exists():
                signer = Signer(check_name(name), kind, os.urandom(32))
                write_safely(path, f"{signer.secret}\n".encode())
        signer = self.signer()
        if signer.name != name:
            raise SourceError(f"{self.folder} holds the key of {signer.name}; name another folder.")
        return signer.verifier

    def signer(self) -> Signer:
        """Read the key with which this witness signs; raise SourceError where there is none."""
        text = _read(self.folder / "key")
        if text is None:
            raise SourceError(f"There is no key in {self.folder}; make one first: witness key NAME.")
        return parse_secret(text.strip())

    def know(self, key: VerifierKey, instead: VerifierKey | None = None) -> None:
        """Cosign for a log from now on, in place of a key that it gave up. Raises SourceError where it is known under another key."""
        if key.kind is not KeyKind.ED25519:
            raise KeyFormatError(f"{key.name} gives no key of a log.")
        with self._alone():
            path = self._place(key.name) / "vkey"
            known = self.key_of(key.name)
            if known not in {None, key, instead}:
                raise SourceError(
                    f"{key.name} is known under another key, in {path}. Ask why before you go on."
                )
            path.parent.mkdir(parents=True, exist_ok=True)
            write_safely(path, f"{key.vkey}\n".encode())

    def seen(self, origin: str) -> Checkpoint | None:
        """Give the head of a log that was cosigned last, or None."""
        note = _read(self._place(origin) / "checkpoint")
        if note is None:
            return None
        return Checkpoint(*head_lines(split_note(note)[0]))

    def checkpoint(self, hashed: str) -> bytes | None:
        """Give the note of the head cosigned last for the log whose origin has this SHA-256, or None."""
        is_hash = len(hashed) == hashlib.sha256().digest_size * 2 and not hashed.strip("0123456789abcdef")
        note = _read(self.folder / "logs" / hashed / "checkpoint") if is_hash else None
        return None if note is None else note.encode()

    def add_checkpoint(self, body: bytes) -> Answer:
        """Cosign the head in a request if everything in the last one is in it, and answer as the specification says.

        Looks, signs and writes under one lock of all processes; what is answered stands on the disk.
        """
        try:
            asked = read_asked(body, self.key_of)
            with self._alone():
                judge(asked, self.seen(asked.head.origin))
                line = cosign(asked.opened.text, self.signer(), int(self._clock()))
                lines = "".join([*asked.opened.lines.values(), line])
                note = f"{asked.opened.text}\n{lines}"
                write_safely(self._place(asked.head.origin) / "checkpoint", note.encode())
        except NotWitnessedError as error:
            status = HTTPStatus(error.status)
            if status is HTTPStatus.CONFLICT:
                return Answer(status, b"%d\n" % error.size, SIZE, str(error))
            return Answer(status, f"{error}\n".encode(), says=str(error))
        return Answer(
            HTTPStatus.OK, line.encode(), says=f"{asked.head.origin}: {asked.head.size} entries cosigned."
        )

    def key_of(self, origin: str) -> VerifierKey | None:
        """Give the key under which a log is known here, or None."""
        text = _read(self._place(origin) / "vkey")
        key = None if text is None else parse_vkey(text.strip())
        return key if key and key.name == origin else None

    def _place(self, origin: str) -> Path:
        return self.folder / "logs" / hashlib.sha256(origin.encode()).hexdigest()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the lock of this folder: two requests, or two processes, never look and write at once."""
        import fcntl  # noqa: PLC0415 -- Windows has none, and the verifier runs there

        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise SourceError(f"{self.folder} cannot be written ({error.strerror}).") from None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def take_in_log(witness: Witness, address: str, vkey: str | None) -> VerifierKey:
    """Let a witness know a log: by the key that was given, else by the one that the log's own address gives out.

    Where it knows the log under another key, the new one has to be followed. Raises RecordError, LedgerError or GrammarError.
    """
    source = open_source(address)
    key = parse_vkey((source.get("vkey").decode(errors="replace") if vkey is None else vkey).strip())
    _follow(witness, source, key, is_given=vkey is not None)
    return key


def _follow(witness: Witness, source: Source, key: VerifierKey, *, is_given: bool) -> None:
    """Know a log under a new key if its entries lead there from the known one, and it still holds all that was cosigned."""
    known, seen = witness.key_of(key.name), witness.seen(key.name)
    if known is not None and known != key:
        log = fetch_log(source, [key])
        try:
            links_to(log, [known], key, is_given=is_given)
        except RecordError as error:
            raise RecordError(f"{error} {FOR_A_WITNESS}") from None
        check_log(log.entries, origin=log.head.origin)
        if seen and (seen.size > log.head.size or log.tree.root(seen.size) != seen.root):
            raise RecordError(
                f"The {seen.size} entries that were cosigned last are not in this log. Nothing was changed. {FOR_A_WITNESS}"
            )
    witness.know(key, instead=known)


def pull(witness: Witness, source: WebSource) -> str:
    """Fetch the head that waits at a log, check with its tiles that the log only grew, cosign it, and bring the line there.

    A log that has no such door is cosigned all the same. Raises SourceError, RecordError or LedgerError.
    """
    note, has_door = _waiting(source, witness)
    head = Checkpoint(*head_lines(split_note(note)[0]))
    known = witness.key_of(head.origin)
    if known and not signed_alone(note.encode(), [known]):
        for new in own_key(source):
            if new.name == head.origin:
                _follow(witness, source, new, is_given=False)
    seen = witness.seen(head.origin)
    if seen and head.size < seen.size:
        raise RecordError(
            f"The log {head.origin} has shrunk: {seen.size} entries were cosigned, and it shows {head.size}. Nothing was signed."
        )
    proof = _proof(source, seen.size, head.size) if seen else []
    answer = witness.add_checkpoint(format_request(seen.size if seen else 0, proof, note).encode())
    if answer.status is not HTTPStatus.OK:
        raise RecordError(f"Nothing was signed. {answer.says}")
    if not has_door:
        return f"{answer.says} This log takes in no cosignatures; the head is in the folder, for others to fetch."
    try:
        source.post(DOOR, f"{split_note(note)[0]}\n{answer.content.decode()}".encode())
    except SourceError as error:
        raise SourceError(
            f"{answer.says} The log did not take it in; do its rules name this witness with this key? {error}"
        ) from None
    return f"{answer.says} The log has taken it in."


def _waiting(source: WebSource, witness: Witness) -> tuple[str, bool]:
    """Fetch the head that waits for cosignatures at a log that has a door for them, else the one that it shows everyone."""
    try:
        shown = fetch_note(source).decode()
        seen = witness.seen(head_lines(split_note(shown)[0])[0])
        with suppress(MissingError):
            return source.get(f"{DOOR}?above={seen.size if seen else 0}").decode(), True
    except UnicodeDecodeError:
        raise RecordError("The head of the log is not valid UTF-8.") from None
    return shown, False


def _proof(source: WebSource, old: int, new: int) -> list[bytes]:
    """Make the proof of growth from the tiles that a log serves."""
    reader = TileReader(new, lambda level, n, width: fetch_tile(source, TileRef(level, n, width)))
    return consistency_proof(old, new, reader.read)


def _read(path: Path) -> str | None:
    """Read a file of the folder; None where it is not there. Raises SourceError where it cannot be read: nothing is signed then."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path} cannot be read ({type(error).__name__}).") from None


def write_safely(path: Path, content: bytes) -> None:
    """Write a file so that a crash leaves the old one or the new one, and the new one is on the disk once this returns."""
    beside = path.with_name(f"{path.name}.new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    beside.replace(path)
    for folder in (path.parent, path.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def default_folder() -> Path:
    """Give the place where people keep such things: $XDG_STATE_HOME, or ~/.local/state."""
    return default_file(os.environ).with_name("witness")
