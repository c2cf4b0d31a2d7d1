"""Who did which lesson, attended which session and completed which track; and the papers they asked for."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from alongside.cohort.seats.models import Seat
from alongside.cohort.training.models.courses import Lesson, Session, Track
from alongside.ground.programs.models import Unit


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
    """A person completed a track, by their seat or for their unit. Made from rows, never typed in."""

    track = models.ForeignKey(Track, models.PROTECT, related_name="completions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="completions")
    on = models.DateField()
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="completions")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="completions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["track", "person"], name="a_track_is_completed_once"),
            models.CheckConstraint(
                condition=Q(seat=None, unit__isnull=False) | Q(seat__isnull=False, unit=None),
                name="a_track_is_completed_by_a_seat_or_for_a_unit",
            ),
        ]


class Proof(models.Model):
    """The owner opened a page without a name that says what was completed. Only the address on paper leads there."""

    completion = models.ForeignKey(Completion, models.PROTECT, related_name="proofs")
    token = models.CharField(max_length=43, unique=True)
    opened_on = models.DateField()


class ProofClosed(models.Model):
    """The owner closed a proof; its address answers nothing any more."""

    proof = models.OneToOneField(Proof, models.PROTECT, related_name="closed")
    closed_on = models.DateField()


class LetterAsked(models.Model):
    """A person asked the program for a letter about a completed track."""

    completion = models.OneToOneField(Completion, models.PROTECT, related_name="letter")
    wish = models.CharField(max_length=400, blank=True)
    asked_on = models.DateField()


class LetterWritten(models.Model):
    """The steward wrote the letter."""

    asked = models.OneToOneField(LetterAsked, models.PROTECT, related_name="written")
    words = models.TextField()
    lang = models.CharField(max_length=12)
    written_on = models.DateField()


class Credential(models.Model):
    """A credential as it was signed, so that it can be fetched again as it was. It holds no name."""

    completion = models.OneToOneField(Completion, models.PROTECT, related_name="credential")
    document = models.JSONField()
    issued_on = models.DateField()
