"""Tables of what people chose, and of the maps that were drawn from it."""

import uuid

from django.db import models
from django.db.models import Q

from alongside.core.opinions.answers import ANSWERS
from alongside.ground.programs.models import Program


class Vote(models.Model):
    """What one code last said of one statement, and in which language it was read. Nothing about the sender, and no time finer than a day.

    `date` is the day on which the statement was first judged under the code: another answer does not move it, or whoever presses
    again would count as somebody new.

    The code is kept as a hash alone. Its rows can be told to be one person's, or the map could not be drawn: the page says so.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    program = models.ForeignKey(Program, models.PROTECT, related_name="votes", db_index=False)
    promise = models.PositiveBigIntegerField()
    code_hash = models.CharField(max_length=64)
    statement = models.PositiveSmallIntegerField()
    answer = models.SmallIntegerField()
    lang = models.CharField(max_length=12)
    date = models.DateField()
    #: Whether a lead pressed for this person: the code says so, so all rows under one say the same. Never which lead.
    taken = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "promise", "code_hash", "statement"],
                name="a_code_says_one_thing_of_a_statement",
            ),
            models.CheckConstraint(
                condition=Q(answer__in=list(ANSWERS)), name="a_vote_agrees_passes_or_disagrees"
            ),
        ]
        indexes = [
            models.Index(fields=["program", "promise", "statement"], name="votes_on_a_statement"),
            models.Index(fields=["program", "promise", "date"], name="votes_by_day"),
        ]


class Withdrawn(models.Model):
    """A code under which somebody withdrew, by its hash alone: nobody judges under it again, or one would be somebody new each time."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="+", db_index=False)
    promise = models.PositiveBigIntegerField()
    code_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "promise", "code_hash"], name="a_code_is_withdrawn_once"
            ),
        ]


class Map(models.Model):
    """A map as it was drawn from all votes up to a day: what core.opinions lets out, and nothing else.

    The last one stands on the record as `entry`. `salt` hides the hash of the votes; it stays with them, and goes with them.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="maps")
    promise = models.PositiveBigIntegerField()
    until = models.DateField()
    data = models.JSONField()
    salt = models.BinaryField()
    entry = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "promise", "until"], name="a_map_is_drawn_once_for_a_day"
            ),
        ]
