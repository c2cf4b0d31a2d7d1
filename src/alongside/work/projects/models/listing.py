"""The lines of the register's list, folded from the record and from imported rows; they can be rebuilt."""

from django.db import models
from django.db.models import Q

from alongside.ground.programs.models import Program
from alongside.work.projects.models.files import Row
from alongside.work.projects.models.projects import Project


class Listing(models.Model):
    """One line of the register's list. No words of the record are in it, so that taking words down needs nothing here.

    `project` is there where it is on the record by itself, `row` where it came in from a file.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="listings")
    slug = models.SlugField(max_length=60)
    project = models.OneToOneField(Project, models.PROTECT, null=True, related_name="listing")
    row = models.OneToOneField(Row, models.PROTECT, null=True, related_name="listing")
    is_imported = models.BooleanField()
    unit = models.CharField(max_length=60, blank=True)
    sort = models.CharField(max_length=12, blank=True)
    stage = models.CharField(max_length=12, blank=True)
    impact = models.CharField(max_length=12, blank=True)
    asked = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "slug"], name="a_listing_has_its_own_address"),
            models.CheckConstraint(
                condition=Q(project__isnull=False) | Q(row__isnull=False), name="a_listing_is_of_something"
            ),
        ]
        indexes = [
            models.Index(fields=["program", "is_imported", "-id"], name="listings_in_order"),
            models.Index(fields=["program", "unit", "is_imported", "-id"], name="listings_by_unit"),
            models.Index(fields=["program", "stage", "is_imported", "-id"], name="listings_by_stage"),
            models.Index(fields=["program", "impact", "is_imported", "-id"], name="listings_by_impact"),
        ]


class Touch(models.Model):
    """A project touches a community of the policy pack."""

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="touches")
    community = models.SlugField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["listing", "community"], name="a_project_touches_a_community_once"
            ),
        ]
        indexes = [models.Index(fields=["community", "listing"], name="touches_by_community")]
