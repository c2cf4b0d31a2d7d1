"""Where an application stands, folded from its events: each has a kind, a day and at most one choice, and never words."""

from collections.abc import Collection, Mapping
from enum import StrEnum


class EventKind(StrEnum):
    """What happens to an application."""

    ASSISTED = "assisted"
    READ_BACK = "read-back"
    SENT = "sent"
    SHORTLISTED = "shortlisted"
    NEWS = "news"
    TOLD = "told"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


class ApplicationStage(StrEnum):
    """Where an application stands."""

    BEGUN = "begun"
    SENT = "sent"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


#: The choices that events of a kind hold one of; the others hold none.
CHOICES: Mapping[EventKind, tuple[str, ...]] = {
    EventKind.ASSISTED: ("phone", "paper", "visit"),
    EventKind.ERASED: ("withdrawn", "never-sent", "retention"),
}
#: There may be news more than once, and each is told in a letter; all else happens once.
AGAIN = (EventKind.NEWS, EventKind.TOLD)
#: From then on nobody reads an application.
GONE = (EventKind.WITHDRAWN, EventKind.ERASED)


def stage(happened: Collection[str]) -> ApplicationStage:
    """Say where an application stands."""
    reached = (ApplicationStage.WITHDRAWN, ApplicationStage.ERASED, ApplicationStage.SENT)
    return next((one for one in reached if one in happened), ApplicationStage.BEGUN)


def erased_for(happened: Collection[str]) -> str:
    """Say why an application whose time is over is erased: taken back, kept long enough, or never sent."""
    grounds = {"withdrawn": "withdrawn", "sent": "retention"}
    return grounds.get(stage(happened), "never-sent")
