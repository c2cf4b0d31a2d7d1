"""A call that has closed, with applications that hold what could leak, and people who read them."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from alongside.cohort.applications import actions as applications
from alongside.cohort.applications.models import Application
from alongside.cohort.calls.models import Call, Invitee
from alongside.cohort.reviews import actions as reviews
from alongside.cohort.reviews.models import Reading
from alongside.core.grammar.calls import TIME_TO_APPLY
from alongside.ground.people.actions import make_person
from alongside.ground.people.models import Person
from alongside.ground.programs.queries import pack_of
from alongside.site.demo.calls import fill
from tests.cohort.calls import cast
from tests.support.remembering import remembered
from tests.support.thread import Thread

#: One word in each place that names or hides someone; none of them may reach a reader.
PLANTED = {
    "name": "Zebrina",
    "organization": "Quillfeather",
    "phone": "5550134477",
    "email": "zebrina@xylo.example",
    "other": "Marigoldbarber",
    "needs": "Wheelwrightramp",
    "conflict": "Cousinfortinbras",
    "declared": "Oxbowcollective",
    "assisted": "Palimpsesthouse",
}
WAV = b"RIFF" + (36 + 8).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
WAV += b"\1\0\1\0" + (8000).to_bytes(4, "little") + (8000).to_bytes(4, "little") + b"\1\0\x08\0"
WAV += b"data" + (8).to_bytes(4, "little") + b"\x80" * 8


@dataclass
class Closed:
    """A call of which the last day is yesterday."""

    thread: Thread
    call: Call
    readers: list[Invitee] = field(default_factory=list)
    codes: dict[Any, str] = field(default_factory=dict)

    @property
    def applications(self) -> list[Application]:
        """List the applications."""
        return list(Application.objects.filter(call=self.call).order_by("reference"))

    def read_all(self, *points: int) -> None:
        """Let everyone read everything; the first gets the first points, the last points go on."""
        for place, one in enumerate(self.applications):
            given = points[min(place, len(points) - 1)]
            for reading in Reading.objects.filter(application=one):
                score(reading, given, self.thread)

    def line(self, share: int = 500, reasons: str = "Others know their community from closer.") -> None:
        """Draw the line."""
        reviews.make_shortlist(
            call=self.call, share=share, reasons=reasons, by=self.thread.steward, now=self.thread.now
        )


def score(reading: Reading, points: int, thread: Thread, notes: str = "") -> None:
    """Give the same points for every line."""
    given = {one["criterion"]: (points, "Because.") for one in reading.reader.call.rubric}
    reviews.score(reading=reading, given=given, notes=notes, now=thread.now)


#: So much later it is once `closed` is done.
UNTIL_CLOSED = TIME_TO_APPLY + timedelta(days=2)


@remembered
def closed(*, count: int = 3, thread: Thread | None = None, **terms: Any) -> Closed:
    """Take in applications, then let the call close yesterday. Names are planted in each."""
    thread = thread or cast.program()
    early = thread.now
    closes = early.date() + TIME_TO_APPLY
    days = {"closes": closes, "decides_by": closes + timedelta(days=60)}
    days |= {"term_from": closes + timedelta(days=90), "term_until": closes + timedelta(days=190)}
    call = cast.published(thread, **{**days, **terms})
    made = Closed(thread, call)
    for place in range(count):
        begun = cast.begun(call, early)
        plant(begun.application, early, place)
        made.codes[begun.application.pk] = begun.code
    thread.now = early + UNTIL_CLOSED
    return made


def plant(application: Application, now: Any, place: int) -> None:
    """Fill in an application with something that names its owner in every field that holds more than answers."""
    contact = {one: PLANTED[one] for one in ("name", "organization", "phone", "other")}
    contact["email"] = f"{place}.{PLANTED['email']}"
    asked = [one.removeprefix("question-") for one in application.call.asked]
    fill(
        application=application,
        contact=contact,
        answers=[f"Answer {place} to {one}." for one in asked],
        organizations=[PLANTED["declared"]],
        conflict=PLANTED["conflict"],
        now=now,
    )
    applications.save_needs(application=application, words=PLANTED["needs"], now=now)
    applications.save_brings(application=application, sought=application.call.seeks[: 1 + place % 2], now=now)
    applications.send(application=application, pack=pack_of(application.call.program), now=now)


def speak(application: Application, now: Any) -> Any:
    """Answer the first question by voice."""
    section = application.call.asked[0]
    return applications.save_recording(application=application, section=section, content=WAV, now=now)


def reader(
    made: Closed, who: str = "", *, kind: str = "community", organizations: tuple[str, ...] = ()
) -> Invitee:
    """Invite a reader from the community, or of another kind."""
    number = len(made.readers) + 1
    person = make_person(email=f"reader{number}@riverbend.example", called=who or f"Reader {number}")
    found = reviews.invite_reader(
        call=made.call, person=person, kind=kind, organizations=organizations, now=made.thread.now
    )
    made.readers.append(found)
    return found


def with_readers(made: Closed, count: int = 3) -> Closed:
    """Invite readers and spread the applications."""
    for _place in range(count):
        reader(made)
    assert reviews.spread(call=made.call, now=made.thread.now) == 0
    return made


def outsider(number: int) -> Person:
    """Make someone outside the program."""
    return make_person(email=f"outside{number}@county.example", called=f"Outside {number}")


def brought(application: Application) -> list[str]:
    """List what an applicant ticked."""
    ticks = application.answers.brought().values_list("section", flat=True)
    return [one.removeprefix("sought-") for one in ticks]
