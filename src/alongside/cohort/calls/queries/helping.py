"""Who helps with a call, what waits for a person here, and what they may hear."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from alongside.cohort.calls.models import Application, Call, Invitee, Reading, Recording
from alongside.cohort.calls.models.applications import happened
from alongside.cohort.calls.models.inviting import HELPS, TYPES_IN, WITNESS, WRITES_DOWN
from alongside.core.workflow.applications import EventKind
from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.programs.models import Program

TYPISTS = (Role.LEAD, Role.STAFF, Role.STEWARD)


def helpers_of(call: Call) -> list[Invitee]:
    """List who helps with a call today. One query."""
    return list(call.invitees.helpers().select_related("person", "call__program").order_by("pk"))


def invitee(call: Call, roles: Collection[str], pk: int) -> Invitee | None:
    """Give someone who is invited to a call today in one of these roles, or None. One query."""
    rows = call.invitees.filter(role__in=roles, ended_on=None, pk=pk)
    return rows.select_related("person", "call__program").first()


def helps(program: Program, viewer: Viewer, role: str) -> list[Invitee]:
    """List the calls that the viewer was invited to help with in one way. One query."""
    rows = Invitee.objects.helpers().filter(person=viewer.person_id or 0, call__program=program, role=role)
    return list(rows.select_related("call").order_by("-pk"))


def helper_of(call: Call, viewer: Viewer, role: str) -> Invitee | None:
    """Give the invitation of the viewer to help with a call, or None. One query."""
    return call.invitees.helpers().filter(person=viewer.person_id or 0, role=role).first()


def may_type_in(call: Call, viewer: Viewer) -> bool:
    """Say whether the viewer may type applications in: leads, staff, the steward, and who was invited to this call."""
    return viewer.has(*TYPISTS) or helper_of(call, viewer, TYPES_IN) is not None


def may_write_down(call: Call, viewer: Viewer) -> bool:
    """Say whether the viewer may hear recordings to write them down: the steward or an invited helper, and no reader."""
    if call.invitees.readers().filter(person=viewer.person_id or 0).exists():
        return False
    return viewer.has(Role.STEWARD) or helper_of(call, viewer, WRITES_DOWN) is not None


def may_hear(call: Call, viewer: Viewer) -> bool:
    """Say whether the viewer may hear the shortlist: the steward and the panel, once it is made."""
    if not hasattr(call, "shortlist"):
        return False
    return viewer.has(Role.STEWARD) or call.invitees.readers().filter(person=viewer.person_id or 0).exists()


def heard_recording(call: Call, viewer: Viewer, pk: int) -> Recording | None:
    """Give a recording that the viewer may hear now: to write it down, or after the shortlist. Four queries at most."""
    rows = Recording.objects.filter(application__in=call.applications.live(), pk=pk).select_related("bytes")
    if may_write_down(call, viewer):
        return rows.first()
    listed = rows.filter(happened(EventKind.SHORTLISTED, to="application"))
    return listed.first() if may_hear(call, viewer) else None


@dataclass(frozen=True)
class Desk:
    """What waits in this program for someone who signed in: to read, to type in, to write down, to witness."""

    readings: int
    types_in: list[Invitee]
    writes_down: list[tuple[Invitee, int]]
    witnesses: list[Invitee]

    def __bool__(self) -> bool:
        """Say whether there is anything at all."""
        return bool(self.readings or self.types_in or self.writes_down or self.witnesses)


def desk(program: Program, viewer: Viewer, today: date) -> Desk:
    """Give what waits for the viewer. Six queries."""
    if viewer.person_id is None:
        return Desk(0, [], [], [])
    mine = Reading.objects.filter(reader__person=viewer.person_id, reader__call__program=program)
    alive = mine.held()
    witnesses = Invitee.objects.witnesses().filter(person=viewer.person_id, call__program=program)
    types_in = helps(program, viewer, TYPES_IN)
    return Desk(
        readings=alive.filter(reader__call__shortlist=None).count(),
        types_in=[one for one in types_in if one.call.opens <= today <= one.call.closes],
        writes_down=_to_write_down(program, viewer),
        witnesses=list(witnesses.filter(attested=None).select_related("call").order_by("pk")),
    )


def _to_write_down(program: Program, viewer: Viewer) -> list[tuple[Invitee, int]]:
    """List the calls whose recordings the viewer writes down, each with how many wait. Two queries."""
    found = helps(program, viewer, WRITES_DOWN)
    rows = Recording.objects.filter(
        application__in=Application.objects.live().filter(call__in=[one.call_id for one in found]),
        transcripts=None,
    )
    waiting = dict(rows.values_list("application__call").annotate(n=Count("pk")))
    return [(one, waiting.get(one.call_id, 0)) for one in found]


def invited_here(program: Program) -> dict[int, str]:
    """Give by person what others were invited to do that is not done: read, help or witness. Two queries."""
    found: dict[int, str] = {}
    mine = Reading.objects.filter(reader__call__program=program, read_on=None, recused_on=None)
    for person in mine.filter(reader__call__shortlist=None).values_list("reader__person", flat=True):
        found[person] = "reader"
    rows = Invitee.objects.filter(call__program=program, ended_on=None, attested=None)
    invited = list(rows.values_list("person", "role"))
    found |= dict.fromkeys((person for person, role in invited if role in HELPS), "helper")
    return found | dict.fromkeys((person for person, role in invited if role == WITNESS), "witness")
