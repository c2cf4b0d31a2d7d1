"""A charter while it is written, and the tokens of private calendars."""

from django.conf import settings
from django.db import models

from alongside.cohort.seats.models.seats import Cohort
from alongside.ground.programs.models import Program


class CharterDraft(models.Model):
    """The next charter of a cohort, being written. `words` maps a language to its parts; the first is the original."""

    cohort = models.OneToOneField(Cohort, models.PROTECT, related_name="charter_draft")
    words = models.JSONField(default=dict)
    appeals_to = models.CharField(max_length=121, blank=True)
    alarms_to = models.CharField(max_length=121, blank=True)
    saved_at = models.DateTimeField()


class CalendarKey(models.Model):
    """The address of one person's calendar. Only a hash of its token is kept; a revoked one is gone."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_keys")
    program = models.ForeignKey(Program, models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    made_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "program"], name="a_person_has_one_calendar_address_in_a_program"
            ),
        ]
