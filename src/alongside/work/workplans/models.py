"""A workplan before it is signed: its parties, its draft as Yjs updates, and who is there. Versions live in the record."""

from django.db import models

from alongside.cohort.seats.models import Cohort
from alongside.ground.programs.models import Program, Unit


class Workplan(models.Model):
    """The joint plan of a cohort and some units. Its words are in the draft and, once signed, in the record."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="workplans")
    slug = models.SlugField(max_length=60)
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="workplans")
    units = models.ManyToManyField(Unit, related_name="workplans")
    #: The language it is written in.
    lang = models.CharField(max_length=12)
    begun_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "slug"], name="a_workplan_is_named_once_in_a_program"),
        ]


class PlanUpdate(models.Model):
    """One change of a draft, as Yjs writes it, in the order it came. Only added; many become one when compacted."""

    plan = models.ForeignKey(Workplan, models.PROTECT, related_name="updates")
    number = models.PositiveBigIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="an_update_has_one_place_in_its_plan"),
        ]


class Presence(models.Model):
    """A seat or an office has a draft open; forgotten soon after."""

    plan = models.ForeignKey(Workplan, models.CASCADE, related_name="present")
    actor = models.CharField(max_length=121)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "actor"], name="an_actor_is_present_once_in_a_plan"),
        ]
