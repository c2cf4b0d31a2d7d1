"""What waits of voices: to open them, to write what was heard, and to share a key before its holder leaves."""

from django.utils.translation import gettext as _

from alongside.chain.voices.queries import held_by, keys_that_leave, lists_signed
from alongside.cohort.seats.steps import leaving
from alongside.core.workflow.engagements import EngagementStep
from alongside.core.workflow.open_steps import KEYHOLDERS
from alongside.ground.record.queries import titles_of
from alongside.ground.ui.steps import Desk, Step
from alongside.work.engagements.steps import UnderWay, on_their_way


def held(desk: Desk) -> set[str]:
    """Name the engagements whose key is locked to the viewer. One query."""
    return held_by(desk.program, desk.viewer)


def steps(desk: Desk) -> list[Step]:
    """List what waits for whoever holds a key: voices to open, a list to sign, what was heard to write; and keys whose holder goes."""
    courses = [one for one in desk.once(on_their_way) if one.next.who == KEYHOLDERS]
    mine = [one for one in courses if one.slug in desk.once(held)]
    signed = lists_signed(desk.program, [one.promise for one in mine]) if mine else {}
    return [*(step for one in mine if (step := _to_read(desk, one, signed.get(one.promise)))), *_keys(desk)]


def _to_read(desk: Desk, one: UnderWay, signed_by: str | None) -> Step | None:
    """Say what a lead who holds the key does next; whoever signed the list waits for a second lead."""
    heading, text = _("Write what you heard: %(what)s"), _("The voices are open.")
    if one.next.what == EngagementStep.OPEN:
        if signed_by == desk.viewer.seat:
            return None
        heading, text = (
            _("Open the voices: %(what)s"),
            _("The voices are in. Unlock the reader to open them."),
        )
        if signed_by:
            text = _("Another lead opened them. Open them too, and sign the same list.")
    return Step(heading, text, desk.to("voices:read", slug=one.slug), about=one.promise)


def _keys(desk: Desk) -> list[Step]:
    seat = desk.once(leaving)
    keys = keys_that_leave(desk.program, seat) if seat else []
    titles = titles_of(desk.program, keys, desk.lang) if keys else {}
    text, href = _("Nobody who stays can open its voices yet."), desk.to("voices:reader")
    return [
        Step(_("Share the key: %(what)s") % {"what": titles[one].words if one in titles else one}, text, href)
        for one in keys
    ]
