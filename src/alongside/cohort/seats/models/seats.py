"""A cohort, and the seats in it. Who sits is private; that a seat is taken is on the record."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from alongside.core.grammar.v1.cohort import NOBODY, OUTSIDE
from alongside.ground.programs.models import Program, Unit


class Cohort(models.Model):
    """One iteration of a program: a group of leads with a term."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="cohorts")
    slug = models.SlugField(max_length=60)
    from_date = models.DateField()
    until_date = models.DateField()
    entry = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "slug"], name="a_cohort_is_named_once_in_a_program"),
            models.CheckConstraint(
                condition=Q(until_date__gte=F("from_date")), name="a_cohort_ends_after_it_begins"
            ),
        ]


class Seat(models.Model):
    """A person sits in a cohort. `public_id` is all the record knows.

    `paid_by` is the unit that pays; where none does, `paid_otherwise` says outside or nobody, and is empty where nobody said
    it. `works_for` is the unit that employs the lead beside the seat.
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="seats")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="seats")
    public_id = models.CharField(max_length=13, unique=True)
    from_date = models.DateField()
    until_date = models.DateField()
    paid_by = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="paid_seats")
    paid_otherwise = models.CharField(max_length=8, blank=True)
    works_for = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="employed_seats")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_date__gte=F("from_date")), name="a_seat_ends_after_it_begins"
            ),
            models.UniqueConstraint(fields=["cohort", "person"], name="a_person_sits_once_in_a_cohort"),
            models.CheckConstraint(
                condition=Q(paid_otherwise="") | Q(paid_by=None, paid_otherwise__in=(OUTSIDE, NOBODY)),
                name="a_seat_is_paid_by_a_unit_or_otherwise",
            ),
        ]

    @property
    def payer(self) -> str:
        """Give who pays: the slug of a unit, outside or nobody; nothing where nobody said it."""
        return self.paid_by.slug if self.paid_by else self.paid_otherwise


class SeatEnd(models.Model):
    """A seat was left before its term was over."""

    seat = models.OneToOneField(Seat, models.PROTECT, related_name="end")
    left_on = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
