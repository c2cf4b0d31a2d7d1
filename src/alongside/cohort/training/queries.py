"""Read tracks, courses and lessons, what a person learned, the papers, and what ships with the house."""

import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.db.models import Count, Prefetch

from alongside.cohort.messages.queries import DAYS_BEFORE, Due
from alongside.cohort.seats.queries.seats import seated_today
from alongside.cohort.training.models import (
    Attendance,
    Completion,
    Course,
    CourseText,
    Lesson,
    LessonDone,
    LessonText,
    Letter,
    Material,
    Proof,
    Session,
    Track,
    TrackText,
)
from alongside.core.clocks import local_date
from alongside.core.disclosure import Band, Fewer, band
from alongside.core.policy.pack import Pack
from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import posts_today


class Said(Protocol):
    """Words in one language."""

    lang: str
    is_original: bool


def words_in[T: Said](texts: Iterable[T], lang: str) -> T:
    """Give the words in a language, else the original."""
    every = list(texts)
    return next((one for one in every if one.lang == lang), None) or next(
        one for one in every if one.is_original
    )


def blocks(body: str) -> list[tuple[str, list[str]]]:
    """Part a text: ("p", [words]) for a paragraph, ("ul", items) for lines that begin with "- ", ("h", [words]) after "## "."""
    found: list[tuple[str, list[str]]] = []
    for part in body.replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in part.splitlines() if line.strip()]
        if not lines:
            continue
        if all(line.startswith("- ") for line in lines):
            found.append(("ul", [line[2:] for line in lines]))
        elif len(lines) == 1 and lines[0].startswith("## "):
            found.append(("h", [lines[0][3:]]))
        else:
            found.append(("p", [" ".join(lines)]))
    return found


def sessions_ahead(program: Program, lang: str, today: date, until: date) -> list[tuple[Session, CourseText]]:
    """List the sessions of the coming days, by day, with what each course is called. Two queries."""
    found = Session.objects.filter(course__track__program=program, on__gte=today, on__lte=until)
    rows = found.order_by("on", "starts", "pk").select_related("course").prefetch_related("course__texts")
    return [(one, words_in(one.course.texts.all(), lang)) for one in rows]


def sessions_to_tell(program: Program, pack: Pack, now: datetime) -> list[tuple[Due, datetime]]:
    """List the sessions of the next days with their beginning, for those whose track it is. Three queries at most."""
    today, zone = local_date(now, pack), ZoneInfo(pack.time_zone)
    last = today + timedelta(days=DAYS_BEFORE)
    found = Session.objects.filter(course__track__program=program, on__gte=today, on__lte=last)
    begins = [
        (one, datetime.combine(one.on, one.starts, zone))
        for one in found.select_related("course__track").order_by("pk")
    ]
    coming = [(one, moment) for one, moment in begins if moment > now]
    leads = [seat.person for seat in seated_today(program, today)] if coming else []
    staff = [post.person for post in posts_today(program, today)] if coming else []
    told = []
    for one, moment in coming:
        audience = one.course.track.audience
        people = [*leads * (audience != "staff"), *staff * (audience != "leads")]
        each = tuple({person.pk: person for person in people}.values())
        told.append((Due(f"session {one.pk}", f"{moment:%Y-%m-%d %H:%M}", each), moment))
    return told


def is_completed(track: Track, person_id: int) -> bool:
    """Say whether a person did every lesson of the offered courses of a track, and attended as often as each needs."""
    courses = list(track.courses.exclude(entry=None).prefetch_related("lessons"))
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


def audiences_of(viewer: Viewer) -> list[str]:
    """Give the audiences a person is of: a lead learns as leads do, staff as staff do; the steward reads everything."""
    if viewer.has(Role.STEWARD):
        return ["leads", "staff", "both"]
    found = ["both"] if viewer.has(Role.LEAD, Role.STAFF) else []
    return found + ["leads"] * viewer.has(Role.LEAD) + ["staff"] * viewer.has(Role.STAFF)


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


def my_tracks(program: Program, viewer: Viewer, lang: str, today: date) -> list[TrackMine]:
    """List the tracks a person may open, with what they did. Staff also see those of leads. Eleven queries."""
    courses = Course.objects.exclude(entry=None).order_by("place")
    wanted = courses.prefetch_related(
        "texts",
        Prefetch("lessons", Lesson.objects.order_by("place")),
        Prefetch("lessons__texts", LessonText.objects.defer("body", "questions")),
        Prefetch("sessions", Session.objects.filter(on__gte=today).order_by("on", "starts")),
        Prefetch("materials", Material.objects.defer("content").order_by("pk")),
    )
    tracks = Track.objects.filter(program=program).prefetch_related("texts", Prefetch("courses", wanted))
    mine, theirs = _mine(program, viewer.person_id or 0), audiences_of(viewer)
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
        if track.audience in theirs or viewer.has(Role.STAFF)
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


def lesson_for(program: Program, viewer: Viewer, pk: int, lang: str) -> LessonShown | None:
    """Give a lesson that the person may read, or None. Six queries."""
    lessons = Lesson.objects.filter(pk=pk, course__track__program=program).exclude(course__entry=None)
    lesson = (
        lessons.select_related("course__track__program").prefetch_related("texts", "course__texts").first()
    )
    if lesson is None:
        return None
    is_theirs = lesson.course.track.audience in audiences_of(viewer)
    if not is_theirs and not viewer.has(Role.STAFF):
        return None
    order = list(Lesson.objects.filter(course=lesson.course).order_by("place").values_list("pk", flat=True))
    here, text = order.index(pk), words_in(lesson.texts.all(), lang)
    person = viewer.person_id or 0
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


def material_for(program: Program, viewer: Viewer, pk: int) -> Material | None:
    """Give a file that the person may take along, or None."""
    found = Material.objects.filter(pk=pk, course__track__program=program, content__isnull=False)
    if not viewer.has(Role.STAFF, Role.STEWARD):
        found = found.filter(course__track__audience__in=audiences_of(viewer))
    return found.first()


@dataclass(frozen=True)
class PaperShown:
    """A completion with its papers: the open proof and the letter; or None."""

    completion: Completion
    text: TrackText
    courses: list[str]
    proof: Proof | None
    letter: Letter | None


def completion_for(program: Program, viewer: Viewer, pk: int, lang: str) -> PaperShown | None:
    """Give a completion of the viewer's own, or None. Six queries."""
    found = Completion.objects.filter(pk=pk, person=viewer.person_id or 0, track__program=program)
    one = found.select_related("track__program", "person").prefetch_related("track__texts").first()
    if one is None:
        return None
    courses = one.track.courses.exclude(entry=None).order_by("place").prefetch_related("texts")
    return PaperShown(
        completion=one,
        text=words_in(one.track.texts.all(), lang),
        courses=[words_in(each.texts.all(), lang).title for each in courses],
        proof=one.proofs.filter(closed_on=None).first(),
        letter=Letter.objects.filter(completion=one).first(),
    )


@dataclass(frozen=True)
class ProofShown:
    """What a proof says: which track, in which month. Nothing of the person."""

    text: TrackText
    month: date


def proof_by_token(program: Program, token: str, lang: str) -> ProofShown | None:
    """Give what an open proof says, or None for one that was closed or never was. Two queries."""
    found = Proof.objects.filter(token=token, closed_on=None, completion__track__program=program)
    proof = found.select_related("completion__track").prefetch_related("completion__track__texts").first()
    if proof is None:
        return None
    done = proof.completion
    return ProofShown(words_in(done.track.texts.all(), lang), done.on.replace(day=1))


@dataclass(frozen=True)
class CourseOpen:
    """A course on the public page."""

    text: CourseText
    languages: list[str]
    lessons: int
    sessions_needed: int


@dataclass(frozen=True)
class TrackShown:
    """A track with ranges of how many completed it. `leads` and `staff` are None where it is not theirs."""

    slug: str
    audience: str
    text: TrackText
    courses: list[CourseOpen]
    leads: Band | Fewer | None
    staff: Band | Fewer | None
    units: list[tuple[str, Band]]


def counted_until(today: date) -> date:
    """Give the last day that public counts look at: the end of the month before, so that no single day shows."""
    return today.replace(day=1) - timedelta(days=1)


def public_tracks(program: Program, pack: Pack, lang: str, today: date) -> list[TrackShown]:
    """List the tracks that have an open course. Five queries."""
    courses = Course.objects.exclude(entry=None).order_by("place").annotate(many=Count("lessons"))
    tracks = Track.objects.filter(program=program).prefetch_related(
        "texts", Prefetch("courses", courses.prefetch_related("texts"))
    )
    done = Completion.objects.filter(track__program=program, on__lte=counted_until(today))
    leads, units = Counter[int](), Counter[tuple[int, str]]()
    for track, unit in done.values_list("track", "unit__slug"):
        if unit is None:
            leads[track] += 1
        else:
            units[track, unit] += 1
    names = {unit.slug: unit.name.say(lang) for unit in pack.units}
    return [
        _shown(
            track,
            lang,
            pack,
            leads[track.pk],
            {names.get(unit, unit): count for (one, unit), count in units.items() if one == track.pk},
        )
        for track in tracks.order_by("pk")
        if track.courses.all()
    ]


def _shown(track: Track, lang: str, pack: Pack, leads: int, units: dict[str, int]) -> TrackShown:
    bands = [(unit, band(count, pack)) for unit, count in sorted(units.items())]
    return TrackShown(
        slug=track.slug,
        audience=track.audience,
        text=words_in(track.texts.all(), lang),
        courses=[_open(one, lang) for one in track.courses.all()],
        leads=band(leads, pack) if track.audience != "staff" else None,
        staff=band(sum(units.values()), pack) if track.audience != "leads" else None,
        units=[(unit, one) for unit, one in bands if isinstance(one, Band)],
    )


def _open(course: Course, lang: str) -> CourseOpen:
    texts = list(course.texts.all())
    return CourseOpen(
        text=words_in(texts, lang),
        languages=sorted(one.lang for one in texts),
        lessons=course.many,  # type: ignore[attr-defined]  # annotated by public_tracks
        sessions_needed=course.sessions_needed,
    )


CONTENT = Path(__file__).parent / "content"
ORIGINAL = "en"


@dataclass(frozen=True)
class ShippedLesson:
    """A lesson in every language it has, the original first: {lang, title, body, questions}."""

    words: tuple[dict[str, Any], ...]
    right: tuple[int, ...]
    pass_mark: int


@dataclass(frozen=True)
class Shipped:
    """A course that ships with the house. `words` maps a language to {title, about}."""

    name: str
    words: dict[str, dict[str, str]]
    lessons: tuple[ShippedLesson, ...]

    def title(self, lang: str) -> str:
        """Say what the course is called."""
        return (self.words.get(lang) or self.words[ORIGINAL])["title"]


def shipped_names() -> list[str]:
    """List the names of the courses that ship with the house."""
    return sorted(folder.name for folder in CONTENT.iterdir() if (folder / f"{ORIGINAL}.toml").exists())


@cache
def shipped(name: str) -> Shipped:
    """Read a course that ships with the house, in every language it has."""
    files = sorted((CONTENT / name).glob("*.toml"), key=lambda file: (file.stem != ORIGINAL, file.stem))
    tables = {file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in files}
    original = tables[ORIGINAL]["lessons"]
    lessons = tuple(
        ShippedLesson(
            words=tuple(_lesson(lang, table["lessons"][place]) for lang, table in tables.items()),
            right=tuple(question["right"] for question in one["questions"]),
            pass_mark=one["pass_mark"],
        )
        for place, one in enumerate(original)
    )
    words = {lang: {"title": table["title"], "about": table["about"]} for lang, table in tables.items()}
    return Shipped(name, words, lessons)


def _lesson(lang: str, lesson: dict[str, Any]) -> dict[str, Any]:
    questions = [{"ask": one["ask"], "choices": one["choices"]} for one in lesson["questions"]]
    return {"lang": lang, "title": lesson["title"], "body": lesson["body"].strip(), "questions": questions}


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
    found = Track.objects.filter(program=program).prefetch_related("texts", "courses__texts")
    return [
        TrackKept(
            track,
            words_in(track.texts.all(), lang),
            [
                CourseKept(one, words_in(one.texts.all(), lang), one.entry is not None)
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
    found = Course.objects.filter(pk=pk, track__program=program).select_related("track__program")
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
        is_offered=course.entry is not None,
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


def letters_waiting(program: Program, lang: str) -> list[tuple[Letter, TrackText]]:
    """List the letters that were asked for and are not written. Two queries."""
    found = Letter.objects.filter(completion__track__program=program, written_on=None).order_by(
        "asked_on", "pk"
    )
    rows = found.select_related("completion__person", "completion__track").prefetch_related(
        "completion__track__texts"
    )
    return [(one, words_in(one.completion.track.texts.all(), lang)) for one in rows]


def letter_for_steward(program: Program, pk: int, lang: str) -> tuple[Letter, TrackText] | None:
    """Give a letter that was asked for, and what the track is called, or None."""
    found = Letter.objects.filter(pk=pk, completion__track__program=program)
    rows = found.select_related("completion__person", "completion__track__program")
    one = rows.prefetch_related("completion__track__texts").first()
    return (one, words_in(one.completion.track.texts.all(), lang)) if one else None
