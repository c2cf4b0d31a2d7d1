"""Read reviews: who may not read what, a reader's own readings without names, how far it is, the shortlist and what is decided."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Avg, CharField, Count, Exists, Max, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, Lower

from alongside.cohort.applications.models import Application, Contact, Recording, Transcript, happened
from alongside.cohort.applications.queries import transcripts_of, unwritten
from alongside.cohort.calls.models import Call, Invitee
from alongside.cohort.calls.queries import PAGE, may_write_down
from alongside.cohort.reviews.models import OUTCOMES, PASSED_ON, Admitted, Decision, Reading, Score
from alongside.cohort.seats.models import Reminded, Seat
from alongside.core.workflow.applications import EventKind
from alongside.core.workflow.calls import Outcome, Selection
from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.people.models import Profile
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import appointed_ever

LEAST = 2
READERS = "readers "  # what is before the call where letters to its readers are named
A_WEEK = timedelta(days=7)
#: So long a reader has an application before it can go to another one.
TIME_TO_READ = timedelta(days=14)
#: One part of so many that a reader had can be laid down, and one of so many laid down or left unread; who gives up more keeps none.
A_THIRD, HALF = 3, 2
#: One conflict is nobody's choice.
LEAST_GIVEN_UP = 2
LIVE = Q(readings__recused_on=None)
DONE = LIVE & Q(readings__read_on__isnull=False)


def counted(call: Call) -> QuerySet[Any]:
    """Give the applications that count with how many readers hold them, how many are done, and the mean share of points."""
    return call.applications.live().annotate(
        held=Count("readings", filter=LIVE, distinct=True),
        read=Count("readings", filter=DONE, distinct=True),
        mean=Avg("readings__share", filter=DONE),
    )


def without_readers(calls: Iterable[Call]) -> list[tuple[Call, int]]:
    """Of open calls with their `readers`, list those whose applications are to be read and that have fewer than two, with how many applications there are. One query."""
    few = (one for one in calls if one.line_on is None and one.readers < LEAST)  # type: ignore[attr-defined]  # annotated by lotteries.queries.next_steps
    found = {one.pk: one for one in few if one.selection != Selection.LOTTERY}
    sent = Application.objects.live().filter(call__in=list(found)).values_list("call") if found else None
    counts = dict(sent.annotate(n=Count("pk")).order_by("call")) if sent is not None else {}
    return [(one, counts[pk]) for pk, one in found.items() if pk in counts]


def still_reading(calls: Iterable[Call], today: date) -> list[tuple[Call, int]]:
    """Of open calls, list those whose readers have not read all that they hold, with how many readers that are. One query.

    A reminder has a week to work: until then the call waits for nobody but its readers.
    """
    found = {one.pk: one for one in calls if one.line_on is None and one.selection != Selection.LOTTERY}
    if not found:
        return []
    about = Concat(Value(READERS), OuterRef("reader__call"), output_field=CharField())
    reminded = Reminded.objects.filter(about=about, on__gt=today - A_WEEK)
    held = Reading.objects.held().filter(~Exists(reminded), reader__call__in=list(found), read_on=None)
    rows = held.values_list("reader__call").annotate(n=Count("reader", distinct=True))
    return [(found[pk], n) for pk, n in rows.order_by("reader__call")]


@dataclass(frozen=True)
class ReaderRow:
    """A reader with the numbers of their readings."""

    reader: Invitee
    held: int
    done: int
    recused: int

    @property
    def left(self) -> int:
        """Count what they have still to read."""
        return self.held - self.done


@dataclass(frozen=True)
class Progress:
    """Where the reading stands."""

    applications: int
    lacking: int
    unread: int
    unwritten: int
    readers: list[ReaderRow]
    opened: bool


def progress(call: Call) -> Progress:
    """Count where the reading stands. Three queries."""
    rows = counted(call)
    readers: QuerySet[Any] = call.invitees.readers().select_related("person").order_by("pk")
    live = Q(readings__application__in=call.applications.live())
    found = readers.annotate(
        held=Count("readings", filter=live & LIVE),
        done=Count("readings", filter=live & DONE),
        gone=Count("readings", filter=Q(readings__recused_on__isnull=False) & ~Q(readings__ground=PASSED_ON)),
    )
    totals = rows.aggregate(
        all=Count("pk"),
        lacking=Count("pk", filter=Q(held__lt=LEAST)),
        unread=Count("pk", filter=Q(read__lt=LEAST)),
    )
    return Progress(
        applications=totals["all"],
        lacking=totals["lacking"],
        unread=totals["unread"],
        unwritten=unwritten(call).count(),
        readers=[ReaderRow(one, one.held, one.done, one.gone) for one in found],
        opened=call.names_on is not None,
    )


def about_readers(call: Call) -> str:
    """Name the letters to those who have still to read for a call."""
    return f"{READERS}{call.pk}"


def reminded_on(call: Call) -> date | None:
    """Give the last day on which who has still to read was reminded, or None. One query."""
    letters = Reminded.objects.filter(program=call.program_id, about=about_readers(call))
    last: date | None = letters.aggregate(last=Max("on"))["last"]
    return last


def not_read(call: Call, today: date) -> QuerySet[Reading]:
    """Give what its reader had for two weeks, every recording of it written down, and did not read."""
    since = today - TIME_TO_READ
    written = Transcript.objects.filter(recording=OuterRef("pk"), made_on__lte=since)
    spoken = Recording.objects.filter(~Exists(written), application=OuterRef("application"))
    held = Reading.objects.held().filter(reader__call=call, read_on=None, assigned_on__lte=since)
    return held.exclude(Exists(spoken))


def who_gave_up(call: Call) -> set[int]:
    """Give the readers who laid down more than a third of all they ever had of a call, or laid down and left unread more than half. One query.

    Who chooses what to lay down chooses what to keep. So they keep none. One alone is no choice.
    """
    rows = Reading.objects.filter(reader__call=call).values_list("reader")
    gone, late = Q(recused_on__isnull=False), Q(ground=PASSED_ON)
    counted_up = rows.annotate(
        had=Count("pk"), gone=Count("pk", filter=gone), laid=Count("pk", filter=gone & ~late)
    )
    return {
        reader
        for reader, had, gone, laid in counted_up.order_by("reader")
        if gone >= LEAST_GIVEN_UP and (laid * A_THIRD > had or gone * HALF > had)
    }


def name_page(call: Call, after: str = "") -> list[Application]:
    """List applications with who they are from, by reference, one page and one more. One query."""
    rows = call.applications.live().filter(reference__gt=after)
    return list(rows.select_related("contact", "decision").order_by("reference")[: PAGE + 1])


@dataclass(frozen=True)
class Listed:
    """One application of the shortlist for the panel: who it is from, what it got, and what is decided."""

    application: Application
    share: int
    decided: str


def is_read(application: Application) -> bool:
    """Say whether a reader has read an application, and did not lay it down. One query."""
    return Reading.objects.done().filter(application=application).exists()


def unread(call: Call) -> int:
    """Count the applications that lack a second reading. One query."""
    return counted(call).filter(read__lt=LEAST).count()


def shortlist_page(call: Call, after: str = "") -> list[Listed]:
    """List the shortlist by reference, with names and ties, one page and one more. Two queries."""
    rows = (
        counted(call).filter(happened(EventKind.SHORTLISTED), reference__gt=after).prefetch_related("events")
    )
    found = rows.select_related("contact", "conflict_form", "decision", "admitted").order_by("reference")[
        : PAGE + 1
    ]
    return [Listed(one, round((one.mean or 0) / 10), _decided(one)) for one in found]


def _decided(one: Application) -> str:
    if hasattr(one, "decision"):
        return str(one.decision.outcome)
    return Outcome.LOTTERY if hasattr(one, "admitted") else ""


def listed(call: Call, reference: str) -> Application | None:
    """Give one application of the shortlist by its reference, or None. One query."""
    rows = call.applications.live().filter(happened(EventKind.SHORTLISTED), reference=reference)
    return rows.select_related("call__program", "contact", "decision", "admitted").first()


@dataclass(frozen=True)
class Heard:
    """One question with what was said to it: in words, and as a recording with its transcript."""

    asked: str
    asked_lang: str
    words: str
    recording: int | None
    transcript: str


def said_in(application: Application, lang: str) -> list[Heard]:
    """Give what an application of the shortlist says, question by question. Three queries."""
    call = application.call
    answers = dict(application.answers.values_list("section", "words"))
    sounds = dict(application.recordings.values_list("section", "pk"))
    rows = Transcript.objects.filter(recording__application=application).order_by("pk")
    written = dict(rows.values_list("recording_id", "words"))
    found = []
    for name in call.asked:
        spoken = sounds.get(name)
        words = answers.get(name, "")
        found.append(Heard(*call.say(name, lang), words, spoken, written.get(spoken or 0, "")))
    return found


def readings_of(application: Application) -> list[list[tuple[int, int, str]]]:
    """List what readers made of an application, without who they are: points, most points, and why. Two queries."""
    most = {one["criterion"]: one["points"] for one in application.call.rubric}
    rows = application.readings.done()
    return [
        [(one.points, most[one.criterion], one.words) for one in reading.scores.all()]
        for reading in rows.prefetch_related("scores").order_by("pk")
    ]


def on_the_panel(call: Call, viewer: Viewer) -> "ReaderFacts | None":
    """Give who the viewer is on the panel, or None: a reader whose points count and who does not apply, once the shortlist is made.

    Eight queries at most.
    """
    read = Reading.objects.done().filter(reader__call=call, reader__person=viewer.person_id or 0)
    if call.line_on is None or not read.exists():
        return None
    mine = next((one for one in readers_of(call) if one.reader.person_id == viewer.person_id), None)
    return None if mine is None or mine.applies else mine


def without_conflicts(mine: "ReaderFacts", rows: Iterable[Listed]) -> list[Listed]:
    """Give those of the shortlist that come with ties and that this reader may see."""
    return [one for one in rows if not conflict(mine, _facts(one.application))]


@dataclass(frozen=True)
class Sums:
    """How many are decided in which way, and how many are not."""

    listed: int
    seat: int
    alternate: int
    no: int
    admitted: int
    open: int


def sums(call: Call) -> Sums:
    """Count what is decided. Four queries."""
    alive = call.applications.live()
    rows = Decision.objects.filter(application__in=alive).aggregate(
        **{one: Count("pk", filter=Q(outcome=one)) for one in OUTCOMES}
    )
    return Sums(
        listed=alive.filter(happened(EventKind.SHORTLISTED)).count(),
        admitted=Admitted.objects.filter(application__in=alive).count(),
        open=alive.filter(decision=None, admitted=None).count(),
        **rows,
    )


TYPED = (EventKind.ASSISTED, EventKind.READ_BACK)
SMALL = frozenset({"the", "inc", "llc", "org", "of", "and", "el", "la", "de", "los", "las"})


def plain_name(name: str) -> frozenset[str]:
    """Bring the name of an organization to its words, without case, accents, points and small words."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    words = "".join(one if one.isalnum() else " " for one in bare.casefold()).split()
    return frozenset(words) - SMALL


def same_organization(one: frozenset[str], other: frozenset[str]) -> bool:
    """Say whether two names may mean one organization: equal, or all of a longer name's words are in the other."""
    less, more = sorted((one, other), key=len)
    return bool(less) and (less == more or (len(less) > 1 and less <= more))


@dataclass(frozen=True)
class Facts:
    """What can pull apart a reader and an application."""

    organizations: tuple[frozenset[str], ...]
    has_ties: bool
    typists: frozenset[int]


def _facts(one: Application) -> Facts:
    form, contact = getattr(one, "conflict_form", None), getattr(one, "contact", None)
    names = list(form.organizations) if form else []
    names += [contact.organization] if contact else []
    helped = [event for event in one.events.all() if event.kind in TYPED]
    names += [event.organization for event in helped]
    ties = bool(form and (form.works_for_government or form.close_to_staff or form.earns_from_it))
    typists = frozenset(event.by_id for event in helped if event.by_id)
    return Facts(tuple(plain_name(name) for name in names if name), ties, typists)


def facts_of(applications: Iterable[Application]) -> dict[object, Facts]:
    """Give by id what can pull apart; the applications come with_ties."""
    return {one.pk: _facts(one) for one in applications}


@dataclass(frozen=True)
class ReaderFacts:
    """A reader with what can pull apart."""

    reader: Invitee
    organizations: tuple[frozenset[str], ...]
    applies: bool
    is_of_the_government: bool


def readers_of(call: Call) -> list[ReaderFacts]:
    """List the readers of a call with what can pull each apart. Six queries."""
    readers = list(call.invitees.readers().select_related("person").order_by("pk"))
    people = [one.person_id for one in readers]
    belongs, served = _organizations(call.program, people), _of_the_government(call.program, people)
    apply = applicants(call, [one.person.email or "" for one in readers])
    return [
        ReaderFacts(
            one,
            tuple(plain_name(name) for name in belongs[one.person_id]),
            applies=(one.person.email or "").lower() in apply,
            is_of_the_government=one.kind == "staff" or one.person_id in served,
        )
        for one in readers
    ]


def applicants(call: Call, emails: Iterable[str]) -> set[str]:
    """Give those of these addresses, in small letters, from which someone applies to a call, sent or not. One query."""
    asked = {one.lower() for one in emails} - {""}
    rows = Contact.objects.filter(application__in=call.applications.there()).annotate(plain=Lower("email"))
    return set(rows.filter(plain__in=asked).values_list("plain", flat=True))


def _organizations(program: Program, people: Collection[int]) -> dict[int, list[str]]:
    """Give by person the organizations of all that they were ever invited to, and of their profile. Two queries."""
    found: dict[int, list[str]] = defaultdict(list)
    invited = Invitee.objects.filter(call__program=program, person__in=people)
    for person, names in invited.values_list("person", "organizations"):
        found[person] += [name for name in names if name]
    shown = Profile.objects.filter(person__in=people).exclude(organization="")
    for person, name in shown.values_list("person", "organization"):
        found[person].append(name)
    return found


def _of_the_government(program: Program, people: Collection[int]) -> set[int]:
    """Give those who were ever given an office, or for which bureau a lead says that they work. Two queries."""
    seats = Seat.objects.filter(cohort__program=program, person__in=people, works_for__outside=False)
    return appointed_ever(program, people) | set(seats.values_list("person", flat=True))


def conflict(reader: ReaderFacts, facts: Facts) -> bool:
    """Say whether this reader may not read this application.

    Who applies reads none of the call, who typed one in does not read it, who is of the government none with ties to it.
    """
    return (
        reader.applies
        or reader.reader.person_id in facts.typists
        or (facts.has_ties and reader.is_of_the_government)
        or shares(reader.organizations, facts.organizations)
    )


def shares(ours: Sequence[frozenset[str]], theirs: Sequence[frozenset[str]]) -> bool:
    """Say whether any organization is on both sides."""
    return any(same_organization(one, other) for one in ours for other in theirs)


def may_see(application: Application, viewer: Viewer) -> bool:
    """Say whether the viewer sees and hears this application of the shortlist: the steward, and on the panel who may read it."""
    if viewer.has(Role.STEWARD):
        return True
    mine = on_the_panel(application.call, viewer)
    return mine is not None and not conflict(
        mine, _facts(Application.objects.with_ties().get(pk=application.pk))
    )


def heard_recording(call: Call, viewer: Viewer, pk: int) -> Recording | None:
    """Give a recording that the viewer may hear now: to write it down, or after the shortlist. Twelve queries at most."""
    rows = Recording.objects.filter(application__in=call.applications.live(), pk=pk)
    found = rows.select_related("bytes", "application__call__program").first()
    if found is None or may_write_down(call, viewer):
        return found
    is_listed = EventKind.SHORTLISTED in found.application.days
    return found if is_listed and may_see(found.application, viewer) else None


def to_read(program: Program, viewer: Viewer) -> QuerySet[Reading]:
    """Give what the viewer has to read."""
    return _own(viewer.person_id, program).filter(reader__call__line_on=None, read_on=None)


def count_to_read(program: Program, viewer: Viewer) -> int:
    """Count what the viewer has to read. One query."""
    return to_read(program, viewer).count()


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
    """A reader's readings of one call, from whose applications they are kept away, and whether they have ended."""

    call: Call
    organizations: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    is_over: bool = False

    @property
    def left(self) -> int:
        """Count what is still to read."""
        return sum(not row.is_done for row in self.rows)

    @property
    def decides(self) -> bool:
        """Say whether they gave points to any of it: who did sees the shortlist with names."""
        return any(row.is_done for row in self.rows)


def queues(
    person_id: int | None, program: Program, after: UUID | None = None
) -> tuple[list[Queue], UUID | None]:
    """List a person's readings by call, and where the next page begins. One query.

    The order is that of the random ids: stable, another for every reader, and none of arrival or of names.
    """
    rows = _own(person_id, program).order_by("pk")
    if after:
        rows = rows.filter(pk__gt=after)
    found = list(rows.select_related("reader__call").defer("assigned_on")[: PAGE + 1])
    by_call: dict[int, Queue] = {}
    for one in found[:PAGE]:
        call = one.reader.call
        held = by_call.setdefault(
            call.pk, Queue(call, one.reader.organizations, is_over=call.line_on is not None)
        )
        held.rows.append(Row(one.pk, one.read_on is not None))
    return list(by_call.values()), found[PAGE - 1].pk if len(found) > PAGE else None


def reading_of(person_id: int | None, program: Program, pk: UUID) -> Reading | None:
    """Give one of a person's own readings that still counts, or None. One query."""
    near = ("reader__call__program", "application")
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


def blind(reading: Reading, lang: str) -> Blind:
    """Give what a reader may see of an application. Four queries."""
    call, mine = reading.reader.call, reading.application
    answers = dict(mine.answers.values_list("section", "words"))
    spoken = set(mine.recordings.values_list("section", flat=True))
    written = transcripts_of(mine)
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
