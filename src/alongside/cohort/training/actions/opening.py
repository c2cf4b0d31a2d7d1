"""Add what to take along, schedule sessions, and open a course to its people."""

from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.training.models import Course, Material, Offering, Session
from alongside.core.clocks import local_date
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Draft, Text, append, translate_all
from alongside.ground.record.declared import appends


class CourseIsEmpty(ValueError):  # noqa: N818 -- the name is a sentence
    """A course was offered that teaches nothing yet."""


def _today(program: Program, now: datetime) -> date:
    return local_date(now, pack_of(program))


@appends()
def add_link(*, course: Course, lang: str, title: str, href: str, now: datetime) -> Material:
    """Add a link to take along."""
    day = _today(course.track.program, now)
    return Material.objects.create(course=course, lang=lang, title=title, href=href, added_on=day)


@appends()
def add_file(
    *, course: Course, lang: str, title: str, file_name: str, content: bytes, now: datetime
) -> Material:
    """Add a file to take along; the form has looked at its kind and its size."""
    return Material.objects.create(
        course=course,
        lang=lang,
        title=title,
        file_name=file_name,
        content=content,
        added_on=_today(course.track.program, now),
    )


@appends()
def schedule_session(
    *, course: Course, on: date, starts: time, ends: time, where: str, lang: str, now: datetime
) -> Session:
    """Schedule a session of a course."""
    return Session.objects.create(
        course=course,
        on=on,
        starts=starts,
        ends=ends,
        where=where,
        lang=lang,
        scheduled_on=_today(course.track.program, now),
    )


@appends("course.offered", "text.translated")
@transaction.atomic
def offer_course(*, course: Course, now: datetime) -> Offering:
    """Open a course to its people, and say so on the record. Raises CourseIsEmpty where there is nothing to do in it."""
    program = course.track.program
    lessons = course.lessons.count()
    if not lessons and not course.sessions_needed:
        raise CourseIsEmpty(_("This course has no lesson and needs no session; write one first."))
    texts = sorted(course.texts.all(), key=lambda one: (not one.is_original, one.lang))
    words = {one.lang: {"title": one.title, "about": one.about} for one in texts}
    lang = texts[0].lang
    data = {
        "course": course.slug,
        "track": course.track.slug,
        "audience": course.track.audience,
        "lessons": lessons,
        "sessions_needed": course.sessions_needed,
    }
    said = {name: Text(lang, words[lang][name]) for name in ("title", "about")}
    draft = Draft(kind="course.offered", by=["steward"], data=data, texts=said)
    entry = append(program=program, drafts=[draft], now=now)[0].index
    translate_all(program=program, entry=entry, by="steward", words=words, now=now)
    return Offering.objects.create(course=course, entry=entry, offered_on=_today(program, now))
