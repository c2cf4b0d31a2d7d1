"""What waits of findings: a small one that another lead signed, and that a second lead has to read."""

from django.utils.translation import gettext as _

from alongside.chain.findings.queries import to_attest
from alongside.ground.ui.steps import Desk, Step
from alongside.work.engagements.steps import on_their_way


def steps(desk: Desk) -> list[Step]:
    """List the engagements with a small finding that the viewer can confirm. Three queries, and four shared with other apps."""
    waiting = to_attest(desk.program, desk.viewer.seat_id or 0)
    return [
        Step(
            _("Confirm a small finding: %(what)s"),
            _("It rests on few voices, so a second lead reads it, and publishes it."),
            desk.to("voices:read", slug=one.slug),
            about=one.promise,
        )
        for one in desk.once(on_their_way)
        if one.promise in waiting
    ]
