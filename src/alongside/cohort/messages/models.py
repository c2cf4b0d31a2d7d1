"""Messages among leads and the coordinator, alarms from leads, and the notification that says something waits. Words stay here until they are erased."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from alongside.cohort.seats.models import Cohort, Seat
from alongside.ground.programs.models import Program


class Notification(models.Model):
    """A person is to be told that something waits; the row goes when the letter is queued. It does not say what."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    program = models.ForeignKey(Program, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "program"], name="a_person_is_knocked_for_once"),
        ]


class Message(models.Model):
    """What the steward writes to leads, or a lead to other leads or to the steward."""

    key = models.CharField(max_length=12, unique=True)
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="messages")
    writer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    #: The lead who wrote it; None where the steward did.
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="+")
    #: Whoever is steward on a day reads it that day, so nobody takes it along into another post.
    to_steward = models.BooleanField(default=False)
    words = models.TextField()
    lang = models.CharField(max_length=12)
    written_on = models.DateField()
    erase_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="a_message_has_words"),
            models.CheckConstraint(
                condition=Q(erase_on__gt=F("written_on")), name="a_message_is_erased_after_it_is_written"
            ),
        ]


class MessageTo(models.Model):
    """A lead can read a message, or a steward has read one to the steward. That they did, only they see."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="readers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_read = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "person"], name="a_message_reaches_a_person_once"),
        ]


class Alarm(models.Model):
    """A lead says that something is wrong, to the person the charter names. `to` is an office, a seat, or body.

    `about` is the unit it is about, :steward where it is about whoever runs the program, or empty. Whoever hears it reads it,
    and closes it by what was done; on `erase_on` all of it goes.
    """

    key = models.CharField(max_length=12, unique=True)
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="alarms")
    kind = models.CharField(max_length=20)
    about = models.CharField(max_length=60, blank=True)
    words = models.TextField()
    lang = models.CharField(max_length=12)
    to = models.CharField(max_length=121)
    #: Repeated from `to`, so that the database can compare it with `about`.
    to_unit = models.CharField(max_length=60, blank=True)
    #: True where the one whom the charter names could not hear it.
    is_rerouted = models.BooleanField(default=False)
    raised_on = models.DateField()
    due_on = models.DateField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    taken_on = models.DateField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_on = models.DateField(null=True)
    done = models.TextField(blank=True)
    done_lang = models.CharField(max_length=12, blank=True)
    erase_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(about="") | ~Q(to_unit=F("about")), name="an_alarm_goes_outside_its_unit"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="an_alarm_has_words"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | ~Q(done=""), name="a_closed_alarm_says_what_was_done"
            ),
        ]
