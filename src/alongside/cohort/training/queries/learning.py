"""What a person can learn here, what they did, and one lesson as they read it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch

from alongside.cohort.training.models import (
    Attendance,
    Completion,
    Course,
    CourseText,
    Lesson,
    LessonDone,
    LessonText,
    Material,
    Session,
    Track,
    TrackText,
)
from alongside.cohort.training.queries.wording import words_in
from alongside.ground.gate import Asker, Role
from alongside.ground.programs.models import Program


def is_completed(track: Track, person_id: int) -> bool:
    """Say whether a person did every lesson of the offered courses of a track, and attended as often as each needs."""
    courses = list(track.courses.exclude(offering=None).prefetch_related("lessons"))
    done = set(
        LessonDone.objects.filter(person=person_id, lesson__course__track=track).values_list(
            "lesson", flat=True
        )
    )
    there = list(
        Attendance.objects.filter(person=person_id, session__course__track=track).values_list(
            "session__course", flat=True
        )
    )
    return bool(courses) and all(
        {lesson.pk for lesson in course.lessons.all()} <= done
        and there.count(course.pk) >= course.sessions_needed
        for course in courses
    )


def audiences_of(asker: Asker) -> list[str]:
    """Give the audiences a person is of: a lead learns as leads do, staff as staff do; the steward reads everything."""
    if asker.has(Role.STEWARD):
        return ["leads", "staff", "both"]
    found = ["both"] if asker.has(Role.LEAD, Role.STAFF) else []
    return found + ["leads"] * asker.has(Role.LEAD) + ["staff"] * asker.has(Role.STAFF)


@dataclass(frozen=True)
class LessonMine:
    """A lesson in a list, and whether the person did it."""

    pk: int
    text: LessonText
    is_done: bool


@dataclass(frozen=True)
class CourseMine:
    """A course with what the person did of it."""

    pk: int
    text: CourseText
    lessons: list[LessonMine]
    sessions: list[Session]
    materials: list[Material]
    sessions_needed: int
    attended: int

    @property
    def left(self) -> int:
        """Count the lessons still to do."""
        return sum(not one.is_done for one in self.lessons)


@dataclass(frozen=True)
class TrackMine:
    """A track as one person sees it. `is_theirs` is False where it is only shown to them: what their leads learn."""

    slug: str
    audience: str
    text: TrackText
    courses: list[CourseMine]
    completion: int | None
    is_theirs: bool

    @property
    def pen(self) -> str:
        """Name the mark of whose track it is."""
        return {"leads": "community", "staff": "city"}.get(self.audience, "both")

    @property
    def next(self) -> LessonMine | None:
        """Give the first lesson that is not done, or None."""
        return next((one for each in self.courses for one in each.lessons if not one.is_done), None)


@dataclass(frozen=True)
class Mine:
    """Everything a person did."""

    done: frozenset[int] = frozenset()
    attended: list[int] = field(default_factory=list)
    completions: dict[int, int] = field(default_factory=dict)


def my_tracks(program: Program, asker: Asker, lang: str, today: date) -> list[TrackMine]:
    """List the tracks a person may open, with what they did. Staff also see those of leads. Eleven queries."""
    courses = Course.objects.exclude(offering=None).order_by("place")
    wanted = courses.prefetch_related(
        "texts",
        Prefetch("lessons", Lesson.objects.order_by("place")),
        Prefetch("lessons__texts", LessonText.objects.defer("body", "questions")),
        Prefetch("sessions", Session.objects.filter(on__gte=today).order_by("on", "starts")),
        Prefetch("materials", Material.objects.defer("content").order_by("pk")),
    )
    tracks = Track.objects.filter(program=program).prefetch_related("texts", Prefetch("courses", wanted))
    mine, theirs = _mine(program, asker.person_id or 0), audiences_of(asker)
    seen = [one for one in tracks.order_by("pk") if one.courses.all()]
    return [
        TrackMine(
            slug=track.slug,
            audience=track.audience,
            text=words_in(track.texts.all(), lang),
            courses=[_course(one, mine, lang) for one in track.courses.all()],
            completion=mine.completions.get(track.pk),
            is_theirs=track.audience in theirs,
        )
        for track in seen
        if track.audience in theirs or asker.has(Role.STAFF)
    ]


def _mine(program: Program, person: int) -> Mine:
    done = LessonDone.objects.filter(person=person, lesson__course__track__program=program)
    there = Attendance.objects.filter(person=person, session__course__track__program=program)
    completions = Completion.objects.filter(person=person, track__program=program)
    return Mine(
        frozenset(done.values_list("lesson", flat=True)),
        list(there.values_list("session__course", flat=True)),
        dict(completions.values_list("track", "pk")),
    )


def _course(course: Course, mine: Mine, lang: str) -> CourseMine:
    lessons = [
        LessonMine(one.pk, words_in(one.texts.all(), lang), one.pk in mine.done)
        for one in course.lessons.all()
    ]
    return CourseMine(
        pk=course.pk,
        text=words_in(course.texts.all(), lang),
        lessons=lessons,
        sessions=list(course.sessions.all()),
        materials=_first_in(course.materials.all(), lang),
        sessions_needed=course.sessions_needed,
        attended=mine.attended.count(course.pk),
    )


def _first_in(materials: Iterable[Material], lang: str) -> list[Material]:
    """Put what is in the reader's language first."""
    return sorted(materials, key=lambda one: one.lang != lang)
