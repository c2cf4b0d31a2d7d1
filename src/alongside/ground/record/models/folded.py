"""What is folded from the lines and can be rebuilt: citations and standings; and the words that the lines hash."""

from django.db import models

from alongside.ground.record.models.log import Log


class Citation(models.Model):
    """One entry cites another. Folded from the entries; can be rebuilt."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="citations")
    citing = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=40)
    role = models.CharField(max_length=20)
    cited = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["log", "citing", "role", "cited"], name="an_entry_cites_another_once_in_a_role"
            ),
        ]
        indexes = [models.Index(fields=["log", "cited", "kind"], name="citations_of_an_entry")]


class PublicText(models.Model):
    """Words that the public may read. The log holds only the hash of salt and words."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="texts")
    #: The entry that holds the hash; and the entry the words belong to (a translation belongs to another entry).
    entry = models.PositiveBigIntegerField()
    about = models.PositiveBigIntegerField()
    name = models.CharField(max_length=60)
    lang = models.CharField(max_length=12)
    is_original = models.BooleanField()
    is_reviewed = models.BooleanField()
    made_by = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64)
    salt = models.BinaryField()
    words = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["log", "entry", "name"], name="an_entry_holds_a_text_once"),
        ]
        indexes = [models.Index(fields=["log", "about", "lang"], name="texts_of_an_entry")]


class Standing(models.Model):
    """Where an ask stands. Folded from the entries; can be rebuilt."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="standings")
    ask = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=40)
    unit = models.CharField(max_length=60)
    office = models.CharField(max_length=121)
    asked = models.DateField()
    ack_due = models.DateField()
    answer_due = models.DateField()
    state = models.CharField(max_length=20)
    acknowledged = models.DateField(null=True)
    decision = models.CharField(max_length=20, null=True)  # noqa: DJ001 -- mirrors the pure standing, where None is "not yet"
    answer = models.PositiveBigIntegerField(null=True)
    answered = models.DateField(null=True)
    contest = models.PositiveBigIntegerField(null=True)
    reply_due = models.DateField(null=True)
    reply = models.PositiveBigIntegerField(null=True)
    commitment = models.PositiveBigIntegerField(null=True)
    silences = models.PositiveIntegerField(default=0)
    escalated = models.BooleanField(default=False)
    unclear = models.PositiveBigIntegerField(null=True)
    raised = models.PositiveBigIntegerField(null=True)
    raise_due = models.DateField(null=True)
    raise_reply = models.PositiveBigIntegerField(null=True)
    quiet = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "ask"], name="an_ask_stands_in_one_place")]
        indexes = [models.Index(fields=["log", "unit", "state"], name="standings_by_unit")]


class MilestoneStanding(models.Model):
    """Where a milestone stands. Folded from the entries; can be rebuilt."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="milestones")
    commitment = models.PositiveBigIntegerField()
    milestone = models.CharField(max_length=80)
    ask = models.PositiveBigIntegerField()
    unit = models.CharField(max_length=60)
    office = models.CharField(max_length=121)
    due = models.DateField()
    completion = models.CharField(max_length=20)
    claim = models.PositiveBigIntegerField(null=True)
    claimed = models.DateField(null=True)
    verify_due = models.DateField(null=True)
    check_entry = models.PositiveBigIntegerField(null=True)
    verdict = models.CharField(max_length=20, null=True)  # noqa: DJ001 -- mirrors the pure standing, where None is "not yet"
    checked = models.DateField(null=True)
    quiet = models.DateField(null=True)
    behind = models.TextField(default="")
    passed = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["log", "commitment", "milestone"], name="a_milestone_stands_in_one_place"
            ),
        ]

    @property
    def units(self) -> set[str]:
        """Give the units with a stake in the promise, whose bureaus pay and employ nobody who checks it."""
        return {self.unit, *self.behind.split()}

    @property
    def bound(self) -> set[str]:
        """Give those of them through which its ask did not only go: their bureaus' leads do not say "not kept" either."""
        return self.units - set(self.passed.split())

    @property
    def is_claimed(self) -> bool:
        """Say whether it counts as claimed: while leads do not dispute its last claim."""
        return self.claim is not None and self.verdict != "disputed"
