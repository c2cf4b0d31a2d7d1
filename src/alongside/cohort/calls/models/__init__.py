"""Tables of calls and of applications, one module a subject."""

from alongside.cohort.calls.models.answers import (
    AccessNeeds,
    Answer,
    ConflictForm,
    Recording,
    RecordingBytes,
    Transcript,
)
from alongside.cohort.calls.models.applications import (
    Application,
    Contact,
    Event,
    Unsaved,
)
from alongside.cohort.calls.models.calls import Call
from alongside.cohort.calls.models.demographics import DemographicCount
from alongside.cohort.calls.models.inviting import Invitee
from alongside.cohort.calls.models.quotas import (
    Balance,
    CounselAdvice,
    PanelList,
    PanelsAsked,
    TicketFacts,
)
from alongside.cohort.calls.models.reviewing import (
    NamesOpened,
    Reading,
    Score,
)
from alongside.cohort.calls.models.selection import (
    Admitted,
    Attested,
    Carried,
    Decision,
    Drawn,
    Lottery,
    Offer,
    SelectionClosed,
    Shortlist,
    Ticket,
)

__all__ = [
    "AccessNeeds",
    "Admitted",
    "Answer",
    "Application",
    "Attested",
    "Balance",
    "Call",
    "Carried",
    "ConflictForm",
    "Contact",
    "CounselAdvice",
    "Decision",
    "DemographicCount",
    "Drawn",
    "Event",
    "Invitee",
    "Lottery",
    "NamesOpened",
    "Offer",
    "PanelList",
    "PanelsAsked",
    "Reading",
    "Recording",
    "RecordingBytes",
    "Score",
    "SelectionClosed",
    "Shortlist",
    "Ticket",
    "TicketFacts",
    "Transcript",
    "Unsaved",
]
