"""What leads who open voices leave out, note and sign."""

from typing import Any

from django.db import models

from alongside.cohort.seats.models import Seat
from alongside.ground.gate.presses import LENGTH
from alongside.ground.programs.models import Program


class SealedNote(models.Model):
    """The leads' themes and notes on an engagement, sealed to its key. Revisions count up; a late save is refused.

    The last few that each lead saved are kept, so that no lead can spoil them for the others.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="sealed_notes")
    promise = models.PositiveBigIntegerField()
    #: Who saved it; nobody knows of what was saved before this was kept.
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="sealed_notes")
    sealed = models.BinaryField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "promise", "revision"], name="notes_are_saved_one_after_the_other"
            ),
        ]


class OpenedList(models.Model):
    """The seal marks that one lead says were opened, waiting for a second lead to sign the same list.

    Signed by both, `entry` is its first part on the record. `mark` binds it to that lead (see gate.presses), and `signed` is what
    they signed of it (record.acts.Part) until then.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="opened_lists")
    promise = models.PositiveBigIntegerField()
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="opened_lists")
    marks = models.JSONField()
    not_opened = models.PositiveIntegerField()
    signed = models.JSONField(default=dict)
    mark = models.CharField(max_length=LENGTH, blank=True)
    proposed_on = models.DateField()
    second = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="opened_signed")
    entry = models.PositiveBigIntegerField(null=True)

    @property
    def pressed(self) -> dict[str, Any]:
        """Give which voices the lead says were opened, and how many were not."""
        return {name: getattr(self, name) for name in ("promise", "seat_id", "marks", "not_opened")}
