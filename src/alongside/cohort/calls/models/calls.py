"""A call with its rules: what is asked, what is sought, by what it is judged. Frozen by its first application."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from alongside.ground.programs.models import Program

SELECTIONS = ("panel", "lottery", "panel-then-lottery")
PER = ("hour", "month", "term")


class Call(models.Model):
    """One open call. The columns hold the rules in force; what was first published is entry `published.entry`."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="calls")
    slug = models.SlugField(max_length=60)
    #: The first language is the one the call was first written in.
    languages = models.JSONField(default=list)
    #: Language to {title, purpose, doing, seeks, access, choosing}.
    words = models.JSONField(default=dict)
    seats = models.PositiveSmallIntegerField()
    alternates = models.PositiveSmallIntegerField(default=0)
    #: None only where the pack allows a call without pay.
    pay_amount = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    pay_currency = models.CharField(max_length=3, default="USD")
    pay_per = models.CharField(max_length=10, default="hour")
    hours_a_month = models.PositiveSmallIntegerField()
    term_from = models.DateField()
    term_until = models.DateField()
    opens = models.DateField()
    closes = models.DateField()
    decides_by = models.DateField()
    selection = models.CharField(max_length=20, default="panel")
    budget = models.DecimalField(max_digits=12, decimal_places=2)
    #: The most that one agreement with a lead may cost.
    not_to_exceed = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "slug"], name="a_call_is_named_once_in_a_program"),
            models.CheckConstraint(condition=Q(closes__gte=F("opens")), name="a_call_closes_after_it_opens"),
            models.CheckConstraint(
                condition=Q(decides_by__gte=F("closes")), name="a_call_is_decided_after_it_closes"
            ),
            models.CheckConstraint(
                condition=Q(term_until__gte=F("term_from")), name="a_term_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=Q(seats__gte=1), name="a_call_has_a_seat_to_give"),
            models.CheckConstraint(
                condition=Q(pay_amount=None) | Q(pay_amount__gt=0), name="pay_is_more_than_nothing"
            ),
            models.CheckConstraint(condition=Q(pay_per__in=PER), name="pay_is_per_hour_month_or_term"),
            models.CheckConstraint(
                condition=Q(selection__in=SELECTIONS), name="a_call_says_how_people_are_chosen"
            ),
            models.CheckConstraint(
                condition=Q(not_to_exceed__lte=F("budget")), name="one_agreement_fits_the_budget"
            ),
        ]

    @property
    def first_lang(self) -> str:
        """Give the language that the call was first written in."""
        return str(self.languages[0])

    @property
    def title_lang(self) -> str:
        """Give the language that a page shows the title in: its own where the call has one, else the first."""
        page = get_language() or ""
        return page if self.words.get(page, {}).get("title") else self.first_lang

    @property
    def title(self) -> str:
        """Give what the call is called, in the language of the page where it can; empty where it has no title yet."""
        return str(self.words.get(self.title_lang, {}).get("title", ""))


class Question(models.Model):
    """What every applicant is asked. `key` names it in the entry (`question-<key>`); people answer in their own words."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="questions")
    key = models.SlugField(max_length=12)
    place = models.PositiveSmallIntegerField()
    #: Language to the question; language to the hint below it, where there is one.
    words = models.JSONField(default=dict)
    hint = models.JSONField(default=dict)

    class Meta:
        ordering = ("place",)
        constraints = [
            models.UniqueConstraint(fields=["call", "key"], name="a_question_is_named_once_in_a_call"),
        ]

    @property
    def section(self) -> str:
        """Give the name of its words in the entry, by which an answer to it is kept."""
        return f"question-{self.key}"


class Criterion(models.Model):
    """A line of the rubric: what is judged, by up to `points` points."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="criteria")
    key = models.SlugField(max_length=12)
    place = models.PositiveSmallIntegerField()
    points = models.PositiveSmallIntegerField(default=5)
    #: Language to what is judged; language to what full points look like.
    words = models.JSONField(default=dict)
    means = models.JSONField(default=dict)

    class Meta:
        ordering = ("place",)
        constraints = [
            models.UniqueConstraint(fields=["call", "key"], name="a_criterion_is_named_once_in_a_call"),
            models.CheckConstraint(
                condition=Q(points__gte=1) & Q(points__lte=100), name="a_criterion_has_points"
            ),
        ]


class Sought(models.Model):
    """A community or an experience that the call seeks; an applicant may tick it. `least` seats should bring it."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="sought")
    key = models.SlugField(max_length=12)
    place = models.PositiveSmallIntegerField()
    least = models.PositiveSmallIntegerField(default=1)
    words = models.JSONField(default=dict)

    class Meta:
        ordering = ("place",)
        constraints = [
            models.UniqueConstraint(fields=["call", "key"], name="what_is_sought_is_named_once_in_a_call"),
        ]

    @property
    def section(self) -> str:
        """Give the name of its words in the entry, by which an applicant's tick is kept."""
        return f"sought-{self.key}"


class CallPublished(models.Model):
    """The call is public: its rules are entry `entry` of the record."""

    call = models.OneToOneField(Call, models.PROTECT, related_name="published")
    entry = models.PositiveBigIntegerField()
    published_on = models.DateField()
