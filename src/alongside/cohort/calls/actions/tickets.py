"""Draw a random ticket for each application in a pool; with quotas, fix what it has under a leaf that tells nothing."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from alongside.cohort.calls.models import Call, Lottery, PanelList, Ticket, TicketFacts
from alongside.cohort.calls.queries.balancing import advice_for, facts_of
from alongside.core import lottery as plain
from alongside.core import quotas
from alongside.core.quotas import Quota
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Text
from alongside.ground.record.declared import appends

SALT_BYTES, TICKET_BYTES = 32, 16


@dataclass(frozen=True)
class Made:
    """A ticket with what it has, if the lottery has quotas."""

    application: UUID
    number: str
    values: Mapping[str, str]
    salt: str

    @property
    def leaf(self) -> str:
        """Give the leaf of what it has, or nothing without quotas."""
        return quotas.facts_leaf(self.number, self.values, self.salt).hex() if self.salt else ""


@dataclass(frozen=True)
class Balanced:
    """What an announcement says beside the plain rules; nothing without quotas."""

    method: str = plain.METHOD
    data: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, Text] = field(default_factory=dict)


def make_tickets(pool: Sequence[UUID], balanced: PanelList | None) -> list[Made]:
    """Draw a ticket for each application. One query with quotas, else none."""
    facts = facts_of(pool, [Quota(**one) for one in balanced.asked.quotas]) if balanced else {}
    return [
        Made(
            one,
            secrets.token_hex(TICKET_BYTES),
            facts.get(one, {}),
            secrets.token_hex(SALT_BYTES) if balanced else "",
        )
        for one in pool
    ]


def balance_told(call: Call, balanced: PanelList, tickets: Sequence[Made], lang: str) -> Balanced:
    """Say what the record hears of a lottery with quotas: the quotas, both roots, and who advised. No ticket's facts."""
    rows = [Quota(**one) for one in balanced.asked.quotas]
    by_member = {str(one.application): one.number for one in tickets}
    numbers = [by_member[one] for one in balanced.members]
    panels = [[numbers[place] for place in panel] for panel in balanced.panels]
    listed = [[numbers[place] for place in those] for those in balanced.alternates] or None
    data: dict[str, Any] = {
        "quotas": [vars(one) for one in rows],
        "facts": quotas.facts_root({one.number: bytes.fromhex(one.leaf) for one in tickets}),
        "panels": quotas.panels_tree(panels, balanced.salt, listed).root().hex(),
        "panel_count": len(panels),
    }
    texts = {"widened": Text(lang, balanced.asked.widened)} if balanced.asked.widened else {}
    advice = advice_for(call.program, pack_of(call.program), rows)
    if advice:
        data["advised_on"] = advice.on.isoformat()
        texts["advised_by"] = Text(advice.lang, advice.office)
    return Balanced(quotas.METHOD if listed else quotas.FIRST_METHOD, data, texts)


@appends()
def keep_tickets(*, lottery: Lottery, tickets: Sequence[Made], now: datetime) -> None:
    """Keep the tickets of a lottery, and apart from them what each has, so that it can be erased."""
    _ = now
    Ticket.objects.bulk_create(
        Ticket(lottery=lottery, application_id=one.application, number=one.number, leaf=one.leaf)
        for one in tickets
    )
    TicketFacts.objects.bulk_create(
        TicketFacts(application_id=one.application, values=dict(one.values), salt=one.salt)
        for one in tickets
        if one.salt
    )
