"""Who somebody is and where they are signed in; who it is by the address that was typed, or by the words that stop their letters."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime

from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac

from alongside.ground.gate.limits import key_of_the_day
from alongside.ground.people.models import Person, Session

SIGNER = Signer(salt="alongside.people.letters")


def person_at(email: str) -> Person | None:
    """Give the person of an address, in whatever letters it is typed, or None. One query."""
    return Person.objects.filter(email__iexact=email.lower()).first()


def person_by_pk(pk: int) -> Person | None:
    """Give a person who can still sign in, or None. One query."""
    return Person.objects.filter(pk=pk, is_active=True).first()


def hash_address(email: str) -> str:
    """Hash an address, in whatever letters it is typed. Addresses can be tried out, so the hash needs the secret of the server."""
    return salted_hmac("alongside/address/v1", email.lower(), algorithm="sha256").hexdigest()


def known_at(email: str) -> Person | None:
    """Give the person whose address this is, or was while they held a post or a seat, or None. At most two queries."""
    return person_at(email) or Person.objects.filter(was_at__contains=hash_address(email)).first()


def letters_key(person: int) -> str:
    """Give the words that stop the letters about a person's desk; the database alone does not give them."""
    return SIGNER.sign(str(person)).replace(":", ".")


def read_letters_key(typed: str) -> int | None:
    """Read whose letters are to stop; None where the words are not ours."""
    try:
        return int(SIGNER.unsign(typed.replace(".", ":")))
    except (BadSignature, ValueError):
        return None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser in which a person is signed in: since which day, in which way, and whether it is the one that asks."""

    began_on: date | None
    way: str
    is_this_one: bool


def signed_in_by(*, person: int, now: datetime, key: str) -> list[SignedIn]:
    """List where a person is signed in, the newest first; `key` is what the database keeps of the asking session's key. One query."""
    found = Session.objects.filter(person=person, expire_date__gt=now).order_by("-began_on", "session_key")
    rows = found.values_list("began_on", "way", "session_key")
    return [SignedIn(began_on, way, kept == key) for began_on, way, kept in rows]


def tab_kept_as(session_key: str) -> str:
    """Give what the database keeps of a session's key beside what opens a lead's key in its tabs: no session is found by it."""
    return hashlib.blake2b(session_key.encode(), digest_size=20, person=b"tab").hexdigest()


def half_for_tab(*, session_key: str, now: datetime) -> tuple[bytes, datetime] | None:
    """Give the 32 bytes that open what a tab of this session holds, and until when; None where the time is over. One query.

    They are drawn from the session's key, which the browser alone has, and from a key that is in memory alone: neither a copy of
    the database nor what a disk still has of deleted rows gives them, not even with the browser's own storage.
    """
    row = Session.objects.filter(session_key=tab_kept_as(session_key), expire_date__gt=now).first()
    if row is None:
        return None
    drawn = f"{session_key} {row.session_data}".encode()
    return hmac.digest(key_of_the_day(now), drawn, "sha256"), row.expire_date
