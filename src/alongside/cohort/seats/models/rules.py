"""Milder rules that a steward proposes, and the leads who agreed to them."""

from django.db import models

from alongside.cohort.seats.models.seats import Seat
from alongside.ground.programs.models import Program


class Proposal(models.Model):
    """A policy pack that makes the rules milder, as proposed: the text verbatim. The last one of a program is open until adopted."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="proposals")
    sha256 = models.CharField(max_length=64)
    text = models.TextField()
    proposed_on = models.DateField()
    entry = models.PositiveBigIntegerField(null=True)


class Consent(models.Model):
    """A lead agrees to milder rules."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="consents")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "seat"], name="a_lead_agrees_to_a_proposal_once"),
        ]
