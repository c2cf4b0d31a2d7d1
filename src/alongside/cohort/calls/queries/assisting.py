"""Applications that someone types in: only theirs, and only until they are read back."""

from alongside.cohort.calls.models import Application, Call
from alongside.ground.gate.roles import Viewer


def typed_in_by(call: Call, viewer: Viewer) -> list[Application]:
    """List the applications that the viewer typed in and that wait to be read back. One query."""
    rows = Application.objects.filter(
        call=call, assisted__by=viewer.person_id, read_back=None, withdrawn=None, erased=None
    )
    return list(rows.order_by("reference"))


def typed_in(call: Call, viewer: Viewer, reference: str) -> Application | None:
    """Give an application that the viewer typed in and that waits to be read back, or None. One query."""
    rows = Application.objects.filter(
        call=call,
        reference=reference,
        assisted__by=viewer.person_id,
        read_back=None,
        withdrawn=None,
        erased=None,
    )
    return rows.select_related("call__program", "assisted").first()
