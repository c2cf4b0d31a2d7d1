"""Write courses, offer them, note who learned what, and give the papers that say so."""

from alongside.cohort.training.actions.learning import (
    NotEveryQuestion,
    complete_where_done,
    finish_lesson,
    note_attendance,
)
from alongside.cohort.training.actions.opening import (
    CourseIsEmpty,
    add_file,
    add_link,
    offer_course,
    schedule_session,
)
from alongside.cohort.training.actions.papers import (
    AnotherLetterWaits,
    ask_letter,
    close_proof,
    issue_credential,
    open_proof,
    write_letter,
)
from alongside.cohort.training.actions.rewording import word_course
from alongside.cohort.training.actions.telling import tell_completed
from alongside.cohort.training.actions.writing import (
    LessonWords,
    QuestionsDiffer,
    add_shipped,
    begin_track,
    word_lesson,
    word_track,
    write_course,
    write_lesson,
)

__all__ = [
    "AnotherLetterWaits",
    "CourseIsEmpty",
    "LessonWords",
    "NotEveryQuestion",
    "QuestionsDiffer",
    "add_file",
    "add_link",
    "add_shipped",
    "ask_letter",
    "begin_track",
    "close_proof",
    "complete_where_done",
    "finish_lesson",
    "issue_credential",
    "note_attendance",
    "offer_course",
    "open_proof",
    "schedule_session",
    "tell_completed",
    "word_course",
    "word_lesson",
    "word_track",
    "write_course",
    "write_lesson",
    "write_letter",
]
