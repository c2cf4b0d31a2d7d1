"""Make people and print codes. Nothing here goes on the record."""

import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from alongside.core.refusals import Refused
from alongside.ground.people.models import Person, PrintedCode, Profile, Session
from alongside.ground.people.queries import hash_address, known_at, person_at, tab_kept_as

#: Letters and digits that cannot be taken for one another on paper.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12
CODE_DAYS = 14
#: So long a lead's key stays open in a tab; the clock then deletes what opens it, with the sessions that are over.
IN_A_TAB = timedelta(minutes=20)


def make_person(*, email: str | None, language: str = "en", called: str = "") -> Person:
    """Make a person who can sign in; the steward does this, nobody signs up alone.

    Whoever had the address while they held a post or a seat is the same person again, so that nobody counts twice: an account
    that was erased is opened anew, with nothing but its number; one that has another address now stays as it is.
    """
    was = known_at(email) if email else None
    if was is None or (was.email or "").lower() == str(email).lower():  # the database refuses a second one
        return Person.objects.create_user(email=email, language=language, called=called)
    if not was.is_active:
        was.email, was.language, was.called, was.is_active = str(email).lower(), language, called, True
        was.save(update_fields=["email", "language", "called", "is_active"])
    return was


def find_or_make_person(*, email: str | None, language: str = "en", called: str = "") -> Person:
    """Give the person of an address, also of one that they had, or make one; without an address always a new one."""
    known = person_at(email) if email else None
    return known or make_person(email=email or None, language=language, called=called)


def choose_letters(*, person: int, wanted: bool) -> None:
    """Let letters about a person's desk come, or come no more."""
    Person.objects.filter(pk=person).update(desk_letters=wanted)


def hash_code(code: str) -> str:
    """Hash a printed code as typed: case, spaces and hyphens do not matter.

    A code is short enough to be tried out, so the hash needs the secret of the server, which is not in the database.
    """
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return salted_hmac("alongside/printed-code/v2", plain, algorithm="sha256").hexdigest()


@transaction.atomic
def print_code(
    *, person: Person, now: datetime, by_operator: bool = False, tell: Callable[[], object] | None = None
) -> str:
    """Make a code on paper that signs a person in once within CODE_DAYS; only its hash is kept. `tell` notes that it was done.

    An account with an address may have posts, alarms to read and seats in any program of this server: whoever holds its paper
    has them all. So only the operator prints one, and raises Refused for everybody else. An account without an
    address is of the one program that made it, since another finds people by their address alone.
    """
    if person.gets_codes_by_email and not by_operator:
        raise Refused(
            _(
                "This person has an email address, so nobody in a program can print a sign-in code for them. They choose “Sign in” "
                "and type their address, and the code comes by email. If they cannot read their email, ask whoever runs the "
                "server to print a code for them."
            )
        )
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    if tell:
        tell()
    PrintedCode.objects.create(
        person=person, code_hash=hash_code(code), made_at=now, expires_at=now + timedelta(days=CODE_DAYS)
    )
    return "-".join(code[place : place + 4] for place in range(0, CODE_LENGTH, 4))


@transaction.atomic
def use_code(*, code: str, now: datetime) -> Person:
    """Take in a printed code once, and give the person it is for; raise Refused otherwise."""
    found = PrintedCode.objects.filter(code_hash=hash_code(code), used_at=None, expires_at__gt=now)
    row = found.select_related("person").first()
    if row is None:
        raise Refused(
            _(
                "This code does not fit. Codes work once, for {days} days; ask the program coordinator for a new one."
            ).format(days=CODE_DAYS)
        )
    if not PrintedCode.objects.filter(pk=row.pk, used_at=None).update(used_at=now):
        raise Refused(_("This code was used just now; ask the program coordinator for a new one."))
    return row.person


def end_sessions(*, person: Person, today: date) -> None:
    """Sign a person out everywhere, and take back the printed codes that nobody used; they may sign in again.

    A session is bound to a hash of the password that nobody has: with another one no session holds, also of a browser that
    asks at this moment.
    """
    person.set_unusable_password()
    person.sessions_ended_on = today
    person.save(update_fields=["password", "sessions_ended_on"])
    person.sessions.all().delete()
    PrintedCode.objects.filter(person=person, used_at=None).delete()


def keep_half_for_tab(*, session_key: str, now: datetime) -> None:
    """Keep what opens a lead's key in a tab of this session for IN_A_TAB, in place of an earlier one: what it opened stays locked."""
    drawn = {"session_data": secrets.token_hex(32), "expire_date": now + IN_A_TAB}
    Session.objects.update_or_create(session_key=tab_kept_as(session_key), defaults=drawn)


def forget_half_for_tab(*, session_key: str) -> None:
    """Forget what opens a lead's key in the tabs of this session."""
    Session.objects.filter(session_key=tab_kept_as(session_key)).delete()


def write_profile(*, person: Person, **shown: Any) -> Profile:
    """Save what a person shows of themselves. Pages that show it are renewed by whoever knows the pages (seats)."""
    return Profile.objects.update_or_create(person=person, defaults=shown)[0]


def hide_profile(*, person: Person, erase: bool) -> None:
    """Show nothing of a person any more; their words stay for them alone, or go."""
    found = Profile.objects.filter(person=person)
    if erase:
        found.delete()
    else:
        found.update(is_public=False)


def keep_as_known(*, person: Person) -> None:
    """Keep a keyed hash of the address that a person is about to lose, so that whoever comes back by it is the same person."""
    if person.email and (known := hash_address(person.email)) not in person.was_at:
        person.was_at = f"{person.was_at} {known}".strip()
        person.save(update_fields=["was_at"])


def forget_person(*, person: Person) -> None:
    """Take names, address and number from an account that is no longer needed, and close it; the row stays for what cites it."""
    person.email, person.called, person.known_as, person.is_active = None, "", "", False
    person.text_number = ""
    person.save(update_fields=["email", "called", "known_as", "text_number", "is_active"])
