"""A report-back while leads write it, one text a language."""

from django.db import models

from alongside.cohort.seats.models import Seat
from alongside.ground.programs.models import Program


class ReportDraft(models.Model):
    """What came of it, being written. `words` maps a language to its text."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="report_drafts")
    promise = models.PositiveBigIntegerField()
    words = models.JSONField(default=dict)
    saved_by = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "promise"], name="an_engagement_has_one_report_draft"),
        ]
