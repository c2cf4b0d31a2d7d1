"""Whom to write when something is new, and up to which entry the last letter told."""

import uuid

from django.db import models
from django.db.models import Q

from alongside.ground.programs.models import Program

#: Nobody pressed the link of the first letter yet; letters come.
ASKED, CONFIRMED = "asked", "confirmed"
STATES = (ASKED, CONFIRMED)


class Subscription(models.Model):
    """An address to which letters of a whole program go. It names no question, no seat, no person and no network.

    No day is kept once it is confirmed. Within minutes of a change all rows are written anew in an order that chance gives
    (`is_settled`), so that no place in the table says beside which voice somebody came. No backup holds these rows.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    program = models.ForeignKey(Program, models.CASCADE, related_name="+")
    address = models.EmailField()
    lang = models.CharField(max_length=12)
    state = models.CharField(max_length=10, default=ASKED)
    asked_on = models.DateField(null=True)
    is_settled = models.BooleanField(default=False)
    #: The hash of what the link of the first letter holds; empty before that letter is written, and once it was pressed.
    token_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "address"], name="an_address_gets_one_letter"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="a_subscription_is_in_a_state"),
            models.CheckConstraint(
                condition=Q(state=ASKED, asked_on__isnull=False) | (~Q(state=ASKED) & Q(asked_on=None)),
                name="only_who_did_not_confirm_yet_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(token_hash="") | Q(state=ASKED),
                name="only_who_did_not_confirm_yet_has_a_link",
            ),
        ]


class LastNews(models.Model):
    """How far letters told what is new in a program, and on which day the last ones went."""

    program = models.OneToOneField(Program, models.CASCADE, related_name="+")
    size = models.PositiveBigIntegerField()
    on = models.DateField(null=True)
