"""Whoever hears alarms, and what leads, staff and the steward do about messages and alarms."""

from datetime import date

from django.core.management import call_command

from alongside.cohort.messages import actions
from alongside.cohort.messages.models import Alarm, Message
from alongside.cohort.seats.models import Seat
from alongside.ground.people.actions import make_person
from alongside.ground.programs.actions import give_office
from alongside.ground.programs.queries import program_by_slug
from alongside.site import mail
from tests.cohort.seats import cast
from tests.support.thread import Thread

CANARY = "the-hall-on-82nd-smells-of-smoke"
HOME = "/riverbend/en/messages/"


def hearer(thread: Thread, office: str = cast.OFFICE, *, called: str = "hearer"):
    """Let someone hold the office that the charter names."""
    person = make_person(email=f"{called}@riverbend.example")
    give_office(person=person, program=thread.program, office=office, from_date=date(2026, 1, 1))
    return person


def raise_alarm(thread: Thread, seat: Seat | None = None, about: str | None = None, **more) -> Alarm:
    """Raise an alarm about the unit of the thread's office."""
    return actions.raise_alarm(
        seat=Seat.objects.select_related("cohort__program", "person").get(pk=(seat or thread.first_lead).pk),
        about=thread.unit.slug if about is None else about,
        **{"kind": "retaliation", "words": CANARY, "lang": "en", "now": thread.now, **more},
    )


def write(thread: Thread, *seats: Seat, **more) -> Message:
    """Let the steward write to seats, or to all three."""
    return actions.write_message(
        cohort=cast.cohort(thread),
        seats=seats or thread.leads,
        by=thread.steward,
        **{"words": CANARY, "lang": "en", "now": thread.now, **more},
    )


def let_letters_go(thread: Thread) -> None:
    """Tick for those who wait, and let the worker send."""
    mail.tick_knocks(program=program_by_slug("riverbend"), now=thread.now)
    call_command("db_worker", queue_name="*", batch=True, interval=0, verbosity=0, startup_delay=False)
