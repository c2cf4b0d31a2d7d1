"""Queue letters about what comes or waits, once each. The row that says so goes in with the letters."""

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction

from alongside.cohort.seats.models import Reminded
from alongside.cohort.seats.queries.reminding import Due
from alongside.core.clocks import local_date
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends

#: Queues a letter to a person of whom only the id waits in the queue.
type Send = Callable[[int, int], None]


@appends()
def remind(*, program: Program, due: Due, send: Send, now: datetime) -> int:
    """Queue a letter to everyone it is due to, unless that was done before; give how many."""
    on = local_date(now, pack_of(program))
    if not due.people or Reminded.objects.filter(program=program, about=due.about, stage=due.stage).exists():
        return 0
    try:
        with transaction.atomic():
            Reminded.objects.create(program=program, about=due.about, stage=due.stage, on=on)
            for one in due.people:
                send(program.pk, one.pk)
    except IntegrityError:
        return 0
    return len(due.people)
