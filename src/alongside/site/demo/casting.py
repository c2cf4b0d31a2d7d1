"""What the parts of the demonstration need to know of its story and its calendar, so that none imports the story."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from alongside.cohort.seats.models import Seat
    from alongside.ground.people.models import Person
    from alongside.ground.programs.models import Program


class Days(Protocol):
    """The calendar of the story."""

    def on(self, ago: int, act: Callable[[datetime], object]) -> None:
        """Plan something for a day in the past."""


class Story(Protocol):
    """The made-up program and everyone in it."""

    today: date
    program: "Program"
    seats: "list[Seat]"
    people: "dict[str, Person]"
    driving: dict[str, tuple[int, str]]
    asked: list[int]
    invited: dict[str, int]

    def day(self, ago: int) -> date:
        """Give the day so many days ago; below zero lies ahead."""
