"""What a learner answers, and what the steward writes."""

from alongside.cohort.training.forms.learning import CheckForm, CredentialForm, LetterWish
from alongside.cohort.training.forms.steward import (
    CourseForm,
    LessonForm,
    LetterForm,
    ShippedForm,
    TrackForm,
    TrackNameForm,
)
from alongside.cohort.training.forms.teaching import AttendanceForm, MaterialForm, SessionForm

__all__ = [
    "AttendanceForm",
    "CheckForm",
    "CourseForm",
    "CredentialForm",
    "LessonForm",
    "LetterForm",
    "LetterWish",
    "MaterialForm",
    "SessionForm",
    "ShippedForm",
    "TrackForm",
    "TrackNameForm",
]
