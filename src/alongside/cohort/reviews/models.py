"""Which reader has which application and what they make of it, and what is decided with reasons."""

import uuid

from django.db import models
from django.db.models import Q

from alongside.cohort.applications.models import Application, happened
from alongside.cohort.calls.models import Call, Invitee
from alongside.core.workflow.applications import GONE
from alongside.core.workflow.calls import Outcome

#: The ground of a reading that its reader did not do in time, so that another one has it.
PASSED_ON = "passed-on"
GROUNDS = ("know-them", "same-organization", "other", PASSED_ON)


class Readings(models.QuerySet["Reading"]):
    """Readings by where they stand."""

    def held(self) -> "Readings":
        """Give those that no reader laid down and that went to no other, of applications that are there."""
        return self.filter(recused_on=None).exclude(happened(*GONE, to="application"))

    def done(self) -> "Readings":
        """Give those that count: done, and not laid down."""
        return self.filter(recused_on=None, read_on__isnull=False)


class Reading(models.Model):
    """One application in the hands of one reader. The random id is the only name it has for the reader.

    Done: `share` is the sum of points per thousand of what can be given, `notes` are the reader's alone. Laid down because of
    a conflict, or passed on: `ground` says which. It is kept, so that who once held an application stays known.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reader = models.ForeignKey(Invitee, models.PROTECT, related_name="readings")
    application = models.ForeignKey(Application, models.CASCADE, related_name="readings")
    assigned_on = models.DateField()
    share = models.PositiveSmallIntegerField(null=True)
    notes = models.TextField(blank=True)
    read_on = models.DateField(null=True)
    ground = models.CharField(max_length=20, blank=True)
    recused_on = models.DateField(null=True)

    objects = Readings.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reader", "application"], name="a_reader_reads_an_application_once"
            ),
            models.CheckConstraint(
                condition=Q(share=None, read_on=None) | Q(share__lte=1000, read_on__isnull=False),
                name="a_reading_gives_no_more_than_all_points",
            ),
            models.CheckConstraint(
                condition=Q(ground="", recused_on=None) | Q(ground__in=GROUNDS, recused_on__isnull=False),
                name="a_reader_says_what_the_conflict_is",
            ),
        ]


class Score(models.Model):
    """Points by one criterion, with the reason in words."""

    reading = models.ForeignKey(Reading, models.CASCADE, related_name="scores")
    #: The key of a line of the rubric.
    criterion = models.SlugField(max_length=12)
    points = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reading", "criterion"], name="a_reading_judges_by_a_criterion_once"
            ),
            models.CheckConstraint(condition=Q(points__gte=1), name="a_score_is_at_least_one_point"),
        ]


OUTCOMES = (Outcome.SEAT.value, Outcome.ALTERNATE.value, Outcome.NO.value)


class Admitted(models.Model):
    """The panel lets an application into the lottery, with written reasons."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="admitted")
    call = models.ForeignKey(Call, models.PROTECT, related_name="admitted")
    reasons = models.TextField(blank=True)
    on = models.DateField()


class Decision(models.Model):
    """What becomes of an application, with the reasons that its owner reads. `place` is an alternate's."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="decision")
    call = models.ForeignKey(Call, models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=10)
    place = models.PositiveSmallIntegerField(null=True)
    #: Written by the panel or the steward; empty where the lottery decided, which the page says in its own words.
    reasons = models.TextField(blank=True)
    by_lottery = models.BooleanField(default=False)
    on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=OUTCOMES), name="a_decision_is_a_seat_a_wait_or_a_no"
            ),
            models.CheckConstraint(
                condition=Q(by_lottery=True) | ~Q(reasons=""), name="a_decision_of_people_has_reasons"
            ),
            models.UniqueConstraint(
                fields=["call", "place"], name="a_place_among_the_alternates_is_given_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.ALTERNATE.value, place__gte=1)
                | (~Q(outcome=Outcome.ALTERNATE.value) & Q(place=None)),
                name="an_alternate_and_nobody_else_has_a_place",
            ),
        ]
