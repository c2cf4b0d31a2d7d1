"""Take an application back, and erase what people wrote when its time is over, as legal holds allow."""

from datetime import date, datetime, timedelta

from django.db import transaction

from alongside.cohort.calls.actions.carrying import forget_who_waited, leave_the_list
from alongside.cohort.calls.models import (
    AccessNeeds,
    Admitted,
    Answer,
    Application,
    Balance,
    ConflictForm,
    Contact,
    Decision,
    Event,
    Reading,
    Recording,
    TicketFacts,
    Unsaved,
)
from alongside.cohort.calls.queries.ending import due_to_be_erased
from alongside.core.clocks import local_date
from alongside.core.workflow.applications import EventKind, erased_for
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends
from alongside.ground.record.queries import is_under_hold

PERSONAL = (
    Unsaved,
    Contact,
    Answer,
    Recording,
    AccessNeeds,
    ConflictForm,
    Balance,
    TicketFacts,
    Reading,
    Admitted,
    Decision,
)


@appends()
@transaction.atomic
def withdraw(*, application: Application, now: datetime) -> bool:
    """Take an application back, at any time. Its words are erased at once, or when the legal hold ends; say whether now."""
    program = application.call.program
    today = local_date(now, pack_of(program))
    Event.objects.get_or_create(application=application, kind=EventKind.WITHDRAWN, defaults={"on": today})
    leave_the_list(application=application, seat=None, on=today)
    if is_under_hold(program):
        return False
    erase(application=application, ground=erased_for([EventKind.WITHDRAWN]), today=today)
    return True


@transaction.atomic
def erase(*, application: Application, ground: str, today: date) -> None:
    """Delete everything personal of an application; the shell stays, so that counts stay true."""
    for model in PERSONAL:
        model._default_manager.filter(application=application).delete()  # noqa: SLF001 -- the models share one field, which no type names
    Application.objects.filter(pk=application.pk).update(was_counted=False)
    leave_the_list(application=application, seat=None, on=today)
    forget_who_waited(application=application)
    Event.objects.get_or_create(
        application=application, kind=EventKind.ERASED, defaults={"on": today, "choice": ground}
    )


@appends()
def erase_due(*, program: Program, now: datetime) -> int:
    """Erase every application whose time is over; nothing while a legal hold stands. Give how many."""
    if is_under_hold(program):
        return 0
    pack = pack_of(program)
    today = local_date(now, pack)
    rules = pack.calls
    due = due_to_be_erased(
        program,
        unsent_before=today - timedelta(days=rules.unsent_kept_days),
        decided_before=today - timedelta(days=rules.kept_days),
    )
    for application in due:
        erase(application=application, ground=erased_for(application.days), today=today)
    return len(due)
