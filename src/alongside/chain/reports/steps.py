"""What waits of report-backs: for leads to write and close, for the steward those that are late or near."""

from datetime import timedelta

from django.utils.translation import gettext as _

from alongside.chain.asks.steps import left
from alongside.core.workflow.engagements import EngagementStep
from alongside.ground.gate.roles import Role
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.steps import THE_LEADS, Desk, Step
from alongside.work.engagements.steps import UnderWay, on_their_way

#: So many days before its day a report-back waits for its leads.
SOON = timedelta(days=21)


def steps(desk: Desk) -> list[Step]:
    """List the engagements whose people are to hear back, and those that can be closed. Four queries, shared with other apps."""
    say = _by_steward if desk.role is Role.STEWARD else _by_lead
    return [step for one in desk.once(on_their_way) if (step := say(desk, one))]


def _by_lead(desk: Desk, one: UnderWay) -> Step | None:
    href = desk.to("reports:write", promise=one.promise)
    if one.next.what == EngagementStep.CLOSE:
        text = _("People have heard back. You can close it.")
        return Step(_("Close: %(what)s"), text, href, about=one.promise)
    report_back = one.course.report_back
    is_owed = one.next.what in {EngagementStep.FIND, EngagementStep.REPORT}
    if not is_owed or report_back - SOON > desk.today:
        return None
    if desk.once(left).report(one.promise):
        return None
    text = _("Promised for %(day)s.") % {"day": day_in_words(report_back)}
    return Step(_("Report back: %(what)s"), text, href, due=report_back, about=one.promise)


def _by_steward(desk: Desk, one: UnderWay) -> Step | None:
    href, step = (
        desk.to("desks:thread", promise=one.promise),
        _("Write the report-back, in every language that was promised."),
    )
    if one.course.report_owed is None:
        return None
    if one.course.report_back < desk.today:
        heading = _("Late report-back: %(what)s")
        text = _("The report-back was promised for %(day)s. The leads write it.")
        text %= {"day": day_in_words(one.course.report_back)}
        return Step(heading, text, href, state="late", owner=THE_LEADS, step=step, about=one.promise)
    if not desk.is_near(one.course.report_back):
        return None
    heading = _("People hear back: %(what)s")
    return desk.dated(heading, href, one.course.report_back, owner=THE_LEADS, step=step, about=one.promise)
