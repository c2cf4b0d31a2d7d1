"""What a lead says when they go, and who stays in reach: by consent, for a time, and erased after it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from alongside.cohort.seats.models.seats import Seat
from alongside.ground.programs.models import Program

AGAIN = ("yes", "no", "unsure")
READERS = ("steward", "next")
#: What takes two leads: a check, a test of a key, a voucher for one, a list of opened voices, a small finding, a key's end.
STEPS = ("check", "destroy", "finding", "opened", "test", "vouch")
LISTS = ("alumni", "checks", "consultants", "seconds")


class LastWords(models.Model):
    """What worked, what did not, and whether the lead would do it again. `readers` is steward, or next: both.

    On `erase_on` it goes; the lead can take it back before.
    """

    seat = models.OneToOneField(Seat, models.PROTECT, related_name="last_words")
    worked = models.TextField(blank=True)
    did_not = models.TextField(blank=True)
    again = models.CharField(max_length=10)
    readers = models.CharField(max_length=10)
    lang = models.CharField(max_length=12)
    said_on = models.DateField()
    erase_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(again__in=AGAIN), name="again_is_yes_no_or_unsure"),
            models.CheckConstraint(
                condition=Q(readers__in=READERS), name="last_words_are_read_by_whom_the_lead_chose"
            ),
            models.CheckConstraint(condition=~Q(worked="", did_not=""), name="last_words_have_words"),
            models.CheckConstraint(
                condition=Q(erase_on__gt=F("said_on")), name="last_words_are_erased_after_they_are_said"
            ),
        ]


class InReach(models.Model):
    """Someone who sat here agreed to be on a list until a day, and how to reach them. Withdrawing takes the row away."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="in_reach")
    program = models.ForeignKey(Program, models.CASCADE, related_name="+")
    list = models.CharField(max_length=12)
    reach = models.CharField(max_length=200)
    offers = models.CharField(max_length=400, blank=True)
    consented_on = models.DateField()
    until = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "program", "list"], name="a_person_is_on_a_list_once_in_a_program"
            ),
            models.CheckConstraint(condition=Q(list__in=LISTS), name="a_list_is_one_of_those_that_we_keep"),
            models.CheckConstraint(condition=~Q(reach=""), name="whoever_is_on_a_list_can_be_reached"),
            models.CheckConstraint(
                condition=Q(until__gt=F("consented_on")), name="consent_ends_after_it_was_given"
            ),
        ]


class SecondAsked(models.Model):
    """A lead took the first of two steps, and a second person is awaited since this day. Goes when the second came.

    `step` says which (STEPS), and `about` what it is about: the number of an entry, or of a row, or a hash.
    """

    program = models.ForeignKey(Program, models.CASCADE, related_name="+")
    step = models.CharField(max_length=10)
    about = models.CharField(max_length=80)
    seat = models.ForeignKey(Seat, models.CASCADE, related_name="seconds_asked")
    asked_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "step", "about"], name="a_second_is_asked_for_once_for_each_thing"
            ),
            models.CheckConstraint(condition=Q(step__in=STEPS), name="a_second_takes_a_known_step"),
        ]
