"""A strategy as the server has it: ciphertext, who is in it, whole days, and who holds the pen for a few minutes."""

import uuid

from django.db import models
from django.db.models import Q

from alongside.cohort.seats.models import Seat
from alongside.core.sealing.strategy import BUCKETS
from alongside.ground.programs.models import Program


class Strategy(models.Model):
    """An organizing strategy, sealed to the keys of its leads. Its title is inside too.

    A lead who writes holds the `pen`, until a time some minutes ahead; both are gone once it is put down, so that no
    time is kept. A lead may ask to end it, which goes when another says no, or when who is in it changes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    program = models.ForeignKey(Program, models.PROTECT, related_name="strategies")
    version = models.PositiveIntegerField(default=1)
    sealed = models.BinaryField()
    bucket = models.PositiveIntegerField()
    saved_on = models.DateField()
    #: For so many days it stays after all its leads have left: as the pack said under which it was begun.
    days_kept = models.PositiveSmallIntegerField()
    pen = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="pens")
    pen_until = models.DateTimeField(null=True)
    #: The lead who asks for the pen.
    pen_asked = models.ForeignKey(Seat, models.SET_NULL, null=True, related_name="pens_asked")
    end_asked = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="ends_asked")
    end_asked_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(bucket__in=BUCKETS), name="a_strategy_has_the_size_of_a_bucket"
            ),
            models.CheckConstraint(
                condition=Q(pen=None, pen_until=None) | Q(pen__isnull=False, pen_until__isnull=False),
                name="a_pen_is_held_until_a_time",
            ),
            models.CheckConstraint(
                condition=Q(end_asked=None, end_asked_on=None)
                | Q(end_asked__isnull=False, end_asked_on__isnull=False),
                name="an_end_is_asked_for_on_a_day",
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
