"""What waits for a second lead, of what another proposed: each thing says it in words of its own."""

from django.db.models import QuerySet

from alongside.chain.keys.steps import held
from alongside.chain.proposals import queries
from alongside.chain.proposals.models import Proposal
from alongside.cohort.seats.steps import seated
from alongside.core.workflow.seconds import Proposed
from alongside.ground.gate.roles import Role
from alongside.ground.record.steps import lost_own_key, rows
from alongside.ground.ui.steps import Desk


def of_others(desk: Desk, what: Proposed) -> QuerySet[Proposal] | None:
    """Give what other leads proposed, to a lead; None to all others."""
    is_lead = desk.role is Role.LEAD
    return queries.of_others(desk.program, what, desk.viewer.person_id or 0) if is_lead else None


def to_confirm(desk: Desk, what: Proposed) -> list[tuple[str, int, bool]]:
    """List what waits for this lead where they hold the key to read it: the reader's address, how much, and whether its writer has left, so that it is begun again.

    Nothing of a lead who lost theirs. Three queries at most.
    """
    if desk.once(lost_own_key):
        return []
    counts = queries.waiting(desk.program, what, desk.viewer.person_id or 0, desk.once(seated), desk.today)
    promises = desk.once(rows).some(promise for promise, _has_left in counts)
    slugs = {promise: entry.data["engagement"] for promise, entry in promises.items()}
    return [
        (desk.to("reader:read", slug=slugs[promise]), count, has_left)
        for (promise, has_left), count in counts.items()
        if slugs[promise] in desk.once(held)
    ]
