"""An answer, or a reply to a contest, while it is a draft in the unit. Final ones live in the record alone."""

from django.conf import settings
from django.db import models

from alongside.ground.programs.models import Program


class AnswerDraft(models.Model):
    """A draft in the unit. It may be asked for under public-records law, and the page says so.

    `about` is the entry it answers: an ask, or a contest. An edit takes it back from sign-off.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="answer_drafts")
    about = models.PositiveBigIntegerField()
    unit = models.CharField(max_length=60)
    decision = models.CharField(max_length=20, blank=True)
    reasons = models.TextField(blank=True)
    lang = models.CharField(max_length=12, default="en")
    until = models.DateField(null=True, blank=True)
    owner = models.CharField(max_length=121, blank=True)
    evidence = models.TextField(blank=True)
    #: [{"id": "m1", "words": "...", "due": "YYYY-MM-DD"}]
    milestones = models.JSONField(default=list, blank=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "about"], name="an_ask_has_one_draft_answer"),
        ]

    @property
    def version(self) -> str:
        """Name what is saved, so that a form that was opened before is known."""
        return f"{self.pk} {self.saved_at.isoformat()}"

    @property
    def is_sent(self) -> bool:
        """Say whether it was sent to the manager."""
        return self.sent_at is not None
