"""Seat a cohort, give and end seats, suspend and restore a lead."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.seats.models import Cohort, RoleHeld, Seat, SeatEnd, Vacancy
from alongside.cohort.seats.queries.seats import said_of, second_seat
from alongside.core.grammar import Entry
from alongside.core.grammar.v1.cohort import NOBODY, left_on
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program, Unit
from alongside.ground.record.actions import Draft, Text, append, translate_all
from alongside.ground.record.declared import appends


class AlreadyHere(ValueError):  # noqa: N818 -- the name is a sentence
    """A person has a seat, or waits for one, in this cohort; or sits in another one on the same days."""


class NotInTheTerm(ValueError):  # noqa: N818 -- the name is a sentence
    """A seat lies outside the term of its cohort."""


@appends("cohort.seated", "text.translated")
@transaction.atomic
def seat_cohort(
    *, program: Program, slug: str, names: Mapping[str, str], from_date: date, until_date: date, now: datetime
) -> Cohort:
    """Begin a cohort's term. `names` maps a language to the cohort's name; the first is the original."""
    first = next(iter(names))
    draft = Draft(
        kind="cohort.seated",
        by=["steward"],
        data={"cohort": slug, "from": from_date.isoformat(), "until": until_date.isoformat()},
        texts={"name": Text(first, names[first])},
    )
    entry = append(program=program, drafts=[draft], now=now)[0].index
    cohort = Cohort.objects.create(
        program=program, slug=slug, from_date=from_date, until_date=until_date, entry=entry
    )
    by_lang = {lang: {"name": name} for lang, name in names.items()}
    translate_all(program=program, entry=entry, by="steward", words=by_lang, now=now)
    return cohort


@appends("seat.taken")
@transaction.atomic
def give_seat(
    *,
    cohort: Cohort,
    person: Person,
    paid_by: Unit | str | None,
    vacancy: Vacancy | None = None,
    from_date: date | None = None,
    now: datetime,
) -> Seat:
    """Seat a person until the term ends, from its first day or from another. The record hears a seat id, and who pays.

    `paid_by` is a unit, "outside" or "nobody"; who sits in a seat of which nobody said it cannot check. For whom the
    lead also works, they say themselves. `vacancy` is the empty seat that an alternate steps into. Raises AlreadyHere
    for who has a seat on any of these days: one person has one seat at a time.
    """
    first = from_date or cohort.from_date
    refuse_a_second_seat(program=cohort.program, person=person, first=first, last=cohort.until_date)
    seat = Seat.objects.create(
        cohort=cohort,
        person=person,
        public_id=f"seat-{secrets.token_hex(4)}",
        from_date=first,
        until_date=cohort.until_date,
        **_paid(paid_by),
    )
    data = {
        "seat": seat.public_id,
        "cohort": cohort.slug,
        "from": seat.from_date.isoformat(),
        "until": seat.until_date.isoformat(),
        **({"paid_by": seat.payer} if seat.payer else {}),
    }
    cites = {"cohort": [cohort.entry], "vacancy": [vacancy.entry] if vacancy else []}
    draft = Draft(kind="seat.taken", by=["steward"], data=data, cites=cites)
    append(program=cohort.program, drafts=[draft], now=now)
    return seat


def refuse_a_second_seat(*, program: Program, person: Person, first: date, last: date) -> None:
    """Raise AlreadyHere, which says the cure, for a person who has a seat on any of these days, or can still get it back."""
    if said := second_seat(program, person, first, last):
        raise AlreadyHere(said)


def _paid(by: Unit | str | None) -> dict[str, Any]:
    unit = by if isinstance(by, Unit) else None
    return {"paid_by": unit, "paid_otherwise": "" if unit or by is None else by}


@appends("seat.declared")
@transaction.atomic
def declare_payer(*, seat: Seat, paid_by: Unit | str, now: datetime) -> None:
    """Say who pays a seat from now on, as the steward; what did not change is not told again."""
    was = seat.payer
    for name, value in _paid(paid_by).items():
        setattr(seat, name, value)
    seat.save(update_fields=["paid_by", "paid_otherwise"])
    if seat.payer != was:
        _tell(seat, "steward", now, paid_by=seat.payer)


@appends("seat.declared")
@transaction.atomic
def declare_own(*, seat: Seat, works_for: Unit | None, paid_by: Unit | str = "", now: datetime) -> None:
    """Say as the lead of a seat for which unit they also work from now on, or for none, and who pays the seat, if they say it.

    What they said before is not told again. Who pays, as the steward says it, stands beside it.
    """
    was = said_of(seat)
    payer = paid_by.slug if isinstance(paid_by, Unit) else paid_by
    employer = works_for.slug if works_for else NOBODY
    seat.works_for = works_for
    seat.save(update_fields=["works_for"])
    told = {"works_for": employer} if employer != was.employer else {}
    told |= {"paid_by": payer} if payer not in ("", was.payer) else {}
    if told:
        _tell(seat, seat.public_id, now, **told)


def _tell(seat: Seat, by: str, now: datetime, **tie: str) -> None:
    draft = Draft(kind="seat.declared", by=[by], data={"seat": seat.public_id, **tie})
    append(program=seat.cohort.program, drafts=[draft], now=now)


@appends("seat.left")
@transaction.atomic
def leave_seat(*, seat: Seat, on: date, reason: str, ground: str = "not-said", now: datetime) -> SeatEnd:
    """Let a lead end their own seat before its term is over: `on` is its first empty day, `reason` is private, `ground` is public."""
    if not seat.from_date <= on <= seat.until_date:
        raise NotInTheTerm(_("The day lies outside the term of this seat; name a day within it."))
    data = {"seat": seat.public_id, "on": on.isoformat(), "ground": ground}
    draft = Draft(kind="seat.left", by=[seat.public_id], data=data)
    entry = append(program=seat.cohort.program, drafts=[draft], now=now)[0]
    return left(seat=seat, reason=reason, entry=entry)


@appends()
def left(*, seat: Seat, reason: str, entry: Entry) -> SeatEnd:
    """Let a seat be empty, and its roles end, on the day that the entry of a lead who goes names."""
    on = left_on(entry)
    Vacancy.objects.create(cohort=seat.cohort, seat=seat, from_date=on, entry=entry.index)
    RoleHeld.objects.filter(seat=seat, until_date=None, from_date__lte=on).update(until_date=on)
    return SeatEnd.objects.create(seat=seat, left_on=on, reason=reason)


@appends("seat.suspended")
@transaction.atomic
def suspend_seat(*, seat: Seat, ground: str, now: datetime, lang: str = "en") -> None:
    """Suspend a seat for some weeks: its lead cannot act in it, and the record says so with the ground."""
    data, texts = {"seat": seat.public_id}, {"ground": Text(lang, ground)}
    draft = Draft(kind="seat.suspended", by=["steward"], data=data, texts=texts)
    append(program=seat.cohort.program, drafts=[draft], now=now)


@appends("seat.restored")
@transaction.atomic
def restore_seat(*, seat: Seat, now: datetime) -> None:
    """Let a suspended lead act again."""
    data = {"seat": seat.public_id}
    append(
        program=seat.cohort.program, drafts=[Draft(kind="seat.restored", by=["steward"], data=data)], now=now
    )


@appends("cohort.ended")
def end_cohort(*, cohort: Cohort, now: datetime) -> None:
    """Say that a cohort has ended; what it asked is watched by the next one."""
    draft = Draft(
        kind="cohort.ended", by=["steward"], data={"cohort": cohort.slug}, cites={"cohort": [cohort.entry]}
    )
    append(program=cohort.program, drafts=[draft], now=now)
