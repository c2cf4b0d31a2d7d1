"""Which applications are to be erased, and whether a legal hold forbids it."""

from datetime import date

from django.db.models import Q

from alongside.cohort.calls.models import Application
from alongside.cohort.calls.models.applications import happened
from alongside.core.workflow.applications import EventKind
from alongside.ground.programs.models import Program


def due_to_be_erased(program: Program, *, unsent_before: date, decided_before: date) -> list[Application]:
    """List applications to erase: taken back, never sent, or kept long enough. Two queries."""
    withdrawn = Q(happened(EventKind.WITHDRAWN))
    unsent = ~Q(happened(EventKind.SENT)) & Q(call__closes__lt=unsent_before)
    kept = Q(call__decides_by__lt=decided_before)
    rows = Application.objects.filter(withdrawn | unsent | kept, call__program=program)
    here = rows.exclude(happened(EventKind.ERASED))
    return list(here.select_related("call").prefetch_related("events"))
