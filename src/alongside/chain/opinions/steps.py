"""What waits of statements that people offered: a second lead's look."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.chain.opinions import queries
from alongside.chain.opinions.models import OfferProposal
from alongside.chain.voices.steps import held
from alongside.ground.gate.roles import Role
from alongside.ground.record.steps import is_any, rows
from alongside.ground.ui.steps import Desk, Step


def _of_others(desk: Desk) -> QuerySet[OfferProposal] | None:
    is_lead = desk.role is Role.LEAD
    return queries.of_others(desk.program, desk.viewer.person_id or 0) if is_lead else None


#: What waits seldom.
SELDOM = (_of_others,)


def steps(desk: Desk) -> list[Step]:
    """List what waits for a second lead, where this one holds the key to read it. Two queries at most."""
    if desk.role is not Role.LEAD or not is_any(desk, _of_others):
        return []
    counts = queries.waiting(desk.program, desk.viewer.person_id or 0)
    promises = desk.once(rows).some(counts)
    slugs = {promise: entry.data["engagement"] for promise, entry in promises.items()}
    return [
        _confirm(desk.to("voices:read", slug=slugs[promise]), count)
        for promise, count in counts.items()
        if slugs[promise] in desk.once(held)
    ]


def _confirm(href: str, count: int) -> Step:
    text = ngettext(
        "%(n)d decision waits for a second lead. Unlock the reader to read it beside what its author wrote.",
        "%(n)d decisions wait for a second lead. Unlock the reader to read them beside what their authors wrote.",
        count,
    )
    return Step(_("Decide what becomes of an offered statement"), text % {"n": count}, href)
