"""Read what moves in a cohort: empty seats with their clock, alternates, roles, removals and appeals."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch, Q

from alongside.cohort.seats.models import (
    Alternate,
    Appeal,
    Cohort,
    Removal,
    RoleHeld,
    Seat,
    Vacancy,
)
from alongside.core.clocks import vacancy_due
from alongside.core.policy import Pack
from alongside.ground.gate import Asker
from alongside.ground.programs.models import Program, Unit
from alongside.ground.record.queries import indexes_citing

#: How long a lead who has their seat back reads that, and why.
FELL_IS_TOLD = timedelta(days=30)


def empty_seats(program: Program, today: date) -> list[Vacancy]:
    """List the seats that are empty today, in terms that are not over, the longest first. Two queries at most."""
    found = Vacancy.objects.filter(
        cohort__program=program, filled=None, from_date__lte=today, cohort__until_date__gte=today
    )
    told = Removal.objects.select_related("appeal__decision")
    near = found.select_related("cohort", "seat").prefetch_related(Prefetch("seat__removals", queryset=told))
    return list(near.order_by("from_date", "pk"))


@dataclass(frozen=True)
class Empty:
    """An empty seat with its clock. `told` is the entry of the clock's last alarm, if it rang."""

    vacancy: Vacancy
    due: date
    days: int
    told: int | None
    #: The seat waits for an appeal: until this day one can come, or (without a day) one waits for its decision.
    is_kept_free: bool = False
    appeal_by: date | None = None

    @property
    def left(self) -> int:
        """Count the days until the alarm; below zero past it."""
        return self.days

    @property
    def is_late(self) -> bool:
        """Say whether the alarm's day has passed."""
        return self.days < 0


def vacancies(program: Program, pack: Pack, today: date, cohort: Cohort | None = None) -> list[Empty]:
    """List empty seats with how long they may stay so. Three queries at most."""
    found = [one for one in empty_seats(program, today) if cohort is None or one.cohort_id == cohort.pk]
    rows = indexes_citing(program, [one.entry for one in found], ["vacancy.late"])
    alarms = {cited: citing for citing, _kind, cited in rows}
    return [
        Empty(
            vacancy=one,
            due=(day := vacancy_due(one.from_date, pack)),
            days=(day - today).days,
            told=alarms.get(one.entry),
            is_kept_free=(free := kept_free(one, today)) is not None,
            appeal_by=free.appeal_by if free and not hasattr(free, "appeal") else None,
        )
        for one in found
    ]


def kept_free(vacancy: Vacancy, today: date) -> Removal | None:
    """Give the removal for whose appeal a seat is kept free: one is still possible, or waits for its decision."""
    removals = vacancy.seat.removals.all() if vacancy.seat else ()
    removal = next((one for one in removals if one.entry == vacancy.entry), None)
    return removal if removal and may_still_fall(removal, today) else None


def may_still_fall(removal: Removal, today: date) -> bool:
    """Say whether the appeal against a removal is still possible, or waits for its decision."""
    appeal = getattr(removal, "appeal", None)
    return today <= removal.appeal_by if appeal is None else not hasattr(appeal, "decision")


def vacancy_for(program: Program, pk: int, today: date) -> Vacancy | None:
    """Give an empty seat by its row, or None."""
    return next((one for one in empty_seats(program, today) if one.pk == pk), None)


def alternates_of(cohort: Cohort) -> list[Alternate]:
    """List who still waits to step in, first to last. One query."""
    return list(
        Alternate.objects.filter(cohort=cohort, stood_down=None).select_related("person").order_by("place")
    )


def roles_of(seats: Iterable[int], today: date) -> dict[int, list[RoleHeld]]:
    """Give the roles that seats hold today, by seat. One query."""
    live = Q(until_date=None) | Q(until_date__gt=today)
    found: dict[int, list[RoleHeld]] = {}
    rows = RoleHeld.objects.filter(live, seat__in=list(seats), from_date__lte=today).order_by(
        "from_date", "pk"
    )
    for one in rows:
        found.setdefault(one.seat_id, []).append(one)
    return found


def seat_for(program: Program, public_id: str) -> Seat | None:
    """Give a seat of a program by its public id, with its person and cohort."""
    seats = Seat.objects.filter(cohort__program=program, public_id=public_id)
    return seats.select_related("person", "cohort__program", "end").first()


def names_of(cohort: Cohort) -> dict[str, str]:
    """Give what the leads of a cohort are called, by their seats, for the steward alone. One query."""
    return dict(Seat.objects.filter(cohort=cohort).values_list("public_id", "person__called"))


def has_sat(program: Program, asker: Asker) -> bool:
    """Say whether the asker sits or once sat in any cohort of a program. One query."""
    return Seat.objects.filter(person=asker.person_id or 0, cohort__program=program).exists()


def removal_of(program: Program, asker: Asker, today: date) -> Removal | None:
    """Give the removal of the asker's own seat that can be or was appealed, or None; one that fell, for some days after."""
    found = Removal.objects.filter(
        Q(appeal=None)
        | Q(appeal__decision=None)
        | Q(appeal__decision__decision="stands")
        | Q(appeal__decision__decided_on__gte=today - FELL_IS_TOLD),
        seat__person=asker.person_id or 0,
        seat__cohort__program=program,
    )
    return found.select_related("seat__cohort__program", "appeal", "appeal__decision").order_by("-pk").first()


def has_fallen(removal: Removal) -> bool:
    """Say whether a removal was lifted, so that its lead has the seat back."""
    decision = getattr(getattr(removal, "appeal", None), "decision", None)
    return decision is not None and decision.decision == "lifted"


def appeals_for(program: Program, asker: Asker) -> list[Appeal]:
    """List the appeals that wait for this asker: their office or seat is named, and they did not remove. One query."""
    named = [*asker.offices, *([asker.seat] if asker.seat else [])]
    found = Appeal.objects.filter(
        removal__seat__cohort__program=program, removal__appeal_to__in=named, decision=None
    ).exclude(removal__removed_by=asker.person_id or 0)
    return list(found.select_related("removal__seat__cohort__program").order_by("pk"))


def units_of(program: Program) -> dict[str, Unit]:
    """Give the units of a program by their slugs. One query."""
    return {one.slug: one for one in Unit.objects.filter(program=program)}
