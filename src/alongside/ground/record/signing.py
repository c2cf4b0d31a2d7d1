"""Sign heads of the log. Key and high-water mark live in a folder outside the database and its backups."""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from alongside.core.ledger import KeyKind, Signer, parse_secret
from alongside.ground.programs.models import Program


class RestoredLogCannotSign(RuntimeError):  # noqa: N818 -- the name is a sentence
    """The log is older than what was signed; it may not sign until it was compared with a mirror."""


class RestoredLogCannotGrow(RuntimeError):  # noqa: N818 -- the name is a sentence
    """The log is shorter than what was signed; an entry put there now would be a second history."""


class NoLogKey(RuntimeError):  # noqa: N818 -- the name is a sentence
    """There is no key to sign with."""


@dataclass(frozen=True)
class HighWater:
    """The last head that was ever signed."""

    size: int
    root: bytes


def _folder() -> Path:
    return Path(settings.ALONGSIDE.keys)


def make_key(program: Program) -> str:
    """Make the signing key of a program's log, unless it has one; give its public key line (vkey)."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{program.slug}.key"
    if not path.exists():
        signer = Signer(program.origin, KeyKind.ED25519, os.urandom(32))
        write_safely(path, signer.secret.encode() + b"\n")
    return vkey(program)


def read_key(program: Program) -> Signer:
    """Read the signing key; raise NoLogKey where there is none."""
    path = _folder() / f"{program.slug}.key"
    if not path.exists():
        raise NoLogKey(
            f"No key to sign with at {path.name}; put the key back, or make one for a new program."
        )
    return parse_secret(path.read_text().strip())


def vkey(program: Program) -> str:
    """Give the public key line by which anyone checks the log's signatures."""
    return read_key(program).verifier.vkey


def read_high_water(program: Program) -> HighWater | None:
    """Read the high-water mark, or None before the first signature."""
    path = _folder() / f"{program.slug}.high"
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return _read_mark(str(path), found.st_ino, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=64)
def _read_mark(path: str, _inode: int, _changed: int, _bytes: int) -> HighWater:
    """Read the mark once for each time it was written: every append asks for it."""
    value = json.loads(Path(path).read_text())
    return HighWater(size=value["size"], root=bytes.fromhex(value["root"]))


def refuse_restored(program: Program, size: int) -> None:
    """Raise RestoredLogCannotGrow where a log of `size` entries is shorter than what was signed."""
    high = read_high_water(program)
    if high is not None and high.size > size:
        raise RestoredLogCannotGrow(
            f"{high.size} entries were signed and this database holds {size}: it was restored from an old backup."
            " Run `alongside record resume` with the address of a mirror first."
        )


def write_high_water(program: Program, mark: HighWater, *, now: datetime) -> None:
    """Move the high-water mark; durable before the signature is published."""
    value = {"size": mark.size, "root": mark.root.hex(), "on": now.date().isoformat()}
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
