"""A call with its rules: what is asked, what is sought, by what it is judged. Frozen by its first application."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from alongside.ground.programs.models import Program

SELECTIONS = ("panel", "lottery", "panel-then-lottery")
PER = ("hour", "month", "term")


class Call(models.Model):
    """One open call: a draft until entry `entry` publishes it. The columns hold the rules in force, with what was corrected."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="calls")
    slug = models.SlugField(max_length=60)
    #: The first language is the one the call was first written in.
    languages = models.JSONField(default=list)
    #: Language to the texts of the entry by their names, and `checked`: whether a person looked at a translation.
    words = models.JSONField(default=dict)
    #: Keys of questions, then lines of the rubric and what is sought: all as the entry holds them.
    questions = models.JSONField(default=list)
    rubric = models.JSONField(default=list)
    sought = models.JSONField(default=list)
    #: The same, without those who would rather not say; queries.balancing adds them.
    quotas = models.JSONField(default=list)
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
    entry = models.PositiveBigIntegerField(null=True)

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
    def published(self) -> int:
        """Give the entry that published it. Only asked of a published call."""
        if self.entry is None:
            raise Call.DoesNotExist
        return self.entry

    @property
    def asked(self) -> list[str]:
        """Give the names of its questions in the entry, by which answers are kept."""
        return [f"question-{key}" for key in self.questions]

    @property
    def seeks(self) -> list[str]:
        """Give the names of what it seeks in the entry, by which ticks are kept."""
        return [f"sought-{one['sought']}" for one in self.sought]

    def say(self, name: str, lang: str) -> tuple[str, str]:
        """Give a text by its name in a language, else as first written, with the language that it is in."""
        told = lang if self.words.get(lang, {}).get(name) else self.first_lang
        return str(self.words.get(told, {}).get(name, "")), told

    @property
    def title_lang(self) -> str:
        """Give the language that a page shows the title in: its own where the call has one, else the first."""
        return self.say("title", get_language() or "")[1]

    @property
    def title(self) -> str:
        """Give what the call is called, in the language of the page where it can; empty where it has no title yet."""
        return self.say("title", get_language() or "")[0]
