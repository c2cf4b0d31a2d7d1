"""Read tracks, courses and lessons, what a person learned, the papers, and what ships with the house."""

from alongside.cohort.training.queries.learning import TrackMine, my_tracks
from alongside.cohort.training.queries.lessons import LessonShown, lesson_for, material_for
from alongside.cohort.training.queries.papers import (
    PaperShown,
    ProofShown,
    completion_for,
    proof_by_token,
)
from alongside.cohort.training.queries.public import TrackShown, counted_until, public_tracks
from alongside.cohort.training.queries.shipped import shipped_names
from alongside.cohort.training.queries.steward import (
    CoursePage,
    attenders,
    course_for_steward,
    free_slug,
    lesson_for_steward,
    letter_for_steward,
    letters_waiting,
    session_for_steward,
    sessions_to_note,
    slugs_of,
    steward_tracks,
    track_for_steward,
)

__all__ = [
    "CoursePage",
    "LessonShown",
    "PaperShown",
    "ProofShown",
    "TrackMine",
    "TrackShown",
    "attenders",
    "completion_for",
    "counted_until",
    "course_for_steward",
    "free_slug",
    "lesson_for",
    "lesson_for_steward",
    "letter_for_steward",
    "letters_waiting",
    "material_for",
    "my_tracks",
    "proof_by_token",
    "public_tracks",
    "session_for_steward",
    "sessions_to_note",
    "shipped_names",
    "slugs_of",
    "steward_tracks",
    "track_for_steward",
]
