"""What a unit says of its project today, told from everything it said: the last word on each fact stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from alongside.core.entries import Entry
from alongside.core.grammar.projects import FACT_CHOICES


@dataclass(frozen=True)
class Facts:
    """The facts of a project: what was chosen, and for each text the entry that holds its last words."""

    choices: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, int] = field(default_factory=dict)


def facts_of(described: Iterable[Entry]) -> Facts:
    """Fold the project.described entries of one project, in any order, into what stands."""
    choices: dict[str, Any] = {}
    texts: dict[str, int] = {}
    for one in sorted(described, key=lambda each: each.index):
        choices |= {name: one.data[name] for name in FACT_CHOICES if name in one.data}
        texts |= dict.fromkeys(one.texts, one.index)
    return Facts(choices, texts)
