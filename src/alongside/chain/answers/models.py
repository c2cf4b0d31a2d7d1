"""An answer, or a reply to a contest, while it is a draft in the unit. Final ones live in the record alone."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import models

from alongside.core.canonical import canonical
from alongside.core.workflow.answer_drafts import AnswerStage, goes_out_at, stage_of
from alongside.ground.gate.presses import LENGTH
from alongside.ground.programs.models import Program


class AnswerDraft(models.Model):
    """A draft in the unit. It may be asked for under public-records law, and the page says so.

    `about` is the entry it answers: an ask, or a contest. An edit takes it back from sign-off. What is signed is the outbox
    of its office: `signed_at` and `signed_by` stand until it goes on the record, or is called back. `note` says why it was handed
    back, by `noted_by`; where that is nobody, the site could not put it on the record. `mark` binds what is signed to who
    signed it (see gate.presses): words that came into the row by other hands go nowhere.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="answer_drafts")
    about = models.PositiveBigIntegerField()
    unit = models.CharField(max_length=60)
    decision = models.CharField(max_length=20, blank=True)
    reasons = models.TextField(blank=True)
    lang = models.CharField(max_length=12, default="en")
    until = models.DateField(null=True, blank=True)
    owner = models.CharField(max_length=121, blank=True)
    evidence = models.TextField(blank=True)
    #: [{"id": "m1", "words": "...", "due": "YYYY-MM-DD"}]
    milestones = models.JSONField(default=list, blank=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    mark = models.CharField(max_length=LENGTH, blank=True)
    note = models.TextField(blank=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "about"], name="an_ask_has_one_draft_answer"),
            models.CheckConstraint(
                condition=models.Q(signed_at=None, signed_by=None)
                | models.Q(signed_at__isnull=False, signed_by__isnull=False),
                name="what_is_signed_was_signed_by_somebody",
            ),
        ]

    @property
    def said(self) -> dict[str, Any]:
        """Give all that goes on the record with it."""
        names = ("about", "unit", "decision", "reasons", "lang", "owner", "evidence", "milestones")
        said = {name: getattr(self, name) for name in names}
        return said | {"program": self.program_id, "until": str(self.until or "")}

    @property
    def pressed(self) -> dict[str, Any]:
        """Give what whoever signed it stands for, and the day."""
        on = str(self.signed_at.astimezone(UTC).date()) if self.signed_at else ""
        return self.said | {"by": self.signed_by_id, "on": on}

    @property
    def version(self) -> str:
        """Name what is saved, its very words, so that a form that was opened before is known."""
        saved = self.said | {"saved_at": self.saved_at.astimezone(UTC).isoformat()}
        return f"{self.pk} {hashlib.sha256(canonical(saved)).hexdigest()}"

    @property
    def stage(self) -> AnswerStage:
        """Say where it stands in the unit."""
        return stage_of(sent=self.sent_at, signed=self.signed_at, note=self.note)

    @property
    def is_sent(self) -> bool:
        """Say whether it waits for the manager."""
        return self.stage == AnswerStage.SENT

    @property
    def is_signed(self) -> bool:
        """Say whether it is signed and waits in the outbox."""
        return self.stage == AnswerStage.SIGNED

    @property
    def goes_out_at(self) -> datetime | None:
        """Give the moment from which on it goes on the record; None while it is not signed."""
        return goes_out_at(self.signed_at) if self.signed_at else None
