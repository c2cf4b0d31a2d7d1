"""Write docs/reference/pack.md from the shapes of a policy pack: every table, its keys, and what each holds."""

import sys
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))
from alongside.core.policy.pack import Pack
from alongside.core.policy.patterns import Pattern
from alongside.core.policy.words import Words

PAGE = ROOT / "docs/reference/pack.md"
HEAD = """# The policy pack

Everything that makes a program yours, in one TOML file. Made from the shapes in `core.policy` by `python scripts/pack.py`.

- `alongside pack new FILE` asks a dozen questions and writes one that can be adopted; `alongside pack check FILE` says all that
  is wrong with one, with line and cure; `alongside pack diff FILE FILE` says what two say otherwise.
- *Words* are text, or a table by language, as `{en = "the City", es = "la Ciudad"}`. English is always there; a language that is
  `complete` has every word.
- What has a default may be left out. How pay is set is told in [pay](pay.md).

"""
SIMPLE = {
    str: "text",
    int: "whole number",
    bool: "true or false",
    date: "day",
    Words: "words",
    Pattern: "pattern",
}


def plain(kind: Any) -> Any:
    """Give the class within a list, or within what may be left out; the kind itself where there is none."""
    inner = get_args(kind)
    if isinstance(kind, UnionType):
        return plain(inner[0])
    return plain(inner[0]) if get_origin(kind) is tuple else kind


def told(kind: Any) -> str:
    """Say what a key holds."""
    inner = get_args(kind)
    if isinstance(kind, UnionType):
        return told(inner[0])
    if get_origin(kind) is tuple:
        return f"list of {told(inner[0])}"
    if inner:
        return f"table by name of {told(inner[1])}"
    return SIMPLE.get(kind) or f"[{kind.__name__}](#{kind.__name__.lower()})"


def usual(one: Field[Any]) -> str:
    """Say what stands where a key is left out."""
    if one.default is MISSING and one.default_factory is MISSING:
        return "needed"
    value = one.default_factory() if one.default is MISSING and callable(one.default_factory) else one.default
    if value is None or value == () or value == {} or value == "":
        return "none"
    if is_dataclass(value):
        return "its defaults"
    shown = (
        ", ".join(str(getattr(each, "id", each)) for each in value)
        if isinstance(value, tuple)
        else str(value)
    )
    return f"`{shown.lower() if isinstance(value, bool) else shown}`"


def section(kind: Any) -> str:
    """Write one table."""
    hints = get_type_hints(kind)
    rows = [f"| `{one.name}` | {told(hints[one.name])} | {usual(one)} |" for one in fields(kind)]
    said = " ".join((kind.__doc__ or "").split())
    return "\n".join(
        [f"## {kind.__name__}", "", said, "", "| key | holds | left out |", "|---|---|---|", *rows, ""]
    )


def text() -> str:
    """Give the whole page: the pack first, then its tables in the order in which they come."""
    found: dict[Any, None] = {Pack: None}
    waiting: list[Any] = [Pack]
    for kind in waiting:
        for hint in get_type_hints(kind).values():
            below = plain(hint)
            if is_dataclass(below) and below not in {*SIMPLE, *found}:
                found[below] = None
                waiting.append(below)
    return HEAD + "\n".join(map(section, found))


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
