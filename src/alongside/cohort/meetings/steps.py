"""What waits of meetings: minutes to publish, and to confirm; and the meetings that come."""

from datetime import date

from django.utils.translation import gettext as _

from alongside.cohort.meetings.models import Meeting
from alongside.cohort.meetings.queries import by_others, looked_at, unconfirmed
from alongside.core.clocks import local_date
from alongside.ground.gate.roles import Role
from alongside.ground.record.steps import kept
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.steps import AHEAD, THE_LEADS, Desk, Step


def steps(desk: Desk) -> list[Step]:
    """List the meetings of the past without public minutes, for a lead minutes to confirm, for the steward what comes. Four queries at most."""
    own, seat = (desk.viewer.cohort, desk.viewer.seat) if desk.role is Role.LEAD else (None, None)
    every, found = looked_at(desk.program, own or "", desk.request.now - AHEAD), []
    for one in (each for each in every if each.minutes is None):
        on = local_date(one.starts_at, desk.pack)
        if on < desk.today:
            found.append(_minutes(desk, one, on))
        if desk.role is Role.STEWARD and desk.is_near(on):
            found.append(_coming(desk, one, on))
    held = [one for one in every if one.minutes is not None]
    if held and seat:
        entries = kept(desk, unconfirmed, tuple(one.minutes for one in held))
        found += [_confirm(desk, one) for one in by_others(held, entries, seat)]
    return found


def _minutes(desk: Desk, one: Meeting, on: date) -> Step:
    return Step(
        _("Minutes: %(what)s"),
        _("Held on %(day)s. Leads publish the minutes.") % {"day": day_in_words(on)},
        desk.to("meetings:minutes", meeting=one.slug),
        owner=THE_LEADS,
        step=_("Write the minutes; a lead publishes them."),
        about=one.entry,
    )


def _confirm(desk: Desk, one: Meeting) -> Step:
    return Step(
        _("Minutes to confirm: %(what)s"),
        _("Another lead published them. Read them, then confirm them, or say how it was."),
        desk.to("meetings:meeting", meeting=one.slug),
        about=one.entry,
    )


def _coming(desk: Desk, one: Meeting, on: date) -> Step:
    return desk.dated(
        _("Meeting: %(what)s"),
        desk.to("meetings:meeting", meeting=one.slug),
        on,
        text=one.place,
        owner=THE_LEADS,
        step=_("Read the agenda, and come."),
        about=one.entry,
    )
