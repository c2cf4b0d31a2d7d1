"""Who helps with a call, what waits for a person here, and what they may hear."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from alongside.cohort.calls.models import Call, Helper, Reading, Recording, Witness
from alongside.cohort.calls.queries.progress import live
from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.programs.models import Program

TYPISTS = (Role.LEAD, Role.STAFF, Role.STEWARD)


def helpers_of(call: Call) -> list[Helper]:
    """List who helps with a call today. One query."""
    rows = Helper.objects.filter(call=call, ended=None)
    return list(rows.select_related("person", "organization", "call__program").order_by("pk"))


def helps(program: Program, viewer: Viewer, does: str) -> list[Helper]:
    """List the calls that the viewer was invited to help with in one way. One query."""
    rows = Helper.objects.filter(person=viewer.person_id or 0, call__program=program, does=does, ended=None)
    return list(rows.select_related("call", "organization").order_by("-pk"))


def helper_of(call: Call, viewer: Viewer, does: str) -> Helper | None:
    """Give the invitation of the viewer to help with a call, or None. One query."""
    rows = Helper.objects.filter(call=call, person=viewer.person_id or 0, does=does, ended=None)
    return rows.select_related("organization").first()


def may_type_in(call: Call, viewer: Viewer) -> bool:
    """Say whether the viewer may type applications in: leads, staff, the steward, and who was invited to this call."""
    return viewer.has(*TYPISTS) or helper_of(call, viewer, "types-in") is not None


def may_write_down(call: Call, viewer: Viewer) -> bool:
    """Say whether the viewer may hear recordings to write them down: the steward or an invited helper, and no reader."""
    if call.readers.filter(person=viewer.person_id or 0).exists():
        return False
    return viewer.has(Role.STEWARD) or helper_of(call, viewer, "writes-down") is not None


def may_hear(call: Call, viewer: Viewer) -> bool:
    """Say whether the viewer may hear the shortlist: the steward and the panel, once it is made."""
    if not hasattr(call, "shortlist"):
        return False
    return viewer.has(Role.STEWARD) or call.readers.filter(person=viewer.person_id or 0).exists()


def heard_recording(call: Call, viewer: Viewer, pk: int) -> Recording | None:
    """Give a recording that the viewer may hear now: to write it down, or after the shortlist. Four queries at most."""
    rows = Recording.objects.filter(application__in=live(call), pk=pk).select_related("bytes")
    if may_write_down(call, viewer):
        return rows.first()
    return rows.filter(application__shortlisted__isnull=False).first() if may_hear(call, viewer) else None


@dataclass(frozen=True)
class Desk:
    """What waits in this program for someone who signed in: to read, to type in, to write down, to witness."""

    readings: int
    types_in: list[Helper]
    writes_down: list[tuple[Helper, int]]
    witnesses: list[Witness]

    def __bool__(self) -> bool:
        """Say whether there is anything at all."""
        return bool(self.readings or self.types_in or self.writes_down or self.witnesses)


def desk(program: Program, viewer: Viewer, today: date) -> Desk:
    """Give what waits for the viewer. Six queries."""
    if viewer.person_id is None:
        return Desk(0, [], [], [])
    mine = Reading.objects.filter(reader__person=viewer.person_id, reader__call__program=program)
    alive = mine.filter(recused=None, application__withdrawn=None, application__erased=None)
    witnesses = Witness.objects.filter(person=viewer.person_id, lottery__call__program=program)
    types_in = helps(program, viewer, "types-in")
    return Desk(
        readings=alive.filter(reader__call__shortlist=None).count(),
        types_in=[one for one in types_in if one.call.opens <= today <= one.call.closes],
        writes_down=_to_write_down(program, viewer),
        witnesses=list(witnesses.filter(attested=None).select_related("lottery__call").order_by("pk")),
    )


def _to_write_down(program: Program, viewer: Viewer) -> list[tuple[Helper, int]]:
    """List the calls whose recordings the viewer writes down, each with how many wait. Two queries."""
    found = helps(program, viewer, "writes-down")
    rows = Recording.objects.filter(
        application__call__in=[one.call_id for one in found],
        application__sent__isnull=False,
        application__withdrawn=None,
        application__erased=None,
        transcripts=None,
    )
    waiting = dict(rows.values_list("application__call").annotate(n=Count("pk")))
    return [(one, waiting.get(one.call_id, 0)) for one in found]


def invited_here(program: Program) -> dict[int, str]:
    """Give by person what others were invited to do that is not done: read, help or witness. Three queries."""
    found: dict[int, str] = {}
    mine = Reading.objects.filter(reader__call__program=program, done=None, recused=None)
    for person in mine.filter(reader__call__shortlist=None).values_list("reader__person", flat=True):
        found[person] = "reader"
    helpers = Helper.objects.filter(call__program=program, ended=None).values_list("person", flat=True)
    witnesses = Witness.objects.filter(lottery__call__program=program, attested=None)
    found |= dict.fromkeys(helpers, "helper")
    return found | dict.fromkeys(witnesses.values_list("person", flat=True), "witness")
