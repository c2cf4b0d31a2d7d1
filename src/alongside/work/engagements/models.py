"""An engagement before its promise is frozen: the draft, and who signed which draft."""

from datetime import UTC, date
from typing import Any

from django.db import models

from alongside.cohort.seats.models import Seat
from alongside.ground.gate.presses import LENGTH, is_pressed
from alongside.ground.programs.models import Office, Post, Program
from alongside.work.projects.models import DecisionPoint


class Engagement(models.Model):
    """A planned set of activities with one community on one decision. Once open, only the record speaks.

    It is open once `promise`, the entry of its promise, is there.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="engagements")
    slug = models.SlugField(max_length=60)
    lead = models.ForeignKey(Seat, models.PROTECT, related_name="engagements")
    #: The office that answers; None for a community engagement, where the city has promised nothing.
    partner = models.ForeignKey(Office, models.PROTECT, null=True, related_name="engagements")
    decision = models.ForeignKey(DecisionPoint, models.PROTECT, null=True, related_name="engagements")
    #: The entry by which a unit asked leads for help with this, where it did.
    invitation = models.PositiveBigIntegerField(null=True)
    framework = models.CharField(max_length=60)
    level = models.CharField(max_length=60)
    languages = models.JSONField(default=list)
    retention = models.CharField(max_length=60)
    closes = models.DateField()
    report_back = models.DateField()
    answer_by = models.DateField(null=True)
    #: The day on which the leads destroy the key, where the retention class leaves it to the promise.
    voices_kept_until = models.DateField(null=True)
    cap = models.PositiveIntegerField(default=5000)
    #: Language to {title, decision, can_change, cannot_change, reading, consent}; the first is the original.
    words = models.JSONField(default=dict)
    #: The questions, in the form's own shape (see actions.save_questions).
    form = models.JSONField(default=dict)
    #: How leads listen, and what it costs: {methods, host, budget, read, sessions}. No part of the promise: it changes while people speak.
    plan = models.JSONField(default=dict)
    promise = models.PositiveBigIntegerField(null=True)
    opened_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "slug"], name="an_engagement_is_named_once_in_a_program"
            ),
        ]


class Version(models.Model):
    """A draft as somebody read it who signed it or spoke of it, so that pages can say what changed since. Only added."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="versions")
    draft = models.CharField(max_length=64)
    #: Its parts by name, as words (see queries.drafts.parts_of_draft).
    parts = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "draft"], name="a_draft_is_kept_once_as_it_was_read"
            ),
        ]


def _is_theirs(who: str, post: Post | None, today: date) -> bool:
    """Say whether somebody still stands for what they pressed: a lead, or for an office only while they hold it."""
    if "/" not in who:
        return True
    return post is not None and (post.until_date is None or post.until_date > today)


class Signature(models.Model):
    """A lead or a unit's office signed one exact draft; an edit makes the signature void.

    `post` is that of whoever signed for an office: with it ends what they signed, as whoever comes next did not. `mark` binds it to their press (see gate.presses): a row that came into the table by other hands is no signature.
    """

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="signatures")
    actor = models.CharField(max_length=121)
    draft = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    post = models.ForeignKey(Post, models.CASCADE, null=True, related_name="+")
    mark = models.CharField(max_length=LENGTH, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "actor", "draft"], name="an_actor_signs_a_draft_once"
            ),
        ]

    @property
    def pressed(self) -> dict[str, Any]:
        """Give what is signed, and by whom."""
        said = {"engagement": self.engagement_id, "actor": self.actor, "draft": self.draft}
        return said if self.post_id is None else said | {"post": self.post_id}

    def stands(self, today: date) -> bool:
        """Say whether it counts on a day: as it was pressed, and for an office only while whoever signed holds it."""
        return _is_theirs(self.actor, self.post, today) and is_pressed(self)


class Correction(models.Model):
    """A dated correction that one side wrote; it goes on the record when the other side signs it too.

    `post` is that of whoever wrote it for an office, and ends it as it ends a signature. `mark` binds its words to whoever wrote it
    (see gate.presses): others go nowhere.
    """

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="corrections")
    about = models.CharField(max_length=20)
    lang = models.CharField(max_length=12)
    words = models.TextField()
    #: Language to words, in the other languages of the promise; and whether a person read them beside the first.
    others = models.JSONField(default=dict)
    checked = models.BooleanField(default=False)
    #: The new day, where a day is corrected.
    day = models.DateField(null=True)
    by = models.CharField(max_length=121)
    proposed_at = models.DateTimeField()
    #: The entry of the last correction of the same part when this was written; 0 where there was none.
    beside = models.PositiveBigIntegerField(default=0)
    post = models.ForeignKey(Post, models.CASCADE, null=True, related_name="+")
    mark = models.CharField(max_length=LENGTH, blank=True)
    #: What the key of the lead who wrote it signed, until the other side signs (see record.acts.Part).
    signed = models.JSONField(default=dict, blank=True)
    #: Its own entry, once both sides signed it.
    entry = models.PositiveBigIntegerField(null=True)

    @property
    def pressed(self) -> dict[str, Any]:
        """Give what its side stands for, and since when."""
        names = ("engagement_id", "about", "lang", "words", "others", "checked", "by", "beside", "post_id")
        said = {name: getattr(self, name) for name in names if getattr(self, name) is not None}
        return said | {"day": str(self.day or ""), "at": self.proposed_at.astimezone(UTC).isoformat()}

    def stands(self, today: date) -> bool:
        """Say whether it counts on a day: as it was pressed, and for an office only while whoever wrote it holds it."""
        return _is_theirs(self.by, self.post, today) and is_pressed(self)
