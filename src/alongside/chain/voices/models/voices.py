"""Sealed voices, and what may be told about them."""

import uuid

from django.db import models
from django.db.models import Q

from alongside.core.sealing.envelope import BUCKETS
from alongside.ground.programs.models import Program


class Voice(models.Model):
    """What one person said, sealed. Nothing about the sender, and no time finer than a day.

    Every index is a page more to write for each voice, so there is none but those that are asked.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    program = models.ForeignKey(Program, models.PROTECT, related_name="voices", db_index=False)
    engagement = models.SlugField(max_length=80, db_index=False)
    promise = models.PositiveBigIntegerField()
    sealed = models.BinaryField()
    mark = models.CharField(max_length=64)
    act_hash = models.CharField(max_length=64)
    bucket = models.PositiveIntegerField()
    date = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mark"], name="a_seal_mark_stands_for_one_voice"),
            models.UniqueConstraint(fields=["act_hash"], name="a_receipt_acts_for_one_voice"),
            models.CheckConstraint(condition=Q(bucket__in=BUCKETS), name="a_voice_has_the_size_of_a_bucket"),
        ]
        indexes = [
            models.Index(fields=["program", "promise", "mark"], name="voices_of_an_engagement"),
            models.Index(fields=["program", "promise", "date"], name="voices_by_day"),
        ]


class Withdrawal(models.Model):
    """A person took a voice back: the ciphertext is gone, its seal mark cannot be used again."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="withdrawals")
    promise = models.PositiveBigIntegerField()
    mark = models.CharField(max_length=64)
    act_hash = models.CharField(max_length=64)
    date = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mark"], name="a_voice_is_withdrawn_once"),
            models.UniqueConstraint(fields=["act_hash"], name="a_receipt_withdraws_once"),
        ]
        indexes = [models.Index(fields=["program", "promise"], name="withdrawals_of_an_engagement")]


class Intake(models.Model):
    """How many voices an engagement took in, so that leads see a flood without counting it, and whether it ended.

    A voice may wait in line to be kept while the clock closes its engagement, so the end is looked up as it is kept.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="intakes")
    engagement = models.SlugField(max_length=80)
    promise = models.PositiveBigIntegerField()
    taken = models.PositiveIntegerField(default=0)
    is_closed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "promise"], name="an_engagement_has_one_intake"),
        ]


class Refusal(models.Model):
    """How often something was refused on one day, by reason. Never by whom."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="refusals")
    engagement = models.SlugField(max_length=80)
    date = models.DateField()
    reason = models.CharField(max_length=40)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "engagement", "date", "reason"],
                name="refusals_are_counted_by_day_and_reason",
            ),
        ]


class Batch(models.Model):
    """Seal marks that go on the record together. Held until the next batch is full. Holds whole days, up to `until`."""

    intake = models.ForeignKey(Intake, models.PROTECT, related_name="batches")
    until = models.DateField()


class BatchMark(models.Model):
    """One seal mark of a batch; it stays in it even if the voice is withdrawn, so that no batch falls below k."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="marks")
    mark = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mark"], name="a_seal_mark_is_in_one_batch")]


class BatchPublished(models.Model):
    """The batch is on the record; `entry` is its first part."""

    batch = models.OneToOneField(Batch, models.PROTECT, related_name="published")
    entry = models.PositiveBigIntegerField()
