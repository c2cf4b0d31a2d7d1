"""Who is invited to do one thing for a call: to read, to type in, to write recordings down, to witness its lottery."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from alongside.cohort.calls.models.calls import Call
from alongside.core.grammar.selection import MOST_WITNESSES

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
        ]

    @property
    def organization(self) -> str:
        """Give the organization of a helper or a witness."""
        return str(self.organizations[0])
