"""Asks live in the record alone; only the reminders that were sent are kept here."""

from django.db import models

from alongside.ground.programs.models import Program


class Reminder(models.Model):
    """A unit was reminded once of an ask at a stage; a second run of the clock finds this row."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="reminders")
    ask = models.PositiveBigIntegerField()
    due = models.DateField()
    stage = models.CharField(max_length=40)
    sent_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "ask", "due", "stage"], name="a_unit_is_reminded_once_a_stage"
            ),
        ]
