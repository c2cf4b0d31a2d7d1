"""How far the reading of a call is: for the steward, by reference and without a name."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, Q, QuerySet

from alongside.cohort.calls.models import Application, Call, Invitee, Recording
from alongside.ground.programs.models import Program

LEAST = 2
PAGE = 50
LIVE = Q(readings__recused_on=None)
DONE = LIVE & Q(readings__read_on__isnull=False)


def call_by_slug(program: Program, slug: str) -> Call | None:
    """Give a published call with its shortlist, lottery and end. One query."""
    rows = Call.objects.filter(program=program, slug=slug, entry__isnull=False)
    near = (
        "program",
        "shortlist",
        "lottery__drawn",
        "lottery__panel_list__asked",
        "selection_closed",
    )
    return rows.select_related(*near).first()


def counted(call: Call) -> QuerySet[Any]:
    """Give the applications that count with how many readers hold them, how many are done, and the mean share of points."""
    return call.applications.live().annotate(
        held=Count("readings", filter=LIVE, distinct=True),
        read=Count("readings", filter=DONE, distinct=True),
        mean=Avg("readings__share", filter=DONE),
    )


@dataclass(frozen=True)
class ReaderRow:
    """A reader with the numbers of their readings."""

    reader: Invitee
    held: int
    done: int
    recused: int


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
    """Count where the reading stands. Five queries."""
    rows = counted(call)
    readers: QuerySet[Any] = call.invitees.readers().select_related("person").order_by("pk")
    live = Q(readings__application__in=call.applications.live())
    found = readers.annotate(
        held=Count("readings", filter=live & LIVE),
        done=Count("readings", filter=live & DONE),
        gone=Count("readings", filter=Q(readings__recused_on__isnull=False)),
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
        opened=call.names_opened.exists(),
    )


def unwritten(call: Call) -> QuerySet[Recording]:
    """Give the recordings that nobody has written down yet."""
    return Recording.objects.filter(application__in=call.applications.live(), transcripts=None)


def recordings_of(call: Call) -> list[tuple[Recording, int]]:
    """List the recordings to write down, in no order that tells anything, each with its question's place, one page. One query."""
    places = {name: place for place, name in enumerate(call.asked, 1)}
    rows = unwritten(call).select_related("application").order_by("application", "section")
    return [(one, places[one.section]) for one in rows[:PAGE]]


def recording_by(call: Call, pk: int) -> Recording | None:
    """Give one recording of a call, or None."""
    rows = Recording.objects.filter(application__in=call.applications.live(), pk=pk)
    return rows.select_related("application__call__program").first()


def lacking(call: Call) -> list[Application]:
    """List the applications that lack a reader, by reference, one page. One query."""
    return list(counted(call).filter(held__lt=LEAST).order_by("reference")[:PAGE])


def application_by(call: Call, reference: str) -> Application | None:
    """Give one application of a call by its reference, or None."""
    rows = call.applications.live().filter(reference=reference)
    return rows.with_ties().select_related("call__program").first()


def name_page(call: Call, after: str = "") -> list[Application]:
    """List applications with who they are from, by reference, one page and one more. One query."""
    rows = call.applications.live().filter(reference__gt=after)
    return list(rows.select_related("contact", "decision").order_by("reference")[: PAGE + 1])
