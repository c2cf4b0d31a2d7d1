"""The one way a value becomes bytes: canonical JSON, so that equal things have equal hashes."""

import json
from typing import Any

LARGEST = 2**53  # above it JavaScript cannot hold every whole number


class NotCanonicalError(ValueError):
    """A value has no canonical form; the message says where and what to write instead."""


def canonical(obj: Any) -> bytes:
    """Return the canonical JSON of `obj`: keys sorted by code point, no spaces, UTF-8 left unescaped.

    Holds only None, booleans, strings, whole numbers within 2^53, lists or tuples, and dicts with string keys.
    Strings are kept as they are (no Unicode normalization). Raises NotCanonicalError for anything else.
    """
    try:
        _refuse(obj, "$")
        return written_again(obj)
    except RecursionError as error:
        raise NotCanonicalError("The value is nested too deeply; flatten it.") from error


_WRITER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def written_again(obj: Any) -> bytes:
    """Write what was read from canonical JSON, or is put together from parts of it: as `canonical`, which looks at every part first."""
    return _WRITER.encode(obj).encode()


def _refuse(value: Any, at: str) -> None:
    """Raise NotCanonicalError at the first part of `value` that JSON could write in more than one way."""
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        _refuse_half_characters(value, at)
    elif isinstance(value, int):
        if abs(value) > LARGEST:
            raise NotCanonicalError(f"{at} is beyond 2^53; write it as a string.")
    elif isinstance(value, list | tuple):
        for place, item in enumerate(value):
            _refuse(item, f"{at}[{place}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise NotCanonicalError(f"{at} has the key {key!r}; make every key a string.")
            _refuse_half_characters(key, at)
            _refuse(item, f"{at}.{key}")
    else:
        raise NotCanonicalError(
            f"{at} is a {type(value).__name__}; use a string, a whole number, true, false, null, a list or an object."
        )


def _refuse_half_characters(text: str, at: str) -> None:
    """Raise NotCanonicalError where `text` holds half of a surrogate pair, which UTF-8 cannot write."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NotCanonicalError(f"{at} holds half a character; send whole Unicode text.") from error


def read_json(text: str | bytes) -> Any:
    """Read JSON of somebody else's. Raises ValueError where it is none, or says one name twice: people read the first, we the last."""
    try:
        return json.loads(text, object_pairs_hook=_no_twins)
    except RecursionError as error:
        raise ValueError("It is nested too deeply.") from error


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("A name stands twice in an object.")
    return fields
