"""A program with its policy pack, the units and offices of the government, and who holds which post."""

from django.conf import settings
from django.db import models
from django.db.models import Q

#: How the record and the commands name whoever runs a program.
STEWARD = "steward"


class Program(models.Model):
    """A standing partnership. Its slug starts every address."""

    slug = models.SlugField(unique=True, max_length=40)
    #: The signed origin of its log; it does not depend on the domain.
    origin = models.CharField(max_length=120, unique=True)
    is_demonstration = models.BooleanField(default=False)
    opened_on = models.DateField()


class PackVersion(models.Model):
    """A policy pack as adopted: the text verbatim. The last one is in force."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="packs")
    sha256 = models.CharField(max_length=64)
    text = models.TextField()
    adopted_on = models.DateField()


class Unit(models.Model):
    """A bureau or department; nests. Its title is in the pack."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="units")
    slug = models.SlugField(max_length=60)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    #: The community body: a post in it is no post of the government.
    outside = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "slug"], name="a_unit_is_named_once_in_a_program"),
        ]


class Office(models.Model):
    """A position in a unit that can own an answer. Never a person's name."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="offices")
    slug = models.SlugField(max_length=60)
    signs = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "slug"], name="an_office_is_named_once_in_a_unit"),
        ]

    @property
    def public_id(self) -> str:
        """Give the id that the record uses, as unit/office."""
        return f"{self.unit.slug}/{self.slug}"


class Post(models.Model):
    """A person is to hold an office, or run the program where no office is named, from a day on, until another.

    They hold it from the day on which they take it up: the steward alone makes nobody staff.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts")
    program = models.ForeignKey(Program, models.PROTECT, related_name="posts")
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="posts")
    from_date = models.DateField()
    #: The day on which its person took it up on their own page; none as long as they did not.
    taken_on = models.DateField(null=True)
    #: The provider whose group gave it, by its id; empty where the steward or the operator did.
    given_by = models.CharField(max_length=40, blank=True)
    #: The first day on which it is held no more.
    until_date = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_date=None) | Q(until_date__gte=models.F("from_date")),
                name="a_post_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["person", "office"],
                condition=Q(until_date=None),
                name="a_person_holds_an_office_once_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["person", "program"],
                condition=Q(until_date=None, office=None),
                name="a_person_runs_a_program_once_at_a_time",
            ),
        ]

    @property
    def unit_slug(self) -> str:
        """Give the unit of the office; empty for whoever runs the program."""
        return self.office.unit.slug if self.office else ""

    @property
    def public_id(self) -> str:
        """Give the actor that the record writes for whoever holds it: "steward", or unit/office."""
        return self.office.public_id if self.office else STEWARD


class Doer(models.TextChoices):
    """As what somebody did it: the record never says who they are, nor does this."""

    STEWARD = "steward"
    OPERATOR = "operator"
    PROVIDER = "provider"


class Did(models.TextChoices):
    """What is done about people and is no matter of the public log."""

    POST_GIVEN = "post-given"
    POST_ENDED = "post-ended"
    CODE_PRINTED = "code-printed"
    KEYS_TAKEN = "keys-taken"
    LETTERS_STOPPED = "letters-stopped"
    PERSON_EXPORTED = "person-exported"
    PERSON_CORRECTED = "person-corrected"
    PERSON_ERASED = "person-erased"
    RESTORED = "restored"
    LISTED = "listed"
    UNLISTED = "unlisted"


class Act(models.Model):
    """Something that whoever runs the program or the server did, or a provider's group: the day, as what, and what. Only ever added."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="acts")
    on = models.DateField()
    by = models.CharField(max_length=12, choices=Doer)
    did = models.CharField(max_length=20, choices=Did)
    #: The post it was about, as unit/office or "steward"; empty where it was about none.
    post = models.CharField(max_length=121, blank=True)
