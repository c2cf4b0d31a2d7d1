"""What a lead's page sends about strategies: ciphertext as base64, ids, and who is in it. Nothing in the clear."""

import base64
import binascii
import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest

MOST_BODY = 512 * 1024


class UnreadableError(ValueError):
    """The body is not what this door takes."""


def read_json(request: HttpRequest) -> dict[str, Any]:
    """Read a JSON object."""
    try:
        if int(request.headers.get("Content-Length") or 0) > MOST_BODY:
            raise UnreadableError
        body = json.loads(request.body)
        json.dumps(body, ensure_ascii=False).encode()  # half of a pair of surrogates is no text
    except (ValueError, RecursionError) as error:
        raise UnreadableError from error
    if not isinstance(body, dict):
        raise UnreadableError
    return body


def sealed(body: dict[str, Any]) -> bytes:
    """Take the sealed bytes."""
    try:
        return base64.b64decode(_text(body, "sealed", MOST_BODY), validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableError from error


def version(body: dict[str, Any]) -> int:
    """Take the version that was read before writing."""
    value = body.get("version")
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**31:
        raise UnreadableError
    return value


def members(body: dict[str, Any]) -> list[str]:
    """Take who is in it, by the public ids of their seats."""
    value = body.get("members")
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise UnreadableError
    return value


def word(body: dict[str, Any], name: str) -> str:
    """Take a short word: what to do with the pen, or to whom."""
    return _text(body, name, 40)


def uuid(body: dict[str, Any], name: str) -> UUID:
    """Take an id."""
    try:
        return UUID(_text(body, name, 40))
    except ValueError as error:
        raise UnreadableError from error


def _text(body: dict[str, Any], name: str, most: int) -> str:
    value = body.get(name)
    if not isinstance(value, str) or len(value) > most:
        raise UnreadableError
    return value
