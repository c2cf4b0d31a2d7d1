"""A call with its rules, who is invited to one thing for it, and what counsel advised on its quotas."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from alongside.core.grammar.selection import MOST_WITNESSES
from alongside.core.policy.calls import CallRules
from alongside.core.workflow.calls import CallStage, Selection
from alongside.core.workflow.pay import PROMISED_PER, Per
from alongside.ground.programs.models import Program


class Call(models.Model):
    """One open call: a draft until entry `entry` publishes it. The columns hold the rules in force, with what was corrected.

    Where a panel chooses, the shortlist is made by drawing a line: `line` is the least mean share of points, per thousand, and
    `line_reasons` say why there. If someone opened the page of names before that, `names_by` did so first, and the record of
    the selection says that names were seen.
    Once everyone has a decision, `decided_on` is filled, and entry `decided_entry` tells how; from then on applicants read theirs.
    """

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
    pay_per = models.CharField(max_length=10, default=Per.HOUR.value)
    hours_a_month = models.PositiveSmallIntegerField()
    term_from = models.DateField()
    term_until = models.DateField()
    opens = models.DateField()
    closes = models.DateField()
    decides_by = models.DateField()
    selection = models.CharField(max_length=20, default=Selection.PANEL.value)
    budget = models.DecimalField(max_digits=12, decimal_places=2)
    #: The most that one agreement with a lead may cost.
    not_to_exceed = models.DecimalField(max_digits=12, decimal_places=2)
    entry = models.PositiveBigIntegerField(null=True)
    #: For so many days after the choice applications are kept: as the rules said on the day it was published.
    kept_days = models.PositiveSmallIntegerField(default=CallRules.kept_days)
    line = models.PositiveSmallIntegerField(null=True)
    line_reasons = models.TextField(blank=True)
    line_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    line_on = models.DateField(null=True)
    names_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    names_on = models.DateField(null=True)
    decided_on = models.DateField(null=True)
    decided_entry = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(line=None, line_reasons="", line_by=None, line_on=None)
                | (Q(line__isnull=False, line_by__isnull=False, line_on__isnull=False) & ~Q(line_reasons="")),
                name="a_shortlist_has_reasons",
            ),
            models.CheckConstraint(
                condition=Q(decided_on=None, decided_entry=None)
                | Q(decided_on__isnull=False, decided_entry__isnull=False),
                name="a_selection_ends_on_a_day_by_an_entry",
            ),
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
            models.CheckConstraint(
                condition=Q(pay_per__in=PROMISED_PER), name="pay_is_per_hour_month_or_term"
            ),
            models.CheckConstraint(
                condition=Q(selection__in=tuple(one.value for one in Selection)),
                name="a_call_says_how_people_are_chosen",
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

    def is_open(self, today: date) -> bool:
        """Say whether people can apply on a day, once it is published."""
        stage = CallStage.on(today, opens=self.opens, closes=self.closes, decides=self.decides_by)
        return stage == CallStage.OPEN

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


READER, TYPES_IN, WRITES_DOWN, WITNESS = "reader", "types-in", "writes-down", "witness"
HELPS = (TYPES_IN, WRITES_DOWN)
READERS = ("staff", "lead", "past-lead", "community")


class Invitees(models.QuerySet["Invitee"]):
    """Invitees, by what they are invited to."""

    def readers(self) -> "Invitees":
        """Give those who read applications."""
        return self.filter(role=READER)

    def helpers(self) -> "Invitees":
        """Give those who help today: who type applications in, or write recordings down."""
        return self.filter(role__in=HELPS, ended_on=None)

    def witnesses(self) -> "Invitees":
        """Give those who run the lottery again."""
        return self.filter(role=WITNESS)


class Invitee(models.Model):
    """Someone is invited to one thing for a call. This row is the permission, until `ended_on`.

    `organizations` are their own, as typed; a reader may have any number, a helper or a witness has one.
    """

    call = models.ForeignKey(Call, models.PROTECT, related_name="invitees")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="invited")
    role = models.CharField(max_length=12)
    organizations = models.JSONField(default=list)
    invited_on = models.DateField()
    ended_on = models.DateField(null=True)
    #: Of a reader: as what they read.
    kind = models.CharField(max_length=12, blank=True)
    #: Of a witness: the first or the second, who is outside the program. Only `title`, in `lang`, goes on the record.
    number = models.PositiveSmallIntegerField(null=True)
    title = models.CharField(max_length=200, blank=True)
    lang = models.CharField(max_length=12, blank=True)
    #: Whether the draw follows, as the witness said in entry `attested_entry`.
    agrees = models.BooleanField(null=True)
    attested_on = models.DateField(null=True)
    attested_entry = models.PositiveBigIntegerField(null=True)

    objects = Invitees.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["call", "person", "role"], name="a_person_is_invited_to_a_thing_once"
            ),
            models.CheckConstraint(
                condition=Q(role__in=(READER, *HELPS, WITNESS)),
                name="an_invitee_reads_types_in_writes_down_or_witnesses",
            ),
            models.CheckConstraint(
                condition=Q(role=READER, kind__in=READERS) | (~Q(role=READER) & Q(kind="")),
                name="a_reader_is_staff_a_lead_or_of_the_community",
            ),
            models.CheckConstraint(
                condition=Q(role=WITNESS, number__isnull=False, number__gte=1, number__lte=MOST_WITNESSES)
                | (~Q(role=WITNESS) & Q(number=None)),
                name="a_witness_has_a_number",
            ),
            models.UniqueConstraint(
                fields=["call", "number"], name="a_lottery_has_a_first_and_a_second_witness"
            ),
            models.UniqueConstraint(
                fields=["call", "organizations"],
                condition=Q(number__isnull=False),
                name="witnesses_come_from_two_places",
            ),
            models.CheckConstraint(
                condition=Q(agrees=None, attested_on=None, attested_entry=None)
                | Q(
                    role=WITNESS,
                    agrees__isnull=False,
                    attested_on__isnull=False,
                    attested_entry__isnull=False,
                ),
                name="a_witness_attests_on_a_day_by_an_entry",
            ),
        ]

    @property
    def organization(self) -> str:
        """Give the organization of a helper or a witness."""
        return str(self.organizations[0])


class CounselAdvice(models.Model):
    """Counsel advised on quotas by what the law protects: which office, when, what, and for which categories."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="counsel_advice")
    office = models.CharField(max_length=120)
    lang = models.CharField(max_length=12)
    on = models.DateField()
    words = models.TextField()
    #: Ids of the pack's categories that counsel said may be used.
    categories = models.JSONField(default=list)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_on = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(words=""), name="advice_of_counsel_has_words")]
