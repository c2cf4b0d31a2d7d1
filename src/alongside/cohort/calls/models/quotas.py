"""Balance by lottery: what applicants say for the quotas of a call, counsel's advice, and the list of panels."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from alongside.cohort.calls.models.applications import Application
from alongside.cohort.calls.models.calls import Call
from alongside.ground.programs.models import Program


class Balance(models.Model):
    """What an applicant said for the balance of the draw. Readers never see it; it is erased with the application."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="balance")
    category = models.SlugField(max_length=40)
    value = models.SlugField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "category"], name="an_applicant_has_one_value_of_a_category"
            ),
        ]


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


class PanelsAsked(models.Model):
    """The steward asked for the list of panels; `quotas` as they are to be met, `widened` says why they differ."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="panels_asked")
    quotas = models.JSONField()
    widened = models.TextField(blank=True)
    on = models.DateField()


class PanelList(models.Model):
    """The list that was made: panels as places in `members`, which are ids of applications. Or why there is none.

    `alternates` holds those of each panel in the same way; it is empty on lists of the first method, which had none.
    """

    asked = models.OneToOneField(PanelsAsked, models.PROTECT, related_name="made")
    members = models.JSONField(default=list)
    panels = models.JSONField(default=list)
    alternates = models.JSONField(default=list)
    salt = models.CharField(max_length=64)
    problem = models.CharField(max_length=8, blank=True)


class TicketFacts(models.Model):
    """What a ticket has, as fixed when the lottery was announced. Erased with the application; its leaf stays."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="ticket_facts")
    values = models.JSONField()
    salt = models.CharField(max_length=64)
