"""What leads keep and sign while they read: sealed notes, and lists of what was opened."""

from django.db import models

from alongside.chain.voices.models.voices import Voice
from alongside.cohort.seats.models import Seat
from alongside.ground.programs.models import Program


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
    """The seal marks that one lead says were opened, waiting for a second lead to sign the same list."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="opened_lists")
    promise = models.PositiveBigIntegerField()
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="opened_lists")
    marks = models.JSONField()
    not_opened = models.PositiveIntegerField()
    signature = models.CharField(max_length=128)
    proposed_on = models.DateField()


class OpenedSigned(models.Model):
    """A second lead signed the list; `entry` is its first part on the record."""

    opened_list = models.OneToOneField(OpenedList, models.PROTECT, related_name="signed")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="opened_signed")
    signature = models.CharField(max_length=128)
    entry = models.PositiveBigIntegerField()
