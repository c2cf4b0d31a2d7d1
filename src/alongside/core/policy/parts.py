"""What stands in a pack, part by part: a hash of each that people read and no clock counts, and what differs between two packs."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from alongside.core.canonical import canonical
from alongside.core.policy.pack import Pack
from alongside.core.policy.patterns import Pattern
from alongside.core.policy.words import Words

#: The parts of which `policy.adopted` tells a hash, and what of a pack each holds. None is ever made wider: entries tell its hash.
PARTS: Mapping[str, tuple[str, ...]] = {
    "routes": ("routes",),
    "levels": ("frameworks",),
    "harms": ("harms",),
    "communities": ("communities",),
    "units": ("units", "community_body"),
    "retention": ("retention",),
    "federal": ("federal",),
    "help": ("help", "sanctuary"),
    "sanctuary": ("sanctuary",),
    "witnesses": ("witnesses",),
    "purpose": ("purpose",),
    "government": ("government", "name", "masthead"),
    "pay": ("pay.work", "pay.costs", "pay.costs_within_limit"),
    "charter": ("charter.alarm_days",),
    "calls": (
        "calls.unpaid_calls_allowed",
        "calls.kept_days",
        "calls.unsent_kept_days",
        "calls.demographics",
        "calls.categories",
    ),
    "kept": ("kept",),
    "finance": ("pay.finance.columns", "pay.finance.needs_name", "pay.retention"),
    "leave_page": ("leave_page",),
    "languages": ("languages",),
}
#: The parts that came into grammar 3 while records were written in it already: theirs do not tell them.
LATER = frozenset(PARTS) - {"routes", "levels", "harms", "communities", "units", "retention"}
#: What the coordinator mends alone: a number that nobody answers harms on the day. The record tells it, and so do the leads' desks.
#: Only numbers are: what is said first to someone in trouble is a part of its own.
ALONE = frozenset({"help"})
#: What names one of a list, so that its place among the others means nothing.
KEYS = ("slug", "id", "code", "kind", "title", "name")


def parts_of(pack: Pack) -> dict[str, dict[str, Any]]:
    """Give each of the parts as JSON holds it: what people read in them, and no remark of whoever wrote the pack."""
    return {part: {name: plain(attrgetter(name)(pack)) for name in names} for part, names in PARTS.items()}


def hashes_of(pack: Pack) -> dict[str, str]:
    """Give a SHA-256 in hexadecimal for each of the parts, over its canonical JSON."""
    return {part: hashlib.sha256(canonical(one)).hexdigest() for part, one in parts_of(pack).items()}


def plain(value: Any) -> Any:
    """Give a part of a pack as JSON holds it: words by language, a list by the names of its rows, and nothing for what is not there."""
    if isinstance(value, Words):
        return dict(value.by_lang)
    if isinstance(value, Pattern):
        return value.text
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return _rows([plain(one) for one in value])
    held = value
    if is_dataclass(value):
        held = {one.name: getattr(value, one.name) for one in fields(value)}
    if isinstance(held, Mapping):
        return {name: plain(one) for name, one in held.items() if one is not None}
    return value


def _rows(rows: list[Any]) -> Any:
    for key in KEYS:
        names = [one[key] for one in rows if isinstance(one, dict) and isinstance(one.get(key), str)]
        if rows and len(set(names)) == len(rows):
            return dict(zip(names, rows, strict=True))
    return rows


@dataclass(frozen=True)
class Difference:
    """One thing that two packs say otherwise: its dotted path, and what each says; nothing where it is not in one."""

    path: str
    was: str
    now: str

    @property
    def area(self) -> str:
        """Give the part of the pack that it lies in, as the pack calls it."""
        return self.path.partition(".")[0]

    @property
    def below(self) -> str:
        """Give the path within that part."""
        return self.path.partition(".")[2]


def lies_in(part: str, path: str) -> bool:
    """Say whether the dotted path of a difference is in one of the PARTS."""
    return any(path == name or path.startswith(f"{name}.") for name in PARTS[part])


def differences(before: Pack, after: Pack) -> list[Difference]:
    """List everything that two packs say otherwise, in the order of a pack."""
    was, now = (dict(_leaves(plain(one))) for one in (before, after))
    order = {one.name: place for place, one in enumerate(fields(Pack))}
    found = [
        Difference(path, was.get(path, ""), now.get(path, ""))
        for path in dict.fromkeys([*was, *now])
        if was.get(path) != now.get(path)
    ]
    return sorted(found, key=lambda one: order[one.area])


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Walk down to what is said: each word, number or list of them, by its dotted path."""
    if isinstance(value, list) and any(isinstance(one, dict) for one in value):
        value = {str(place): one for place, one in enumerate(value, 1)}
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _leaves(one, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        yield path, " · ".join(map(str, value))
    else:
        yield path, str(value).lower() if isinstance(value, bool) else str(value)
