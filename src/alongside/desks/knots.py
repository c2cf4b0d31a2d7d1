"""Knots, stretches and lines: a thread as it is shown."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Milestone:
    """One milestone as it is shown."""

    heading: str
    pen: str
    state: str
    support: str
    said: str = ""
    lang: str = ""
    translated_from: str = ""
    is_reviewed: bool = True


@dataclass(frozen=True)
class Knot:
    """One place on the thread; the fields are the arguments of the look's knot."""

    pen: str
    state: str = ""
    who: str = ""
    did: str = ""
    on: date | None = None
    more: str = ""
    heading: str = ""
    said: str = ""
    lang: str = ""
    text: str = ""
    days: int | None = None
    due: date | None = None
    facts: list[tuple[str, str]] = field(default_factory=list)
    support: str = ""
    proof: dict[str, Any] | None = None
    milestones: list[Milestone] = field(default_factory=list)
    anchor: str = ""
    translated_from: str = ""
    added_by: str = ""
    added_on: date | None = None
    is_reviewed: bool = True


@dataclass(frozen=True)
class Stretch:
    """A heading and the knots below it."""

    heading: str
    knots: list[Knot]
    anchor: str = ""
    lang: str = ""
    pen: str = ""
    state: str = ""
    status: str = ""


@dataclass(frozen=True)
class StandingLine:
    """One line of the summary above a thread."""

    number: int
    heading: str
    lang: str
    href: str
    marks: list[tuple[str, str]]
    status: str
    is_late: bool
