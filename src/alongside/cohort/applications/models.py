"""An application: the shell that readers may see, what is said in it, what happened to it, and beside it, apart, who it is from."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from alongside.cohort.calls.models import Call
from alongside.core.workflow.applications import AGAIN, CHOICES, GONE, ApplicationStage, EventKind, stage
from alongside.ground.gate.limits import LARGEST_RECORDING

SENDERS = ("person", "organization")


def happened(*kinds: EventKind, to: str = "pk") -> Exists:
    """Say in a query whether one of these happened to an application; `to` is the way to its id."""
    return Exists(Event.objects.filter(application=OuterRef(to), kind__in=kinds))


class Applications(models.QuerySet["Application"]):
    """Applications by what happened to them."""

    def there(self) -> "Applications":
        """Give those that were neither taken back nor erased."""
        return self.exclude(happened(*GONE))

    def live(self) -> "Applications":
        """Give those that count: sent, not taken back, not erased."""
        return self.there().filter(happened(EventKind.SENT))

    def untold(self) -> "Applications":
        """Give those whose last news no letter told; `news` is its number."""
        news = Event.objects.filter(application=OuterRef("pk"), kind=EventKind.NEWS).order_by("-number")
        told = Event.objects.filter(application=OuterRef("pk"), kind=EventKind.TOLD, number=OuterRef("news"))
        return self.annotate(news=Coalesce(Subquery(news.values("number")[:1]), 0)).exclude(Exists(told))

    def with_ties(self) -> "Applications":
        """Give with each what can keep a reader away from it: its events say who typed it in."""
        return self.select_related("conflict_form", "contact").prefetch_related("events")


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
    #: They have seen the page that is only counted, so that nobody is counted twice; not what they chose, nor when.
    was_counted = models.BooleanField(default=False)

    objects = Applications.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "reference"], name="a_reference_names_one_application"),
        ]

    @property
    def days(self) -> dict[str, date]:
        """Give by kind the day of what happened to it. One query where the events are not at hand."""
        return {one.kind: one.on for one in self.events.all()}

    @property
    def stage(self) -> ApplicationStage:
        """Say where it stands."""
        return stage(self.days)


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


class Event(models.Model):
    """Something happened to an application on a day. Rows are only added, and nobody's words are in them.

    `by` and `organization` say who typed it in, and for which organization; `choice` is one of those of its kind.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12)
    #: Counts what may come again; a letter has the number of the news that it tells.
    number = models.PositiveSmallIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    organization = models.CharField(max_length=200, blank=True)
    choice = models.CharField(max_length=12, blank=True)
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind", "number"], name="what_happened_to_an_application_is_kept_once"
            ),
            models.CheckConstraint(
                condition=Q(number=0) | Q(kind__in=[one.value for one in AGAIN]),
                name="only_news_and_letters_come_again",
            ),
            models.CheckConstraint(
                condition=~Q(kind=EventKind.ASSISTED.value) | Q(choice__in=CHOICES[EventKind.ASSISTED]),
                name="an_assisted_application_came_by_phone_paper_or_visit",
            ),
            models.CheckConstraint(
                condition=~Q(kind=EventKind.ERASED.value) | Q(choice__in=CHOICES[EventKind.ERASED]),
                name="an_application_is_erased_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(choice="") | Q(kind__in=[one.value for one in CHOICES]),
                name="other_events_of_an_application_hold_no_choice",
            ),
        ]


class Answers(models.QuerySet["Answer"]):
    """Answers, of which some are ticks."""

    def brought(self) -> "Answers":
        """Give the ticks: which of the things that the call seeks someone brings."""
        return self.filter(section__startswith="sought-")


class Answer(models.Model):
    """What an applicant says and readers read: a question in their own words, or a thing that they bring, without words.

    `section` is the name that the text has in the call's entry, such as question-q1 or sought-s2. `revision` counts saves,
    so that two open pages overwrite nothing.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="answers")
    section = models.CharField(max_length=24)
    words = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)

    objects = Answers.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "section"], name="a_question_is_answered_once"),
        ]


class Recording(models.Model):
    """An answer that was spoken. Its file name is not kept; readers read the transcript until the shortlist."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="recordings")
    section = models.CharField(max_length=24)
    #: One of the kinds that core.recordings knows, such as "m4a".
    kind = models.CharField(max_length=8)
    size = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "section"], name="an_answer_has_one_recording"),
            models.CheckConstraint(
                condition=Q(size__gte=1) & Q(size__lte=LARGEST_RECORDING), name="a_recording_is_not_too_long"
            ),
        ]


class RecordingBytes(models.Model):
    """The sound itself, apart from its row so that no list loads it, and in the database so that it is erased with it."""

    recording = models.OneToOneField(Recording, models.CASCADE, related_name="bytes")
    content = models.BinaryField()


class Transcript(models.Model):
    """What a recording says, written down without names. The newest row is the one that is read."""

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="transcripts")
    words = models.TextField()
    lang = models.CharField(max_length=12)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="transcripts")
    made_on = models.DateField()


class Listener(models.Model):
    """Someone opened a recording of a call before its shortlist, so they do not read for it. Rows are only added."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="listeners")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "person"], name="a_listener_is_noted_once"),
        ]


class AccessNeeds(models.Model):
    """What the applicant needs in order to take part. Readers do not see it."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="access_needs")
    words = models.TextField()


#: What the form asks, in the order of its columns and of its words (calls.queries.declared).
TIES = ("works_for_government", "earns_from_it", "close_to_staff")


class ConflictForm(models.Model):
    """The applicant's declaration: the organizations they belong to, and what could pull them two ways."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="conflict_form")
    #: Names as typed, one a line; readers who share one are kept away from the application.
    organizations = models.JSONField(default=list)
    #: None until the question is answered, so that half a form is saved too.
    works_for_government = models.BooleanField(null=True)
    earns_from_it = models.BooleanField(null=True)
    close_to_staff = models.BooleanField(null=True)
    words = models.TextField(blank=True)
    filed_on = models.DateField()

    @property
    def is_complete(self) -> bool:
        """Say whether every question of the form is answered."""
        return None not in (getattr(self, name) for name in TIES)


class DemographicCount(models.Model):
    """How many applicants of a call chose an answer. There is no key to an application, and no row for one."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="demographic_counts")
    question = models.SlugField(max_length=40)
    choice = models.SlugField(max_length=40)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["call", "question", "choice"], name="demographics_are_kept_as_counts_only"
            ),
        ]


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
