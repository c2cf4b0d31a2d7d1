"""What moves in a cohort: vacancies, alternates, roles, removals and appeals. Names and reasons stay here."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from alongside.cohort.seats.models.seats import Cohort, Seat
from alongside.core.grammar.v1.cohort import APPEAL_DECIDED


class Vacancy(models.Model):
    """A seat is empty from a day on. `seat` is the one that was left, if one was; `entry` says so on the record."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="vacancies")
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="vacancies")
    from_date = models.DateField()
    entry = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort", "entry"], name="a_vacancy_is_told_by_one_entry"),
        ]


class VacancyFilled(models.Model):
    """Someone sits in it: an alternate in a new seat, or the removed lead to whom it was given back."""

    vacancy = models.OneToOneField(Vacancy, models.PROTECT, related_name="filled")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="filled")
    filled_on = models.DateField()


class Alternate(models.Model):
    """Someone who steps in when a seat is empty; the lowest place first. Not on the record before that."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="alternates")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="alternates")
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "person"], name="a_person_is_an_alternate_once_in_a_cohort"
            ),
            models.UniqueConstraint(fields=["cohort", "place"], name="an_alternate_has_a_place_of_its_own"),
        ]


class StoodDown(models.Model):
    """An alternate no longer waits: they said so, or were called up (`seat`)."""

    alternate = models.OneToOneField(Alternate, models.PROTECT, related_name="stood_down")
    seat = models.OneToOneField(Seat, models.PROTECT, null=True, related_name="called_up")
    on = models.DateField()


class RoleHeld(models.Model):
    """A lead holds a role in the cohort from a day on, until another."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="roles")
    role = models.CharField(max_length=20)
    from_date = models.DateField()
    until_date = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_date=None) | Q(until_date__gte=F("from_date")),
                name="a_role_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["seat", "role"],
                condition=Q(until_date=None),
                name="a_lead_holds_a_role_once_at_a_time",
            ),
        ]


class Removal(models.Model):
    """A seat was removed, as an entry says: the private reasons, by whom, and who hears an appeal until when.

    One that fell does not keep a seat from being removed again.
    """

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="removals")
    ground = models.CharField(max_length=30)
    reasons = models.TextField()
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    removed_on = models.DateField()
    appeal_to = models.CharField(max_length=121)
    appeal_by = models.DateField()
    entry = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(appeal_by__gt=F("removed_on")), name="a_removal_leaves_days_to_appeal"
            ),
            models.CheckConstraint(condition=~Q(reasons=""), name="a_removal_has_reasons"),
            models.UniqueConstraint(fields=["seat", "entry"], name="a_removal_is_told_by_one_entry"),
        ]


class Appeal(models.Model):
    """The removed lead says why the removal is wrong. Private."""

    removal = models.OneToOneField(Removal, models.PROTECT, related_name="appeal")
    words = models.TextField()
    made_on = models.DateField()
    entry = models.PositiveBigIntegerField()

    @property
    def decide_by(self) -> date:
        """Give the last day to decide it; where nobody has, the lead has the seat back the day after."""
        return self.made_on + APPEAL_DECIDED


class AppealDecision(models.Model):
    """An appeal was decided, with private reasons, by someone other than whoever removed; by nobody where its days were over."""

    appeal = models.OneToOneField(Appeal, models.PROTECT, related_name="decision")
    decision = models.CharField(max_length=10)
    reasons = models.TextField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    #: Repeated from the removal, so that the database can compare the two.
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_on = models.DateField()
    entry = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(decided_by=F("removed_by")), name="an_appeal_is_decided_by_someone_else"
            ),
            models.CheckConstraint(
                condition=Q(decision__in=("stands", "lifted")), name="an_appeal_stands_or_is_lifted"
            ),
        ]
