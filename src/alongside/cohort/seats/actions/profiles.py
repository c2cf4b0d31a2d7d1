"""A lead's public profile and private calendar: theirs to make, to change and to take away, at once and everywhere."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date

from django.db import transaction

from alongside.cohort.seats.models import CalendarKey
from alongside.cohort.seats.queries.cohorts import is_profile_held
from alongside.ground.people.actions import erase_profile, hide_profile, write_profile
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import every_program
from alongside.ground.record.actions import renew_pages
from alongside.ground.record.declared import appends


@appends()
@transaction.atomic
def show_profile(
    *, person: Person, shown_name: str, about: str, lang: str, languages: str, links: Sequence[str]
) -> None:
    """Show what a person wrote of themselves, under the name they chose."""
    write_profile(
        person=person,
        shown_name=shown_name,
        about=about,
        lang=lang,
        languages=languages,
        links=links,
        is_public=True,
    )
    _renew(person)


@appends()
@transaction.atomic
def take_down_profile(*, person: Person, erase: bool) -> None:
    """Show nothing of a person any more, in every program and from every kept page; erase the words too if asked.

    Under a legal hold in one of these programs the words stay, for the person alone.
    """
    if erase and not is_profile_held(person.pk):
        erase_profile(person=person)
    else:
        hide_profile(person=person)
    _renew(person)


def _renew(person: Person) -> None:
    """Let no program in which the person sits or sat show a kept page."""
    for program in every_program():
        if program.cohorts.filter(seats__person=person).exists():
            renew_pages(program=program)


def hash_token(token: str) -> str:
    """Hash the token of a calendar address; the token itself is nowhere."""
    return hashlib.sha256(b"alongside/calendar/v1\n" + token.encode()).hexdigest()


@appends()
@transaction.atomic
def make_calendar_key(*, person: Person, program: Program, on: date) -> str:
    """Make the address of a person's calendar anew and give its token, once; an older address is dead."""
    CalendarKey.objects.filter(person=person, program=program).delete()
    token = secrets.token_urlsafe(24)
    CalendarKey.objects.create(person=person, program=program, token_hash=hash_token(token), made_on=on)
    return token


@appends()
def revoke_calendar_key(*, person: Person, program: Program) -> None:
    """Let the address of a person's calendar lead nowhere."""
    CalendarKey.objects.filter(person=person, program=program).delete()
