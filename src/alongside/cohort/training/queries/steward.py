"""What the steward writes and waits for: tracks, courses, sessions with who may come, letters asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from alongside.cohort.seats.queries import seated_today
from alongside.cohort.training.models import (
    Attendance,
    Course,
    CourseText,
    Lesson,
    LessonText,
    LetterAsked,
    Material,
    Session,
    Track,
    TrackText,
)
from alongside.cohort.training.queries.wording import words_in
from alongside.ground.look.addresses import short_name
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import posts_today


@dataclass(frozen=True)
class CourseKept:
    """A course on the steward's list."""

    course: Course
    text: CourseText
    is_offered: bool


@dataclass(frozen=True)
class TrackKept:
    """A track on the steward's list."""

    track: Track
    text: TrackText
    courses: list[CourseKept]


def steward_tracks(program: Program, lang: str) -> list[TrackKept]:
    """List every track with its courses, offered or not. Four queries."""
    found = Track.objects.filter(program=program).prefetch_related(
        "texts", "courses__texts", "courses__offering"
    )
    return [
        TrackKept(
            track,
            words_in(track.texts.all(), lang),
            [
                CourseKept(one, words_in(one.texts.all(), lang), hasattr(one, "offering"))
                for one in sorted(track.courses.all(), key=lambda each: each.place)
            ],
        )
        for track in found.order_by("pk")
    ]


def track_for_steward(program: Program, slug: str) -> Track | None:
    """Give a track of this program, or None."""
    return Track.objects.filter(program=program, slug=slug).select_related("program").first()


def slugs_of(track: Track) -> list[str]:
    """List the names of a track's courses, which no new one may have."""
    return list(track.courses.values_list("slug", flat=True))


@dataclass(frozen=True)
class CoursePage:
    """A course as the steward works on it."""

    course: Course
    text: CourseText
    texts: list[CourseText]
    lessons: list[tuple[Lesson, LessonText, list[str]]]
    sessions: list[Session]
    materials: list[Material]
    is_offered: bool

    @property
    def may_be_offered(self) -> bool:
        """Say whether the course teaches something and is not open yet."""
        return not self.is_offered and bool(self.lessons or self.course.sessions_needed)


def course_for_steward(program: Program, pk: int, lang: str) -> CoursePage | None:
    """Give a course with its lessons, sessions and materials, or None. Seven queries."""
    found = Course.objects.filter(pk=pk, track__program=program).select_related("track__program", "offering")
    course = found.prefetch_related("texts", "lessons__texts").first()
    if course is None:
        return None
    lessons = sorted(course.lessons.all(), key=lambda one: one.place)
    texts = sorted(course.texts.all(), key=lambda one: (not one.is_original, one.lang))
    return CoursePage(
        course=course,
        text=words_in(texts, lang),
        texts=texts,
        lessons=[
            (one, words_in(one.texts.all(), lang), sorted(each.lang for each in one.texts.all()))
            for one in lessons
        ],
        sessions=list(course.sessions.order_by("on", "starts")),
        materials=list(course.materials.defer("content").order_by("pk")),
        is_offered=hasattr(course, "offering"),
    )


def lesson_for_steward(program: Program, course: int, pk: int) -> Lesson | None:
    """Give a lesson with its texts, or None."""
    found = Lesson.objects.filter(pk=pk, course=course, course__track__program=program)
    return found.select_related("course__track__program").prefetch_related("texts").first()


def session_for_steward(
    program: Program, course: int, pk: int, lang: str
) -> tuple[Session, CourseText] | None:
    """Give a session and what its course is called, or None."""
    found = Session.objects.filter(pk=pk, course=course, course__track__program=program)
    session = found.select_related("course__track__program").prefetch_related("course__texts").first()
    return (session, words_in(session.course.texts.all(), lang)) if session else None


@dataclass(frozen=True)
class Attender:
    """Someone who may have come, and whether it is noted that they did."""

    person: Person
    called: str
    came: bool


def attenders(session: Session, today: date) -> list[Attender]:
    """List who may attend a session: leads who sit today, staff who hold a post, as the track is for. Three queries."""
    track = session.course.track
    found: dict[int, Person] = {}
    if track.audience != "staff":
        found |= {seat.person.pk: seat.person for seat in seated_today(track.program, today)}
    if track.audience != "leads":
        found |= {post.person.pk: post.person for post in posts_today(track.program, today)}
    came = {
        one.person_id: one.person
        for one in Attendance.objects.filter(session=session).select_related("person")
    }
    found |= came
    return [
        Attender(person, person.called or person.email or str(pk), pk in came)
        for pk, person in sorted(found.items())
    ]


def sessions_to_note(program: Program, lang: str, today: date) -> list[tuple[Session, CourseText]]:
    """List the sessions that were held and have nobody noted. Two queries."""
    held = Session.objects.filter(course__track__program=program, on__lt=today, attendances=None)
    rows = held.order_by("on", "pk").prefetch_related("course__texts")
    return [(one, words_in(one.course.texts.all(), lang)) for one in rows.select_related("course")]


def letters_waiting(program: Program, lang: str) -> list[tuple[LetterAsked, TrackText]]:
    """List the letters that were asked for and are not written. Two queries."""
    found = LetterAsked.objects.filter(completion__track__program=program, written=None).order_by(
        "asked_on", "pk"
    )
    rows = found.select_related("completion__person", "completion__track").prefetch_related(
        "completion__track__texts"
    )
    return [(one, words_in(one.completion.track.texts.all(), lang)) for one in rows]


def letter_for_steward(program: Program, pk: int, lang: str) -> tuple[LetterAsked, TrackText] | None:
    """Give a letter that was asked for, and what the track is called, or None."""
    found = LetterAsked.objects.filter(pk=pk, completion__track__program=program)
    rows = found.select_related("completion__person", "completion__track__program", "written")
    one = rows.prefetch_related("completion__track__texts").first()
    return (one, words_in(one.completion.track.texts.all(), lang)) if one else None


def free_slug(taken: Iterable[str], title: str, fallback: str) -> str:
    """Find a name for an address that is not taken, from a title in any script."""
    base, used = short_name(title, 50) or fallback, {"new", *taken}
    names = (base, *(f"{base}-{number}" for number in range(2, len(used) + 3)))
    return next(name for name in names if name not in used)
