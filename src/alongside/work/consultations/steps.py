"""What waits of consultations: advice that leads give, and what a unit brings for it."""

from datetime import date

from django.utils.translation import gettext as _

from alongside.core.entries import Entry
from alongside.core.kinds import EntryKind
from alongside.core.workflow.consultations import ConsultationStage
from alongside.ground.gate.roles import Role
from alongside.ground.record.queries import indexes_citing
from alongside.ground.record.steps import rows
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.steps import Desk, Step
from alongside.work.consultations import queries

#: What these steps look at.
READS = (EntryKind.CONSULTATION_OPENED, *queries.ENDS)


def steps(desk: Desk) -> list[Step]:
    """List the consultations on which a lead is asked and has not advised; for a unit, its own without anything to review.

    One query at most, and for a unit one more.
    """
    found = queries.stages(desk.once(rows), desk.today)
    if desk.role is not Role.STAFF:
        return [_to_review(desk, one, stage) for one, stage in found if stage.waits_for_advice]
    is_there = (one for one, stage in found if stage != ConsultationStage.WITHDRAWN)
    own = [one for one in is_there if desk.viewer.works_for(one.data["unit"])]
    came = (
        indexes_citing(desk.program, [one.index for one in own], (EntryKind.MATERIAL_ENTERED,)) if own else ()
    )
    brought = {brief for _material, _kind, brief in came}
    return [_to_bring(desk, one) for one in own if one.index not in brought]


def _to_bring(desk: Desk, brief: Entry) -> Step:
    return Step(
        _("Bring what the leads should review: %(what)s"),
        _("You asked for advice by %(day)s.") % {"day": day_in_words(_advice_by(brief))},
        desk.to("consultations:bring", slug=brief.data["consultation"]),
        "city",
        about=brief.index,
    )


def _to_review(desk: Desk, brief: Entry, stage: ConsultationStage) -> Step:
    text = _("The City asks for your advice by %(day)s.")
    if stage == ConsultationStage.LATE:
        text = _("Advice was asked for by %(day)s. It is still welcome.")
    return Step(
        _("Review: %(what)s"),
        text % {"day": day_in_words(_advice_by(brief))},
        desk.to("consultations:consultation", slug=brief.data["consultation"]),
        due=_advice_by(brief),
        about=brief.index,
    )


def _advice_by(brief: Entry) -> date:
    return date.fromisoformat(brief.data["advice_by"])
