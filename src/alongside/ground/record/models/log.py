"""The log of a program: its lines, the hashes over them, its signed heads, and what the clock told."""

from django.db import models
from django.db.models import Q

from alongside.ground.programs.models import Program


class Log(models.Model):
    """The log of one program. An append locks this row, so that the index has no gap."""

    program = models.OneToOneField(Program, models.PROTECT, related_name="log")
    size = models.PositiveBigIntegerField(default=0)
    text_revision = models.PositiveBigIntegerField(default=0)
    #: The public key line by which its signatures are checked; the key itself is on one machine, outside the database.
    vkey = models.CharField(max_length=250, blank=True, default="")
    #: The last day that began with a clock that could be believed; empty until the first tick.
    agreed_day = models.DateField(null=True)
    #: The last day on which what is folded was compared with the entries, how far, and the entries that were told otherwise.
    looked_on = models.DateField(null=True)
    looked_to = models.PositiveBigIntegerField(default=0)
    differing = models.JSONField(default=list)


class Line(models.Model):
    """One entry, verbatim. Insert-only by triggers."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="lines")
    index = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, blank=True)
    date = models.DateField()
    pen = models.CharField(max_length=10)
    raw = models.BinaryField()
    leaf = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["log", "index"], name="an_entry_has_one_place_in_its_log"),
        ]
        indexes = [
            models.Index(fields=["log", "kind", "subject", "index"], name="entries_by_kind_and_subject"),
            models.Index(fields=["log", "date"], name="entries_by_date"),
        ]


class Node(models.Model):
    """The hash of a full tile, kept when it fills: level 1 stands over 256 entries. Insert-only by triggers."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="nodes")
    level = models.PositiveSmallIntegerField()
    index = models.PositiveBigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["log", "level", "index"], name="a_tile_has_one_hash"),
        ]


class Head(models.Model):
    """A signed head: the note as published. Insert-only by triggers."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="heads")
    size = models.PositiveBigIntegerField()
    root = models.BinaryField()
    note = models.TextField()
    signed_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["log", "-size"], name="heads_by_size")]


class Told(models.Model):
    """The clock told something about an entry once; a second run finds this row and stays silent."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="told")
    about = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=40)
    stage = models.CharField(max_length=40)
    #: How often it was told before by a clock that was wrong; and the entry that tells it.
    again = models.PositiveSmallIntegerField(default=0)
    entry = models.PositiveBigIntegerField(null=True)
    date = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["log", "about", "kind", "stage", "again"], name="the_clock_tells_a_thing_once"
            ),
            models.CheckConstraint(condition=~Q(kind=""), name="the_clock_says_what_it_told"),
        ]


class DayConfirmed(models.Model):
    """Somebody says that it is the day that a clock shows which nobody else could confirm."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="days_confirmed")
    day = models.DateField()
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    by = models.CharField(max_length=121)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["log", "day", "person"], name="a_person_confirms_a_day_once"),
        ]
