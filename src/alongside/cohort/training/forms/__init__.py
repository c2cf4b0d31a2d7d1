"""What a learner answers, and what the steward writes."""

from alongside.cohort.training.forms.learning import CheckForm, CredentialForm, LetterWish
from alongside.cohort.training.forms.steward import (
    AttendanceForm,
    CourseForm,
    LessonForm,
    LetterForm,
    MaterialForm,
    SessionForm,
    ShippedForm,
    TrackForm,
)

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
]
