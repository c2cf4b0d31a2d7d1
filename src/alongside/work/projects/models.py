"""A city policy, service or data product that is being decided, and its decision points; their words are in the record."""

from django.db import models

from alongside.ground.programs.models import Office, Program, Unit


class Project(models.Model):
    """What is being decided, owned by a unit. `entry` is its project.registered."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="projects")
    slug = models.SlugField(max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="projects")
    entry = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "slug"], name="a_project_is_named_once_in_a_program"),
        ]


class DecisionPoint(models.Model):
    """A dated decision on a project: which office decides. `entry` is its decision.scheduled; `on` its day as moved."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="decisions")
    slug = models.SlugField(max_length=60)
    on = models.DateField()
    office = models.ForeignKey(Office, models.PROTECT, related_name="decisions")
    entry = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "slug"], name="a_decision_is_named_once_in_a_project"),
        ]
