"""One lesson as a person reads it, and one file they take along."""

from dataclasses import dataclass

from alongside.cohort.training.models import Completion, CourseText, Lesson, LessonDone, LessonText, Material
from alongside.cohort.training.queries.learning import audiences_of
from alongside.cohort.training.queries.wording import blocks, words_in
from alongside.ground.gate import Asker, Role
from alongside.ground.programs.models import Program


@dataclass(frozen=True)
class LessonShown:
    """A lesson as one person reads it. `after` is the lesson that follows in its course, or None."""

    lesson: Lesson
    text: LessonText
    course: CourseText
    parts: list[tuple[str, list[str]]]
    number: int
    count: int
    after: int | None
    is_done: bool
    is_theirs: bool
    completion: int | None


def lesson_for(program: Program, asker: Asker, pk: int, lang: str) -> LessonShown | None:
    """Give a lesson that the person may read, or None. Six queries."""
    lessons = Lesson.objects.filter(pk=pk, course__track__program=program).exclude(course__offering=None)
    lesson = (
        lessons.select_related("course__track__program").prefetch_related("texts", "course__texts").first()
    )
    if lesson is None:
        return None
    is_theirs = lesson.course.track.audience in audiences_of(asker)
    if not is_theirs and not asker.has(Role.STAFF):
        return None
    order = list(Lesson.objects.filter(course=lesson.course).order_by("place").values_list("pk", flat=True))
    here, text = order.index(pk), words_in(lesson.texts.all(), lang)
    person = asker.person_id or 0
    completions = Completion.objects.filter(person=person, track=lesson.course.track)
    return LessonShown(
        lesson=lesson,
        text=text,
        course=words_in(lesson.course.texts.all(), lang),
        parts=blocks(text.body),
        number=here + 1,
        count=len(order),
        after=order[here + 1] if here + 1 < len(order) else None,
        is_done=LessonDone.objects.filter(lesson=pk, person=person).exists(),
        is_theirs=is_theirs,
        completion=completions.values_list("pk", flat=True).first(),
    )


def material_for(program: Program, asker: Asker, pk: int) -> Material | None:
    """Give a file that the person may take along, or None."""
    found = Material.objects.filter(pk=pk, course__track__program=program, content__isnull=False)
    if not asker.has(Role.STAFF, Role.STEWARD):
        found = found.filter(course__track__audience__in=audiences_of(asker))
    return found.first()
