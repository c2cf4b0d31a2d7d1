"""What is taught, who learned it, and the papers that say so."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from alongside.cohort.seats.models import Seat
from alongside.ground.programs.models import Program, Unit

AUDIENCES = ("leads", "staff", "both")


class Track(models.Model):
    """What belongs together, and is completed as a whole. `audience` says whose track it is."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="tracks")
    slug = models.SlugField(max_length=60)
    audience = models.CharField(max_length=8, choices=[(one, one) for one in AUDIENCES])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "slug"], name="a_track_is_named_once_in_a_program"),
            models.CheckConstraint(
                condition=Q(audience__in=AUDIENCES), name="a_track_is_for_leads_or_staff_or_both"
            ),
        ]


class Course(models.Model):
    """A part of a track. Whoever completes it did every lesson and attended so many of its sessions.

    It is open to its people once it was offered, as entry `entry` of the record.
    """

    track = models.ForeignKey(Track, models.PROTECT, related_name="courses")
    slug = models.SlugField(max_length=60)
    place = models.PositiveSmallIntegerField()
    sessions_needed = models.PositiveSmallIntegerField(default=0)
    entry = models.PositiveBigIntegerField(null=True)
    offered_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["track", "slug"], name="a_course_is_named_once_in_a_track"),
            models.UniqueConstraint(fields=["track", "place"], name="one_course_stands_at_a_place"),
        ]


class Lesson(models.Model):
    """Something to read alone, with a short check or without one. `right` lists the right choice of each question."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="lessons")
    place = models.PositiveSmallIntegerField()
    right = models.JSONField(default=list)
    pass_mark = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "place"], name="one_lesson_stands_at_a_place"),
        ]


class Worded(models.Model):
    """Words in one language: the original, or a translation with who made it and whether a person reviewed it."""

    lang = models.CharField(max_length=12)
    is_original = models.BooleanField()
    made_by = models.CharField(max_length=8, default="person")
    is_reviewed = models.BooleanField()
    written_on = models.DateField()
    title = models.CharField(max_length=140)

    class Meta:
        abstract = True


class TrackText(Worded):
    """What a track is called in one language."""

    track = models.ForeignKey(Track, models.PROTECT, related_name="texts")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["track", "lang"], name="a_track_has_one_name_a_language"),
        ]


class CourseText(Worded):
    """What a course is called and what it is about, in one language."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="texts")
    about = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "lang"], name="a_course_has_one_text_a_language"),
        ]


class LessonText(Worded):
    """A lesson in one language. `questions` is a list of {ask, choices}, in the order of the lesson's `right`."""

    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="texts")
    body = models.TextField()
    questions = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lesson", "lang"], name="a_lesson_has_one_text_a_language"),
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
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="a_session_ends_after_it_begins"),
        ]


class LessonDone(models.Model):
    """A person read a lesson and, where it has a check, passed it. Tries that did not pass are not kept."""

    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="done")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="lessons_done")
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lesson", "person"], name="a_lesson_is_done_once"),
        ]


class Attendance(models.Model):
    """A person was at a session."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="attendances")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="attendances")
    noted_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="a_person_attends_a_session_once"),
        ]


class Completion(models.Model):
    """A person completed a track, by their seat or for their unit. Made from rows, never typed in.

    `credential` is kept as it was signed, so that it can be fetched again as it was. It holds no name.
    """

    track = models.ForeignKey(Track, models.PROTECT, related_name="completions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="completions")
    on = models.DateField()
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="completions")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="completions")
    credential = models.JSONField(null=True)
    issued_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["track", "person"], name="a_track_is_completed_once"),
            models.CheckConstraint(
                condition=Q(seat=None, unit__isnull=False) | Q(seat__isnull=False, unit=None),
                name="a_track_is_completed_by_a_seat_or_for_a_unit",
            ),
        ]


class Proof(models.Model):
    """The owner opened a page without a name that says what was completed. Only the address on paper leads there.

    Once they closed it, its address answers nothing any more.
    """

    completion = models.ForeignKey(Completion, models.PROTECT, related_name="proofs")
    token = models.CharField(max_length=43, unique=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)


class Letter(models.Model):
    """A person asked the program for a letter about a completed track, and the steward wrote it."""

    completion = models.OneToOneField(Completion, models.PROTECT, related_name="letter")
    wish = models.CharField(max_length=400, blank=True)
    asked_on = models.DateField()
    words = models.TextField(blank=True)
    lang = models.CharField(max_length=12, blank=True)
    written_on = models.DateField(null=True)
