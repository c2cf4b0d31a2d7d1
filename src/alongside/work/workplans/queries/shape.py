"""What a workplan is made of: kinds of rows, their texts and their choices, and how each is named in the draft."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

PLAN = "plan"
MOST_CHARACTERS = 6000
MOST_CHOICE = 140
MOST_ROWS = 60


@dataclass(frozen=True)
class Shape:
    """The texts and choices that a row of one kind holds. What is in `more` stands in a version only where it is chosen."""

    texts: tuple[str, ...]
    firsts: tuple[str, ...] = ()
    more: tuple[str, ...] = ()

    @property
    def choices(self) -> tuple[str, ...]:
        """Name its choices."""
        return self.firsts + self.more

    @property
    def fields(self) -> tuple[str, ...]:
        """Name all its fields, texts first."""
        return self.texts + self.choices


KINDS: Mapping[str, Shape] = {
    "question": Shape(("words",)),
    "goal": Shape(("words",)),
    "activity": Shape(
        ("what",),
        ("seat", "office", "from", "until", "decision"),
        ("seat2", "seat3", "office2", "office3"),
    ),
    "touch": Shape(("why",), ("entry",)),
    "support": Shape(("words",), ("kind", "amount")),
}
#: The owners of an activity, on both sides, in the order in which they are named.
SEATS = ("seat", "seat2", "seat3")
OFFICES = ("office", "office2", "office3")
WHOLE = Shape(("title", "about"), ("from", "until"))
SUPPORTS = ("interpreters", "childcare", "money", "travel", "other")
ROW = re.compile(rf"({'|'.join(KINDS)})-[0-9a-f]{{8}}\Z")


def kind_of(row: str) -> str | None:
    """Give the kind of a row by its id, `plan` for the plan itself, or None where it is no id of a row."""
    if row == PLAN:
        return PLAN
    found = ROW.match(row)
    return found[1] if found else None


def shape_of(row: str) -> Shape | None:
    """Give the shape of a row by its id, or None."""
    kind = kind_of(row)
    return WHOLE if kind == PLAN else KINDS.get(kind or "")


def is_text(name: str) -> bool:
    """Say whether a name such as `goal-1a2b3c4d.words` is a text of a row."""
    row, _, field = name.partition(".")
    shape = shape_of(row)
    return shape is not None and field in shape.texts


def is_choice(name: str) -> bool:
    """Say whether a name such as `activity-1a2b3c4d.office` is a choice of a row."""
    row, _, field = name.partition(".")
    shape = shape_of(row)
    return shape is not None and field in shape.choices
