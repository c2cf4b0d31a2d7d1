"""What a lead takes along: their seats, what they led and signed, what they learned, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from alongside.cohort.seats.models import RoleHeld, Seat
from alongside.cohort.training.models import Completion
from alongside.cohort.training.queries import words_in
from alongside.core.entries import Entry
from alongside.core.kinds import EntryKind
from alongside.core.workflow.engagements import EngagementState
from alongside.core.workflow.workplans import CHANGES as VERSIONS
from alongside.core.workflow.workplans import PlanStanding
from alongside.desks.queries.handing import ASKS, Asked, asked_of
from alongside.desks.queries.handing import KINDS as HANDED
from alongside.desks.queries.lines import Lines, lines_of
from alongside.ground.gate.roles import Viewer
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record.queries import EntryView

CHECKS = (EntryKind.DELIVERY_VERIFIED, EntryKind.DELIVERY_DISPUTED)
KINDS = (*HANDED, *VERSIONS, *CHECKS)


@dataclass(frozen=True)
class Learned:
    """A track that the lead completed."""

    title: str
    lang: str
    on: date
    has_credential: bool
    completion: int


@dataclass(frozen=True)
class Kept:
    """Everything in a portfolio. `told` holds the entries with their words."""

    seats: Sequence[tuple[Seat, EntryView]]
    own: Sequence[Entry]
    courses: Mapping[int, EngagementState]
    plans: Mapping[str, PlanStanding]
    asked: Sequence[Asked]
    learned: Sequence[Learned]
    told: Mapping[int, EntryView]

    def of(self, *kinds: str) -> list[EntryView]:
        """Give what the lead's own seats wrote or signed, oldest first."""
        return [self.told[one.index] for one in self.own if one.kind in kinds]


def kept_of(program: Program, viewer: Viewer, lang: str, today: date) -> Kept | None:
    """Gather the viewer's own portfolio, or None for someone who never sat in this program. Nine queries."""
    roles = Prefetch("roles", RoleHeld.objects.order_by("from_date", "pk"))
    found = Seat.objects.filter(person=viewer.person_id or 0, cohort__program=program)
    seats = list(found.select_related("cohort", "end").prefetch_related(roles).order_by("from_date", "pk"))
    if not seats:
        return None
    lines = lines_of(program, KINDS, today)
    mine = {one.public_id for one in seats}
    own = [one for one in lines.by_index.values() if mine & set(one.seats)]
    asks = [one for one in own if one.kind in ASKS]
    steps = record.milestones(program, ask__in=[one.index for one in asks])
    wanted = {one.cohort.entry for one in seats} | {one.index for one in own}
    wanted |= {one.commitment for one in steps} | {one.index for one in _plans_signed(own, lines)}
    texts = record.texts_of(program, wanted, lang)
    told = {one: EntryView(lines.by_index[one], texts.get(one, {})) for one in wanted}
    return Kept(
        seats=[(one, told[one.cohort.entry]) for one in seats],
        own=own,
        courses=lines.courses(),
        plans=lines.plans(),
        asked=asked_of(program, lines, asks, steps, told),
        learned=_learned(program, viewer, lang),
        told=told,
    )


def _plans_signed(own: Sequence[Entry], lines: Lines) -> list[Entry]:
    """Give the versions that hold the titles of the plans that these entries propose or sign."""
    names = {str(one.data["workplan"]) for one in own if one.kind in VERSIONS}
    plans = lines.plans()
    return [(plans[name].in_force or plans[name].versions[-1]).proposed for name in sorted(names)]


def _learned(program: Program, viewer: Viewer, lang: str) -> list[Learned]:
    rows = Completion.objects.filter(person=viewer.person_id or 0, track__program=program)
    done = rows.select_related("track", "credential").prefetch_related("track__texts").order_by("on", "pk")
    found = [(one, words_in(one.track.texts.all(), lang)) for one in done]
    return [Learned(text.title, text.lang, one.on, hasattr(one, "credential"), one.pk) for one, text in found]
