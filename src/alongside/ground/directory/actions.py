"""Write down that a federal agency asked for something, and what was done. Never on the record: counsel decides what is public."""

import secrets
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.core.clocks import local_date
from alongside.core.refusals import Refused
from alongside.ground.directory.models import FederalRequest, FederalStep
from alongside.ground.directory.queries import routed_to, steps_left, to_route
from alongside.ground.gate.roles import Viewer
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program, Unit
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends


@appends()
def record_request(
    *, unit: Unit, received_on: date, by: Person, now: datetime, **chosen: Any
) -> FederalRequest:
    """Write a request down: a day, and choices from lists as the form has them."""
    today = local_date(now, pack_of(unit.program))
    if received_on > today:
        raise Refused(_("That day has not come. Write the day on which they asked."), "received_on")
    return FederalRequest.objects.create(
        key=secrets.token_hex(6),
        unit=unit,
        received_on=received_on,
        recorded_by=by,
        recorded_on=today,
        **chosen,
    )


@appends()
def take_step(
    *, request: FederalRequest, step: str, viewer: Viewer, by: Person, now: datetime
) -> FederalStep:
    """Note what was done with a request: only what is left to do, by whoever may."""
    pack = pack_of(request.unit.program)
    if step not in steps_left(request, pack, viewer):
        raise Refused(
            _("This was done, or comes later. Hand the request to the lawyers first; they say what follows.")
        )
    today = local_date(now, pack)
    return FederalStep.objects.create(request=request, step=step, by=by, on=today)


@appends()
@transaction.atomic
def route(*, program: Program, tell: Callable[[int, int], None], now: datetime) -> int:
    """Queue the letters about requests that were written down, once each, to whom the pack sends them; give how many.

    `tell` queues a letter by the ids of a program and a person. Where nobody holds those offices, the request waits.
    """
    pack = pack_of(program)
    today = local_date(now, pack)
    sent = 0
    for one in to_route(program):
        people = routed_to(one, pack, today)
        if people:
            FederalRequest.objects.filter(pk=one.pk).update(routed_on=today)
        for person in people:
            tell(program.pk, person.pk)
            sent += 1
    return sent
