"""Where an answer stands in its office before it is on the record: who has it, and from when on it goes out."""

from datetime import date, datetime, timedelta
from enum import StrEnum

#: So long what an office signed waits in its outbox, and can be called back.
OUTBOX_MINUTES = 10
OUTBOX = timedelta(minutes=OUTBOX_MINUTES)
#: What waited for longer, as the site stood still or an old backup is in use, is signed anew.
STALE = timedelta(days=1)


class AnswerStage(StrEnum):
    """Where an answer stands in its office: nobody writes it, a draft, handed back with a note, sent to the manager, signed."""

    EMPTY = "empty"
    DRAFTED = "drafted"
    HANDED_BACK = "handed_back"
    SENT = "sent"
    SIGNED = "signed"


def stage_of(*, sent: datetime | None, signed: datetime | None, note: str) -> AnswerStage:
    """Give where a draft stands."""
    if signed is not None:
        return AnswerStage.SIGNED
    if sent is not None:
        return AnswerStage.SENT
    return AnswerStage.HANDED_BACK if note else AnswerStage.DRAFTED


def waits_in_outbox(due: date, today: date) -> bool:
    """Say whether what is signed today waits: before its day. On that day, and once it is late, it goes at once."""
    return today < due


def goes_out_at(signed: datetime) -> datetime:
    """Give the moment from which on a signed answer goes on the record."""
    return signed + OUTBOX
