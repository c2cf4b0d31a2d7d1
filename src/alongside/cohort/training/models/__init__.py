"""What is taught, who learned it, and the papers that say so."""

from alongside.cohort.training.models.courses import (
    Course,
    CourseText,
    Lesson,
    LessonText,
    Material,
    Offering,
    Session,
    Track,
    TrackText,
)
from alongside.cohort.training.models.learning import (
    Attendance,
    Completion,
    Credential,
    LessonDone,
    LetterAsked,
    LetterWritten,
    Proof,
    ProofClosed,
)

__all__ = [
    "Attendance",
    "Completion",
    "Course",
    "CourseText",
    "Credential",
    "Lesson",
    "LessonDone",
    "LessonText",
    "LetterAsked",
    "LetterWritten",
    "Material",
    "Offering",
    "Proof",
    "ProofClosed",
    "Session",
    "Track",
    "TrackText",
]
