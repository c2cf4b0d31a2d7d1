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
    Assisted,
    Brings,
    Contact,
    Erased,
    ReadBack,
    Sent,
    Withdrawn,
)
from alongside.cohort.calls.models.calls import Call, CallPublished, Criterion, Question, Sought
from alongside.cohort.calls.models.demographics import AboutYouDone, DemographicCount

__all__ = [
    "AboutYouDone",
    "AccessNeeds",
    "Answer",
    "Application",
    "Assisted",
    "Brings",
    "Call",
    "CallPublished",
    "ConflictForm",
    "Contact",
    "Criterion",
    "DemographicCount",
    "Erased",
    "Question",
    "ReadBack",
    "Recording",
    "RecordingBytes",
    "Sent",
    "Sought",
    "Transcript",
    "Withdrawn",
]
