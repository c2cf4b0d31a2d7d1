"""What our scripts send as JSON, taken field by field; whatever else comes is refused whole."""

import base64
import binascii
import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest

MOST_READER_BODY = 512 * 1024
MOST_NUMBER = 2**31


class UnreadableError(ValueError):
    """The body is not what this door takes."""


def read_json(request: HttpRequest, most: int = MOST_READER_BODY) -> dict[str, Any]:
    """Read a JSON object of at most `most` bytes."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        if length > most or request.content_type != "application/json":
            raise UnreadableError
        text = (request.body if most <= MOST_READER_BODY else request.read(most + 1)).decode()
        body = json.loads(text)
        if "\\" in text:
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


def uuid(body: dict[str, Any], name: str) -> UUID:
    """Take an id."""
    try:
        return UUID(words(body, name, 40))
    except ValueError as error:
        raise UnreadableError from error


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
