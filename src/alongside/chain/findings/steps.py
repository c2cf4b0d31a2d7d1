"""What waits of findings: a small one that another lead signed, and that a second lead has to read."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from alongside.chain.findings.models import Attestation
from alongside.chain.findings.queries import of_drafts, to_attest
from alongside.ground.record.steps import is_any, lost_own_key, rows
from alongside.ground.ui.steps import Desk, Step


def _attested(desk: Desk) -> QuerySet[Attestation]:
    return of_drafts(desk.program)


#: What waits seldom.
SELDOM = (_attested,)


def steps(desk: Desk) -> list[Step]:
    """List the engagements with a small finding that the viewer can confirm, closed ones too; none of a lead who lost their key. Four queries at most."""
    if not is_any(desk, _attested) or desk.once(lost_own_key):
        return []
    waiting = desk.once(rows).some(to_attest(desk.program, desk.viewer.seat_id or 0))
    return [
        Step(
            _("Confirm what few people said: %(what)s"),
            _("Few people said it, so a second lead reads it, and publishes it."),
            desk.to("reader:read", slug=entry.data["engagement"]),
            about=promise,
        )
        for promise, entry in waiting.items()
    ]
