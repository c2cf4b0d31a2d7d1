"""Where an invitation stands, from its days and what was entered about it."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum

from alongside.core.entries import Entry, LogView
from alongside.core.kinds import EntryKind


class InvitationStage(StrEnum):
    """Where an invitation stands; over: its day has passed, and no lead took or declined it."""

    WAITS = "waits"
    OVER = "over"
    DECLINED = "declined"
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"

    @property
    def may_be_taken(self) -> bool:
        """Say whether a lead can take it: also after its day, and after leads declined."""
        return self not in {InvitationStage.TAKEN, InvitationStage.WITHDRAWN}


#: What answers an invitation; what stands first counts.
ANSWERS = {
    EntryKind.INVITATION_TAKEN: InvitationStage.TAKEN,
    EntryKind.INVITATION_WITHDRAWN: InvitationStage.WITHDRAWN,
    EntryKind.INVITATION_DECLINED: InvitationStage.DECLINED,
}


def stage_of(made: Entry, said: Collection[str], today: date) -> InvitationStage:
    """Give where an invitation stands on a day; `said` are the kinds of what was entered about it."""
    for kind, stage in ANSWERS.items():
        if kind in said:
            return stage
    is_over = today > date.fromisoformat(made.data["answer_by"])
    return InvitationStage.OVER if is_over else InvitationStage.WAITS


def stage_at(made: Entry, log: LogView, today: date) -> InvitationStage:
    """Give where an invitation stands after all that was entered about it."""
    return stage_of(made, [kind for kind in ANSWERS if log.citing(made.index, kind)], today)
