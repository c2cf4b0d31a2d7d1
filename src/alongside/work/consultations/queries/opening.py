"""What a unit can choose from when it opens a consultation, and what was said on it before."""

from dataclasses import dataclass, field

from django.conf import settings

from alongside.core.policy import Pack
from alongside.ground.gate import Asker
from alongside.ground.programs.models import Program
from alongside.ground.record.queries import SaidBefore, Told, said_before, told
from alongside.work.projects.models import DecisionPoint, Project

#: The record takes no more of them.
MOST_BEFORE = 50


@dataclass(frozen=True)
class Offered:
    """The projects, decisions and offices of the asker's units, as choices."""

    projects: list[tuple[str, str]]
    points: list[tuple[str, str]]
    offices: list[tuple[str, str]]
    by_slug: dict[str, Project] = field(default_factory=dict)
    by_place: dict[str, DecisionPoint] = field(default_factory=dict)

    def project(self, choice: str) -> Project | None:
        """Give a project that was offered, by the value of its choice, or None."""
        return self.by_slug.get(choice.partition(":")[0])

    def point(self, place: str) -> DecisionPoint | None:
        """Give a decision that was offered, or None."""
        return self.by_place.get(place)


def offered(program: Program, pack: Pack, asker: Asker, lang: str) -> Offered:
    """Gather what a brief can be about, for the asker's own units. Four queries."""
    mine = Project.objects.filter(program=program, unit__slug__in=asker.units).select_related(
        "unit", "program"
    )
    projects = {one.slug: one for one in mine.order_by("-pk")}
    points = DecisionPoint.objects.filter(project__in=list(projects.values())).select_related("project")
    by_place = {f"{one.project.slug}/{one.slug}": one for one in points.order_by("on", "pk")}
    entries = [one.entry for one in projects.values()] + [one.entry for one in by_place.values()]
    words = told(program, entries, lang)
    able = [one for one in pack.offices if one.split("/", 1)[0] in asker.units]
    can = [one for one in able if (office := pack.office(one)) and office.can_answer]
    return Offered(
        projects=[
            (f"{one.slug}:{one.unit.slug}", _named(words, one.entry, one.slug)) for one in projects.values()
        ],
        points=[(place, _named(words, one.entry, place, "decision")) for place, one in by_place.items()],
        offices=[(one, pack.office_title(one, lang)) for one in can],
        by_slug=projects,
        by_place=by_place,
    )


def _named(words: dict[int, Told], entry: int, otherwise: str, name: str = "title") -> str:
    return (words[entry].say(name) if entry in words else "") or otherwise


def asked_before(project: Project, title: str, lang: str) -> list[SaidBefore]:
    """List what communities said before on a project, or in words like this title: what has no answer first."""
    titles = [title] if title else []
    return said_before(project.program, lang, titles=titles, project=project.entry)[:MOST_BEFORE]


def is_cut_off(length: str) -> bool:
    """Say whether a request was so long that its file was not taken in."""
    return length.isdecimal() and int(length) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE
