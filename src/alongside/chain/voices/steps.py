"""What waits of voices: to open them, and to share a key before its holder leaves."""

from django.utils.translation import gettext as _

from alongside.chain.voices.queries import keys_that_leave
from alongside.cohort.seats.steps import leaving
from alongside.core.workflow.engagements import EngagementStep
from alongside.ground.record.queries import titles_of
from alongside.ground.ui.languages import apart
from alongside.ground.ui.steps import Desk, Step
from alongside.work.engagements.steps import on_their_way


def steps(desk: Desk) -> list[Step]:
    """List the engagements whose voices are in, and those that nobody could open when this lead is gone."""
    text = _("The voices are in. Unlock the reader to open them.")
    found = [
        Step(
            _("Open the voices: %(what)s") % {"what": apart(one.title)},
            text,
            desk.to("voices:read", slug=one.slug),
        )
        for one in desk.once(on_their_way)
        if one.next.what == EngagementStep.OPEN
    ]
    return [*found, *_keys(desk)]


def _keys(desk: Desk) -> list[Step]:
    seat = desk.once(leaving)
    held = keys_that_leave(desk.program, seat) if seat else []
    titles = titles_of(desk.program, held, desk.lang) if held else {}
    text, href = _("Nobody who stays can open its voices yet."), desk.to("voices:reader")
    return [
        Step(_("Share the key: %(what)s") % {"what": titles[one].words if one in titles else one}, text, href)
        for one in held
    ]
