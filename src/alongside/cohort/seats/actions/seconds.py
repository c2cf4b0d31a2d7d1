"""Ask for a second person where one lead took the first of two steps; note that the second came. Never on the record."""

from datetime import date

from django.utils.translation import gettext as _

from alongside.cohort.seats.models import Seat, SecondAsked
from alongside.cohort.seats.queries.checking import may_be_second
from alongside.cohort.seats.queries.saying import too_new
from alongside.cohort.seats.queries.seats import new_until
from alongside.core.refusals import Refusal
from alongside.ground.programs.models import Program
from alongside.ground.record.declared import appends


class NotTheSecond(Refusal):
    """A former lead takes a step that leads of today still have time for, or that nobody asked a second for; or a lead is too new."""


@appends()
def ask_second(*, program: Program, step: str, about: object, seat: Seat, today: date) -> None:
    """Ask for a second person, unless that was asked before."""
    SecondAsked.objects.get_or_create(
        program=program, step=step, about=str(about), defaults={"seat": seat, "asked_on": today}
    )


@appends()
def second_came(*, program: Program, step: str, about: object) -> None:
    """Note that a step was taken by two, or waits no longer."""
    SecondAsked.objects.filter(program=program, step=step, about=str(about)).delete()


def refuse_unless_second(*, program: Program, seat: Seat, step: str, about: object, today: date) -> None:
    """Raise NotTheSecond for a former lead before the step is for former leads, and for a lead whose seat is too new."""
    if first := new_until(program, seat.public_id, today):
        raise NotTheSecond(too_new(first))
    if not may_be_second(program, seat, step, str(about), today):
        raise NotTheSecond(
            _(
                "Your seat is over. Leads of today have ten days to take this step; if none of them does, it is for former leads "
                "who agreed to step in."
            )
        )
