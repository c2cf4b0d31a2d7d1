"""The register of federal requests: days, kinds and categories from lists. There is no room for a name or for free words."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from alongside.ground.programs.models import Unit


class FederalRequest(models.Model):
    """A federal agency asked a unit for something. `asked` lists categories, never whom it was about.

    On `routed_on` letters to the head of the unit and to the lawyers were queued. They say only that something waits.
    """

    key = models.CharField(max_length=12, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="federal_requests")
    received_on = models.DateField()
    agency = models.CharField(max_length=20)
    came_by = models.CharField(max_length=20)
    asked = models.JSONField(default=list)
    paper = models.CharField(max_length=20)
    #: yes, no or unclear; what is unclear is handled as immigration enforcement.
    immigration = models.CharField(max_length=10)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_on = models.DateField()
    routed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(recorded_on__gte=models.F("received_on")),
                name="a_federal_request_is_recorded_after_it_came",
            ),
        ]


class FederalStep(models.Model):
    """What was done with a request: declined, handed on, followed as a court ordered, or cleared by counsel."""

    request = models.ForeignKey(FederalRequest, models.PROTECT, related_name="steps")
    step = models.CharField(max_length=12)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "step"], name="a_step_with_a_request_is_taken_once"),
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(step__in=("declined", "followed")),
                name="a_request_is_declined_or_followed_not_both",
            ),
        ]
