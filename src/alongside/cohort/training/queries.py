"""Read tracks, courses and lessons, what a person learned, the papers, and what ships with the house."""

import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Case, Count, Max, Prefetch, Q, QuerySet, When

from alongside.cohort.seats.queries.seats import leads_today
from alongside.cohort.training.models import (
    AUDIENCES,
    Completion,
    Course,
    Lesson,
    Material,
    Part,
    Session,
    Track,
)
from alongside.core.disclosure import Band, Fewer, band
from alongside.core.policy.pack import Pack
from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import posts_today


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


def sessions_near(program: Program, today: date, until: date) -> list[Session]:
    """List the sessions that were held and have nobody noted, and those of the coming days, by day, each with its course. One query."""
    near = Q(on__lt=today, attended=None) | Q(on__gte=today, on__lte=until)
    found = Session.objects.filter(near, course__track__program=program)
    return list(found.select_related("course").distinct())


def open_courses(person: int) -> QuerySet[Course]:
    """Give the courses that are open, with what a person did: their own row of a lesson, and how often they `attended`."""
    came = Count("sessions__attended", filter=Q(sessions__attended__person=person))
    own = Prefetch("lessons__done", Part.objects.filter(person=person))
    return Course.objects.exclude(entry=None).annotate(attended=came).prefetch_related("lessons", own)


def is_completed(track: Track, person: int) -> bool:
    """Say whether a person did every lesson of the open courses of a track, and attended as often as each needs."""
    courses = list(open_courses(person).filter(track=track))
    return bool(courses) and all(_is_done(one) for one in courses)


def _is_done(course: Course) -> bool:
    """Say whether a person did all of a course, as `open_courses` gives it for them."""
    attended: int = course.attended  # type: ignore[attr-defined]  # as open_courses counts it
    return attended >= course.sessions_needed and all(one.done.all() for one in course.lessons.all())


def courses_done(completion: Completion) -> list[Course]:
    """List the courses that a completion stands for: those that its owner did, and none that came into the track later. Three queries."""
    there = open_courses(completion.person_id).filter(track=completion.track)
    return [one for one in there.order_by("place") if _is_done(one)]


def audiences_of(viewer: Viewer) -> list[str]:
    """Give the audiences a person is of: a lead learns as leads do, staff as staff do; the steward reads everything."""
    if viewer.has(Role.STEWARD):
        return ["leads", "staff", "both"]
    found = ["both"] if viewer.has(Role.LEAD, Role.STAFF) else []
    return found + ["leads"] * viewer.has(Role.LEAD) + ["staff"] * viewer.has(Role.STAFF)


def may_read(viewer: Viewer) -> list[str]:
    """Give the audiences whose lessons a person may read: staff also read what their leads learn."""
    return list(AUDIENCES) if viewer.has(Role.STAFF) else audiences_of(viewer)


def my_tracks(program: Program, viewer: Viewer, lang: str, today: date) -> list[Track]:
    """List the tracks a person may read, each with their `completion` and what they did of it. Six queries.

    A course tells how often they `attended`; a lesson has their own row, if they did it; what is in their language comes first.
    """
    person = viewer.person_id or 0
    courses = open_courses(person).prefetch_related(
        Prefetch("sessions", Session.objects.filter(on__gte=today)),
        Prefetch(
            "materials",
            Material.objects.defer("content").order_by(Case(When(lang=lang, then=0), default=1), "pk"),
        ),
    )
    tracks = Track.objects.filter(program=program, audience__in=may_read(viewer))
    done = Max("completions", filter=Q(completions__person=person))
    found = tracks.annotate(completion=done).prefetch_related(Prefetch("courses", courses))
    return [one for one in found if one.courses.all()]


def lesson_for(program: Program, viewer: Viewer, pk: int) -> Lesson | None:
    """Give a lesson that the person may read, with their `completion` of its track, or None. Three queries."""
    person = viewer.person_id or 0
    found = Lesson.objects.filter(
        pk=pk, course__track__program=program, course__track__audience__in=may_read(viewer)
    )
    done = Max("course__track__completions", filter=Q(course__track__completions__person=person))
    lessons = (
        found.exclude(course__entry=None).select_related("course__track__program").annotate(completion=done)
    )
    own = Prefetch("done", Part.objects.filter(person=person))
    return lessons.prefetch_related(own, "course__lessons").first()


def material_for(program: Program, viewer: Viewer, pk: int) -> Material | None:
    """Give a file that the person may take along, or None."""
    found = Material.objects.filter(pk=pk, course__track__program=program, content__isnull=False)
    if not viewer.has(Role.STAFF, Role.STEWARD):
        found = found.filter(course__track__audience__in=audiences_of(viewer))
    return found.first()


OFFERED = Prefetch("track__courses", Course.objects.exclude(entry=None))


def completion_for(program: Program, viewer: Viewer, pk: int) -> Completion | None:
    """Give a completion of the viewer's own, with its open courses, or None. Two queries."""
    found = Completion.objects.filter(pk=pk, person=viewer.person_id or 0, track__program=program)
    return found.select_related("track__program", "person").prefetch_related(OFFERED).first()


def completion_by_proof(program: Program, token: str) -> Completion | None:
    """Give the completion of an open proof, or None for one that was closed or never was. One query."""
    found = Completion.objects.filter(proof=token, track__program=program)
    return found.select_related("track").first()


@dataclass(frozen=True)
class TrackCounted:
    """A track with ranges of how many completed it. `leads` and `staff` are None where it is not theirs."""

    track: Track
    leads: Band | Fewer | None
    staff: Band | Fewer | None
    units: list[tuple[str, Band]]


def counted_until(today: date) -> date:
    """Give the last day that public counts look at: the end of the month before, so that no single day shows."""
    return today.replace(day=1) - timedelta(days=1)


def public_tracks(program: Program, pack: Pack, lang: str, today: date) -> list[TrackCounted]:
    """List the tracks that have an open course. Three queries."""
    courses = Course.objects.exclude(entry=None).annotate(many=Count("lessons"))
    tracks = Track.objects.filter(program=program).prefetch_related(Prefetch("courses", courses))
    done = Completion.objects.filter(track__program=program, on__lte=counted_until(today))
    names = {unit.slug: unit.name.say(lang) for unit in pack.units}
    counts = Counter[tuple[int, str | None]](done.values_list("track", "unit__slug"))
    found = []
    for track in [one for one in tracks if one.courses.all()]:
        units = {
            names.get(unit, unit): count for (one, unit), count in counts.items() if unit and one == track.pk
        }
        bands = [(unit, band(count, pack)) for unit, count in sorted(units.items())]
        found.append(
            TrackCounted(
                track,
                leads=band(counts[track.pk, None], pack) if track.audience != "staff" else None,
                staff=band(sum(units.values()), pack) if track.audience != "leads" else None,
                units=[(unit, one) for unit, one in bands if isinstance(one, Band)],
            )
        )
    return found


CONTENT = Path(__file__).parent / "content"
ORIGINAL = "en"


@dataclass(frozen=True)
class ShippedLesson:
    """A lesson. `words` maps a language to {title, body, questions}, the original first."""

    words: dict[str, dict[str, Any]]
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
            words={lang: _lesson(table["lessons"][place]) for lang, table in tables.items()},
            right=tuple(question["right"] for question in one["questions"]),
            pass_mark=one["pass_mark"],
        )
        for place, one in enumerate(original)
    )
    words = {lang: {"title": table["title"], "about": table["about"]} for lang, table in tables.items()}
    return Shipped(name, words, lessons)


def _lesson(lesson: dict[str, Any]) -> dict[str, Any]:
    questions = [{"ask": one["ask"], "choices": one["choices"]} for one in lesson["questions"]]
    return {"title": lesson["title"], "body": lesson["body"].strip(), "questions": questions}


def steward_tracks(program: Program) -> list[Track]:
    """List every track with its courses, offered or not. Two queries."""
    return list(Track.objects.filter(program=program).prefetch_related("courses"))


def track_for_steward(program: Program, slug: str) -> Track | None:
    """Give a track of this program, or None."""
    return Track.objects.filter(program=program, slug=slug).select_related("program").first()


def courses_of(program: Program) -> list[Course]:
    """List every course of a program, the newest first. One query."""
    return list(Course.objects.filter(track__program=program).order_by("-pk"))


def begins_with(earlier: Course) -> dict[str, Any]:
    """Give what the form of a new course begins with: an earlier one's first words."""
    first = earlier.texts[0]
    return {name: first[name] for name in ("lang", "title", "about")} | {
        "sessions_needed": earlier.sessions_needed
    }


def slugs_of(track: Track) -> list[str]:
    """List the names of a track's courses, which no new one may have."""
    return list(track.courses.values_list("slug", flat=True))


def course_for_steward(program: Program, pk: int) -> Course | None:
    """Give a course with its lessons, sessions and materials, or None. Four queries."""
    found = Course.objects.filter(pk=pk, track__program=program).select_related("track__program")
    materials = Prefetch("materials", Material.objects.defer("content"))
    return found.prefetch_related("lessons", "sessions", materials).first()


def lesson_for_steward(program: Program, course: int, pk: int) -> Lesson | None:
    """Give a lesson, or None."""
    found = Lesson.objects.filter(pk=pk, course=course, course__track__program=program)
    return found.select_related("course__track__program").first()


def session_for_steward(program: Program, course: int, pk: int) -> Session | None:
    """Give a session with its course, or None."""
    found = Session.objects.filter(pk=pk, course=course, course__track__program=program)
    return found.select_related("course__track__program").first()


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
        found |= {seat.person.pk: seat.person for seat in leads_today(track.program, today)}
    if track.audience != "leads":
        found |= {post.person.pk: post.person for post in posts_today(track.program, today)}
    came = {one.person_id: one.person for one in session.attended.select_related("person")}
    found |= came
    return [
        Attender(person, person.called or person.email or str(pk), pk in came)
        for pk, person in sorted(found.items())
    ]


def letters_of(program: Program) -> QuerySet[Completion]:
    """Give the completions about which a letter was asked for, with who asked and the track."""
    found = Completion.objects.filter(track__program=program).exclude(asked_on=None)
    return found.select_related("person", "track__program")


def letters_waiting(program: Program) -> list[Completion]:
    """List those whose letter is not written. One query."""
    return list(letters_of(program).filter(written_on=None).order_by("asked_on", "pk"))
