"""The table of recovery papers: what waits for a second lead. Papers themselves never come here."""

from django.db import models

from alongside.cohort.seats.models import Seat
from alongside.ground.programs.models import Program


class PapersAsked(models.Model):
    """What everyone may know of recovery papers that a lead made and signed, until a second lead signs the same.

    `papers` are the hashes by which they are known; no digit of a paper ever comes here.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="papers_asked")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="papers_asked")
    recipient = models.CharField(max_length=80)
    needed = models.PositiveSmallIntegerField()
    papers = models.JSONField()
    signature = models.CharField(max_length=128)
    asked_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program"], name="one_set_of_papers_waits_for_a_second_lead"),
        ]
