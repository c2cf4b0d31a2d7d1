"""Applications that someone types in: only theirs, and only until they are read back."""

from alongside.cohort.calls.models import Application, Call
from alongside.cohort.calls.models.applications import Applications, happened
from alongside.core.workflow.applications import EventKind
from alongside.ground.gate.roles import Viewer


def _waiting(call: Call, viewer: Viewer) -> Applications:
    """Give the applications that the viewer typed in and that wait to be read back."""
    mine = call.applications.filter(events__kind=EventKind.ASSISTED, events__by=viewer.person_id)
    return mine.there().exclude(happened(EventKind.READ_BACK))


def typed_in_by(call: Call, viewer: Viewer) -> list[Application]:
    """List the applications that the viewer typed in and that wait to be read back. One query."""
    return list(_waiting(call, viewer).order_by("reference"))


def typed_in(call: Call, viewer: Viewer, reference: str) -> Application | None:
    """Give an application that the viewer typed in and that waits to be read back, or None. Two queries."""
    rows = _waiting(call, viewer).filter(reference=reference)
    return rows.select_related("call__program").prefetch_related("events").first()
