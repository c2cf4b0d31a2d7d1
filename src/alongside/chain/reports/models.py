"""A report-back while leads write it, one text a language; and as a lead says it aloud."""

from django.db import models

from alongside.cohort.seats.models import Seat
from alongside.ground.programs.models import Program

#: So many hexadecimal digits name a recording.
DIGEST = 16


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


class SpokenReport(models.Model):
    """A lead's own voice that says a report-back in one language. Public, beside the words of the record; gone when a lead takes it away."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="spoken_reports")
    promise = models.PositiveBigIntegerField()
    #: The entry whose words it says, and in which of its languages.
    entry = models.PositiveBigIntegerField()
    lang = models.CharField(max_length=12)
    #: One of the kinds that core.recordings knows, such as "m4a".
    kind = models.CharField(max_length=4)
    #: The beginning of its SHA-256: it names the file, so that an address never gives another sound, and is short enough to send.
    digest = models.CharField(max_length=DIGEST)
    content = models.BinaryField()
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "entry", "lang"], name="a_report_is_spoken_once_in_a_language"
            ),
        ]
