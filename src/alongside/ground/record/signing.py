"""Sign heads of the log. Key and high-water mark live in a folder outside the database and its backups.

Only machines with that folder sign. The public half of the key is kept beside the log, so that every machine gives it.
"""

import json
import os
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from alongside.core.ledger.checkpoint import open_checkpoint
from alongside.core.ledger.hashing import LedgerError
from alongside.core.ledger.keys import KeyKind, Signer, parse_secret
from alongside.core.ledger.tree import Tree
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Head, Log


class HaltedSigningError(RuntimeError):
    """The log is older than what was signed; it may not sign until it was compared with a mirror."""


class HaltedLogError(RuntimeError):
    """The log is shorter than what was signed; an entry put there now would be a second history."""


class DoubtedClockError(HaltedLogError):
    """The clock of this machine shows a day that no other clock has confirmed."""

    def __init__(self, agreed: date, today: date) -> None:
        super().__init__(
            f"The clock shows {today}, and the last day that was sure is {agreed}. Set the clock right; or let the steward and a"
            " lead confirm the day at record/clock/."
        )


class SigningKeyError(RuntimeError):
    """There is no key to sign with."""


@dataclass(frozen=True)
class HighWater:
    """The last head that was ever signed."""

    size: int
    root: bytes


def _folder() -> Path:
    return Path(settings.ALONGSIDE.keys)


def _path(program: Program) -> Path:
    return _folder() / f"{program.slug}.key"


def make_key(program: Program) -> str:
    """Make the signing key of a program's log, unless it has one; give its public key line (vkey).

    Raises SigningKeyError where the log has a key that is not here: a second key would be a second log.
    """
    path = _path(program)
    if not path.exists():
        if _kept(program):
            read_key(program)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if (
            read_high_water(program) is None
        ):  # from the first day on, a key without a mark is one that was put back
            write_high_water(program, HighWater(0, Tree().root()))
        signer = Signer(program.origin, KeyKind.ED25519, os.urandom(32))
        write_safely(path, signer.secret.encode() + b"\n")
    return read_key(program).verifier.vkey


def next_key(program: Program) -> Signer:
    """Give the key that is to take the place of the one here; it lies beside it, and signs nothing until the log names it.

    The same one until then: so an entry never names a key that nobody has.
    """
    path = _next(program)
    if not path.exists():
        signer = Signer(program.origin, KeyKind.ED25519, os.urandom(32))
        write_safely(path, signer.secret.encode() + b"\n")
    return parse_secret(path.read_text().strip())


def put_in_place(program: Program) -> None:
    """Let the next key take the place of the one here. A crash leaves one or the other."""
    _next(program).replace(_path(program))


def is_next_key(program: Program, named: str) -> bool:
    """Say whether a key is the next one, which lies here."""
    return _next(program).exists() and next_key(program).verifier.vkey == named


def keys_here(program: Program) -> list[Signer]:
    """Give the key that signs, and the next one where there is one."""
    return [read_key(program), *([next_key(program)] if _next(program).exists() else [])]


def _next(program: Program) -> Path:
    return _path(program).with_suffix(".key.next")


def has_key(program: Program) -> bool:
    """Say whether this machine holds a key for a program's log."""
    return _path(program).exists()


def read_key(program: Program) -> Signer:
    """Read the signing key; raise SigningKeyError where there is none."""
    path = _path(program)
    if not path.exists():
        raise SigningKeyError(
            f"No key to sign with at {path.name}; put the key back, or make one for a new program."
        )
    return parse_secret(path.read_text().strip())


def vkey(program: Program) -> str:
    """Give the public key line by which anyone checks the log's signatures, on any machine.

    Raises SigningKeyError where no machine signed with a key yet, and there is none here.
    """
    return _kept(program) or read_key(program).verifier.vkey


def vkey_if_any(program: Program) -> str:
    """Give the public key line, or an empty string before there is one."""
    try:
        return vkey(program)
    except SigningKeyError:
        return ""


def _kept(program: Program) -> str:
    return Log.objects.filter(program=program).values_list("vkey", flat=True).first() or ""


def refuse_other_key(log: Log, signer: Signer, named: str) -> None:
    """Raise SigningKeyError where a log is signed with another key than this, or its entries name another; `named` is empty where nothing does."""
    key = signer.verifier
    head = None if log.vkey else Head.objects.filter(log=log).order_by("-size", "-pk").first()
    try:
        is_ours = {log.vkey, named} <= {"", key.vkey} and (
            head is None or bool(open_checkpoint(head.note, [key]))
        )
    except LedgerError:
        is_ours = False
    if not is_ours:
        raise SigningKeyError(
            f"The key of {log.program.slug} on this machine is not the one its record is signed with; put the right one back. Where "
            "the database is from before its key was changed, run `alongside record resume` with the address of a mirror."
        )


def read_high_water(program: Program) -> HighWater | None:
    """Read the high-water mark, or None before the first signature."""
    path = f"{settings.ALONGSIDE.keys}/{program.slug}.high"  # as text, for every voice asks it
    try:
        found = os.stat(path)  # noqa: PTH116 -- as above
    except FileNotFoundError:
        return None
    return _read_mark(path, found.st_ino, found.st_mtime_ns, found.st_size)


def signed_at(program: Program) -> float | None:
    """Give when this machine signed last, in seconds since 1970; None where it never did."""
    try:
        return (_folder() / f"{program.slug}.high").stat().st_mtime
    except FileNotFoundError:
        return None


@lru_cache(maxsize=64)
def _read_mark(path: str, _inode: int, _changed: int, _bytes: int) -> HighWater:
    """Read the mark once for each time it was written: every append asks for it."""
    value = json.loads(Path(path).read_text())
    return HighWater(size=value["size"], root=bytes.fromhex(value["root"]))


def halted(program: Program, size: int, *, signed: int = 0) -> str:
    """Say why a log of `size` entries, of which a head over `signed` is kept here, may not go on; empty where it may.

    A machine without the keys cannot know. One with a key and no mark, or with a mark from before the last head, had its
    files or its database put back: what it adds could be a second history.
    """
    high = read_high_water(program)
    if high is None:
        if not has_key(program):
            return ""
        why = f"There is no high-water mark beside the key of {program.slug}, so nobody knows what was signed last."
    elif high.size > size:
        why = f"{high.size} entries were signed and this database holds {size}: it was restored from an old backup."
    elif high.size < signed:
        why = (
            f"{signed} entries were signed, and the high-water mark here stands at {high.size}:"
            " another machine signed since, or an old mark was put back."
        )
    else:
        return ""
    return f"{why} Run `alongside record resume` with the address of a mirror first."


def signed_last(program: Program) -> str:
    """Name the head that was signed last, as far as this machine knows: who agrees to its loss agrees to no other."""
    high = read_high_water(program)
    return f"{high.size}:{high.root.hex()}" if high else "unknown"


def refuse_halted(program: Program, log: Log, signed: int) -> None:
    """Raise HaltedLogError where a log, of which so many entries are signed, may not go on."""
    if why := halted(program, log.size, signed=signed):
        raise HaltedLogError(why)


def write_high_water(program: Program, mark: HighWater) -> None:
    """Move the high-water mark; durable before the signature is published."""
    value = {"size": mark.size, "root": mark.root.hex()}
    write_safely(_folder() / f"{program.slug}.high", json.dumps(value).encode())


def write_safely(path: Path, content: bytes) -> None:
    """Write a file so that a crash leaves the old one or the new one, never half."""
    beside = path.with_suffix(path.suffix + ".new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
