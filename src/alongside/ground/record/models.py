"""The log of a program, and what is folded from it: citations, standings, public texts, what a search looks in."""

from collections.abc import Collection
from typing import Any, Self, override

from django.db import models
from django.db.models import F, Q
from django.db.models.base import ModelState
from django.db.models.fetch_modes import FetchMode

from alongside.core.entries import Entry
from alongside.core.grammar.check import read
from alongside.core.grammar.general import LONGEST_NAME
from alongside.core.kinds import EntryKind
from alongside.core.ledger.note import split_note
from alongside.core.salted import fits
from alongside.core.workflow.asks import AskState
from alongside.core.workflow.commitments import MilestoneState
from alongside.ground.gate.presses import LENGTH
from alongside.ground.programs.models import Program


class Log(models.Model):
    """The log of one program. An append locks this row, so that the index has no gap."""

    program = models.OneToOneField(Program, models.PROTECT, related_name="log")
    size = models.PositiveBigIntegerField(default=0)
    text_revision = models.PositiveBigIntegerField(default=0)
    #: The public key line by which its signatures are checked; the key itself is on one machine, outside the database.
    vkey = models.CharField(max_length=250, blank=True, default="")
    #: The last day that began with a clock that could be believed; empty until the first tick.
    agreed_day = models.DateField(null=True)
    #: The last day on which what is folded was compared with the entries, how far, and the entries that were told otherwise.
    looked_on = models.DateField(null=True)
    looked_to = models.PositiveBigIntegerField(default=0)
    differing = models.JSONField(default=list)


class LogEntry(models.Model):
    """One entry, verbatim. Insert-only by triggers."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="lines")
    index = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, blank=True)
    date = models.DateField()
    pen = models.CharField(max_length=10)
    raw = models.BinaryField()
    leaf = models.BinaryField()
    #: Of the first entry of an act that leads signed, its nonce.
    nonce = models.CharField(max_length=32, null=True)  # noqa: DJ001 -- so that entries without an act are none twice

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["log", "index"], name="an_entry_has_one_place_in_its_log"),
            models.UniqueConstraint(fields=["log", "nonce"], name="an_act_is_entered_once"),
        ]
        indexes = [
            models.Index(fields=["log", "kind", "subject", "index"], name="entries_by_kind_and_subject"),
            models.Index(fields=["log", "date"], name="entries_by_date"),
        ]

    @property
    def parsed(self) -> Entry:
        """Give the entry that its bytes are, as append judged it. Raises GrammarError where they are none."""
        return read(self.index, bytes(self.raw))


class Node(models.Model):
    """The hash of a full tile, kept when it fills: level 1 stands over 256 entries. Insert-only by triggers."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="nodes")
    level = models.PositiveSmallIntegerField()
    index = models.PositiveBigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["log", "level", "index"], name="a_tile_has_one_hash"),
        ]


class Head(models.Model):
    """A signed head: the note as published; once witnesses cosigned it, another with their lines. Insert-only by triggers."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="heads")
    size = models.PositiveBigIntegerField()
    root = models.BinaryField()
    note = models.TextField()
    signed_on = models.DateField()
    #: Which witnesses that the rules named cosigned it (`by`, as people read the names), of how many (`of`), and whether that is `enough`.
    seen = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["log", "-size"], name="heads_by_size")]

    @property
    def text(self) -> str:
        """Give the three lines that are signed."""
        return split_note(self.note)[0]


class ClockNotice(models.Model):
    """The clock told something about an entry once; a second run finds this row and stays silent."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="told")
    about = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=40)
    stage = models.CharField(max_length=40)
    #: How often it was told before by a clock that was wrong; and the entry that tells it.
    again = models.PositiveSmallIntegerField(default=0)
    entry = models.PositiveBigIntegerField(null=True)
    date = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["log", "about", "kind", "stage", "again"], name="the_clock_tells_a_thing_once"
            ),
            models.CheckConstraint(condition=~Q(kind=""), name="the_clock_says_what_it_told"),
        ]


class DayConfirmed(models.Model):
    """Somebody says that it is the day that a clock shows which nobody else could confirm; `mark` binds that to them (see gate.presses)."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="days_confirmed")
    day = models.DateField()
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    by = models.CharField(max_length=121)
    mark = models.CharField(max_length=LENGTH, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["log", "day", "person"], name="a_person_confirms_a_day_once"),
        ]

    @property
    def pressed(self) -> dict[str, Any]:
        """Give who says that it is which day."""
        said = {name: getattr(self, name) for name in ("log_id", "person_id", "by")}
        return said | {"day": self.day.isoformat()}


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
    name = models.CharField(max_length=LONGEST_NAME)
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
            models.CheckConstraint(
                condition=Q(is_original=False) | Q(entry=F("about")),
                name="first_words_stand_under_their_own_entry",
            ),
        ]
        # The last ones let what wants a translation be counted from the index alone.
        indexes = [
            models.Index(
                fields=["log", "about", "lang", "entry", "is_original", "is_reviewed", "name"],
                name="texts_of_an_entry",
            )
        ]

    @classmethod
    def of(cls, log: Log, entry: Entry, name: str, *, salt: bytes, words: str) -> Self:
        """Make the row of a text as its entry says it; a translation's words belong to the entry it translates."""
        translated = entry.kind == EntryKind.TEXT_TRANSLATED
        return cls(
            log=log,
            entry=entry.index,
            about=entry.cites["of"][0] if translated else entry.index,
            name=name,
            lang=entry.texts[name]["lang"],
            is_original=not translated,
            is_reviewed=entry.data["reviewed"] if translated else True,
            made_by=entry.data["made_by"] if translated else "person",
            sha256=entry.texts[name]["sha256"],
            salt=salt,
            words=words,
        )

    def is_of(self, entry: Entry | None) -> bool:
        """Say whether this row is the one that an entry names: its words, its name, its language and whose words they are."""
        if entry is None or self.name not in entry.texts:
            return False
        salt = bytes(self.salt)
        told = PublicText.of(self.log, entry, self.name, salt=salt, words=self.words)
        kept = ("about", "lang", "is_original", "is_reviewed", "made_by", "sha256")
        is_same = all(getattr(self, one) == getattr(told, one) for one in kept)
        return is_same and fits(self.sha256, salt, self.words.encode())


class Folded(models.Model):
    """A row that is folded from the entries. Pages read and count thousands, so each is read in half the time."""

    class Meta:
        abstract = True

    @classmethod
    @override
    def from_db(
        cls,
        db: str | None,
        field_names: Collection[str],
        values: Collection[Any],
        *,
        fetch_mode: FetchMode | None = None,
    ) -> Self:
        """Give the row with its values as they come: no defaults to fill in, and no signals, for which nothing waits here."""
        row, state = cls.__new__(cls), ModelState()
        state.adding, state.db = False, db
        if fetch_mode is not None:
            state.fetch_mode = fetch_mode
        row.__dict__.update(zip(field_names, values, strict=True), _state=state)
        return row


class Standing(AskState, Folded):
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
    missed = models.JSONField(default=dict)
    handed = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "ask"], name="an_ask_stands_in_one_place")]
        indexes = [models.Index(fields=["log", "unit", "state"], name="standings_by_unit")]


class MilestoneStanding(MilestoneState, Folded):
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
    checked = models.DateField(null=True)
    quiet = models.DateField(null=True)
    disputed = models.DateField(null=True)
    behind = models.TextField(default="")
    passed = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["log", "commitment", "milestone"], name="a_milestone_stands_in_one_place"
            ),
        ]

    @property
    def address(self) -> str:
        """Name it as addresses do: its commitment and its milestone."""
        return f"{self.commitment}/{self.milestone}"

    @property
    def anchor(self) -> str:
        """Name its place on a page that tells whether what was promised is kept."""
        return f"kept-{self.commitment}-{self.milestone}"

    @property
    def units(self) -> set[str]:
        """Give the units with a stake in the promise, whose bureaus pay and employ nobody who checks it."""
        return {self.unit, *self.behind.split()}

    @property
    def bound(self) -> set[str]:
        """Give those of them through which its ask did not only go: their bureaus' leads do not say "not kept" either."""
        return self.units - set(self.passed.split())


class SearchDoc(models.Model):
    """Something public that a search can find, with its folded words in every language it is written in.

    The database keeps an index over `heading`, `words` and `marks` by itself (see search_tables). `source` says what
    `about` counts: "entry" is an entry of the log; an app that shows public rows of its own names them otherwise.
    """

    log = models.ForeignKey(Log, models.PROTECT, related_name="search_docs")
    source = models.CharField(max_length=20, default="entry")
    about = models.PositiveBigIntegerField()
    group = models.CharField(max_length=20)
    unit = models.CharField(max_length=60, blank=True)
    heading = models.TextField()
    words = models.TextField()
    marks = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["log", "source", "about"], name="a_thing_is_found_once"),
        ]


class SearchWord(models.Model):
    """A word that is found in so many things; gone when it is in none."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="search_words")
    word = models.CharField(max_length=40)
    docs = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "word"], name="a_word_is_counted_once")]


class SearchGram(models.Model):
    """Three letters in a row of a word, by which a mistyped word is found."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="+")
    gram = models.CharField(max_length=3)
    word = models.ForeignKey(SearchWord, models.CASCADE, related_name="grams")

    class Meta:
        indexes = [models.Index(fields=["log", "gram", "word"], name="words_by_three_letters")]
