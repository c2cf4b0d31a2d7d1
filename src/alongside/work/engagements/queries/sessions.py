"""Read the sessions of an engagement: dated meetings where people can come and speak."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import time_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from alongside.core.policy.pack import Pack
from alongside.core.sessions import Offer, Session, session_of_data
from alongside.ground.programs.models import Program
from alongside.ground.ui.days import day_in_words
from alongside.work.engagements.models import Engagement

#: What a session has for who comes, as pages say it.
OFFERS = {
    Offer.STEP_FREE: gettext_lazy("No steps on the way in"),
    Offer.SOUND: gettext_lazy("Sound for hearing aids"),
    Offer.CHILDCARE: gettext_lazy("Childcare"),
    Offer.FOOD: gettext_lazy("Food"),
    Offer.TRAVEL: gettext_lazy("Bus fare"),
}


@dataclass(frozen=True)
class SessionShown:
    """A session on its day, with its hours in the program's own time."""

    of: Session
    on: date
    hours: str
    offers: Sequence[str | Promise]
    is_over: bool

    @property
    def day(self) -> str:
        """Give its day in words."""
        return day_in_words(self.on)


def sessions_of(engagement: Engagement) -> list[Session]:
    """List the sessions of an engagement, the first one first."""
    return _sessions(engagement.plan)


def _sessions(plan: Mapping[str, Any]) -> list[Session]:
    return sorted((session_of_data(one) for one in plan.get("sessions", ())), key=lambda one: one.starts)


def sessions_shown(found: Iterable[Session], pack: Pack, today: date) -> list[SessionShown]:
    """Lay sessions out, in the order given."""
    zone, shown = ZoneInfo(pack.time_zone), []
    for one in found:
        begins, ends = one.starts.astimezone(zone), one.ends.astimezone(zone)
        hours = f"{time_format(begins.time())} – {time_format(ends.time())}"
        offers = [OFFERS[each] for each in one.has]
        shown.append(SessionShown(one, begins.date(), hours, offers, begins.date() < today))
    return shown


def sessions_by_slug(program: Program) -> dict[str, list[Session]]:
    """Give the sessions of engagements that are promised, by their slugs. One query."""
    rows = Engagement.objects.filter(program=program).exclude(promise=None)
    return {slug: _sessions(plan) for slug, plan in rows.values_list("slug", "plan")}


def listening_in(program: Program, slug: str) -> tuple[list[str], list[Session]]:
    """Give by which methods leads listen in an engagement that is promised, and its sessions. One query."""
    plan = Engagement.objects.filter(program=program, slug=slug).values_list("plan", flat=True).first() or {}
    return list(plan.get("methods", [])), _sessions(plan)


def to_come_to(found: Iterable[SessionShown]) -> list[SessionShown]:
    """List of sessions those that anybody may come to, or that were cancelled, until their day is over."""
    return [one for one in found if one.of.is_public and not one.is_over]


def came_to(found: Iterable[SessionShown]) -> list[SessionShown]:
    """List of sessions those that anybody could come to and of which leads said how many came."""
    return [one for one in found if one.of.came and one.of.is_public]
