"""How one version of a workplan differs from another: rows that are new, gone or changed, and in which words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from alongside.core.merging import Part, differences
from alongside.work.workplans.queries.shape import KINDS, WHOLE


@dataclass(frozen=True)
class FieldChange:
    """A field that changed. `parts` tell a text word by word; a choice has `before` and `after` alone."""

    field: str
    before: str
    after: str
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class RowChange:
    """A row that is `new`, `gone` or `changed`."""

    kind: str
    row: str
    how: str
    fields: tuple[FieldChange, ...]


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[RowChange]:
    """List what changed from one snapshot to another: the plan itself first, then row by row in their order."""
    whole = _fields(before, after, WHOLE.texts, WHOLE.choices)
    found = [RowChange("plan", "plan", "changed", whole)] if whole else []
    for kind, shape in KINDS.items():
        old = {one["id"]: one for one in before["rows"].get(kind, ())}
        new = {one["id"]: one for one in after["rows"].get(kind, ())}
        for row in [*new, *(one for one in old if one not in new)]:
            fields = _fields(old.get(row, {}), new.get(row, {}), shape.texts, shape.choices)
            if fields:
                how = "new" if row not in old else "changed" if row in new else "gone"
                found.append(RowChange(kind, row, how, fields))
    return found


def _fields(
    before: Mapping[str, Any], after: Mapping[str, Any], texts: tuple[str, ...], choices: tuple[str, ...]
) -> tuple[FieldChange, ...]:
    found = []
    for name in (*texts, *choices):
        old, new = str(before.get(name, "")), str(after.get(name, ""))
        if old != new:
            parts = tuple(differences(old, new)) if name in texts else ()
            found.append(FieldChange(name, old, new, parts))
    return tuple(found)
