"""Where something stands that leads gave to an office to be mended: nothing of it is on the record."""

from datetime import date, timedelta
from enum import StrEnum

#: So long an office has to say what it does about it.
TO_ANSWER = timedelta(days=30)


class ReferralStage(StrEnum):
    """Given: the office owes a word; late: its day has passed; replied: the office said what it does."""

    GIVEN = "given"
    LATE = "late"
    REPLIED = "replied"


def stage_of(answer_by: date, replied_on: date | None, today: date) -> ReferralStage:
    """Give where it stands on a day."""
    if replied_on:
        return ReferralStage.REPLIED
    return ReferralStage.LATE if today > answer_by else ReferralStage.GIVEN
