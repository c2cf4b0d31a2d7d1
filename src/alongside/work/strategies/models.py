"""A strategy as the server has it: ciphertext, who is in it, whole days, and who holds the pen for a few minutes."""

import uuid

from django.db import models
from django.db.models import Q

from alongside.cohort.seats.models import Seat
from alongside.core.sealing.strategy import BUCKETS
from alongside.ground.programs.models import Program


class Strategy(models.Model):
    """An organizing strategy, sealed to the keys of its leads. Its title is inside too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    program = models.ForeignKey(Program, models.PROTECT, related_name="strategies")
    version = models.PositiveIntegerField(default=1)
    sealed = models.BinaryField()
    bucket = models.PositiveIntegerField()
    saved_on = models.DateField()
    #: For so many days it stays after all its leads have left: as the pack said under which it was begun.
    days_kept = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(bucket__in=BUCKETS), name="a_strategy_has_the_size_of_a_bucket"
            ),
        ]


class Member(models.Model):
    """A lead who may fetch the strategy; whether they can open it, their key decides."""

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="members")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="strategies")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["strategy", "seat"], name="a_lead_is_in_a_strategy_once"),
        ]


class Pen(models.Model):
    """A lead writes now, until a time some minutes ahead; gone once put down, so that no time is kept."""

    strategy = models.OneToOneField(Strategy, models.CASCADE, related_name="pen")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="pens")
    until = models.DateTimeField()
    #: The lead who asks for the pen.
    asked = models.ForeignKey(Seat, models.SET_NULL, null=True, related_name="pens_asked")


class SideVersion(models.Model):
    """A version that came too late to be the next one; kept beside until leads have merged it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="side_versions")
    sealed = models.BinaryField()
    bucket = models.PositiveIntegerField()
    kept_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(bucket__in=BUCKETS), name="a_side_version_has_the_size_of_a_bucket"
            ),
        ]


class EndAsked(models.Model):
    """A lead asks to destroy a strategy. Gone when another lead says no, or when who is in it changes."""

    strategy = models.OneToOneField(Strategy, models.CASCADE, related_name="end_asked")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="ends_asked")
    on = models.DateField()


class Destroyed(models.Model):
    """A strategy was destroyed: nothing of it is left but its random id, the day, and which leads did it.

    No seat: its leads had all left, and it went by itself. One seat: that lead was the last one in it, and waited.
    """

    id = models.UUIDField(primary_key=True)
    program = models.ForeignKey(Program, models.PROTECT, related_name="strategies_destroyed")
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="strategies_destroyed")
    #: The second lead, who agreed.
    agreed = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="strategies_agreed_on")
    on = models.DateField()
