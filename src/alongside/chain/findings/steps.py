"""What waits of findings: a small one that another lead signed, and that a second lead has to read."""

from django.utils.translation import gettext as _

from alongside.chain.findings.queries import to_attest
from alongside.ground.record.steps import rows
from alongside.ground.ui.steps import Desk, Step


def steps(desk: Desk) -> list[Step]:
    """List the engagements with a small finding that the viewer can confirm, closed ones too. Four queries at most."""
    waiting = desk.once(rows).some(to_attest(desk.program, desk.viewer.seat_id or 0))
    return [
        Step(
            _("Confirm what few people said: %(what)s"),
            _("Few people said it, so a second lead reads it, and publishes it."),
            desk.to("voices:read", slug=entry.data["engagement"]),
            about=promise,
        )
        for promise, entry in waiting.items()
    ]
