"""An application: the shell that readers may see, and beside it, apart, who it is from."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from alongside.cohort.calls.models.calls import Call
from alongside.ground.people.models import Organization

SENDERS = ("person", "organization")


class Application(models.Model):
    """One application. Its id and reference are random, so that neither tells who came first. Days only, no hours."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="applications")
    #: What people call it by, such as K7WQ-3MZP. Not a secret: the code to come back is another.
    reference = models.CharField(max_length=9)
    #: A hash of the code to come back; the code itself is kept nowhere.
    code_hash = models.CharField(max_length=64, unique=True)
    lang = models.CharField(max_length=12)
    begun_on = models.DateField()
    #: The last day on which whoever runs the program made a new code to come back.
    renewed_on = models.DateField(null=True)
    #: How often it was closed on a phone that others use. What opened it before opens it no more.
    times_closed = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "reference"], name="a_reference_names_one_application"),
        ]


class Contact(models.Model):
    """Who applies and how to reach them. Hidden from readers until the shortlist; apart so that no list joins it by chance."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="contact")
    sender = models.CharField(max_length=12, default="person")
    name = models.CharField(max_length=200, blank=True)
    organization = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    other = models.CharField(max_length=400, blank=True)
    may_write_again = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sender__in=SENDERS), name="a_person_or_an_organization_applies"
            ),
        ]


class Unsaved(models.Model):
    """What was typed on a page that could not be saved, and why, until the page is saved or the application closed."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="unsaved")
    step = models.CharField(max_length=100)
    #: Names of fields, each with a list of what was typed.
    typed = models.JSONField(default=dict)
    #: Pairs of a field's name, or none for the page, and what stands in the way.
    problems = models.JSONField(default=list)


class Sent(models.Model):
    """The application is in. Only applications that were sent are read."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="sent")
    sent_on = models.DateField()


class Withdrawn(models.Model):
    """The applicant took the application back."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="withdrawn")
    withdrawn_on = models.DateField()


class Erased(models.Model):
    """What the person said and who they are is gone; the shell stays, so that the count stays true."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="erased")
    erased_on = models.DateField()
    ground = models.CharField(max_length=40)


class Assisted(models.Model):
    """Someone typed the application in for the applicant: by whom, for which organization, and how it came."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="assisted")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assisted")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="assisted")
    came_by = models.CharField(max_length=10)
    on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(came_by__in=("phone", "paper", "visit")),
                name="an_assisted_application_came_by_phone_paper_or_visit",
            ),
        ]


class ReadBack(models.Model):
    """What was typed in was read back to the applicant, who agreed to it."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="read_back")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="read_back")
    on = models.DateField()
