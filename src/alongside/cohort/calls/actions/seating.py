"""Seat a cohort that was chosen already, all of its people in one transaction."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from django.db import transaction

from alongside.cohort.seats.actions import give_seat, seat_cohort
from alongside.cohort.seats.models import Cohort
from alongside.core.kinds import EntryKind
from alongside.ground.people.actions import find_or_make_person
from alongside.ground.programs.models import Program, Unit
from alongside.ground.record.declared import appends


class SeatedPerson(Protocol):
    """What must be known of a person to seat them; an empty string is nothing."""

    @property
    def called(self) -> str:
        """Give what the person is called."""

    @property
    def email(self) -> str:
        """Give the address to sign in with."""

    @property
    def language(self) -> str:
        """Give the code of the language to write in."""

    @property
    def paid_by(self) -> str:
        """Give who pays: the slug of a unit, outside or nobody."""


@appends(EntryKind.COHORT_SEATED, EntryKind.SEAT_TAKEN, EntryKind.TEXT_TRANSLATED)
@transaction.atomic
def seat_people(
    *,
    program: Program,
    slug: str,
    lang: str,
    name: str,
    from_date: date,
    until_date: date,
    people: Sequence[SeatedPerson],
    now: datetime,
) -> Cohort:
    """Begin a cohort's term and seat its people; whoever has an account keeps it. All of it, or nothing."""
    cohort = seat_cohort(
        program=program, slug=slug, names={lang: name}, from_date=from_date, until_date=until_date, now=now
    )
    units = {unit.slug: unit for unit in Unit.objects.filter(program=program)}
    for one in people:
        person = find_or_make_person(email=one.email, language=one.language, called=one.called)
        give_seat(cohort=cohort, person=person, paid_by=units.get(one.paid_by, one.paid_by), now=now)
    return cohort
