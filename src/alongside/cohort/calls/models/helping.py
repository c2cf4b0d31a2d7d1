"""Who helps with a call without being staff: types applications in, or writes recordings down."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from alongside.cohort.calls.models.calls import Call
from alongside.ground.people.models import Organization

HELPS = ("types-in", "writes-down")


class Helper(models.Model):
    """Someone of a community organization helps with one call. This row is the permission, for this one thing."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="helpers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="helps")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="helpers")
    does = models.CharField(max_length=12)
    invited_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["call", "person", "does"], name="a_helper_is_invited_to_a_thing_once"
            ),
            models.CheckConstraint(condition=Q(does__in=HELPS), name="a_helper_types_in_or_writes_down"),
        ]


class HelperEnded(models.Model):
    """The helper no longer helps with this."""

    helper = models.OneToOneField(Helper, models.PROTECT, related_name="ended")
    on = models.DateField()
