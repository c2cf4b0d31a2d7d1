"""Where a consultation stands, from its brief and what was entered about it."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum

from alongside.core.entries import Entry
from alongside.core.kinds import EntryKind


class ConsultationStage(StrEnum):
    """Where a consultation stands; late: the day for advice has passed without any, and advice is still welcome."""

    OPEN = "open"
    LATE = "late"
    ADVISED = "advised"
    WITHDRAWN = "withdrawn"

    @property
    def waits_for_advice(self) -> bool:
        """Say whether leads are to advise."""
        return self in {ConsultationStage.OPEN, ConsultationStage.LATE}


def stage_of(brief: Entry, said: Collection[str], today: date) -> ConsultationStage:
    """Give where a consultation stands on a day; `said` are the kinds of what was entered about it."""
    if EntryKind.CONSULTATION_WITHDRAWN in said:
        return ConsultationStage.WITHDRAWN
    if EntryKind.ADVICE_PUBLISHED in said:
        return ConsultationStage.ADVISED
    is_late = today > date.fromisoformat(brief.data["advice_by"])
    return ConsultationStage.LATE if is_late else ConsultationStage.OPEN
