"""What comes of the removal of a seat where its lead appeals."""

from enum import StrEnum


class Ruling(StrEnum):
    """How an appeal is decided."""

    STANDS = "stands"
    LIFTED = "lifted"
