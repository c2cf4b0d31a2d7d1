"""What is taught, who learned it, and the papers that say so."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from alongside.cohort.seats.models import Seat
from alongside.ground.programs.models import Program, Unit

AUDIENCES = ("leads", "staff", "both")


#: What is said in one language: {lang, title, is_reviewed, made_by, written_on} and whatever else it has.
type Words = dict[str, Any]


def words_in(texts: Sequence[Words], lang: str | None) -> Words:
    """Give the words in a language, else the original, which stands first."""
    return next((one for one in texts if one["lang"] == lang), texts[0])


class Worded(models.Model):
    """Something that is called and described in several languages. `texts` lists its words, the original first."""

    texts = models.JSONField()

    class Meta:
        abstract = True

    @property
    def text(self) -> Words:
        """Give the words in the language of the page, else the original."""
        return words_in(self.texts, get_language())

    @property
    def languages(self) -> list[str]:
        """List the languages it has words in."""
        return sorted(one["lang"] for one in self.texts)


class Track(Worded):
    """What belongs together, and is completed as a whole. `audience` says whose track it is."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="tracks")
    slug = models.SlugField(max_length=60)
    audience = models.CharField(max_length=8, choices=[(one, one) for one in AUDIENCES])

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["program", "slug"], name="a_track_is_named_once_in_a_program"),
            models.CheckConstraint(
                condition=Q(audience__in=AUDIENCES), name="a_track_is_for_leads_or_staff_or_both"
            ),
        ]

    @property
    def pen(self) -> str:
        """Name the mark of whose track it is."""
        return {"leads": "community", "staff": "city"}.get(self.audience, "both")

    @property
    def next(self) -> "Lesson | None":
        """Give the first lesson that is not done, where what one person did came along."""
        lessons = [one for course in self.courses.all() for one in course.lessons.all()]
        return next((one for one in lessons if not one.done.all()), None)


class Course(Worded):
    """A part of a track. Whoever completes it did every lesson and attended so many of its sessions.

    It is open to its people once it was offered, as entry `entry` of the record. Its words are {title, about}.
    """

    track = models.ForeignKey(Track, models.PROTECT, related_name="courses")
    slug = models.SlugField(max_length=60)
    place = models.PositiveSmallIntegerField()
    sessions_needed = models.PositiveSmallIntegerField(default=0)
    entry = models.PositiveBigIntegerField(null=True)
    offered_on = models.DateField(null=True)

    class Meta:
        ordering = ("place",)
        constraints = [
            models.UniqueConstraint(fields=["track", "slug"], name="a_course_is_named_once_in_a_track"),
            models.UniqueConstraint(fields=["track", "place"], name="one_course_stands_at_a_place"),
        ]

    @property
    def may_be_offered(self) -> bool:
        """Say whether the course teaches something and is not open yet."""
        return not self.offered_on and bool(self.sessions_needed or self.lessons.all())


class Lesson(Worded):
    """Something to read alone, with a short check or without one. `right` lists the right choice of each question.

    Its words are {title, body, questions}; `questions` lists {ask, choices}, in the order of `right`.
    """

    course = models.ForeignKey(Course, models.PROTECT, related_name="lessons")
    place = models.PositiveSmallIntegerField()
    right = models.JSONField(default=list)
    pass_mark = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("place",)
        constraints = [
            models.UniqueConstraint(fields=["course", "place"], name="one_lesson_stands_at_a_place"),
        ]


class Material(models.Model):
    """Something to take along in one language: a link, or a file that is kept here."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="materials")
    lang = models.CharField(max_length=12)
    title = models.CharField(max_length=140)
    href = models.URLField(max_length=500, blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    content = models.BinaryField(null=True)
    added_on = models.DateField()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(href="", content__isnull=False) | (~Q(href="") & Q(content=None)),
                name="a_material_is_a_link_or_a_file",
            ),
        ]


class Session(models.Model):
    """One dated meeting of a course. Its times are local; `lang` is the language it is held in."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="sessions")
    on = models.DateField()
    starts = models.TimeField()
    ends = models.TimeField()
    where = models.CharField(max_length=200)
    lang = models.CharField(max_length=12)
    scheduled_on = models.DateField()

    class Meta:
        ordering = ("on", "starts", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="a_session_ends_after_it_begins"),
        ]


class Part(models.Model):
    """A person's part in a course: they read a lesson and, where it has a check, passed it, or they were at a session.

    Tries that did not pass are not kept.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="parts")
    lesson = models.ForeignKey(Lesson, models.PROTECT, null=True, related_name="done")
    session = models.ForeignKey(Session, models.PROTECT, null=True, related_name="attended")
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lesson", "person"], name="a_lesson_is_done_once"),
            models.UniqueConstraint(fields=["session", "person"], name="a_person_attends_a_session_once"),
            models.CheckConstraint(
                condition=Q(lesson=None, session__isnull=False) | Q(lesson__isnull=False, session=None),
                name="a_part_is_a_lesson_or_a_session",
            ),
        ]


class Completion(models.Model):
    """A person completed a track, by their seat or for their unit. Made from rows, never typed in. With it are its papers.

    `proof` is the address, on paper only, of a page without a name that says what was completed; once its owner closed it,
    it is kept nowhere. `credential` is kept as it was signed, so that it can be fetched again as it was. It holds no name.
    A letter was asked for on `asked_on`, and the steward wrote it on `written_on`.
    """

    track = models.ForeignKey(Track, models.PROTECT, related_name="completions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="completions")
    on = models.DateField()
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="completions")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="completions")
    credential = models.JSONField(null=True)
    issued_on = models.DateField(null=True)
    proof = models.CharField(max_length=43, unique=True, null=True)  # noqa: DJ001 -- many have none
    wish = models.CharField(max_length=400, blank=True)
    asked_on = models.DateField(null=True)
    letter = models.TextField(blank=True)
    letter_lang = models.CharField(max_length=12, blank=True)
    written_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["track", "person"], name="a_track_is_completed_once"),
            models.CheckConstraint(
                condition=Q(seat=None, unit__isnull=False) | Q(seat__isnull=False, unit=None),
                name="a_track_is_completed_by_a_seat_or_for_a_unit",
            ),
        ]
