"""What comes of projects: the decisions of the next weeks, each with the statement that goes along; and what was decided, to be told."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from alongside.core.kinds import EntryKind
from alongside.ground.gate.roles import Role
from alongside.ground.record.queries import Words, is_cited
from alongside.ground.ui.days import day_in_words
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
    nearest: dict[int, DecisionPoint] = {}
    for one in _not_made(desk).filter(on__gte=desk.today)[: MOST * 2]:
        nearest.setdefault(one.project.entry, one)
    return [
        NextDecision(one.project.slug, entry, one.on, one.project.unit.slug)
        for entry, one in list(nearest.items())[:MOST]
    ]


def _not_made(desk: Desk) -> QuerySet[DecisionPoint]:
    """Give the decisions of which nobody told what was decided, by their day; of staff, those of their units."""
    made = is_cited(desk.program, "entry", EntryKind.DECISION_MADE)
    points = DecisionPoint.objects.filter(~made, project__program=desk.program)
    if desk.role is Role.STAFF:
        points = points.filter(project__unit__slug__in=sorted(desk.viewer.units))
    return points.select_related("project__unit").order_by("on", "pk")


def named(found: Iterable[NextDecision], texts: Words) -> list[NextDecision]:
    """Give projects with their titles."""
    titles = [(one, texts.get(one.entry, {}).get("title")) for one in found]
    return [
        replace(one, title=title.words if title else one.slug, lang=title.lang if title else "")
        for one, title in titles
    ]


def steps(desk: Desk) -> list[Step]:
    """List the decisions of the next weeks for the steward; for a unit those whose day is over and that are not told. One query."""
    if desk.role is Role.STAFF:
        return [_to_tell(desk, one) for one in _not_made(desk).filter(on__lt=desk.today)[:MOST]]
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


def _to_tell(desk: Desk, one: DecisionPoint) -> Step:
    """Ask the unit what came of a decision: leads and residents who spoke read it there."""
    return Step(
        _("Tell what was decided: %(what)s"),
        _("Its day was %(day)s. If it was not decided, move the day.") % {"day": day_in_words(one.on)},
        desk.to("projects:decision", slug=one.project.slug, decision=one.slug),
        "city",
        due=one.on,
        about=one.entry,
        named="decision",
        instead=one.slug,
    )
