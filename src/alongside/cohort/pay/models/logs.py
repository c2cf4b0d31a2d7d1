"""What a lead asks to be paid for, and what the steward said."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from alongside.cohort.pay.models.terms import Agreement, Sum
from alongside.cohort.seats.models import Seat

KINDS = ("hours", "deliverable", "month", "cost")
VERDICTS = ("approved", "sent-back", "taken-back")


class Claim(Sum):
    """A piece of work, or a cost, that a lead asks to be paid. Its sum is what the agreement made of it on that day.

    `what` is a kind of work or of cost of the pack; `turn` is 1, and more for a further piece of the same day that
    the lead logged on purpose; `corrects` is the one that was sent or taken back. `entry` is the check on the record
    that work after the term rests on.
    """

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="claims")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="claims")
    kind = models.CharField(max_length=12)
    what = models.CharField(max_length=30)
    on = models.DateField()
    minutes = models.PositiveSmallIntegerField(null=True)
    turn = models.PositiveSmallIntegerField(default=1)
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    entry = models.PositiveBigIntegerField(null=True)
    logged_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seat", "kind", "what", "on", "turn"], name="a_piece_of_work_is_logged_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="a_claim_is_of_a_known_kind"),
            models.CheckConstraint(condition=Q(minor__gt=0), name="a_claim_is_a_sum"),
            models.CheckConstraint(
                condition=(Q(kind="hours") & Q(minutes__gt=0) & Q(minutes__lte=1440))
                | (~Q(kind="hours") & Q(minutes=None)),
                name="hours_and_nothing_else_have_minutes",
            ),
            models.CheckConstraint(
                condition=Q(on__lte=models.F("logged_on")), name="nothing_is_logged_before_it_is_done"
            ),
        ]


class Note(models.Model):
    """What a lead adds in words. For the steward; erased on its day."""

    claim = models.OneToOneField(Claim, models.PROTECT, related_name="note")
    words = models.TextField()


class Bill(models.Model):
    """A picture of a bill, without what the camera wrote into it. Here and nowhere on the web; erased on its day."""

    claim = models.OneToOneField(Claim, models.PROTECT, related_name="bill")
    media_type = models.CharField(max_length=20)
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(media_type__in=("image/jpeg", "image/png")), name="a_bill_is_a_picture"
            ),
        ]


class Decision(models.Model):
    """The end of waiting: the steward approved it or sent it back with a reason, or the lead took it back."""

    claim = models.OneToOneField(Claim, models.PROTECT, related_name="decision")
    verdict = models.CharField(max_length=10)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=VERDICTS), name="a_claim_is_decided_in_a_known_way"
            ),
            models.CheckConstraint(
                condition=~Q(verdict="sent-back") | ~Q(reason=""), name="what_is_sent_back_has_a_reason"
            ),
        ]


class Reminder(models.Model):
    """The steward was told that a claim is past its day."""

    claim = models.OneToOneField(Claim, models.PROTECT, related_name="reminder")
    on = models.DateField()


class Erased(models.Model):
    """Note and bill of a claim are gone, by this rule of the pack."""

    claim = models.OneToOneField(Claim, models.PROTECT, related_name="erased")
    rule = models.CharField(max_length=60)
    on = models.DateField()
