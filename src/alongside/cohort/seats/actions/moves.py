"""Open a vacancy, keep alternates, call one up, change roles."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from alongside.cohort.seats.actions.seats import AlreadyHere, NotInTheTerm, give_seat
from alongside.cohort.seats.models import (
    Alternate,
    Cohort,
    RoleHeld,
    Seat,
    SeatEnd,
    StoodDown,
    Vacancy,
    VacancyFilled,
)
from alongside.cohort.seats.queries.moves import kept_free
from alongside.core.clocks import local_date
from alongside.core.grammar import Entry
from alongside.ground.people.actions import find_or_make_person
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Unit
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Draft, append
from alongside.ground.record.declared import appends


class NotEmpty(ValueError):  # noqa: N818 -- the name is a sentence
    """A seat is not empty, or may not be filled yet."""


class RoleIsSo(ValueError):  # noqa: N818 -- the name is a sentence
    """A role is held, or not held, already."""


@appends("vacancy.opened")
@transaction.atomic
def open_vacancy(*, cohort: Cohort, on: date, now: datetime) -> Vacancy:
    """Say that a seat which nobody has taken is empty from a day on; its clock starts."""
    if not cohort.from_date <= on <= cohort.until_date:
        raise NotInTheTerm(_("The day lies outside the term of this cohort; name a day within it."))
    data = {"cohort": cohort.slug, "from": on.isoformat()}
    draft = Draft(kind="vacancy.opened", by=["steward"], data=data, cites={"cohort": [cohort.entry]})
    entry = append(program=cohort.program, drafts=[draft], now=now)[0]
    return emptied(cohort=cohort, entry=entry)


@appends()
def emptied(*, cohort: Cohort, entry: Entry) -> Vacancy:
    """Keep that a seat which nobody has taken is empty, as its entry says."""
    on = date.fromisoformat(entry.data["from"])
    return Vacancy.objects.create(cohort=cohort, from_date=on, entry=entry.index)


@appends()
@transaction.atomic
def add_alternate(
    *, cohort: Cohort, email: str | None, called: str, language: str, now: datetime
) -> Alternate:
    """Put someone at the end of the list of alternates; they are told nothing and the record hears nothing."""
    _ = now
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    person = find_or_make_person(email=email, language=language, called=called)
    last = Alternate.objects.filter(cohort=cohort).aggregate(last=Max("place"))["last"] or 0
    return make_alternate(cohort=cohort, person=person, place=last + 1)


@appends()
def make_alternate(*, cohort: Cohort, person: Person, place: int) -> Alternate:
    """Put a person in one place of the list of alternates, as a selection decided."""
    here = Seat.objects.filter(cohort=cohort, person=person).exists()
    if here or Alternate.objects.filter(cohort=cohort, person=person).exists():
        raise AlreadyHere(_("This person has a seat, or waits for one, in this cohort already."))
    return Alternate.objects.create(cohort=cohort, person=person, place=place)


@appends()
def stand_down(*, alternate: Alternate, on: date) -> StoodDown:
    """Take an alternate from the list."""
    return StoodDown.objects.create(alternate=alternate, on=on)


@appends("seat.taken")
@transaction.atomic
def call_up(*, alternate: Alternate, vacancy: Vacancy, paid_by: Unit | str | None, now: datetime) -> Seat:
    """Seat an alternate in an empty seat, from today to the end of the term."""
    cohort = Cohort.objects.select_for_update().select_related("program").get(pk=vacancy.cohort_id)
    today = local_date(now, pack_of(cohort.program))
    _refuse_unless_empty(vacancy, today)
    seat = give_seat(
        cohort=cohort,
        person=alternate.person,
        paid_by=paid_by,
        vacancy=vacancy,
        from_date=max(today, vacancy.from_date),
        now=now,
    )
    VacancyFilled.objects.create(vacancy=vacancy, seat=seat, filled_on=today)
    StoodDown.objects.create(alternate=alternate, seat=seat, on=today)
    return seat


def _refuse_unless_empty(vacancy: Vacancy, today: date) -> None:
    """Refuse a vacancy that is filled, or a removal whose appeal is still possible or waits."""
    if VacancyFilled.objects.filter(vacancy=vacancy).exists():
        raise NotEmpty(_("Someone sits in this seat; choose another one."))
    removal = kept_free(vacancy, today)
    if removal is None:
        return
    if not hasattr(removal, "appeal"):
        raise NotEmpty(_("An appeal is still possible. Fill this seat when its last day has passed."))
    raise NotEmpty(_("An appeal waits for its decision. Fill this seat when it is decided."))


def still_holds(today: date) -> Q:
    """Say which roles are held on a day: those of a lead who gave notice end on its day."""
    return Q(until_date=None) | Q(until_date__gt=today)


@appends("role.changed")
@transaction.atomic
def change_role(*, seat: Seat, role: str, takes: bool, by: str, now: datetime) -> None:
    """Let a lead take a role or lay it down, from today on."""
    today = local_date(now, pack_of(seat.cohort.program))
    held = RoleHeld.objects.filter(still_holds(today), seat=seat, role=role)
    if takes == held.exists():
        raise RoleIsSo(_("It is so already; there is nothing to change."))
    data = {"seat": seat.public_id, "role": role, "change": "takes" if takes else "lays-down"}
    draft = Draft(kind="role.changed", by=[by], data=data)
    role_changed(seat=seat, entry=append(program=seat.cohort.program, drafts=[draft], now=now)[0])


@appends()
def role_changed(*, seat: Seat, entry: Entry) -> None:
    """Keep that a lead holds a role from the day of an entry on, or holds it no more."""
    today, role = entry.date, entry.data["role"]
    if entry.data["change"] == "takes":
        leaves = (
            SeatEnd.objects.filter(seat=seat, left_on__gt=today).values_list("left_on", flat=True).first()
        )
        RoleHeld.objects.create(seat=seat, role=role, from_date=today, until_date=leaves)
    else:
        RoleHeld.objects.filter(still_holds(today), seat=seat, role=role).update(until_date=today)
