"""What becomes of a statement that somebody offered: two leads release it, merge it into one that stands, or decline it."""

from collections.abc import Sequence
from enum import StrEnum

from alongside.core.entries import Entry, LogView
from alongside.core.kinds import EntryKind


class OfferDecision(StrEnum):
    """What two leads decided of an offered statement: people judge it, it is said already, or it stays out."""

    RELEASED = "released"
    MERGED = "merged"
    DECLINED = "declined"


class OfferReason(StrEnum):
    """Why a statement stays out; leads add a sentence of their own."""

    PERSON = "points-at-a-person"
    THOUGHTS = "several-thoughts"
    MATTER = "another-matter"
    HURTS = "attacks-people"
    UNCLEAR = "hard-to-judge"
    LATE = "too-late"


def decided_of(promise: int, log: LogView) -> Sequence[Entry]:
    """List what was decided of statements that people offered in an engagement, oldest first."""
    return log.citing(promise, EntryKind.OFFER_DECIDED)


def released(decided: Sequence[Entry]) -> list[Entry]:
    """List the decisions by which a statement joined those that people judge, oldest first."""
    return [one for one in decided if one.data["decision"] == OfferDecision.RELEASED]
