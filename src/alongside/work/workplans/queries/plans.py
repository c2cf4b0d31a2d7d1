"""Which workplans there are, whose they are, and who is there now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max, Q, QuerySet

from alongside.cohort.seats.models import Cohort, Seat
from alongside.cohort.seats.queries.cohorts import cohorts_now
from alongside.core.policy import Pack
from alongside.ground.gate import Asker, Role
from alongside.ground.programs.models import Office, Program, Unit
from alongside.ground.programs.queries import answers_today, pack_of
from alongside.work.workplans.models import PlanUpdate, Presence, Workplan

HERE_FOR = timedelta(seconds=25)


def plan_for(program: Program, asker: Asker, slug: str) -> Workplan | None:
    """Give a workplan that the asker is a party to, or None: leads of its cohort, staff of its units. Two queries."""
    return _mine(program, asker).filter(slug=slug).first()


def plans_for(program: Program, asker: Asker) -> list[Workplan]:
    """List the workplans that the asker is a party to, the newest first. Two queries."""
    return list(_mine(program, asker).order_by("-pk"))


def _mine(program: Program, asker: Asker) -> QuerySet[Workplan]:
    party = Q(units__slug__in=asker.answers_for)
    if asker.has(Role.LEAD):
        party |= Q(cohort__seats=asker.seat_id)
    plans = Workplan.objects.filter(party, program=program).distinct()
    return plans.select_related("cohort", "program").prefetch_related("units")


def every_plan(program: Program) -> list[Workplan]:
    """List all workplans of a program, the newest first. Two queries."""
    plans = Workplan.objects.filter(program=program).order_by("-pk")
    return list(plans.select_related("cohort").prefetch_related("units"))


def units_of(plan: Workplan, pack: Pack | None = None) -> list[str]:
    """List the slugs of a plan's units in the order of the record: by name. Who answers for a merged one stands in its place."""
    rules = pack or pack_of(plan.program)
    return sorted({answers_today(rules, unit.slug) for unit in plan.units.all()})


def slugs_of(program: Program) -> list[str]:
    """List the names of all workplans of a program, which no new one may have."""
    return list(Workplan.objects.filter(program=program).values_list("slug", flat=True))


def actor_of(asker: Asker, plan: Workplan) -> str | None:
    """Give who the asker is in a plan: their seat, else the office they hold in one of its units."""
    if asker.seat:
        return asker.seat
    return next((one for unit in units_of(plan) if (one := asker.office_in(unit))), None)


def signer_of(asker: Asker, plan: Workplan) -> str | None:
    """Give as whom the asker may sign a plan: a seat, or the office that signs for one of its units; else None."""
    if asker.seat:
        return asker.seat
    return next((one for unit in units_of(plan) if (one := asker.office_in(unit, signing=True))), None)


def seats_of(plan: Workplan, today: date) -> list[Seat]:
    """List the seats of a plan's cohort that nobody has left by a day."""
    stays = Q(end=None) | Q(end__left_on__gt=today)
    return list(Seat.objects.filter(stays, cohort=plan.cohort_id).order_by("pk"))


def offices_of(plan: Workplan) -> list[str]:
    """List the offices of a plan's units."""
    offices = Office.objects.filter(unit__program=plan.program, unit__slug__in=units_of(plan))
    found = offices.select_related("unit").order_by("unit__slug", "slug")
    return [one.public_id for one in found]


def cohort_of(asker: Asker) -> str | None:
    """Name the cohort in which the asker sits, or None. One query."""
    return Seat.objects.filter(pk=asker.seat_id or 0).values_list("cohort__slug", flat=True).first()


def cohorts_for(program: Program, asker: Asker, today: date) -> list[Cohort]:
    """List the cohorts with which the asker can begin a plan: a lead's own, else those of today, the first that began first."""
    own = Cohort.objects.filter(seats=asker.seat_id) if asker.seat_id else ()
    return list(own) or cohorts_now(program, today)


def units_for(program: Program, asker: Asker) -> list[Unit]:
    """List the units with which the asker can begin a plan: any for a lead, their own for staff."""
    units = Unit.objects.filter(program=program, outside=False).order_by("slug")
    return list(units if asker.has(Role.LEAD) else units.filter(slug__in=asker.units))


@dataclass(frozen=True)
class News:
    """What is new in a draft since a number: the updates, and the number they lead to."""

    number: int
    updates: list[bytes]


def news_of(plan: Workplan, after: int) -> News:
    """Give the updates of a draft after a number. One query."""
    rows = (
        PlanUpdate.objects.filter(plan=plan, number__gt=after)
        .order_by("number")
        .values_list("number", "data")
    )
    found = [(number, bytes(data)) for number, data in rows]
    return News(found[-1][0] if found else after, [data for _number, data in found])


def last_number(plan: Workplan) -> int:
    """Give the number of the newest update of a draft, 0 where there is none."""
    return PlanUpdate.objects.filter(plan=plan).aggregate(last=Max("number"))["last"] or 0


def present_in(plan: Workplan, now: datetime) -> list[Presence]:
    """List who has the draft open now."""
    return list(Presence.objects.filter(plan=plan, seen_at__gte=now - HERE_FOR).order_by("actor"))


def worth_compacting(program: Program, most: int) -> Iterable[Workplan]:
    """Find the drafts with more updates than this."""
    plans = Workplan.objects.filter(program=program)
    return [plan for plan in plans if PlanUpdate.objects.filter(plan=plan).count() > most]
