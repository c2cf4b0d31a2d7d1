"""What comes of the removal of a seat where its lead appeals, and by when."""

from datetime import timedelta
from enum import StrEnum

#: How long an appeal waits for its decision; then the removal falls.
APPEAL_DECIDED = timedelta(days=30)


class Ruling(StrEnum):
    """How an appeal is decided."""

    STANDS = "stands"
    LIFTED = "lifted"
