"""What an office was given; and, apart from it, whose receipts say so."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from alongside.cohort.seats.models import Seat
from alongside.ground.programs.models import Office, Program


class Referral(models.Model):
    """What an office was given, as two leads confirmed it: a paper of the City, and no entry. It names no voice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    promise = models.PositiveBigIntegerField()
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    words = models.TextField()
    lang = models.CharField(max_length=12)
    first = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    second = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    given_on = models.DateField()
    answer_by = models.DateField()
    reply = models.TextField(blank=True)
    reply_lang = models.CharField(max_length=12, blank=True)
    replied_on = models.DateField(null=True)
    replied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    erase_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="what_an_office_is_given_has_words"),
            models.CheckConstraint(
                condition=~Q(first=models.F("second")), name="two_leads_give_something_to_an_office"
            ),
            models.CheckConstraint(
                condition=Q(reply="", replied_on=None, replied_by=None, erase_on=None)
                | (
                    ~Q(reply="")
                    & Q(replied_on__isnull=False, replied_by__isnull=False, erase_on__isnull=False)
                ),
                name="a_reply_has_words_a_day_and_a_writer",
            ),
        ]


class Given(models.Model):
    """A voice of which something was given to an office. It points at no referral, and has no day.

    All rows of a program are written anew, in an order that chance gives, with each one that comes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    act_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["act_hash"], name="a_voice_is_given_to_an_office_once"),
        ]
