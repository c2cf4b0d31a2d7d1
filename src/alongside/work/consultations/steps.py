"""What waits of consultations: advice that leads give, and what a unit brings for it."""

from django.utils.translation import gettext as _

from alongside.core.kinds import EntryKind
from alongside.core.workflow.consultations import ConsultationStage
from alongside.ground.gate.roles import Role
from alongside.ground.record.steps import rows
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.steps import Desk, Step
from alongside.work.consultations import queries

#: What these steps look at.
READS = (EntryKind.CONSULTATION_OPENED, *queries.KINDS)


def steps(desk: Desk) -> list[Step]:
    """List the consultations on which a lead is asked and has not advised; for a unit, its own without anything to review.

    One query at most.
    """
    if desk.role is Role.STAFF:
        found = queries.every_consultation(desk.once(rows))
        own = [one for one in found if desk.viewer.works_for(one.unit) and not one.versions]
        return [_to_bring(desk, one) for one in own if one.state(desk.today) != ConsultationStage.WITHDRAWN]
    found = queries.every_consultation(desk.once(rows))
    return [_to_review(desk, one) for one in found if one.state(desk.today).waits_for_advice]


def _to_bring(desk: Desk, one: queries.ConsultationView) -> Step:
    return Step(
        _("Bring what the leads should review: %(what)s"),
        _("You asked for advice by %(day)s.") % {"day": day_in_words(one.advice_by)},
        desk.to("consultations:bring", slug=one.slug),
        "city",
        about=one.told.index,
    )


def _to_review(desk: Desk, one: queries.ConsultationView) -> Step:
    text = _("The City asks for your advice by %(day)s.")
    if one.state(desk.today) == ConsultationStage.LATE:
        text = _("Advice was asked for by %(day)s. It is still welcome.")
    return Step(
        _("Review: %(what)s"),
        text % {"day": day_in_words(one.advice_by)},
        desk.to("consultations:consultation", slug=one.slug),
        due=one.advice_by,
        about=one.told.index,
    )
