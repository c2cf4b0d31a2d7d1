"""Payment runs, what the finance office says was paid, and what is written when it was otherwise."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from alongside.cohort.pay.models.logs import Claim
from alongside.cohort.pay.models.terms import Sum
from alongside.cohort.seats.models import Seat
from alongside.ground.programs.models import Program


class Run(models.Model):
    """Approved claims of one moment, closed by the steward and sent to the finance system as one file."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="pay_runs")
    number = models.PositiveIntegerField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="a_run_is_numbered_once_in_a_program"),
        ]


class Payment(Sum):
    """What one seat is paid in a run, in one currency; `reference` finds it again in the file that comes back.

    `first` is the payment that did not arrive, or not whole, and is sent again by this one; its lines stay with it.
    """

    run = models.ForeignKey(Run, models.PROTECT, related_name="payments")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="payments")
    reference = models.CharField(max_length=30)
    first = models.ForeignKey("self", models.PROTECT, null=True, related_name="again")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "reference"], name="a_payment_is_found_by_its_reference"),
            models.UniqueConstraint(
                fields=["run", "seat", "currency"],
                condition=Q(first=None),
                name="a_seat_is_paid_once_in_a_run_and_currency",
            ),
            models.UniqueConstraint(fields=["run", "first"], name="a_payment_is_sent_again_once_in_a_run"),
            models.CheckConstraint(condition=Q(minor__gt=0), name="a_payment_is_a_sum"),
        ]


class Line(models.Model):
    """A claim is part of a payment."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="lines")
    claim = models.OneToOneField(Claim, models.PROTECT, related_name="line")  # a claim is paid once


class FileBack(models.Model):
    """A file came back from the finance office: how many rows it had, and how many were left out knowingly."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="pay_files")
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    left_out = models.PositiveIntegerField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taken_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(rows__gt=models.F("left_out")), name="a_file_that_came_back_holds_a_match"
            ),
        ]


class Paid(models.Model):
    """A payment was made on a day, as a file that came back says."""

    payment = models.OneToOneField(Payment, models.PROTECT, related_name="paid")
    file = models.ForeignKey(FileBack, models.PROTECT, related_name="paid")
    paid_on = models.DateField()


class Rejection(models.Model):
    """The bank or the finance system sent a payment back. The next run sends it again, under another reference."""

    payment = models.OneToOneField(Payment, models.PROTECT, related_name="rejection")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_payment_is_sent_back_with_a_reason"),
        ]


class Correction(Sum):
    """What was paid in truth, and when, where the file that came back says otherwise. The last one counts."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="corrections")
    paid_on = models.DateField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_payment_is_corrected_with_a_reason"),
            models.CheckConstraint(condition=Q(minor__gt=0), name="a_corrected_payment_is_a_sum"),
            models.CheckConstraint(
                condition=Q(paid_on__lte=F("on")), name="nothing_is_corrected_to_a_day_ahead"
            ),
        ]
