"""What a cohort may cost, and what is agreed with each seat."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from alongside.cohort.seats.models import Cohort, Seat
from alongside.core.money import Money

PER = ("hour", "month", "deliverable")


class Sum(models.Model):
    """A sum of money: whole smallest coins of a currency, so that no database keeps it as a float."""

    minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        abstract = True

    @property
    def money(self) -> Money:
        """Give the sum."""
        return Money(self.minor, self.currency)


class Budget(Sum):
    """What a cohort may be paid in all. The last one counts; entry `entry` of the record says so."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="budgets")
    entry = models.PositiveBigIntegerField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_on = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(minor__gt=0), name="a_budget_is_a_sum")]


class Agreement(Sum):
    """What a lead is paid: `minor` per hour, month or deliverable, in all not more than `limit_minor`, in a time.

    `call` is the entry of the call whose terms it follows, if there was one. A changed agreement is a new row.
    """

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="agreements")
    per = models.CharField(max_length=12)
    limit_minor = models.BigIntegerField()
    from_date = models.DateField()
    until_date = models.DateField()
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    call = models.PositiveBigIntegerField(null=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(per__in=PER), name="pay_is_per_hour_month_or_deliverable"),
            models.CheckConstraint(condition=Q(minor__gt=0), name="a_rate_is_a_sum"),
            models.CheckConstraint(
                condition=Q(limit_minor__gte=F("minor")), name="a_limit_holds_the_rate_at_least_once"
            ),
            models.CheckConstraint(
                condition=Q(until_date__gte=F("from_date")), name="an_agreement_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["seat"], condition=Q(replaces=None), name="a_seat_has_one_first_agreement"
            ),
        ]


class Proposal(Sum):
    """Terms that give a lead less than `agreement`, which is in force; the last one holds once the lead agrees to it.

    `seat` is the lead's next seat, with which nothing is agreed yet; none where the terms are for the seat of `agreement`.
    """

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="proposals")
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="pay_proposals")
    per = models.CharField(max_length=12)
    limit_minor = models.BigIntegerField()
    from_date = models.DateField()
    until_date = models.DateField()
    call = models.PositiveBigIntegerField(null=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_on = models.DateField()

    @property
    def limit(self) -> Money:
        """Give the sum not to exceed."""
        return Money(self.limit_minor, self.currency)


class Raised(models.Model):
    """The sum not to exceed was raised to `limit_minor`, with a reason."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="raises")
    limit_minor = models.BigIntegerField()
    reason = models.TextField()
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    raised_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_limit_is_raised_with_a_reason"),
            models.UniqueConstraint(
                fields=["agreement", "limit_minor"], name="a_limit_is_raised_to_a_sum_once"
            ),
        ]


class Payee(models.Model):
    """The number under which the finance system knows a seat. Drawn by dice; says nothing about anyone."""

    seat = models.OneToOneField(Seat, models.PROTECT, related_name="payee")
    number = models.CharField(max_length=10, unique=True)
