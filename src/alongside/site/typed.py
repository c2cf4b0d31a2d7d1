"""Reads a TOML table into dataclasses; every refusal names the key and the cure."""

import dataclasses
import typing
from pathlib import Path

CHOICES = {
    "mode": ("demo", "production"),
    "database.kind": ("sqlite", "postgresql"),
    "mail.kind": ("files", "smtp"),
    "mail.encryption": ("none", "starttls", "tls"),
}


class BadConfigError(Exception):
    """The configuration cannot be used; the message names the key and says the cure."""


def typed[T](shape: type[T], table: dict[str, typing.Any], prefix: str) -> T:
    """Build the dataclass `shape` from a TOML table, refusing unknown keys, wrong types and wrong choices."""
    hints = typing.get_type_hints(shape)
    values: dict[str, typing.Any] = {}
    for key, value in table.items():
        where = prefix + key
        if key not in hints:
            known = ", ".join(prefix + k for k in hints)
            raise BadConfigError(f"{where}: there is no such key. Use one of: {known}.")
        values[key] = _value(hints[key], value, where)
    return shape(**values)


def _value(hint: typing.Any, value: typing.Any, where: str) -> typing.Any:
    """Return `value` as the type that `hint` asks for, or refuse it by name."""
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        if not isinstance(value, dict):
            raise BadConfigError(f"{where}: this is a table. Write [{where}] and its keys below.")
        return typed(hint, value, where + ".")
    kind: type[typing.Any] = next(t for t in (Path, bool, int, str) if hint in {t, t | None})
    wanted = str if kind is Path else kind
    if type(value) is not wanted:
        words = {str: "text in quotes", int: "a whole number", bool: "true or false"}[wanted]
        raise BadConfigError(f"{where}: write {words}, not {value!r}.")
    if where in CHOICES and value not in CHOICES[where]:
        raise BadConfigError(f"{where}: use one of {', '.join(CHOICES[where])}, not {value!r}.")
    return kind(value)
