"""What a unit can choose from when it opens a consultation, and what was said of its projects before."""

from dataclasses import dataclass, field

from django.conf import settings

from alongside.core.grammar.v1.again import SAID_BEFORE
from alongside.core.policy import Pack
from alongside.ground.gate import Asker
from alongside.ground.programs.models import Program
from alongside.ground.record.queries import Told, indexes_citing, told
from alongside.work.projects.models import DecisionPoint, Project

MOST_BEFORE = 8


@dataclass(frozen=True)
class Offered:
    """The projects, decisions and offices of the asker's units, as choices; what was said of the projects before."""

    projects: list[tuple[str, str]]
    points: list[tuple[str, str]]
    offices: list[tuple[str, str]]
    before: list[Told]
    by_slug: dict[str, Project] = field(default_factory=dict)
    by_place: dict[str, DecisionPoint] = field(default_factory=dict)

    def project(self, slug: str) -> Project:
        """Give a project that was offered. Raises KeyError."""
        return self.by_slug[slug]

    def point(self, place: str) -> DecisionPoint | None:
        """Give a decision that was offered, or None."""
        return self.by_place.get(place)


def offered(program: Program, pack: Pack, asker: Asker, lang: str) -> Offered:
    """Gather what a brief can be about, for the asker's own units. Seven queries."""
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
        before=_before(program, entries, lang),
        by_slug=projects,
        by_place=by_place,
    )


def _named(words: dict[int, Told], entry: int, otherwise: str, name: str = "title") -> str:
    return (words[entry].say(name) if entry in words else "") or otherwise


def _before(program: Program, entries: list[int], lang: str) -> list[Told]:
    """List the latest that was found, asked or advised on these projects and their decisions. Four queries."""
    first = indexes_citing(program, entries, ("engagement.promised", "consultation.opened"))
    roots = [citing for citing, _kind, _cited in first]
    since = indexes_citing(program, roots, SAID_BEFORE)
    newest = sorted({citing for citing, _kind, _cited in since}, reverse=True)[:MOST_BEFORE]
    return list(reversed(told(program, newest, lang).values()))


def is_cut_off(length: str) -> bool:
    """Say whether a request was so long that its file was not taken in."""
    return length.isdecimal() and int(length) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE
