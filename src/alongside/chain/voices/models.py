"""Tables of voices: how they arrive, the batches in which the log tells of them, and what leads leave out."""

import uuid

from django.db import models
from django.db.models import Q

from alongside.cohort.seats.models import Seat
from alongside.core.sealing.voice import BUCKETS, SOUND_BUCKETS
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
            models.CheckConstraint(
                condition=Q(bucket__in=[*BUCKETS, *SOUND_BUCKETS]), name="a_voice_has_the_size_of_a_bucket"
            ),
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
    """Whether an engagement still takes voices in.

    A voice may wait in line to be kept while the clock closes its engagement, so the end is looked up as it is kept.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="intakes")
    engagement = models.SlugField(max_length=80)
    promise = models.PositiveBigIntegerField()
    is_closed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "promise"], name="an_engagement_has_one_intake"),
        ]


class ReachedCount(models.Model):
    """How often people came so far at one engagement, in one language; `why` says of what was refused for which reason. Never who, and no day.

    No backup holds it: two of them would tell what came between, in a small language of one person. It goes with the key.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="reached_counts")
    engagement = models.SlugField(max_length=80)
    lang = models.CharField(max_length=12)
    reached = models.CharField(max_length=20)
    why = models.CharField(max_length=40, blank=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "engagement", "lang", "reached", "why"],
                name="how_far_people_come_is_counted_by_language",
            ),
        ]


class Batch(models.Model):
    """Seal marks that go on the record together. Held until the next batch is full. Holds whole days, up to `until`.

    On the record, `entry` is its first part.
    """

    intake = models.ForeignKey(Intake, models.PROTECT, related_name="batches")
    until = models.DateField()
    entry = models.PositiveBigIntegerField(null=True)


class BatchMark(models.Model):
    """One seal mark of a batch; it stays in it even if the voice is withdrawn, so that no batch falls below k."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="marks")
    mark = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mark"], name="a_seal_mark_is_in_one_batch")]


class SetAside(models.Model):
    """A lead's reader could not open a voice, so they set it aside. Where two people did, readers leave it out.

    The voice stays: one lead, or one wrong key, must not make words go away.
    """

    voice = models.ForeignKey(Voice, models.CASCADE, related_name="set_aside")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="voices_set_aside")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["voice", "seat"], name="a_seat_sets_a_voice_aside_once"),
        ]
