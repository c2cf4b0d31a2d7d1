"""What waits of meetings: minutes to publish; and the meetings that come."""

from datetime import date

from django.utils.translation import gettext as _

from alongside.cohort.meetings.queries import MeetingShown, meetings_of
from alongside.core.clocks import local_date
from alongside.ground.gate.roles import Role
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.steps import THE_LEADS, Desk, Step


def steps(desk: Desk) -> list[Step]:
    """List the meetings of the past without public minutes, and for the steward those that come. Six queries at most."""
    found = []
    for one in meetings_of(desk.program, desk.lang):
        on = local_date(one.row.starts_at, desk.pack)
        if on < desk.today and one.held is None and not one.is_cancelled:
            found.append(_minutes(desk, one, on))
        if desk.role is Role.STEWARD and desk.is_near(on) and not one.is_cancelled:
            found.append(_coming(desk, one, on))
    return found


def _minutes(desk: Desk, one: MeetingShown, on: date) -> Step:
    return Step(
        _("Minutes: %(what)s") % {"what": one.planned.say("title")},
        _("Held on %(day)s. Leads publish the minutes.") % {"day": day_in_words(on)},
        desk.to("meetings:minutes", meeting=one.slug),
        owner=THE_LEADS,
        step=_("Write the minutes; a lead publishes them."),
    )


def _coming(desk: Desk, one: MeetingShown, on: date) -> Step:
    return desk.dated(
        _("Meeting: %(what)s") % {"what": one.planned.say("title")},
        desk.to("meetings:meeting", meeting=one.slug),
        on,
        text=one.row.place,
        owner=THE_LEADS,
        step=_("Read the agenda, and come."),
    )
