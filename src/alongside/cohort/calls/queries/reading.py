"""What a reader sees: their own readings in an order of their own, and one application without anything that names anyone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import QuerySet

from alongside.cohort.calls.models import Call, Reading, Score, Transcript
from alongside.ground.programs.models import Program

PAGE = 50
#: Mail addresses, web addresses, names of accounts, and numbers as long as a phone's. A mail address is looked for
#: once a word, from its first letter to its first "@", so that no text keeps it busy.
REACHES = re.compile(r"(?<!\S)\S[^\s@]*@\S+\.\w|https?://|www\.|(?<!\w)@\w{3,}|\+?\d(?:[\s().-]?\d){6,}")


def _own(person_id: int | None, program: Program) -> QuerySet[Reading]:
    """Give the readings of one person that still count."""
    rows = Reading.objects.filter(reader__person=person_id, reader__call__program=program)
    return rows.held()


@dataclass(frozen=True)
class Row:
    """One line of a reader's queue. The random id is all it knows of an application."""

    pk: UUID
    is_done: bool


@dataclass(frozen=True)
class Queue:
    """A reader's readings of one call, and whether they have ended."""

    call: Call
    rows: list[Row] = field(default_factory=list)
    is_over: bool = False

    @property
    def left(self) -> int:
        """Count what is still to read."""
        return sum(not row.is_done for row in self.rows)


def queues(
    person_id: int | None, program: Program, after: UUID | None = None
) -> tuple[list[Queue], UUID | None]:
    """List a person's readings by call, and where the next page begins. One query.

    The order is that of the random ids: stable, another for every reader, and none of arrival or of names.
    """
    rows = _own(person_id, program).order_by("pk")
    if after:
        rows = rows.filter(pk__gt=after)
    near = ("reader__call__shortlist",)
    found = list(rows.select_related(*near).defer("assigned_on")[: PAGE + 1])
    by_call: dict[int, Queue] = {}
    for one in found[:PAGE]:
        call = one.reader.call
        held = by_call.setdefault(call.pk, Queue(call, is_over=hasattr(call, "shortlist")))
        held.rows.append(Row(one.pk, one.read_on is not None))
    return list(by_call.values()), found[PAGE - 1].pk if len(found) > PAGE else None


def reading_of(person_id: int | None, program: Program, pk: UUID) -> Reading | None:
    """Give one of a person's own readings that still counts, or None. One query."""
    near = ("reader__call__program", "reader__call__shortlist", "application")
    return _own(person_id, program).filter(pk=pk).select_related(*near).first()


@dataclass(frozen=True)
class Said:
    """One question with what was said to it, as written or as written down from a recording."""

    asked: str
    asked_lang: str
    words: str
    transcript: str
    is_missing: bool

    @property
    def reaches(self) -> bool:
        """Say whether the words seem to hold a way to reach someone."""
        return bool(REACHES.search(f"{self.words} {self.transcript}"))


@dataclass(frozen=True)
class RubricLine:
    """A line of the rubric, with what the reader gave so far."""

    key: str
    most: int
    words: str
    lang: str
    means: str
    points: int | None
    why: str


@dataclass(frozen=True)
class Blind:
    """An application as readers see it: what was said and what is sought. Nothing here can name anyone by itself."""

    said: list[Said]
    brings: list[str]
    rubric: list[RubricLine]

    @property
    def is_whole(self) -> bool:
        """Say whether every recording is written down."""
        return not any(one.is_missing for one in self.said)

    @property
    def reaches(self) -> bool:
        """Say whether any answer seems to hold a way to reach someone."""
        return any(one.reaches for one in self.said)


def _transcripts(reading: Reading) -> dict[str, str]:
    rows = Transcript.objects.filter(recording__application=reading.application_id).order_by("pk")
    return dict(rows.values_list("recording__section", "words"))


def blind(reading: Reading, lang: str) -> Blind:
    """Give what a reader may see of an application. Four queries."""
    call, mine = reading.reader.call, reading.application
    answers = dict(mine.answers.values_list("section", "words"))
    spoken = set(mine.recordings.values_list("section", flat=True))
    written = _transcripts(reading)
    said = []
    for name in call.asked:
        missing = name in spoken and not written.get(name)
        asked = call.say(name, lang)
        said.append(Said(*asked, answers.get(name, ""), written.get(name, ""), missing))
    return Blind(
        said=said,
        brings=[call.say(name, lang)[0] for name in call.seeks if name in answers],
        rubric=rubric(call, list(reading.scores.all()), lang),
    )


def rubric(call: Call, scores: Sequence[Score], lang: str) -> list[RubricLine]:
    """Give the published rubric with what was given so far."""
    given = {one.criterion: (one.points, one.words) for one in scores}
    lines = []
    for one in call.rubric:
        key = one["criterion"]
        means = call.say(f"means-{key}", lang)[0]
        words = call.say(f"criterion-{key}", lang)
        lines.append(RubricLine(key, one["points"], *words, means, *given.get(key, (None, ""))))
    return lines
