"""Begin a workplan between a cohort and one or more units."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from alongside.cohort.seats.models import Cohort
from alongside.ground.programs.models import Program, Unit
from alongside.ground.record.declared import appends
from alongside.work.workplans.actions.writing import add_row
from alongside.work.workplans.models import Workplan

FIRST_ROWS = ("question", "goal", "activity")


@appends()
@transaction.atomic
def begin_plan(
    *, program: Program, slug: str, cohort: Cohort, units: Sequence[Unit], lang: str, on: date
) -> Workplan:
    """Begin an empty draft with one row of each kind that a plan needs. Nothing goes on the record yet."""
    plan = Workplan.objects.create(program=program, slug=slug, cohort=cohort, lang=lang, begun_on=on)
    plan.units.set(units)
    for kind in FIRST_ROWS:
        add_row(plan=plan, kind=kind)
    return plan
