"""Put the alternates of a call on the list of the cohort, in their order, and take them off when they sit or leave."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from alongside.cohort.calls.models import Application, Call, Carried
from alongside.cohort.calls.queries.results import to_carry
from alongside.cohort.seats.actions import AlreadyHere, make_alternate
from alongside.cohort.seats.models import Alternate, Cohort, Seat
from alongside.ground.people.actions import find_or_make_person, forget_person
from alongside.ground.people.models import Person
from alongside.ground.record.declared import appends

LONGEST_NAME = 80


def person_of(application: Application) -> Person:
    """Give the account of an applicant: the one with their address, the one they wait with, or a new one."""
    carried = Carried.objects.filter(application=application).select_related("alternate__person").first()
    if carried:
        return carried.alternate.person
    contact = application.contact
    called = (contact.name or contact.organization)[:LONGEST_NAME]
    return find_or_make_person(email=contact.email, language=application.lang, called=called)


@appends()
@transaction.atomic
def carry_alternates(*, call: Call, cohort: Cohort, now: datetime) -> int:
    """Put the alternates of a call behind those who wait already; who sits or waits there is left out. Give how many."""
    _ = now
    last = Alternate.objects.filter(cohort=cohort).aggregate(last=Max("place"))["last"] or 0
    place = last
    for one in to_carry(call):
        before = Person.objects.aggregate(last=Max("pk"))["last"] or 0
        person = person_of(one)
        try:
            waits = make_alternate(cohort=cohort, person=person, place=place + 1)
        except AlreadyHere:
            continue
        Carried.objects.create(application=one, alternate=waits, is_new=person.pk > before)
        place += 1
    return place - last


@appends()
def leave_the_list(*, application: Application, seat: Seat | None, on: date) -> None:
    """Take an applicant off the list of alternates: into a seat, or because they left."""
    carried = Carried.objects.filter(application=application, alternate__stood_down_on=None).first()
    if carried:
        Alternate.objects.filter(pk=carried.alternate_id).update(seat=seat, stood_down_on=on)


@appends()
def forget_who_waited(*, application: Application) -> None:
    """Forget an account that was made only to wait, where its owner never took a seat."""
    carried = Carried.objects.filter(application=application, is_new=True).first()
    if carried and not Seat.objects.filter(person=carried.alternate.person_id).exists():
        forget_person(person=carried.alternate.person)
