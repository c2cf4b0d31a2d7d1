"""Rules that are proposed to the leads, and who agreed to them."""

import hashlib
from datetime import date, timedelta
from typing import Any

from django.db import models

from alongside.cohort.seats.models import Seat
from alongside.ground.gate.presses import LENGTH
from alongside.ground.programs.models import Program

#: So long leads can agree to rules that were proposed.
OPEN_FOR = timedelta(days=90)


class Proposal(models.Model):
    """A policy pack that makes the rules milder, as proposed: the text verbatim. The last one of a program is open until adopted, for OPEN_FOR."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="proposals")
    text = models.TextField()
    proposed_on = models.DateField()
    entry = models.PositiveBigIntegerField(null=True)

    @property
    def sha256(self) -> str:
        """Give the hash of its text, by which the record names a pack, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def open_until(self) -> date:
        """Give the last day on which leads can agree; later whoever runs the program then proposes it anew."""
        return self.proposed_on + OPEN_FOR


class Consent(models.Model):
    """A lead agrees to milder rules; `mark` binds that to their press (see gate.presses), and to what they had read (see queries.to_read)."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="consents")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    on = models.DateField()
    read = models.CharField(max_length=90)
    mark = models.CharField(max_length=LENGTH, blank=True)
    #: What the lead's own key signed of these rules (see record.acts.Part).
    signed = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "seat"], name="a_lead_agrees_to_a_proposal_once"),
        ]

    @property
    def pressed(self) -> dict[str, Any]:
        """Give who agrees to which rules, beside which they read them, and on which day."""
        return {"seat": self.seat_id, "read": self.read, "on": self.on.isoformat()}
