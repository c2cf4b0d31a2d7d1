"""What arrives at the doors of this app as JSON: sealed voices, receipts' act secrets, what readers send."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

MOST_VOICE_BODY = 96 * 1024  # the largest bucket in base64, and the two hashes
MOST_READER_BODY = 512 * 1024
MOST_NUMBER = 2**31
#: All that the page sends; what came beside it would be words in the clear.
OF_A_VOICE = {"mark", "act", "sealed", "website"}


class UnreadableError(ValueError):
    """The body is not what this door takes."""


class HoneypotError(UnreadableError):
    """A field that people cannot see was filled in."""


@dataclass(frozen=True)
class Sealed:
    """A sealed voice as it was sent: seal mark and act hash in hex, and the age file."""

    mark: str
    act: str
    sealed: bytes


def read_sealed(request: HttpRequest) -> Sealed:
    """Read a sealed voice; raise UnreadableError for anything else or more, HoneypotError where a machine filled it in."""
    body = read_json(request, MOST_VOICE_BODY)
    if body.get("website") != "":
        raise HoneypotError
    if body.keys() != OF_A_VOICE:
        raise UnreadableError
    return Sealed(words(body, "mark", 64), words(body, "act", 64), blob(body, "sealed"))


def read_act(request: HttpRequest) -> bytes:
    """Read the 32 bytes that a receipt reveals to act on its voice."""
    text = words(read_json(request, 1024), "act", 64)
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise UnreadableError from error


def read_json(request: HttpRequest, most: int = MOST_READER_BODY) -> dict[str, Any]:
    """Read a JSON object of at most `most` bytes."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        if length > most or request.content_type != "application/json":
            raise UnreadableError
        body = json.loads(request.body)
        json.dumps(body, ensure_ascii=False).encode()  # half of a pair of surrogates is no text
    except (ValueError, RecursionError) as error:
        raise UnreadableError from error
    if not isinstance(body, dict):
        raise UnreadableError
    return body


def words(body: dict[str, Any], name: str, most: int) -> str:
    """Take a string of at most `most` characters."""
    value = body.get(name)
    if not isinstance(value, str) or len(value) > most:
        raise UnreadableError
    return value


def number(body: dict[str, Any], name: str) -> int:
    """Take a whole number, 0 or more, that a row can hold."""
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < MOST_NUMBER:
        raise UnreadableError
    return value


def blob(body: dict[str, Any], name: str) -> bytes:
    """Take bytes that were sent as base64."""
    return _decoded(body.get(name))


def blobs(body: dict[str, Any], name: str) -> dict[str, bytes]:
    """Take an object of names to bytes, which were sent as base64."""
    value = body.get(name)
    if not isinstance(value, dict):
        raise UnreadableError
    return {key: _decoded(one) for key, one in value.items()}


def strings(body: dict[str, Any], name: str) -> list[str]:
    """Take a list of strings."""
    value = body.get(name)
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise UnreadableError
    return value


def _decoded(value: Any) -> bytes:
    if not isinstance(value, str):
        raise UnreadableError
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableError from error
