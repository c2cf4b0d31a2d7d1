"""A finding before it is public: sealed to the leads, so that no city role can read it; and who attests it."""

import uuid
from typing import Any

from django.db import models

from alongside.cohort.seats.models import Seat
from alongside.ground.gate.presses import LENGTH
from alongside.ground.programs.models import Program


class SealedDraft(models.Model):
    """A draft sealed to the engagement's key. The server cannot read it; it goes when the finding is public."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    program = models.ForeignKey(Program, models.PROTECT, related_name="sealed_drafts")
    promise = models.PositiveBigIntegerField()
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="sealed_drafts")
    sealed = models.BinaryField()
    saved_on = models.DateField()


class Attestation(models.Model):
    """A lead attests the exact finding (its hash) before it is published; a small one needs two.

    `mark` binds it to that lead (see gate.presses): a row that came into the table by other hands attests nothing.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="attestations")
    promise = models.PositiveBigIntegerField()
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="attestations")
    finding = models.CharField(max_length=64)
    #: The sealed draft of the finding, for as long as it waits for a second lead; None once it is public.
    draft = models.ForeignKey(SealedDraft, models.SET_NULL, null=True, related_name="attestations")
    attested_on = models.DateField()
    mark = models.CharField(max_length=LENGTH, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["promise", "seat", "finding"], name="a_lead_attests_a_finding_once"
            ),
        ]

    @property
    def pressed(self) -> dict[str, Any]:
        """Give what the lead attests, and since when."""
        said = {name: getattr(self, name) for name in ("program_id", "promise", "seat_id", "finding")}
        return said | {"on": str(self.attested_on)}
