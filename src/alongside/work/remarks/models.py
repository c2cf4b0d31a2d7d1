"""Comments in the room of an engagement, who has not read them, and what leads show of what they heard."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from alongside.cohort.seats.models import Seat
from alongside.work.engagements.models import Engagement


class Shown(models.Model):
    """A draft of what leads heard, which a lead shows to the partner for some days. Leads publish when they like, with it or without."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="shown")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="shown")
    words = models.TextField()
    lang = models.CharField(max_length=12)
    shown_on = models.DateField()
    #: The last day on which the partner can read it.
    until = models.DateField()
    #: When a lead stopped showing it, where one did.
    stopped_on = models.DateField(null=True)
    erase_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="what_is_shown_has_words"),
            models.CheckConstraint(
                condition=Q(until__gte=F("shown_on")) & Q(erase_on__gte=F("until")),
                name="what_is_shown_is_erased_after_its_last_day",
            ),
        ]

    def is_open(self, today: date) -> bool:
        """Say whether the partner can read it on a day."""
        return self.stopped_on is None and today <= self.until


class Remark(models.Model):
    """What somebody said about a draft, or about what is shown, as the seat or the office that they hold."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="remarks")
    #: What leads show, where it is about that.
    shown = models.ForeignKey(Shown, models.CASCADE, null=True, related_name="remarks")
    #: The draft as it stood then, by its hash; empty once the promise is frozen.
    draft = models.CharField(max_length=64, blank=True)
    writer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    actor = models.CharField(max_length=121)
    words = models.TextField()
    lang = models.CharField(max_length=12)
    written_on = models.DateField()
    erase_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="a_remark_has_words"),
            models.CheckConstraint(
                condition=Q(erase_on__gt=F("written_on")), name="a_remark_is_erased_after_it_is_written"
            ),
        ]


class Unread(models.Model):
    """Somebody for whom a remark, or what is shown, waits has not said yet that they read it; the row goes when they do."""

    remark = models.ForeignKey(Remark, models.CASCADE, null=True, related_name="unread")
    shown = models.ForeignKey(Shown, models.CASCADE, null=True, related_name="unread")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["remark", "person"], name="a_remark_is_unread_once"),
            models.UniqueConstraint(fields=["shown", "person"], name="what_is_shown_is_unread_once"),
            models.CheckConstraint(
                condition=Q(remark=None, shown__isnull=False) | Q(remark__isnull=False, shown=None),
                name="what_is_unread_is_a_remark_or_shown",
            ),
        ]
