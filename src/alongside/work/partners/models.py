"""The room of a project or a workplan: its next meeting and notes, what is said in it, and who owes what."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from alongside.ground.programs.models import Program
from alongside.work.projects.models import Project
from alongside.work.workplans.models import Workplan


class Room(models.Model):
    """The room itself. Who is in it follows from seats, posts and who works on it, never from a list."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    project = models.OneToOneField(Project, models.PROTECT, null=True, related_name="room")
    workplan = models.OneToOneField(Workplan, models.PROTECT, null=True, related_name="room")
    meets_on = models.DateField(null=True)
    #: The hour and the place, in words.
    meets_at = models.CharField(max_length=200, blank=True)
    notes = models.TextField(blank=True)
    #: How often meeting and notes were saved, so that nobody writes over a colleague.
    saved = models.PositiveIntegerField(default=0)
    #: Since when the steward is in it; the steward is in no room into which nobody asked them.
    steward_since = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(project=None, workplan__isnull=False) | Q(project__isnull=False, workplan=None),
                name="a_room_is_of_a_project_or_of_a_workplan",
            ),
        ]


class Move(models.TextChoices):
    """What somebody did instead of writing: they asked the steward into the room, or the steward's time in it ended."""

    ASKED = "asked"
    LEFT = "left"


class Said(models.Model):
    """What somebody in a room wrote to all others in it, as the seat or the office that they hold, or that the steward came or went."""

    room = models.ForeignKey(Room, models.PROTECT, related_name="said")
    writer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    actor = models.CharField(max_length=121)
    words = models.TextField(blank=True)
    lang = models.CharField(max_length=12, blank=True)
    move = models.CharField(max_length=5, blank=True)
    #: The late promise from whose page an office came to write it: its entry and its milestone, as addresses name them.
    about = models.CharField(max_length=121, blank=True)
    written_on = models.DateField()
    erase_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(~Q(words="") & Q(move="")) | Q(words="", move__in=Move.values),
                name="what_is_said_in_a_room_has_words_or_is_a_move",
            ),
            models.CheckConstraint(
                condition=Q(erase_on__gt=F("written_on")), name="what_is_said_is_erased_after_it_is_written"
            ),
        ]


class Unread(models.Model):
    """Somebody has not said yet that they read this; the row goes when they do."""

    said = models.ForeignKey(Said, models.CASCADE, related_name="unread")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["said", "person"], name="what_is_said_is_unread_once"),
        ]


class Owed(models.Model):
    """What a seat or an office said it would do for the others in a room. A day is a note, and nothing counts it."""

    room = models.ForeignKey(Room, models.PROTECT, related_name="owed")
    actor = models.CharField(max_length=121)
    what = models.CharField(max_length=300)
    lang = models.CharField(max_length=12)
    on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    erase_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="what_is_owed_has_words"),
            models.CheckConstraint(
                condition=Q(ended_on=None, erase_on=None) | Q(ended_on__isnull=False, erase_on__isnull=False),
                name="what_is_done_is_erased_on_a_day",
            ),
        ]
