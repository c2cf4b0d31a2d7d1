"""Reads the header of an age file, version 1, and nothing more lenient than its grammar."""

import base64
import binascii
import re
from dataclasses import dataclass

VERSION_LINE = b"age-encryption.org/v1"
MAC_BYTES = 32
FULL_LINE = 64
_ARGUMENTS = re.compile(rb"-> [\x21-\x7e]+( [\x21-\x7e]+)*\Z")


class SealedError(ValueError):
    """The bytes are not what was sealed, or do not open; the message says the cure."""


@dataclass(frozen=True)
class Stanza:
    """One wrapped copy of the file key: its arguments, the first of which is its type, and its body."""

    args: tuple[str, ...]
    body: bytes


@dataclass(frozen=True)
class Header:
    """The stanzas, the MAC, the bytes the MAC is taken over, and where the payload begins."""

    stanzas: tuple[Stanza, ...]
    mac: bytes
    signed: bytes
    payload_at: int


def raw_base64(data: bytes) -> str:
    """Write bytes as base64 without padding (RFC 4648, section 4)."""
    return base64.b64encode(data).decode().rstrip("=")


def from_raw_base64(text: bytes | str) -> bytes:
    """Read canonical base64 without padding; raise SealedError for any other spelling."""
    line = text.encode() if isinstance(text, str) else text
    try:
        data = binascii.a2b_base64(line + b"=" * (-len(line) % 4), strict_mode=True)
    except binascii.Error as error:
        raise SealedError("The header holds a line that is not base64; seal it again.") from error
    if binascii.b2a_base64(data, newline=False).rstrip(b"=") != line:
        raise SealedError("The header holds base64 that can be written in another way; seal it again.")
    return data


def parse_header(raw: bytes) -> Header:
    """Read the header at the start of `raw`; raise SealedError where it breaks the grammar of C2SP age."""
    line, at = _line(raw, 0)
    if line != VERSION_LINE:
        raise SealedError("This is not an age file of version 1; seal it in the page, or with age.")
    stanzas = []
    line, after = _line(raw, at)
    while not line.startswith(b"---"):
        stanza, at = _stanza(raw, at)
        stanzas.append(stanza)
        line, after = _line(raw, at)
    if not stanzas:
        raise SealedError("The age file is sealed to nobody; seal it to a key.")
    mac = from_raw_base64(line[4:])
    if line[:4] != b"--- " or len(mac) != MAC_BYTES:
        raise SealedError("The header does not end with its mark of 32 bytes; seal it again.")
    return Header(tuple(stanzas), mac, raw[: at + 3], after)


def _line(raw: bytes, at: int) -> tuple[bytes, int]:
    end = raw.find(b"\n", at)
    if end < 0:
        raise SealedError("The age file ends inside its header; send it whole.")
    return raw[at:end], end + 1


def _stanza(raw: bytes, at: int) -> tuple[Stanza, int]:
    """Read one stanza at `at`: its arguments, full lines of 64 and one shorter line."""
    line, at = _line(raw, at)
    if not _ARGUMENTS.match(line):
        raise SealedError("The header holds a line that names no recipient type; seal it again.")
    args = tuple(line[3:].decode().split(" "))
    body = bytearray()
    while True:
        line, at = _line(raw, at)
        body += from_raw_base64(line)
        if len(line) > FULL_LINE:
            raise SealedError("The header holds a line of more than 64 letters; seal it again.")
        if len(line) < FULL_LINE:
            return Stanza(args, bytes(body)), at
