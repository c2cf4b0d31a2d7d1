"""What waits in consultations: leads to give advice, a unit to bring what is to be reviewed."""

from datetime import date

from django.utils.translation import gettext as _

from alongside.desks import saying
from alongside.desks.waiting import Item
from alongside.ground.gate.roles import ViewerRequest
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.languages import apart
from alongside.work.consultations.queries import ConsultationView, asked_of, every_consultation


def for_lead(request: ViewerRequest, today: date) -> list[Item]:
    """List the consultations on which leads are asked and have not advised. Six queries."""
    mine = asked_of(request.program, request.viewer)
    found = (
        [one for one in every_consultation(request.program, lang_of(request)) if one.slug in mine]
        if mine
        else []
    )
    return [_to_review(request, one, today) for one in found if one.state(today) in {"open", "late"}]


def _to_review(request: ViewerRequest, one: ConsultationView, today: date) -> Item:
    is_late = one.state(today) == "late"
    text = (
        _("Advice was asked for by %(day)s. It is still welcome.")
        if is_late
        else _("The City asks for your advice by %(day)s.")
    )
    return Item(
        _("Review: %(what)s") % {"what": apart(one.told.say("title"))},
        text % {"day": saying.day(one.advice_by)},
        to(request, "consultations:consultation", slug=one.slug),
    )


def for_unit(request: ViewerRequest, today: date) -> list[Item]:
    """List the consultations of the viewer's units to which nothing was brought yet. Five queries."""
    found = every_consultation(request.program, lang_of(request))
    bare = [one for one in found if one.unit in request.viewer.units and not one.versions]
    return [
        Item(
            _("Bring what the leads should review: %(what)s") % {"what": apart(one.told.say("title"))},
            _("You asked for advice by %(day)s.") % {"day": saying.day(one.advice_by)},
            to(request, "consultations:bring", slug=one.slug),
            pen="city",
        )
        for one in bare
        if one.state(today) != "withdrawn"
    ]
