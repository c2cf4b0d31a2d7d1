"""Where engagements stand, told from their promises and from what was entered since."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from alongside.core.grammar.course import CHANGES, Course, course_of
from alongside.ground.programs.models import Program
from alongside.ground.record.queries import Told, entries_at, indexes_citing


@dataclass(frozen=True)
class EngagementShown:
    """An engagement in a list: its promise with its words, and where it stands."""

    told: Told
    course: Course
    state: str

    @property
    def slug(self) -> str:
        """Give the name in its address."""
        return str(self.told.entry.data["engagement"])


def courses_of(program: Program, promises: Iterable[Told], today: date) -> list[EngagementShown]:
    """Say where engagements stand, in the order given. Two queries."""
    shown = list(promises)
    rows = indexes_citing(program, [one.index for one in shown], CHANGES)
    changes = entries_at(program, {citing for citing, _kind, _cited in rows})
    found = []
    for one in shown:
        about = [changes[citing] for citing, _kind, cited in rows if cited == one.index]
        course = course_of(one.entry, about)
        found.append(EngagementShown(one, course, course.state(today)))
    return found
