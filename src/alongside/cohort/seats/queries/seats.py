"""Read cohorts and seats, and say what a person is in a program today."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from alongside.cohort.seats.models import Cohort, Seat
from alongside.core.policy import Pack
from alongside.ground.gate import NOBODY, Asker, Role
from alongside.ground.look.tongues import listed
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import is_steward, posts_of, posts_today


def sitting(today: date) -> Q:
    """Say which seats are taken on a day: within their term, and not ended before it."""
    return Q(from_date__lte=today, until_date__gte=today) & (Q(end=None) | Q(end__left_on__gt=today))


def seat_of(person_id: int, program: Program, today: date) -> Seat | None:
    """Give the seat a person holds in a program today, or None."""
    seats = Seat.objects.filter(sitting(today), person=person_id, cohort__program=program)
    return seats.select_related("cohort").order_by("-pk").first()


def asker_for(person: Person | None, program: Program, today: date) -> Asker:
    """Say who asks: roles come from the seat and the posts a person holds today. Suspended people are nobody."""
    if person is None or not person.is_active or person.is_suspended:
        return NOBODY
    roles = {Role.EVERYONE, Role.PERSON}
    seat = seat_of(person.pk, program, today)
    posts = posts_of(person.pk, program, today)
    if seat:
        roles.add(Role.LEAD)
    if posts:
        roles.add(Role.STAFF)
    manages = frozenset(post.office.unit.slug for post in posts if post.office.signs)
    if manages:
        roles.add(Role.MANAGER)
    if is_steward(person.pk, program, today):
        roles |= {Role.STEWARD, Role.OPERATOR}
    return Asker(
        person_id=person.pk,
        roles=frozenset(roles),
        seat_id=seat.pk if seat else None,
        seat=seat.public_id if seat else None,
        offices=tuple(post.office.public_id for post in posts),
        units=frozenset(post.office.unit.slug for post in posts),
        manages=manages,
    )


def cohorts_of(program: Program) -> list[Cohort]:
    """List the cohorts of a program, newest first."""
    return list(Cohort.objects.filter(program=program).order_by("-from_date", "-pk"))


def seated_today(program: Program, today: date) -> list[Seat]:
    """List the seats that are taken today."""
    seats = Seat.objects.filter(sitting(today), cohort__program=program)
    return list(seats.select_related("person", "cohort", "paid_by").order_by("pk"))


def checkers_for(program: Program, unit: str, today: date) -> list[Seat]:
    """List the seats that may check what a unit promised: leads of today not paid by that unit."""
    return [seat for seat in seated_today(program, today) if not seat.paid_by or seat.paid_by.slug != unit]


@dataclass(frozen=True)
class Someone:
    """A person as the steward's list shows them: what they are called, and which seat or offices they hold."""

    person: Person
    called: str
    does: str


def people_today(program: Program, pack: Pack, lang: str, today: date) -> list[Someone]:
    """List who sits and who holds an office today. Two queries."""
    does: dict[int, tuple[Person, list[str]]] = {}
    for seat in seated_today(program, today):
        does.setdefault(seat.person.pk, (seat.person, []))[1].append(seat.public_id)
    for post in posts_today(program, today):
        title = pack.office_title(post.office.public_id, lang)
        does.setdefault(post.person.pk, (post.person, []))[1].append(title)
    return [
        Someone(person, person.called or person.email or str(person.pk), listed(titles))
        for person, titles in does.values()
    ]
