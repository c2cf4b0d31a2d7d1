"""What is kept of cohorts: seats and what moves in them, charters, calendars, milder rules, goodbyes."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alongside.core.grammar.seat_removals import ASKED
from alongside.core.grammar.ties import NOBODY, OUTSIDE
from alongside.core.workflow.seat_removals import APPEAL_DECIDED, Ruling
from alongside.ground.programs.models import Program, Unit


class Cohort(models.Model):
    """One iteration of a program: a group of leads with a term."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="cohorts")
    slug = models.SlugField(max_length=60)
    from_date = models.DateField()
    until_date = models.DateField()
    entry = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "slug"], name="a_cohort_is_named_once_in_a_program"),
            models.CheckConstraint(
                condition=Q(until_date__gte=F("from_date")), name="a_cohort_ends_after_it_begins"
            ),
        ]

    def runs_on(self, day: date) -> bool:
        """Say whether its term runs on a day."""
        return self.from_date <= day <= self.until_date


class Seat(models.Model):
    """A person sits in a cohort. `public_id` is all the record knows.

    `paid_by` is the unit that pays; where none does, `paid_otherwise` says outside or nobody, and is empty where nobody said
    it. `works_for` is the unit that employs the lead beside the seat. One that was left before its term was over has `left_on`.
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="seats")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="seats")
    public_id = models.CharField(max_length=13, unique=True)
    from_date = models.DateField()
    until_date = models.DateField()
    paid_by = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="paid_seats")
    paid_otherwise = models.CharField(max_length=8, blank=True)
    works_for = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="employed_seats")
    left_on = models.DateField(null=True)
    left_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_date__gte=F("from_date")), name="a_seat_ends_after_it_begins"
            ),
            models.UniqueConstraint(fields=["cohort", "person"], name="a_person_sits_once_in_a_cohort"),
            models.CheckConstraint(
                condition=Q(paid_otherwise="") | Q(paid_by=None, paid_otherwise__in=(OUTSIDE, NOBODY)),
                name="a_seat_is_paid_by_a_unit_or_otherwise",
            ),
        ]

    @property
    def payer(self) -> str:
        """Give who pays: the slug of a unit, outside or nobody; nothing where nobody said it."""
        return self.paid_by.slug if self.paid_by else self.paid_otherwise


class Reminded(models.Model):
    """A letter about something that comes, waits or is due was queued; `about` names it without a word of it, `stage` which letter."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="+")
    about = models.CharField(max_length=40)
    stage = models.CharField(max_length=40)
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "about", "stage"], name="a_letter_about_one_thing_goes_once"
            ),
        ]


AGAIN: dict[str, str | Promise] = {
    "yes": _("Would do it again."),
    "no": _("Would not do it again."),
    "unsure": _("Is not sure about doing it again."),
}
READERS = ("steward", "next")
#: What takes two leads: a check, a test of a key, a voucher for one, a list of opened voices, a small finding, a key's end.
STEPS: dict[str, str | Promise] = {
    "check": _("Look whether something was delivered"),
    "destroy": _("Destroy a key"),
    "finding": _("Confirm what few people said"),
    "opened": _("Sign the list of what was opened"),
    "test": _("Open a test voice with a new key"),
    "vouch": _("Vouch for a lead’s key"),
}
CHECKS, SECONDS = "checks", "seconds"
#: The lists of those who act as former leads.
ACTS = (CHECKS, SECONDS)
LISTS: dict[str, str | Promise] = {
    "alumni": _("Alumni"),
    CHECKS: _("Checks of what was delivered"),
    "consultants": _("Consultants"),
    SECONDS: _("Second where only one lead can"),
}


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
            models.CheckConstraint(condition=Q(again__in=tuple(AGAIN)), name="again_is_yes_no_or_unsure"),
            models.CheckConstraint(
                condition=Q(readers__in=READERS), name="last_words_are_read_by_whom_the_lead_chose"
            ),
            models.CheckConstraint(condition=~Q(worked="", did_not=""), name="last_words_have_words"),
            models.CheckConstraint(
                condition=Q(erase_on__gt=F("said_on")), name="last_words_are_erased_after_they_are_said"
            ),
        ]

    def __str__(self) -> str:
        """Say whether the lead would do it again."""
        return str(AGAIN[self.again])


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
            models.CheckConstraint(
                condition=Q(list__in=tuple(LISTS)), name="a_list_is_one_of_those_that_we_keep"
            ),
            models.CheckConstraint(condition=~Q(reach=""), name="whoever_is_on_a_list_can_be_reached"),
            models.CheckConstraint(
                condition=Q(until__gt=F("consented_on")), name="consent_ends_after_it_was_given"
            ),
        ]

    def __str__(self) -> str:
        """Call the list as people read it."""
        return str(LISTS[self.list])


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
            models.CheckConstraint(condition=Q(step__in=tuple(STEPS)), name="a_second_takes_a_known_step"),
        ]


class Vacancy(models.Model):
    """A seat is empty from a day on. `seat` is the one that was left, if one was; `entry` says so on the record.

    `filled_by` sits in it: an alternate in a new seat, or the removed lead to whom it was given back.
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="vacancies")
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="vacancies")
    from_date = models.DateField()
    entry = models.PositiveBigIntegerField()
    filled_by = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="+")
    filled_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort", "entry"], name="a_vacancy_is_told_by_one_entry"),
        ]


class Alternate(models.Model):
    """Someone who steps in when a seat is empty; the lowest place first. Not on the record before that.

    One who stood down no longer waits: they said so, or were called up to `seat`. Before that they can wait again.
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="alternates")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="alternates")
    place = models.PositiveSmallIntegerField()
    seat = models.OneToOneField(Seat, models.PROTECT, null=True, related_name="called_up")
    stood_down_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "person"], name="a_person_is_an_alternate_once_in_a_cohort"
            ),
            models.UniqueConstraint(fields=["cohort", "place"], name="an_alternate_has_a_place_of_its_own"),
        ]


ROLES: dict[str, str | Promise] = {
    "chair": _("Chair"),
    "co-chair": _("Co-chair"),
    "note-taker": _("Note-taker"),
    "peer-coach": _("Peer coach"),
}


class RoleHeld(models.Model):
    """A lead holds a role in the cohort from a day on, until another."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="roles")
    role = models.CharField(max_length=20)
    from_date = models.DateField()
    until_date = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_date=None) | Q(until_date__gte=F("from_date")),
                name="a_role_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["seat", "role"],
                condition=Q(until_date=None),
                name="a_lead_holds_a_role_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        """Call the role as people read it."""
        return str(ROLES[self.role])


class Removal(models.Model):
    """A seat was removed, as an entry says: the private reasons, by whom, and who hears an appeal until when.

    The removed lead appeals once, in private words; it is decided, with private reasons, by someone other than whoever
    removed, or by nobody where its days were over. One that fell does not keep a seat from being removed again.
    """

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="removals")
    ground = models.CharField(max_length=30)
    reasons = models.TextField()
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    removed_on = models.DateField()
    appeal_to = models.CharField(max_length=121)
    appeal_by = models.DateField()
    entry = models.PositiveBigIntegerField()
    appeal_words = models.TextField(blank=True)
    appealed_on = models.DateField(null=True)
    appeal_entry = models.PositiveBigIntegerField(null=True)
    decision = models.CharField(max_length=10, blank=True)
    decision_reasons = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField(null=True)
    decision_entry = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(appeal_by__gt=F("removed_on")), name="a_removal_leaves_days_to_appeal"
            ),
            models.CheckConstraint(condition=~Q(reasons=""), name="a_removal_has_reasons"),
            models.UniqueConstraint(fields=["seat", "entry"], name="a_removal_is_told_by_one_entry"),
            models.CheckConstraint(
                condition=~Q(decided_by=F("removed_by")), name="an_appeal_is_decided_by_someone_else"
            ),
            models.CheckConstraint(
                condition=Q(decision="")
                | Q(
                    decision__in=[one.value for one in Ruling],
                    appealed_on__isnull=False,
                    decided_on__isnull=False,
                ),
                name="an_appeal_stands_or_is_lifted",
            ),
        ]

    @property
    def was_asked_for(self) -> bool:
        """Say whether the steward says that the lead asked to leave."""
        return self.ground == ASKED

    @property
    def has_fallen(self) -> bool:
        """Say whether it was lifted, so that its lead has the seat back."""
        return self.decision == Ruling.LIFTED

    @property
    def decide_by(self) -> date | None:
        """Give the last day to decide the appeal; where nobody has, the lead has the seat back the day after."""
        return self.appealed_on and self.appealed_on + APPEAL_DECIDED


class CharterDraft(models.Model):
    """The next charter of a cohort, being written. `words` maps a language to its parts; the first is the original."""

    cohort = models.OneToOneField(Cohort, models.PROTECT, related_name="charter_draft")
    words = models.JSONField(default=dict)
    appeals_to = models.CharField(max_length=121, blank=True)
    alarms_to = models.CharField(max_length=121, blank=True)
    saved_at = models.DateTimeField()


class PutOff(models.Model):
    """A step that somebody put off until a day, by its name on their desk: an app and a place, no words. Theirs alone."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    program = models.ForeignKey(Program, models.CASCADE, related_name="+")
    step = models.CharField(max_length=200)
    until = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "program", "step"], name="a_step_is_put_off_once"),
        ]


class CalendarKey(models.Model):
    """The address of one person's calendar. Only a hash of its token is kept; a revoked one is gone."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_keys")
    program = models.ForeignKey(Program, models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    made_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "program"], name="a_person_has_one_calendar_address_in_a_program"
            ),
        ]
