"""A consultation, the versions of what is reviewed, and what leads say of them among themselves. The brief's words are in the record."""

import json
from typing import Any

from django.db import models
from django.db.models import Q

from alongside.cohort.seats.models import Seat
from alongside.ground.gate.presses import LENGTH, is_pressed
from alongside.ground.programs.models import Program
from alongside.work.projects.models import Project


class Consultation(models.Model):
    """Leads review a data product of a project. `entry` is its consultation.opened.

    Once its comments reached their day they are gone; what advice quoted of them is on the record.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="consultations")
    slug = models.SlugField(max_length=60)
    project = models.ForeignKey(Project, models.PROTECT, related_name="consultations")
    entry = models.PositiveBigIntegerField()
    comments_erased_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "slug"], name="a_consultation_is_named_once_in_a_program"
            ),
        ]


class Version(models.Model):
    """A version of a material. `shown` is table, text, picture, pdf or link; a link has no bytes. It never changes.

    Of a file that was taken down, bytes and salt are empty.
    """

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="versions")
    material = models.SlugField(max_length=60)
    number = models.PositiveIntegerField()
    shown = models.CharField(max_length=8)
    media_type = models.CharField(max_length=40, blank=True)
    ending = models.CharField(max_length=4, blank=True)
    data = models.BinaryField(null=True)
    #: The record holds SHA-256 of this and the bytes.
    salt = models.BinaryField(null=True)
    #: The language of a text or table, as its unit said it.
    lang = models.CharField(max_length=12)
    entry = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "material", "number"], name="a_material_has_each_version_once"
            ),
            models.CheckConstraint(
                condition=Q(shown="link", data=None) | Q(data__isnull=False, salt__isnull=False),
                name="a_version_is_a_link_or_has_its_bytes",
            ),
        ]


#: What stands in the place of words that are gone.
GONE = "-"


class Comment(models.Model):
    """What a lead says of a place in a version, or of the whole. For leads alone; never changed.

    Of one that was taken back the words are gone; the row keeps the thread together. `mark` binds it to the lead who wrote it
    (see gate.presses): advice quotes no other words.
    """

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="comments")
    version = models.ForeignKey(Version, models.PROTECT, null=True, related_name="comments")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="comments")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="replies")
    #: The heading of the guide that it answers, if it does.
    heading = models.CharField(max_length=40, blank=True)
    #: What core.anchors makes of the place; empty for the whole.
    anchor = models.JSONField(default=dict, blank=True)
    words = models.TextField()
    lang = models.CharField(max_length=12)
    may_quote = models.BooleanField()
    written_on = models.DateField()
    taken_back_on = models.DateField(null=True)
    mark = models.CharField(max_length=LENGTH, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="a_comment_has_words"),
        ]

    @property
    def pressed(self) -> dict[str, Any]:
        """Give what its lead stands for: the words, their place, and whether advice may quote them."""
        names = (
            "consultation_id",
            "version_id",
            "seat_id",
            "parent_id",
            "heading",
            "words",
            "lang",
            "may_quote",
        )
        said = {name: getattr(self, name) for name in names}
        return said | {"anchor": json.dumps(self.anchor, sort_keys=True), "on": str(self.written_on)}

    @property
    def is_taken_down(self) -> bool:
        """Say whether its words went from the record, and from here with them."""
        return self.words == GONE and self.taken_back_on is None

    @property
    def is_theirs(self) -> bool:
        """Say whether it stands as its lead wrote it here."""
        return is_pressed(self)
