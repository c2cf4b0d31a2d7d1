"""One lead's check of a claim, kept until a second lead's agrees; then the record has it."""

from typing import Any

from django.db import models

from alongside.cohort.seats.models import Seat
from alongside.core.workflow.commitments import KEPT
from alongside.ground.gate.presses import LENGTH
from alongside.ground.programs.models import Program


class Check(models.Model):
    """A lead looked, and says kept or disputed, with words. Two that agree make an entry.

    `mark` binds it to whoever looked (see gate.presses): a row that came into the table by other hands counts for nobody.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="checks")
    claim = models.PositiveBigIntegerField()
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="checks")
    completion = models.CharField(max_length=20)
    words = models.TextField()
    lang = models.CharField(max_length=12)
    checked_on = models.DateField()
    mark = models.CharField(max_length=LENGTH, blank=True)
    #: What the lead's own key signed of the entry, until another agrees (see record.acts.Part); empty once it is entered.
    signed = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "claim", "seat"], name="a_lead_checks_a_claim_once"),
        ]

    @property
    def pressed(self) -> dict[str, Any]:
        """Give what the lead says of what, and since when."""
        said = {name: getattr(self, name) for name in ("program_id", "claim", "seat_id", "completion")}
        return said | {"words": self.words, "lang": self.lang, "on": str(self.checked_on)}

    @property
    def is_kept(self) -> bool:
        """Say whether the lead saw that it is kept."""
        return self.completion in KEPT
