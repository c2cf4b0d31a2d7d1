"""Where an invitation stands, from its days and what was entered about it."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum

from alongside.core.entries import Entry
from alongside.core.kinds import EntryKind


class InvitationStage(StrEnum):
    """Where an invitation stands; over: its day has passed, and no lead took or declined it; lapsed: who took it left it."""

    WAITS = "waits"
    OVER = "over"
    DECLINED = "declined"
    TAKEN = "taken"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"

    @property
    def may_be_taken(self) -> bool:
        """Say whether a lead can take it: also after its day, after leads declined, and after who took it let it lie."""
        return self not in {InvitationStage.TAKEN, InvitationStage.WITHDRAWN}


#: What answers an invitation; what stands first counts.
ANSWERS = {
    EntryKind.INVITATION_WITHDRAWN: InvitationStage.WITHDRAWN,
    EntryKind.INVITATION_TAKEN: InvitationStage.TAKEN,
    EntryKind.INVITATION_DECLINED: InvitationStage.DECLINED,
}


def stage_of(made: Entry, said: Collection[str], today: date, *, has_lapsed: bool = False) -> InvitationStage:
    """Give where an invitation stands on a day; `said` are the kinds of what was entered about it.

    `has_lapsed`: whoever took it sits no more, or let it lie.
    """
    for kind, stage in ANSWERS.items():
        if kind in said:
            return InvitationStage.LAPSED if stage == InvitationStage.TAKEN and has_lapsed else stage
    is_over = today > date.fromisoformat(made.data["answer_by"])
    return InvitationStage.OVER if is_over else InvitationStage.WAITS
