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
    ReadingDone,
    Recused,
    Score,
)
from alongside.cohort.calls.models.selection import (
    Accepted,
    Admitted,
    Attested,
    Carried,
    Decision,
    Declined,
    Drawn,
    Lottery,
    Offer,
    SelectionClosed,
    Shortlist,
    Ticket,
)

__all__ = [
    "Accepted",
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
    "Declined",
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
    "ReadingDone",
    "Recording",
    "RecordingBytes",
    "Recused",
    "Score",
    "SelectionClosed",
    "Shortlist",
    "Ticket",
    "TicketFacts",
    "Transcript",
    "Unsaved",
]
