"""Read TOML tables into the classes of a pack: every key known, every value of its type."""

from collections.abc import Iterable, Mapping
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

    Raises PackError naming the key and the cure of each that is wrong.
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
        return tuple(_each((inner[0], one, f"{key}[{place}]") for place, one in enumerate(value)))
    if not isinstance(value, dict):
        raise PackError(key, "is not a table; give it one line for each language.")
    return dict(
        zip(value, _each((inner[1], one, f"{key}.{name}") for name, one in value.items()), strict=True)
    )


def _each(parts: Iterable[tuple[Any, Any, str]]) -> list[Any]:
    """Read parts of a pack, each a kind, a value and a key. Raises one PackError for all that are wrong."""
    made, wrong = [], []
    for kind, value, key in parts:
        try:
            made.append(read(kind, value, key))
        except PackError as error:
            wrong.append(error)
    if wrong:
        raise PackError.of(wrong)
    return made


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
    said = _each((str, text, f"{key}.{lang}") for lang, text in value.items())
    return Words(dict(zip(value, said, strict=True)))


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
    cure = f"is not known; use one of {', '.join(known)}."
    wrong = [PackError(within(key, name), cure) for name in value if name not in known]
    needed = [one.name for one in fields(kind) if one.default is MISSING and one.default_factory is MISSING]
    wrong += [PackError(within(key, name), "is missing; add it.") for name in needed if name not in value]
    there, made = [name for name in known if name in value], []
    try:
        made = _each((hints[name], value[name], within(key, name)) for name in there)
    except PackError as error:
        wrong.append(error)
    if wrong:
        raise PackError.of(wrong)
    return kind(**dict(zip(there, made, strict=True)))


def within(key: str, name: str) -> str:
    """Give the dotted path of something within a table."""
    return f"{key}.{name}" if key else name


#: What holds nothing that stands below it.
LEAVES = (str, int, date, Pattern, NoneType, Words)


def every[T](kind: type[T], value: Any, key: str = "") -> list[tuple[str, T]]:
    """List all of a kind in a pack with their keys, so that a check can read them all."""
    if isinstance(value, kind):
        return [(key, value)]
    below: list[tuple[str, Any]] = []
    if is_dataclass(value) and not isinstance(value, type):
        below = [(within(key, one.name), getattr(value, one.name)) for one in fields(value)]
    elif isinstance(value, tuple):
        below = [(f"{key}[{place}]", one) for place, one in enumerate(value)]
    elif isinstance(value, Mapping):
        below = [(f"{key}.{name}", one) for name, one in value.items()]
    open_ones = [(name, one) for name, one in below if isinstance(one, kind) or not isinstance(one, LEAVES)]
    return [found for name, one in open_ones for found in every(kind, one, name)]
