"""Read the register of city projects from the record, and what staff may put on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.text import slugify

from alongside.core.grammar.course import CHANGES, Course, course_of
from alongside.ground.gate import Asker, Role
from alongside.ground.programs.models import Office, Program, Unit
from alongside.ground.record.models import Head
from alongside.ground.record.queries import Told, entries_at, head_of, indexes_citing, told, told_where
from alongside.work.projects.models import DecisionPoint, Project


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


@dataclass(frozen=True)
class DecisionShown:
    """A decision point with its words, and the engagements on it."""

    told: Told
    engagements: list[EngagementShown]

    @property
    def slug(self) -> str:
        """Give the name in its address."""
        return str(self.told.entry.data["decision"])

    @property
    def on(self) -> date:
        """Give the day on which it is decided."""
        return date.fromisoformat(self.told.entry.data["on"])

    @property
    def office(self) -> str:
        """Give the office that decides, as unit/office."""
        return str(self.told.entry.data["office"])


@dataclass(frozen=True)
class ProjectShown:
    """A project with its words and its decisions, the next one first."""

    told: Told
    decisions: list[DecisionShown]
    head: Head | None = None

    @property
    def slug(self) -> str:
        """Give the name in its address."""
        return str(self.told.entry.data["project"])

    def decision(self, slug: str) -> DecisionShown | None:
        """Give one of its decisions, or None."""
        return next((one for one in self.decisions if one.slug == slug), None)


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


def all_projects(program: Program, lang: str) -> list[Told]:
    """List every project on the record, newest first. Two queries."""
    return told_where(program, lang, kinds=["project.registered"])[::-1]


def project_page(program: Program, lang: str, slug: str, today: date) -> ProjectShown | None:
    """Give a project with its decisions and their engagements, or None. Eleven queries at most."""
    found = told_where(program, lang, kinds=["project.registered"], subject=slug)
    if not found:
        return None
    decisions = _citing(program, lang, found, "decision.scheduled")
    promises = _citing(program, lang, decisions, "engagement.promised")
    engagements = courses_of(program, promises, today)
    shown = [
        DecisionShown(
            one,
            [each for each in engagements if one.index in each.told.entry.cites.get("decision", ())],
        )
        for one in sorted(decisions, key=lambda one: str(one.entry.data["on"]))
    ]
    return ProjectShown(found[0], shown, head_of(program))


def _citing(program: Program, lang: str, cited: Iterable[Told], kind: str) -> list[Told]:
    rows = indexes_citing(program, [one.index for one in cited], [kind])
    return list(told(program, [citing for citing, _kind, _cited in rows], lang).values())


def units_for(program: Program, asker: Asker) -> list[Unit]:
    """List the units whose projects the asker may put on the register: all for the steward, else their own."""
    units = Unit.objects.filter(program=program).order_by("slug")
    if not asker.has(Role.STEWARD):
        units = units.filter(slug__in=asker.units)
    return list(units)


def project_for(program: Program, asker: Asker, slug: str) -> Project | None:
    """Give a project that the asker may schedule a decision on, or None."""
    projects = Project.objects.filter(program=program, slug=slug).select_related("unit", "program")
    if not asker.has(Role.STEWARD):
        projects = projects.filter(unit__slug__in=asker.units)
    return projects.first()


def pen_of(asker: Asker, unit: str) -> str:
    """Give the actor as which the asker writes about a unit: their office in it, else the steward."""
    return asker.office_in(unit) or "steward"


def free_slug(taken: Iterable[str], title: str, fallback: str) -> str:
    """Find a name for an address that is not taken, from a title in any script."""
    base, used = slugify(title)[:50].strip("-") or fallback, {"new", *taken}
    names = (base, *(f"{base}-{number}" for number in range(2, len(used) + 3)))
    return next(name for name in names if name not in used)


def slugs_of(program: Program) -> list[str]:
    """List the names of all projects of a program, which no new one may have."""
    return list(Project.objects.filter(program=program).values_list("slug", flat=True))


def decisions_of(project: Project) -> list[str]:
    """List the names of a project's decisions, which no new one may have."""
    return list(DecisionPoint.objects.filter(project=project).values_list("slug", flat=True))


def office_by_id(program: Program, public_id: str) -> Office:
    """Give an office by its unit/office id. Raises Office.DoesNotExist."""
    unit, _, slug = public_id.partition("/")
    offices = Office.objects.select_related("unit")
    return offices.get(unit__program=program, unit__slug=unit, slug=slug)
