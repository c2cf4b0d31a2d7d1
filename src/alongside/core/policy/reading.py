"""Read TOML tables into the classes of a pack: every key known, every value of its type."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from alongside.core.policy.patterns import Pattern
from alongside.core.policy.words import FALLBACK, PackError, Words

SIMPLE = {
    str: "text in quotes",
    int: "a whole number",
    bool: "true or false",
    date: "a day, as 2026-11-24",
}


def read(kind: Any, value: Any, key: str) -> Any:
    """Read a value as a kind: a simple type, Words, Pattern, a class, a tuple, a mapping, or one of them or None.

    Raises PackError naming the key and the cure.
    """
    if kind in SIMPLE:
        return _simple(kind, value, key)
    if kind is Words:
        return _words(value, key)
    if kind is Pattern:
        return _pattern(value, key)
    if is_dataclass(kind):
        return _table(kind, value, key)
    return _of_others(kind, value, key)


def _of_others(kind: Any, value: Any, key: str) -> Any:
    inner = get_args(kind)
    if isinstance(kind, UnionType):
        return read(inner[0], value, key)
    if get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise PackError(key, "is not a list; write it in square brackets.")
        return tuple(read(inner[0], one, f"{key}[{place}]") for place, one in enumerate(value))
    if not isinstance(value, dict):
        raise PackError(key, "is not a table; give it one line for each language.")
    return {name: read(inner[1], one, f"{key}.{name}") for name, one in value.items()}


def _simple(kind: type, value: Any, key: str) -> Any:
    mixed = (isinstance(value, bool) and kind is not bool) or isinstance(value, datetime)
    if mixed or not isinstance(value, kind):
        raise PackError(key, f"is not {SIMPLE[kind]}; write {SIMPLE[kind]}.")
    if value == "" or (isinstance(value, str) and value != value.strip()):
        raise PackError(key, "is empty or has spaces around it; write the text, or leave the key out.")
    return value


def _words(value: Any, key: str) -> Words:
    if isinstance(value, str):
        value = {FALLBACK: value}
    if not isinstance(value, dict):
        raise PackError(key, 'is not words; write text, or a table as {en = "...", es = "..."}.')
    if FALLBACK not in value:
        raise PackError(f"{key}.{FALLBACK}", "is missing; write the English words, others fall back to them.")
    return Words({lang: _simple(str, text, f"{key}.{lang}") for lang, text in value.items()})


def _pattern(value: Any, key: str) -> Pattern:
    text = _simple(str, value, key)
    try:
        return Pattern(text)
    except ValueError as error:
        raise PackError(key, str(error)) from error


def _table(kind: Any, value: Any, key: str) -> Any:
    if not isinstance(value, dict):
        raise PackError(key, "is not a table; write its keys under a heading in square brackets.")
    hints = get_type_hints(kind)
    known = [one.name for one in fields(kind)]
    for name in value:
        if name not in known:
            raise PackError(_below(key, name), f"is not known; use one of {', '.join(known)}.")
    made: dict[str, Any] = {}
    for one in fields(kind):
        if one.name in value:
            made[one.name] = read(hints[one.name], value[one.name], _below(key, one.name))
        elif one.default is MISSING and one.default_factory is MISSING:
            raise PackError(_below(key, one.name), "is missing; add it.")
    return kind(**made)


def _below(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


#: What holds no words of a language.
LEAVES = (str, int, date, Pattern, NoneType)


def every_words(value: Any, key: str = "") -> list[tuple[str, Words]]:
    """List all words in a pack with their keys, so that a check can read them all."""
    if isinstance(value, Words):
        return [(key, value)]
    below: list[tuple[str, Any]] = []
    if is_dataclass(value) and not isinstance(value, type):
        below = [(_below(key, one.name), getattr(value, one.name)) for one in fields(value)]
    elif isinstance(value, tuple):
        below = [(f"{key}[{place}]", one) for place, one in enumerate(value)]
    elif isinstance(value, Mapping):
        below = [(f"{key}.{name}", one) for name, one in value.items()]
    return [found for name, one in below if not isinstance(one, LEAVES) for found in every_words(one, name)]
