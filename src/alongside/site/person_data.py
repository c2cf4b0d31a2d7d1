"""All that the site keeps of one person, as they may have it: their own rows in full, and how many rows name them besides."""

from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import BinaryField, Model, Q, QuerySet

from alongside.cohort.applications.models import Contact
from alongside.cohort.seats.models import Seat
from alongside.ground.news.models import Subscription
from alongside.ground.people.models import Person

#: Under these names a row is somebody's own; under others they only did something in it, and the words may be other people's.
OWN = frozenset({"person", "writer", "seat", "user"})
#: What would sign in, open or press something, or stands for such a thing: it tells nothing of a person.
KEYS = frozenset(
    {"password", "session_key", "session_data", "provider_session", "code_hash", "token_hash", "token_secret"}
    | {"keyring", "passkey", "sealed", "mark", "data", "key"}
)


def kept_of(person: Person) -> dict[str, Any]:
    """Give a person's own rows by table, and by table how many more rows name them. Two queries for each table that can.

    Among the own are those under the same address that name no account: how to reach who applied, and letters of news.
    """
    seats = list(Seat.objects.filter(person=person).values_list("pk", flat=True))
    own: dict[str, list[dict[str, Any]]] = {"people.Person": [_plain(person)]}
    besides: dict[str, int] = {}
    for table in apps.get_models():
        links = _links(table, person.pk, seats)
        mine = _any(one for name, one in links.items() if name in OWN)
        if mine is None and not links:
            continue
        if mine is not None and (rows := list(table._default_manager.filter(mine).order_by("pk"))):  # noqa: SLF001 -- the documented way to read any model
            own[table._meta.label] = [_plain(one) for one in rows]  # noqa: SLF001 -- as above
        others = table._default_manager.filter(_any(links.values()) or Q())  # noqa: SLF001 -- as above
        count = (others.exclude(mine) if mine is not None else others).count()
        if count:
            besides[table._meta.label] = count  # noqa: SLF001 -- as above
    for rows_at in (applied_at(person), Subscription.objects.filter(address__iexact=person.email or "-")):
        if rows_at:
            own[rows_at.model._meta.label] = [_plain(one) for one in rows_at]  # noqa: SLF001 -- as above
    return {"own": own, "named_besides": besides}


def applied_at(person: Person) -> QuerySet[Contact]:
    """Give how to reach whoever applied under a person's address."""
    return Contact.objects.filter(email__iexact=person.email or "-").order_by("pk")


def programs_of(person: Person) -> list[int]:
    """Give the programs in which a person was ever given a post or a seat, by their ids. Two queries."""
    seats = Seat.objects.filter(person=person).values_list("cohort__program", flat=True)
    return sorted({*seats, *person.posts.values_list("program", flat=True)})


def _links(table: type[Model], person: int, seats: list[int]) -> dict[str, Q]:
    """Give by the name of each field that can name the person, or a seat of theirs, what finds the rows where it does."""
    found: dict[str, Q] = {}
    for field in table._meta.concrete_fields:  # noqa: SLF001 -- the documented way to read a model
        if field.related_model is Person:
            found[field.name] = Q(**{field.name: person})
        elif field.related_model is Seat and seats:
            found[field.name] = Q(**{f"{field.name}__in": seats})
    return found


def _any(found: Any) -> Q | None:
    """Join what finds rows by "or"; None where nothing is to be found."""
    joined: Q | None = None
    for one in found:
        joined = one if joined is None else joined | one
    return joined


def _plain(row: Model) -> dict[str, Any]:
    """Give a row as JSON keeps it, without keys and without what is sealed."""
    shown: dict[str, Any] = {}
    for field in row._meta.concrete_fields:  # noqa: SLF001 -- the documented way to read a model
        if field.name in KEYS or isinstance(field, BinaryField):
            continue
        value = field.value_from_object(row)
        whole = value is None or isinstance(value, str | int | float | bool | list | dict)
        shown[field.name] = (
            value if whole else value.isoformat() if isinstance(value, date | datetime) else str(value)
        )
    return shown
