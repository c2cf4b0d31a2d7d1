"""Who somebody is by the address that was typed, or by the words that stop their letters."""

from django.core.signing import BadSignature, Signer

from alongside.ground.people.models import Person

SIGNER = Signer(salt="alongside.people.letters")


def person_at(email: str) -> Person | None:
    """Give the person of an address, in whatever letters it is typed, or None. One query."""
    return Person.objects.filter(email__iexact=email.lower()).first()


def letters_key(person: int) -> str:
    """Give the words that stop the letters about a person's desk; the database alone does not give them."""
    return SIGNER.sign(str(person)).replace(":", ".")


def read_letters_key(typed: str) -> int | None:
    """Read whose letters are to stop; None where the words are not ours."""
    try:
        return int(SIGNER.unsign(typed.replace(".", ":")))
    except (BadSignature, ValueError):
        return None
