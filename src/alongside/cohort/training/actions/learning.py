"""Finish a lesson, note who came to a session, and complete a track by itself when everything is done."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.seats.queries import seat_of
from alongside.cohort.training.models import Attendance, Completion, Lesson, LessonDone, Session, Track
from alongside.cohort.training.queries.learning import is_completed
from alongside.core.clocks import local_date
from alongside.ground.people.models import Person
from alongside.ground.programs.queries import pack_of, posts_of
from alongside.ground.record.declared import appends


class NotEveryQuestion(ValueError):  # noqa: N818 -- the name is a sentence
    """A check was sent with a question left open."""


@dataclass(frozen=True)
class Checked:
    """How a check went: which questions were right, whether it is passed, and what it completed."""

    right: tuple[bool, ...]
    passed: bool
    completion: Completion | None = None


@appends()
@transaction.atomic
def finish_lesson(*, lesson: Lesson, person: Person, answers: Sequence[int], now: datetime) -> Checked:
    """Finish a lesson, where its check is passed; try as often as you like, only passing is kept."""
    if len(answers) != len(lesson.right):
        raise NotEveryQuestion(_("A question is still open; answer every one."))
    right = tuple(given == one for given, one in zip(answers, lesson.right, strict=True))
    if sum(right) < lesson.pass_mark:
        return Checked(right, passed=False)
    track = lesson.course.track
    day = local_date(now, pack_of(track.program))
    LessonDone.objects.get_or_create(lesson=lesson, person=person, defaults={"on": day})
    return Checked(right, passed=True, completion=complete_where_done(track=track, person=person, now=now))


@appends()
@transaction.atomic
def note_attendance(*, session: Session, people: Collection[Person], now: datetime) -> None:
    """Note who was at a session, anew each time: a wrong tick is taken back. What was completed stays completed."""
    track = session.course.track
    day = local_date(now, pack_of(track.program))
    Attendance.objects.filter(session=session).exclude(person__in=people).delete()
    for person in people:
        Attendance.objects.get_or_create(session=session, person=person, defaults={"noted_on": day})
        complete_where_done(track=track, person=person, now=now)


@appends()
def complete_where_done(*, track: Track, person: Person, now: datetime) -> Completion | None:
    """Complete a track for a person who did all of it, by their seat or for their unit; None where something lacks."""
    if not is_completed(track, person.pk):
        return None
    on = local_date(now, pack_of(track.program))
    seat = seat_of(person.pk, track.program, on) if track.audience != "staff" else None
    posts = posts_of(person.pk, track.program, on) if track.audience != "leads" and not seat else []
    if not seat and not posts:
        return None
    office = posts[0].office if posts else None
    made, _is_new = Completion.objects.get_or_create(
        track=track,
        person=person,
        defaults={"on": on, "seat": seat, "unit": office.unit if office else None},
    )
    return made
