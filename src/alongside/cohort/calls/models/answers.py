"""What an applicant says: in words, as a recording with its transcript, what they need, and their conflicts."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from alongside.cohort.calls.models.applications import Application

MOST_BYTES = 8 * 1024 * 1024


class Answers(models.QuerySet["Answer"]):
    """Answers, of which some are ticks."""

    def brought(self) -> "Answers":
        """Give the ticks: which of the things that the call seeks someone brings."""
        return self.filter(section__startswith="sought-")


class Answer(models.Model):
    """What an applicant says and readers read: a question in their own words, or a thing that they bring, without words.

    `section` is the name that the text has in the call's entry, such as question-q1 or sought-s2. `revision` counts saves,
    so that two open pages overwrite nothing.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="answers")
    section = models.CharField(max_length=24)
    words = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)

    objects = Answers.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "section"], name="a_question_is_answered_once"),
        ]


class Recording(models.Model):
    """An answer that was spoken. Its file name is not kept; readers read the transcript until the shortlist."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="recordings")
    section = models.CharField(max_length=24)
    #: One of the kinds that core.recordings knows, such as "m4a".
    kind = models.CharField(max_length=8)
    size = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "section"], name="an_answer_has_one_recording"),
            models.CheckConstraint(
                condition=Q(size__gte=1) & Q(size__lte=MOST_BYTES), name="a_recording_is_not_too_long"
            ),
        ]


class RecordingBytes(models.Model):
    """The sound itself, apart from its row so that no list loads it, and in the database so that it is erased with it."""

    recording = models.OneToOneField(Recording, models.CASCADE, related_name="bytes")
    content = models.BinaryField()


class Transcript(models.Model):
    """What a recording says, written down without names. The newest row is the one that is read."""

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="transcripts")
    words = models.TextField()
    lang = models.CharField(max_length=12)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="transcripts")
    made_on = models.DateField()


class AccessNeeds(models.Model):
    """What the applicant needs in order to take part. Readers do not see it."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="access_needs")
    words = models.TextField()


class ConflictForm(models.Model):
    """The applicant's declaration: the organizations they belong to, and what could pull them two ways."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="conflict_form")
    #: Names as typed, one a line; readers who share one are kept away from the application.
    organizations = models.JSONField(default=list)
    #: None until the question is answered, so that half a form is saved too.
    works_for_government = models.BooleanField(null=True)
    earns_from_it = models.BooleanField(null=True)
    close_to_staff = models.BooleanField(null=True)
    words = models.TextField(blank=True)
    filed_on = models.DateField()

    @property
    def is_complete(self) -> bool:
        """Say whether every question of the form is answered."""
        return None not in (self.works_for_government, self.earns_from_it, self.close_to_staff)
