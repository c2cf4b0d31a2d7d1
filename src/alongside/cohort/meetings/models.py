"""Meetings with hour and place, their minutes while they are written, and who came where that must be kept."""

from django.db import models
from django.db.models import F, Q

from alongside.cohort.seats.models import Cohort, Seat


class Meeting(models.Model):
    """A planned meeting. Title and agenda are public texts; hour and place are here only.

    Planned as entry `entry` of the record; `minutes` is the entry of its minutes, once it was held; `moves` counts how often its hour
    or place was changed.
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="meetings")
    slug = models.SlugField(max_length=80)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    entry = models.PositiveBigIntegerField()
    minutes = models.PositiveBigIntegerField(null=True)
    cancelled_on = models.DateField(null=True)
    moves = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort", "slug"], name="a_meeting_is_named_once_in_a_cohort"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="a_meeting_ends_after_it_begins"
            ),
        ]


class MinutesDraft(models.Model):
    """Minutes being written. They go when a lead publishes them, the exact headcount with them, or some days after their meeting is cancelled."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="draft")
    lang = models.CharField(max_length=12)
    minutes = models.TextField()
    decisions = models.JSONField(default=list)
    minority = models.JSONField(default=list)
    people = models.PositiveIntegerField()
    saved_by = models.CharField(max_length=13)
    saved_at = models.DateTimeField()


class Attendance(models.Model):
    """A lead was at a meeting. Kept only where the pack's retention demands names, and erased on its day."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendance")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="attendance")
    rule = models.CharField(max_length=60)
    erase_by = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "seat"], name="a_lead_attends_a_meeting_once"),
            models.CheckConstraint(condition=~Q(rule=""), name="attendance_names_the_rule_that_keeps_it"),
        ]
