"""Begin a track, and write its courses and lessons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from alongside.cohort.training.models import (
    Course,
    CourseText,
    Lesson,
    LessonText,
    Track,
    TrackText,
)
from alongside.cohort.training.queries.shipped import shipped
from alongside.core.clocks import local_date
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends


class QuestionsDiffer(ValueError):  # noqa: N818 -- the name is a sentence
    """A translation of a check has other questions than the check."""


@dataclass(frozen=True)
class LessonWords:
    """A lesson in one language. `questions` holds {ask, choices} in their order."""

    lang: str
    title: str
    body: str
    questions: Sequence[Mapping[str, Any]] = field(default_factory=list)
    made_by: str = "person"
    is_reviewed: bool = True


def _today(program: Program, now: datetime) -> date:
    return local_date(now, pack_of(program))


@appends()
@transaction.atomic
def begin_track(
    *, program: Program, slug: str, audience: str, titles: Mapping[str, str], now: datetime
) -> Track:
    """Begin a track. `titles` maps a language to its name; the first is the original, others are unreviewed."""
    track = Track.objects.create(program=program, slug=slug, audience=audience)
    for place, (lang, title) in enumerate(titles.items()):
        TrackText.objects.create(
            track=track,
            title=title,
            lang=lang,
            is_original=place == 0,
            is_reviewed=place == 0,
            made_by="person" if place == 0 else "machine",
            written_on=_today(program, now),
        )
    return track


@appends()
def word_track(*, track: Track, lang: str, title: str, now: datetime) -> None:
    """Write, or write anew, what a track is called in one language; a person wrote it."""
    written = {
        "title": title,
        "is_reviewed": True,
        "made_by": "person",
        "written_on": _today(track.program, now),
    }
    TrackText.objects.update_or_create(
        track=track, lang=lang, defaults=written, create_defaults={**written, "is_original": False}
    )


@appends()
@transaction.atomic
def write_course(
    *,
    track: Track,
    slug: str,
    words: Mapping[str, Mapping[str, str]],
    sessions_needed: int = 0,
    now: datetime,
) -> Course:
    """Begin a course of a track. `words` maps a language to {title, about}; the first is the original."""
    place = track.courses.count()
    course = Course.objects.create(track=track, slug=slug, place=place, sessions_needed=sessions_needed)
    for number, (lang, said) in enumerate(words.items()):
        word(course=course, lang=lang, said=said, is_original=number == 0, is_reviewed=number == 0, now=now)
    return course


@appends()
def word(
    *, course: Course, lang: str, said: Mapping[str, str], is_original: bool, is_reviewed: bool, now: datetime
) -> None:
    """Write what a course is called and about in one language, for the actions of this folder."""
    written = {
        "title": said["title"],
        "about": said["about"],
        "is_reviewed": is_reviewed,
        "made_by": "person" if is_reviewed else "machine",
        "written_on": _today(course.track.program, now),
    }
    CourseText.objects.update_or_create(
        course=course, lang=lang, defaults=written, create_defaults={**written, "is_original": is_original}
    )


@appends()
@transaction.atomic
def write_lesson(
    *, course: Course, words: LessonWords, right: Sequence[int], pass_mark: int, now: datetime
) -> Lesson:
    """Add a lesson to the end of a course. `right` gives the right choice of each question, from 0."""
    lesson = Lesson.objects.create(
        course=course, place=course.lessons.count(), right=list(right), pass_mark=pass_mark
    )
    _word_lesson(lesson, words, is_original=True, now=now)
    return lesson


def _word_lesson(lesson: Lesson, words: LessonWords, *, is_original: bool, now: datetime) -> None:
    if len(words.questions) != len(lesson.right):
        raise QuestionsDiffer(
            f"The check has {len(lesson.right)} questions, this has {len(words.questions)}; write as many."
        )
    said = {
        "title": words.title,
        "body": words.body,
        "questions": [dict(one) for one in words.questions],
        "made_by": words.made_by,
        "is_reviewed": words.is_reviewed,
        "written_on": _today(lesson.course.track.program, now),
    }
    LessonText.objects.update_or_create(
        lesson=lesson, lang=words.lang, defaults=said, create_defaults={**said, "is_original": is_original}
    )


@appends()
@transaction.atomic
def word_lesson(
    *,
    lesson: Lesson,
    words: LessonWords,
    right: Sequence[int] | None = None,
    now: datetime,
) -> None:
    """Write, or write anew, a lesson in one language. `right` changes the check; give it with the original only."""
    if right is not None:
        lesson.right, lesson.pass_mark = list(right), len(right)
        lesson.save(update_fields=["right", "pass_mark"])
    _word_lesson(lesson, words, is_original=False, now=now)


@appends()
@transaction.atomic
def add_shipped(*, track: Track, name: str, now: datetime) -> Course:
    """Add a course that ships with the house, with all its lessons in every language it has; translations unreviewed."""
    found = shipped(name)
    course = write_course(track=track, slug=name, words=found.words, now=now)
    for one in found.lessons:
        first, *others = one.words
        lesson = write_lesson(
            course=course, words=LessonWords(**first), right=one.right, pass_mark=one.pass_mark, now=now
        )
        for other in others:
            word_lesson(
                lesson=lesson, words=LessonWords(**other, made_by="machine", is_reviewed=False), now=now
            )
    return course
