"""Codes to come back to an application: made, hashed, and made anew. The code itself is kept nowhere."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.calls.models import Application
from alongside.core.clocks import local_date
from alongside.core.refusals import Refused
from alongside.ground.people.actions import ALPHABET
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends

#: 16 of 30 letters: 78 bits, which nobody guesses, so that a plain hash of it tells nothing.
CODE_LENGTH = 16
PART = 4


def make_code() -> str:
    """Make a code to come back, in four groups of four letters that cannot be taken for one another."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return "-".join(code[place : place + PART] for place in range(0, CODE_LENGTH, PART))


def hash_code(code: str) -> str:
    """Hash a code to come back as typed: case, spaces and hyphens do not matter."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(b"alongside/application-code/v1\n" + plain.encode()).hexdigest()


@appends()
def renew_code(*, application: Application, now: datetime) -> str:  # noqa: ARG001 -- every action takes the time
    """Give an application a new code to come back; the one before no longer fits."""
    code = make_code()
    Application.objects.filter(pk=application.pk).update(code_hash=hash_code(code))
    return code


@appends()
@transaction.atomic
def replace_code(*, application: Application, send: Callable[[str, str], bool], now: datetime) -> str | None:
    """Give an applicant who lost their code a new one; give it to show where they left no address, and None where it went there.

    The code goes by `send(code, address)`, past whoever presses for it, and the page of the application says on which day
    one was made. Refuses where the letter does not go out: the code before it stays.
    """
    code = renew_code(application=application, now=now)
    Application.objects.filter(pk=application.pk).update(
        renewed_on=local_date(now, pack_of(application.call.program))
    )
    address = application.contact.email if hasattr(application, "contact") else ""
    if not address:
        return code
    if not send(code, address):
        raise Refused(
            _(
                "The letter with the new code did not go out, so the one before it still works. Try again later."
            )
        )
    return None
