"""Keys of leads and of engagements, and to whom each is locked."""

import hashlib
from typing import Any

from django.db import models

from alongside.cohort.seats.models import Seat
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
