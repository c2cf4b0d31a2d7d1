"""Read messages: a lead their own, the steward those written; nobody else any. And who is to be told that one waits."""

from datetime import date

from django.db.models import Count

from alongside.cohort.seats.models import Message, MessageTo, Seat, TextNumber
from alongside.ground.gate import Asker
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program


def messages_to(program: Program, asker: Asker, today: date) -> list[MessageTo]:
    """List the messages for the asker's own seats, the latest first. One query."""
    found = MessageTo.objects.filter(
        seat__person=asker.person_id or 0, message__cohort__program=program, message__erase_on__gt=today
    )
    return list(found.select_related("message", "read").order_by("-pk"))


def message_to(program: Program, asker: Asker, key: str, today: date) -> MessageTo | None:
    """Give one message for the asker, or None."""
    return next((one for one in messages_to(program, asker, today) if one.message.key == key), None)


def unread(program: Program, asker: Asker, today: date) -> list[MessageTo]:
    """List the messages that the asker has not marked as read. One query."""
    return [one for one in messages_to(program, asker, today) if not hasattr(one, "read")]


def messages_written(program: Program, today: date) -> list[Message]:
    """List what was written to leads, the latest first, with how many it is for; never who has read it. One query."""
    found = Message.objects.filter(cohort__program=program, erase_on__gt=today)
    return list(found.annotate(count=Count("readers")).order_by("-pk"))


def without_a_letter(seats: list[Seat]) -> list[Seat]:
    """List the seats that no letter or text message can reach. One query."""
    numbers = set(TextNumber.objects.values_list("person", flat=True))
    return [one for one in seats if not one.person.email and one.person_id not in numbers]


def number_of(person_id: int) -> str:
    """Give the number a person gave for text messages, or nothing."""
    return TextNumber.objects.filter(person=person_id).values_list("number", flat=True).first() or ""


def person_by_pk(pk: int) -> Person | None:
    """Give a person who can still sign in, or None."""
    return Person.objects.filter(pk=pk, is_active=True).first()
