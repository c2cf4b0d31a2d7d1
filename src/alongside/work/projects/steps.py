"""What comes of projects: the decisions of the next weeks, each with the statement that goes along."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from alongside.core.kinds import EntryKind
from alongside.ground.gate.roles import Role
from alongside.ground.record.models import Citation
from alongside.ground.record.queries import Words
from alongside.ground.ui.steps import Desk, Step
from alongside.work.projects.models import DecisionPoint

#: So many projects a desk names.
MOST = 10


@dataclass(frozen=True)
class NextDecision:
    """A project with the day of its next decision."""

    slug: str
    entry: int
    on: date
    unit: str
    title: str = ""
    lang: str = ""


def next_decisions(desk: Desk) -> list[NextDecision]:
    """List the projects that are decided next, each once, by the day; of staff, those of their units. One query."""
    made = Citation.objects.filter(log__program=desk.program, kind=EntryKind.DECISION_MADE, role="decision")
    points = DecisionPoint.objects.filter(project__program=desk.program, on__gte=desk.today)
    if desk.role is Role.STAFF:
        points = points.filter(project__unit__slug__in=sorted(desk.viewer.units))
    nearest: dict[int, DecisionPoint] = {}
    for one in (
        points.exclude(entry__in=made.values("cited"))
        .select_related("project__unit")
        .order_by("on", "pk")[: MOST * 2]
    ):
        nearest.setdefault(one.project.entry, one)
    return [
        NextDecision(one.project.slug, entry, one.on, one.project.unit.slug)
        for entry, one in list(nearest.items())[:MOST]
    ]


def named(found: Iterable[NextDecision], texts: Words) -> list[NextDecision]:
    """Give projects with their titles."""
    titles = [(one, texts.get(one.entry, {}).get("title")) for one in found]
    return [
        replace(one, title=title.words if title else one.slug, lang=title.lang if title else "")
        for one, title in titles
    ]


def steps(desk: Desk) -> list[Step]:
    """List the decisions of the next weeks for the steward. One query."""
    return [
        desk.dated(
            _("Decision: %(what)s"),
            desk.to("projects:project", slug=one.slug),
            one.on,
            pen="city",
            owner=desk.pack.unit_name(one.unit, desk.lang),
            step=_("Take the Public Involvement Statement along."),
            about=one.entry,
            instead=one.slug,
        )
        for one in desk.once(next_decisions)
        if desk.is_near(one.on)
    ]
