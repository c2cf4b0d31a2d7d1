"""Tracks of courses; a course holds lessons that a person reads alone and sessions that people attend."""

from django.db import models
from django.db.models import F, Q

from alongside.ground.programs.models import Program

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
    """A part of a track. Whoever completes it did every lesson and attended so many of its sessions."""

    track = models.ForeignKey(Track, models.PROTECT, related_name="courses")
    slug = models.SlugField(max_length=60)
    place = models.PositiveSmallIntegerField()
    sessions_needed = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["track", "slug"], name="a_course_is_named_once_in_a_track"),
            models.UniqueConstraint(fields=["track", "place"], name="one_course_stands_at_a_place"),
        ]


class Offering(models.Model):
    """A course is open to its people. `entry` is its course.offered."""

    course = models.OneToOneField(Course, models.PROTECT, related_name="offering")
    entry = models.PositiveBigIntegerField()
    offered_on = models.DateField()


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
