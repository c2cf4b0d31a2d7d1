"""Tables of voices, of the leads' keys, and of reading."""

import hashlib
import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from alongside.cohort.seats.models import Seat
from alongside.core.sealing.voice import BUCKETS, SOUND_BUCKETS
from alongside.ground.gate.presses import LENGTH
from alongside.ground.programs.models import Program


class LeadKey(models.Model):
    """A lead's keyring (sealed under a passphrase we never see) and its public keys, on the record as entry `entry`.

    `signature` is by the key itself, so that nobody brings one that they cannot sign with.
    Until then it waits until two leads have compared its fingerprint and vouched for it.
    """

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="lead_keys")
    recipient = models.CharField(max_length=80)
    sign_key = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    keyring = models.BinaryField()
    entry = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient"], name="a_lead_key_belongs_to_one_seat"),
            models.UniqueConstraint(fields=["sign_key"], name="a_signing_key_belongs_to_one_seat"),
        ]


class Device(models.Model):
    """A lead's keyring, locked to a device of theirs that opens it after a fingerprint, a face or a PIN.

    `recipient` is the key whose keyring it is: once another is in force the row goes. What the device gives never comes here.
    """

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="devices")
    recipient = models.CharField(max_length=80)
    passkey = models.CharField(max_length=1_400)
    called = models.CharField(max_length=40)
    sealed = models.BinaryField()
    kept_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seat", "passkey"], name="a_device_opens_one_keyring_of_a_seat"),
        ]


class Vouch(models.Model):
    """A lead signed that this key is the key of this seat."""

    key = models.ForeignKey(LeadKey, models.PROTECT, related_name="vouches")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="vouches")
    signature = models.CharField(max_length=128)
    vouched_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "seat"], name="a_lead_vouches_once_for_a_key")]


class EngagementKey(models.Model):
    """The key that voices of an engagement are sealed to. Only its public half is here.

    `test` is a nonce that we sealed to it; a lead who tells it back has shown that the key opens.
    Once the leads destroyed it its wraps are gone, as entry `destroyed` says.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="engagement_keys")
    engagement = models.SlugField(max_length=80)
    recipient = models.CharField(max_length=80)
    entry = models.PositiveBigIntegerField()
    test = models.BinaryField()
    nonce_hash = models.CharField(max_length=64)
    destroyed = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient"], name="an_engagement_key_serves_one_engagement"),
        ]
        indexes = [models.Index(fields=["program", "engagement"], name="keys_of_an_engagement")]

    def is_told(self, nonce: str) -> bool:
        """Say whether this is what the test voice says: who tells it opened it."""
        return hashlib.sha256(nonce.encode()).hexdigest() == self.nonce_hash


class Wrap(models.Model):
    """An engagement's key, sealed to one lead: an age file that only this lead can open.

    Only added: another lead's wrap stands beside it, so that nobody can put nonsense in its place. `recipient` is the lead's
    own key that it is sealed to, and `by` the lead who sealed it.
    """

    key = models.ForeignKey(EngagementKey, models.PROTECT, related_name="wraps")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="wraps")
    recipient = models.CharField(max_length=80)
    by = models.ForeignKey(Seat, models.PROTECT, related_name="wraps_sealed")
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "seat", "recipient", "by"], name="a_lead_wraps_a_key_once_for_a_lead"
            ),
        ]


class PaperWrap(models.Model):
    """An engagement's key, sealed to the leads' recovery key, which is on papers alone. Only added, as other wraps are.

    `recipient` is the recovery key's, and `by` the lead who sealed it.
    """

    key = models.ForeignKey(EngagementKey, models.PROTECT, related_name="paper_wraps")
    recipient = models.CharField(max_length=80)
    by = models.ForeignKey(Seat, models.PROTECT, related_name="paper_wraps_sealed")
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "recipient", "by"], name="a_lead_wraps_a_key_once_for_the_papers"
            ),
        ]


class DestructionAsked(models.Model):
    """A lead asks that a key be destroyed, and says why; another person must ask too.

    `mark` binds it to that lead (see gate.presses): a row that came into the table by other hands destroys nothing.
    """

    key = models.ForeignKey(EngagementKey, models.PROTECT, related_name="destruction_asked")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="destruction_asked")
    ground = models.CharField(max_length=200)
    lang = models.CharField(max_length=10, default="en")
    asked_on = models.DateField()
    mark = models.CharField(max_length=LENGTH, blank=True)
    #: What this lead signed of it (record.acts.Part), and the seed of its salts; the mark is over the words.
    signed = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "seat"], name="a_lead_asks_once_to_destroy_a_key"),
        ]

    @property
    def pressed(self) -> dict[str, Any]:
        """Give which key the lead wants gone, why, and since when."""
        said = {name: getattr(self, name) for name in ("key_id", "seat_id", "ground", "lang")}
        return said | {"on": str(self.asked_on)}


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
