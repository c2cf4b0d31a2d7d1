"""The shortlist and what was decided: for the steward and the panel, and what the record may know of it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from alongside.cohort.calls.models import (
    Admitted,
    Answer,
    Application,
    Attested,
    Call,
    Decision,
    Drawn,
    Lottery,
    Ticket,
    Transcript,
)
from alongside.cohort.calls.models.applications import happened
from alongside.cohort.calls.queries.progress import LEAST, PAGE, counted
from alongside.core.grammar.selection import ANOTHER_AFTER, MOST_WITNESSES, WITNESSES
from alongside.core.workflow.applications import EventKind
from alongside.ground.programs.queries import ever_ran


@dataclass(frozen=True)
class Listed:
    """One application of the shortlist for the panel: who it is from, what it got, and what is decided."""

    application: Application
    share: int
    decided: str


def how_many_reach(call: Call, share: int) -> int:
    """Count the applications whose mean share of points reaches a line. One query."""
    return counted(call).filter(mean__gte=share).count()


def unread(call: Call) -> int:
    """Count the applications that lack a second reading. One query."""
    return counted(call).filter(read__lt=LEAST).count()


def shortlist_page(call: Call, after: str = "") -> list[Listed]:
    """List the shortlist by reference, with names, one page and one more. One query."""
    rows = counted(call).filter(happened(EventKind.SHORTLISTED), reference__gt=after)
    found = rows.select_related("contact", "decision", "admitted").order_by("reference")[: PAGE + 1]
    return [Listed(one, round((one.mean or 0) / 10), _decided(one)) for one in found]


def _decided(one: Application) -> str:
    if hasattr(one, "decision"):
        return str(one.decision.outcome)
    return "lottery" if hasattr(one, "admitted") else ""


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


def is_on_the_panel(person_id: int | None, call: Call) -> bool:
    """Say whether a person reads for this call and the shortlist is made. One query."""
    return call.invitees.readers().filter(person=person_id, call__shortlist__isnull=False).exists()


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
    seat, alternate, no = Q(outcome="seat"), Q(outcome="alternate"), Q(outcome="no")
    alive = call.applications.live()
    rows = Decision.objects.filter(application__in=alive).aggregate(
        seat=Count("pk", filter=seat), alternate=Count("pk", filter=alternate), no=Count("pk", filter=no)
    )
    return Sums(
        listed=alive.filter(happened(EventKind.SHORTLISTED)).count(),
        admitted=Admitted.objects.filter(application__in=alive).count(),
        open=alive.filter(decision=None, admitted=None).count(),
        **rows,
    )


def balance(call: Call) -> list[tuple[str, bool]]:
    """Say for the key of everything that was sought whether those who get a seat bring enough of it. One query."""
    seated = Decision.objects.filter(call=call, outcome="seat").values("application")
    rows = Answer.objects.brought().filter(application__in=seated)
    brought = dict(rows.values_list("section").annotate(n=Count("pk")))
    least = {one["sought"]: one["least"] for one in call.sought}
    return [(key, brought.get(f"sought-{key}", 0) >= enough) for key, enough in least.items()]


def withdrawn(call: Call) -> int:
    """Count the applications that were sent and taken back. One query."""
    taken_back = call.applications.filter(happened(EventKind.WITHDRAWN))
    return taken_back.filter(happened(EventKind.SENT)).count()


def steward_read(call: Call) -> bool:
    """Say whether somebody who runs the program, or ever did, also read applications of the call."""
    people = (
        call.invitees.readers()
        .filter(readings__read_on__isnull=False)
        .values_list("person", flat=True)
        .distinct()
    )
    return any(ever_ran(call.program, one) for one in people)


def doubts(lottery: Lottery) -> bool:
    """Say whether a witness came to another result than the draw, and no two others agree. One query."""
    said = list(Attested.objects.filter(witness__call=lottery.call_id).values_list("agrees", flat=True))
    return not all(said) and sum(said) < WITNESSES


def takes_witness(lottery: Lottery, today: date) -> bool:
    """Say whether a witness can be named: one of the first two, or one more where these do not both agree for long. Two queries."""
    there = list(lottery.call.invitees.witnesses().values_list("attested__agrees", flat=True))
    if len(there) < WITNESSES:
        return True
    drawn = Drawn.objects.filter(lottery=lottery).first()
    is_late = drawn is not None and today >= drawn.on + ANOTHER_AFTER
    return is_late and there.count(True) < WITNESSES and len(there) < MOST_WITNESSES


def pool(call: Call) -> list[str]:
    """List the numbers of a lottery's pool. One query."""
    return sorted(Ticket.objects.filter(lottery__call=call).values_list("number", flat=True))
