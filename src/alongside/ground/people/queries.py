"""Who somebody is by the address that was typed."""

from alongside.ground.people.models import Person


def person_at(email: str) -> Person | None:
    """Give the person of an address, in whatever letters it is typed, or None. One query."""
    return Person.objects.filter(email__iexact=email.lower()).first()
