"""For each what pay is, what a claim of it is of, and where it stands, from what was decided of it and what came of its payment."""

from enum import StrEnum


class Per(StrEnum):
    """For each what pay is. An agreement has no pay for the term, and a call none for a deliverable."""

    HOUR = "hour"
    MONTH = "month"
    DELIVERABLE = "deliverable"
    TERM = "term"


AGREED_PER = (Per.HOUR.value, Per.MONTH.value, Per.DELIVERABLE.value)
PROMISED_PER = (Per.HOUR.value, Per.MONTH.value, Per.TERM.value)


class ClaimKind(StrEnum):
    """What a claim is of: work by the hour, by the piece or by the month; or a cost, money for costs before they are spent, what of that came back."""

    HOURS = "hours"
    DELIVERABLE = "deliverable"
    MONTH = "month"
    COST = "cost"
    ADVANCE = "advance"
    RETURNED = "returned"


WORK_KINDS = (ClaimKind.HOURS.value, ClaimKind.DELIVERABLE.value, ClaimKind.MONTH.value)
#: These are no income, and outside the sum agreed.
COST_KINDS = (ClaimKind.COST.value, ClaimKind.ADVANCE.value, ClaimKind.RETURNED.value)


class ClaimStage(StrEnum):
    """Where a claim stands; again: its payment was sent back, or came in part, and a later run sends what is missing.

    Settled: an advance that was paid before covers it, so that nothing is to be paid.
    """

    WAITING = "waiting"
    APPROVED = "approved"
    SENT = "sent"
    AGAIN = "again"
    PAID = "paid"
    SETTLED = "settled"
    SENT_BACK = "sent-back"
    TAKEN_BACK = "taken-back"

    @property
    def is_owed(self) -> bool:
        """Say whether money is owed for it."""
        return self in {ClaimStage.WAITING, ClaimStage.APPROVED, ClaimStage.SENT, ClaimStage.AGAIN}

    @property
    def is_unsent(self) -> bool:
        """Say whether nothing is under way for it, though money is or will be owed."""
        return self.is_owed and self is not ClaimStage.SENT

    @property
    def is_dropped(self) -> bool:
        """Say whether nothing comes of it, so that it can be corrected."""
        return self in {ClaimStage.SENT_BACK, ClaimStage.TAKEN_BACK}


#: How a claim is decided: by the steward, or by the lead who takes it back.
VERDICTS = (ClaimStage.APPROVED.value, ClaimStage.SENT_BACK.value, ClaimStage.TAKEN_BACK.value)


def stage_of(
    verdict: str | None, *, is_in_run: bool, is_under_way: bool, is_paid: bool, is_from_advance: bool = False
) -> ClaimStage:
    """Give where a claim stands: what came of its payment counts, and before that how it was decided."""
    if is_from_advance and verdict == ClaimStage.APPROVED:
        return ClaimStage.SETTLED
    if not is_in_run:
        return ClaimStage(verdict) if verdict else ClaimStage.WAITING
    if is_under_way:
        return ClaimStage.SENT
    return ClaimStage.PAID if is_paid else ClaimStage.AGAIN
