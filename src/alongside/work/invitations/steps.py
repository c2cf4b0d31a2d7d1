"""What waits between units and leads: help that a unit asks for."""

from django.utils.translation import gettext as _

from alongside.ground.gate.roles import Role
from alongside.ground.record.steps import rows
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.steps import Desk, Step
from alongside.work.invitations import queries

#: What these steps look at.
READS = queries.SAID


def steps(desk: Desk) -> list[Step]:
    """List what units ask leads to help with, the lead's own projects first; for a unit, its own that no lead took."""
    found = queries.invitations(desk.once(rows), desk.pack, desk.today)
    if desk.role is Role.STAFF:
        own = [one for one in found if one.is_over and desk.viewer.works_for(one.told.entry.data["unit"])]
        return [_step(desk, one, "city") for one in own if one.needed_by >= desk.today]
    waiting = [one for one in found if one.waits]
    mine = queries.worked_on(desk.once(rows), desk.viewer) if waiting else set()
    return [_step(desk, one, "community") for one in queries.sorted_for(waiting, mine)]


def _step(desk: Desk, one: queries.Invited, pen: str) -> Step:
    heading = _("A bureau asks for help: %(what)s")
    by = _("Leads answer by %(day)s.") % {"day": day_in_words(one.answer_by)}
    over = _("No lead took this. A lead can still take it until the decision on %(day)s, or you withdraw it.")
    text = over % {"day": day_in_words(one.needed_by)} if one.is_over else by
    due = one.answer_by if desk.role is Role.LEAD else None
    href, about = desk.to("invitations:invitation", slug=one.slug), one.told.index
    return Step(heading, text, href, pen, due=due, about=about, instead=one.slug)
