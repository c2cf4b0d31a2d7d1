"""Give somebody all that is kept of them, correct how they are reached, or erase their account."""

import json
import os
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, override

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from alongside.cohort.seats.models import Seat
from alongside.ground.people.letters import LetterNotSentError
from alongside.ground.people.models import Person
from alongside.ground.people.queries import person_at
from alongside.site.actions import correct_person, erase_person, note_export
from alongside.site.mail import tell_of_another_address
from alongside.site.person_data import applied_at, kept_of

#: Whoever asks to be erased is told so.
KNOWN_AGAIN = (
    " They held a post or a seat: a keyed hash of each address stays, so that nobody counts twice. Without this server's secret "
    "it cannot be turned back into the address. Who comes back by that address has this number again. Tell them so."
)

APPLIED = (
    " Not reached: applications with this address ({}). They keep their own name, address and answers until the day of the rules "
    "of their call, or until whoever applied withdraws them, on their own page."
)


class Command(BaseCommand):
    """What the operator does about one person, in every program of this server."""

    help = __doc__ or ""

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        found = parser.add_subparsers(dest="word", required=True)
        told = {
            "export": "Write all that is kept of a person into a file that nobody else reads.",
            "correct": "Correct a person's address, name or language.",
            "erase": "Erase the account of a person who has no post and no place any more.",
        }
        words = {word: found.add_parser(word, help=text, description=text) for word, text in told.items()}
        for one in words.values():
            one.add_argument("person", help="their email address, or the seat of a lead who has none")
        words["export"].add_argument("file", type=Path, help="where to; nothing is written over")
        words["correct"].add_argument("--email", default="", help="the address by which they sign in")
        words["correct"].add_argument("--called", help="what the coordinator calls them")
        words["correct"].add_argument("--language", default="", help="the language of their letters, as es")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        person, now = _person(options["person"]), datetime.now(tz=UTC)
        try:
            self.stdout.write(getattr(self, f"_{options['word']}")(person, options, now))
        except (ValueError, OSError) as error:
            raise CommandError(str(error)) from None

    def _export(self, person: Person, options: dict[str, Any], now: datetime) -> str:
        told = json.dumps(kept_of(person), ensure_ascii=False, indent=1)
        handle = os.open(options["file"], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(told + "\n")
        note_export(person=person, now=now)
        return f"{options['file']} holds what is kept of {options['person']}. Hand it to them alone, then delete it."

    def _correct(self, person: Person, options: dict[str, Any], now: datetime) -> str:
        email, called, language = options["email"], options["called"], options["language"]
        if not email and called is None and not language:
            raise CommandError("Say what to correct: --email, --called or --language.")
        if email:
            _refuse_bad(email)
        old = person.email or ""
        correct_person(person=person, email=email, called=called, language=language, now=now)
        said = "Corrected." + (f" They sign in anew, by a code to {email}." if email else "")
        return said + (_told(person, old) if email and old and old != person.email else "")

    def _erase(self, person: Person, _options: dict[str, Any], now: datetime) -> str:
        waits = applied_at(person).count()
        erase_person(person=person, now=now)
        left = [f"{table}: {len(rows)}" for table, rows in kept_of(person)["own"].items()]
        return (
            "Erased: the address, the names, the profile and every way in. What they signed or wrote stays without a name, "
            f"or until its own day, and no letters of news go to the address ({'; '.join(left)})."
            + (KNOWN_AGAIN if person.was_at else "")
            + (APPLIED.format(waits) if waits else "")
        )


def _person(word: str) -> Person:
    """Give the person of an address, or of a seat."""
    seated = Seat.objects.filter(public_id=word).select_related("person").first()
    found = seated.person if seated else person_at(word)
    if found is None:
        raise CommandError("Nobody here has this address or this seat.")
    return found


def _told(person: Person, old: str) -> str:
    """Tell the old address, and say whether that went."""
    try:
        tell_of_another_address(person, old)
    except LetterNotSentError as error:
        return f" {old} could not be told ({error}); tell them."
    return f" {old} was told, without the new address."


def _refuse_bad(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise CommandError(f"{email} is no email address.") from None
