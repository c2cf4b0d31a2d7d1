"""Which applications are to be erased, and whether a legal hold forbids it."""

from datetime import date

from django.db.models import Q

from alongside.cohort.calls.models import Application
from alongside.ground.programs.models import Program


def due_to_be_erased(
    program: Program, *, unsent_before: date, decided_before: date
) -> list[tuple[Application, str]]:
    """List applications to erase, each with its ground: taken back, never sent, or kept long enough."""
    withdrawn = Q(withdrawn__isnull=False)
    unsent = Q(sent=None, call__closes__lt=unsent_before)
    kept = Q(call__decides_by__lt=decided_before)
    rows = Application.objects.filter(withdrawn | unsent | kept, call__program=program, erased=None)
    found = rows.select_related("call", "withdrawn", "sent")
    return [(one, _ground(one)) for one in found]


def _ground(one: Application) -> str:
    if hasattr(one, "withdrawn"):
        return "withdrawn"
    return "retention" if hasattr(one, "sent") else "never-sent"
