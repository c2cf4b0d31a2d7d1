"""What waits for a second lead, sealed."""

import uuid
from typing import Any

from django.db import models

from alongside.cohort.seats.models import Seat
from alongside.core.workflow.seconds import Proposed
from alongside.ground.gate.presses import LENGTH
from alongside.ground.programs.models import Program


class Proposal(models.Model):
    """What one lead would do with what a person sealed, sealed to the engagement's key. The server cannot read it.

    `digest` hashes it with a salt that is sealed in it too, so that a second lead confirms these words and no others. `mark`
    binds it to that lead (see gate.presses): a row that came into the table by other hands does nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    promise = models.PositiveBigIntegerField()
    what = models.CharField(max_length=8, choices=[(one, one) for one in Proposed])
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    digest = models.CharField(max_length=64)
    proposed_on = models.DateField()
    #: When it was taken out under a legal hold, which keeps it; nobody confirms it any more.
    dropped_on = models.DateField(null=True)
    erase_on = models.DateField()
    mark = models.CharField(max_length=LENGTH, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["promise", "digest"], name="something_is_proposed_once"),
        ]

    @property
    def pressed(self) -> dict[str, Any]:
        """Give what the lead stands for, and since when."""
        said = {name: getattr(self, name) for name in ("program_id", "promise", "what", "seat_id", "digest")}
        return said | {"on": str(self.proposed_on)}
