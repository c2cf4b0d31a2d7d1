"""The keys that only leads hold: their keyrings, the keys of engagements, and the test of each."""

from django.db import models

from alongside.cohort.seats.models import Seat
from alongside.ground.programs.models import Program


class LeadKey(models.Model):
    """A lead's keyring (sealed under a passphrase we never see) and the public keys that are on the record."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="lead_keys")
    recipient = models.CharField(max_length=80)
    sign_key = models.CharField(max_length=64)
    keyring = models.BinaryField()
    entry = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient"], name="a_lead_key_belongs_to_one_seat"),
            models.UniqueConstraint(fields=["sign_key"], name="a_signing_key_belongs_to_one_seat"),
        ]


class CertificationRequest(models.Model):
    """A keyring that waits until two leads have compared its fingerprint and vouched for it."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="certification_requests")
    recipient = models.CharField(max_length=80)
    sign_key = models.CharField(max_length=64)
    keyring = models.BinaryField()
    asked_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient"], name="a_key_asks_once_to_be_certified"),
        ]


class Vouch(models.Model):
    """A lead signed that this key is the key of this seat."""

    request = models.ForeignKey(CertificationRequest, models.PROTECT, related_name="vouches")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="vouches")
    signature = models.CharField(max_length=128)
    vouched_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "seat"], name="a_lead_vouches_once_for_a_key")
        ]


class EngagementKey(models.Model):
    """The key that voices of an engagement are sealed to. Only its public half is here."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="engagement_keys")
    engagement = models.SlugField(max_length=80)
    recipient = models.CharField(max_length=80)
    entry = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient"], name="an_engagement_key_serves_one_engagement"),
        ]
        indexes = [models.Index(fields=["program", "engagement"], name="keys_of_an_engagement")]


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


class DestructionAsked(models.Model):
    """A lead asks that a key be destroyed, and says why; another person must ask too."""

    key = models.ForeignKey(EngagementKey, models.PROTECT, related_name="destruction_asked")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="destruction_asked")
    ground = models.CharField(max_length=200)
    lang = models.CharField(max_length=10, default="en")
    asked_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "seat"], name="a_lead_asks_once_to_destroy_a_key"),
        ]


class KeyDestroyed(models.Model):
    """The leads destroyed an engagement's key: its wraps are gone, entry `entry` says so."""

    key = models.OneToOneField(EngagementKey, models.PROTECT, related_name="destroyed")
    entry = models.PositiveBigIntegerField()


class TestVoice(models.Model):
    """A nonce that we sealed to a new key; a lead who tells it back has shown that the key opens."""

    __test__ = False  # for pytest, which would take the name for a test

    key = models.OneToOneField(EngagementKey, models.PROTECT, related_name="test_voice")
    sealed = models.BinaryField()
    nonce_hash = models.CharField(max_length=64)


class TestOpened(models.Model):
    """A lead opened the test voice."""

    __test__ = False  # as above

    test = models.ForeignKey(TestVoice, models.PROTECT, related_name="opened")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="tests_opened")
    entry = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["test", "seat"], name="a_lead_tests_a_key_once")]


class SpentChallenge(models.Model):
    """A sign-in that a reader answered: its challenge opens nothing again. Kept by its hash until it is too old to be used."""

    sha256 = models.CharField(max_length=64)
    spent_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sha256"], name="a_challenge_is_answered_once")]
