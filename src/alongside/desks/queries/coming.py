"""The decisions that come next, of some units or of all: what goes to a council, and needs its statement."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from alongside.core.kinds import EntryKind
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Citation
from alongside.ground.record.queries import told
from alongside.work.projects.models import DecisionPoint

MOST = 10


@dataclass(frozen=True)
class Coming:
    """A project with the day of its next decision."""

    slug: str
    title: str
    lang: str
    on: date
    unit: str


def coming(
    program: Program, lang: str, today: date, *, units: Collection[str] | None = None, most: int = MOST
) -> list[Coming]:
    """List the projects that are decided next, each once, by the day. Three queries."""
    made = Citation.objects.filter(log__program=program, kind=EntryKind.DECISION_MADE, role="decision")
    points = DecisionPoint.objects.filter(project__program=program, on__gte=today)
    points = points if units is None else points.filter(project__unit__slug__in=list(units))
    nearest: dict[int, DecisionPoint] = {}
    for one in (
        points.exclude(entry__in=made.values("cited"))
        .select_related("project__unit")
        .order_by("on", "pk")[: most * 2]
    ):
        nearest.setdefault(one.project.entry, one)
    words = told(program, nearest, lang)
    return [
        Coming(
            one.project.slug,
            words[entry].say("title") or one.project.slug,
            words[entry].lang("title"),
            one.on,
            one.project.unit.slug,
        )
        for entry, one in list(nearest.items())[:most]
    ]
